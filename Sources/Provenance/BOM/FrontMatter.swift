/// The metadata block at the top of a model card.
///
/// Read is the part of YAML that such blocks use: `key: value`, lists as `- item` or `[a, b]`, and the metric values of
/// `model-index`. Not read: anchors, tags, multi-line strings, other nested maps; what is not understood is left out.
struct FrontMatter: Sendable {
    struct Result: Sendable {
        var type = ""
        var value = ""
        var dataset = ""
    }

    private var values: [String: [String]] = [:]
    private(set) var results: [Result] = []
    /// The first paragraph of prose after the block.
    private(set) var summary: String?

    init(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.hasSuffix("\r") ? String($0.dropLast()) : String($0)
        }
        let start = lines.firstIndex { !$0.allSatisfy(\.isWhitespace) } ?? lines.count
        var body = start
        if start < lines.count, lines[start].hasPrefix("---"), lines[start].dropFirst(3).isEmpty,
            let end = lines[(start + 1)...].firstIndex(where: {
                $0.hasPrefix("---") && $0.dropFirst(3).allSatisfy(\.isWhitespace)
            })
        {
            read(lines[(start + 1)..<end])
            body = end + 1
        }
        summary = lines.dropFirst(body).first {
            !$0.allSatisfy(\.isWhitespace) && !$0.hasPrefix("#") && !$0.hasPrefix("<") && !$0.hasPrefix("!")
                && !$0.hasPrefix("|") && !$0.hasPrefix("[")
        }.map { String($0.prefix(1000)) }
    }

    func list(_ key: String) -> [String] { values[key] ?? [] }
    func text(_ key: String) -> String? { values[key]?.first }

    private mutating func read(_ lines: ArraySlice<String>) {
        var key = ""
        var inIndex = false
        var dataset = ""
        for line in lines {
            let trimmed = line.drop { $0 == " " }
            guard !trimmed.isEmpty, !trimmed.hasPrefix("#") else { continue }
            let isNested = line.hasPrefix(" ") || line.hasPrefix("-")
            if !isNested {
                guard let (name, value) = Self.pair(trimmed) else { continue }
                key = name
                inIndex = name == "model-index"
                if !value.isEmpty { values[key] = Self.items(value) }
            } else if inIndex {
                readIndex(trimmed, &dataset)
            } else if trimmed.hasPrefix("- "), values[key]?.count ?? 0 < 1000 {
                let item = Self.scalar(trimmed.dropFirst(2))
                if !item.isEmpty, Self.pair(trimmed.dropFirst(2)) == nil || item.contains("://") {
                    values[key, default: []].append(item)
                }
            }
        }
        results.removeAll { $0.type.isEmpty || $0.value.isEmpty }
    }

    /// Lines of `model-index`: a list item with `type` after `metrics:` starts a metric.
    private mutating func readIndex(_ line: Substring, _ dataset: inout String) {
        let isItem = line.hasPrefix("- ")
        guard let (name, value) = Self.pair(isItem ? line.dropFirst(2).drop { $0 == " " } : line) else { return }
        switch name {
        case "metrics": results.append(Result(dataset: dataset))
        case "dataset": dataset = ""
        case "task": dataset = ""
        case "type" where isItem && !results.isEmpty && dataset != "":
            if !results[results.count - 1].type.isEmpty { results.append(Result(dataset: dataset)) }
            results[results.count - 1].type = Self.scalar(value)
        case "name" where dataset.isEmpty: dataset = Self.scalar(value)
        case "value" where !results.isEmpty: results[results.count - 1].value = Self.scalar(value)
        default: break
        }
    }

    private static func pair(_ line: Substring) -> (String, Substring)? {
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let rest = line[line.index(after: colon)...]
        guard rest.isEmpty || rest.hasPrefix(" ") else { return nil }
        return (String(line[..<colon]), rest.drop { $0 == " " })
    }

    private static func items(_ value: Substring) -> [String] {
        guard value.hasPrefix("["), value.hasSuffix("]") else { return [scalar(value)].filter { !$0.isEmpty } }
        return value.dropFirst().dropLast().split(separator: ",").map { scalar($0) }.filter { !$0.isEmpty }
    }

    private static func scalar(_ text: some StringProtocol) -> String {
        var text = Substring(text).drop { $0 == " " }
        while text.last == " " { text = text.dropLast() }
        for quote in ["\"", "'"] where text.count >= 2 && text.hasPrefix(quote) && text.hasSuffix(quote) {
            return String(text.dropFirst().dropLast())
        }
        return String(text)
    }
}
