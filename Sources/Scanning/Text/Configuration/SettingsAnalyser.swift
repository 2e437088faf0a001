internal import AssayCore
internal import ByteParsing

/// Settings in TOML and in sections of lines (`.ini`, `.cfg`): names that builders of objects would call, interpolations,
/// and the expressions that Python's logging evaluates in its configuration.
///
/// Not parsed: the members are found wherever they stand, inline tables and quoted keys included.
struct SettingsAnalyser: Analyser {
    let format: FormatID = "settings"

    private static let kinds: Set<String> = ["toml", "ini", "cfg", "conf", "config", "properties"]

    func recognise(_ item: ScanItem) -> Recognition {
        guard Self.kinds.contains(item.fileExtension), item.facts.isText else { return .no }
        if let start = item.facts.firstInk, JSONAnalyser.opens(item.region, at: start) { return .no }
        return .possible
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard item.region.count <= scan.limits.textBytes else { throw .limit(reading: "settings") }
        try scan.budget.spend(operations: item.region.count / 4, reading: "settings")
        let hasTargets = item.region.firstOffset(of: "_target_") != nil
        let hasCalls = item.region.firstOffset(of: "${") != nil
        let isLogging =
            item.region.firstOffset(of: "[handler_") != nil || item.region.firstOffset(of: "[formatter_") != nil
        guard hasTargets || hasCalls || isLogging else { return }
        var section = ""
        var members: [String: (value: String, line: Int)] = [:]
        var number = 0
        for line in item.region.text(limit: scan.limits.textBytes).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        {
            number += 1
            let place = item.location.at(nil, "line \(number)")
            let judge = ConfigurationJudge(scan: scan, location: place, isOfProgram: true)
            let text = line.drop(while: \.isWhitespace)
            guard let first = text.first, first != "#", first != ";" else { continue }
            if first == "[", text.contains("]"), !text.contains("=") {
                if isLogging { self.logging(section, members, item, in: scan) }
                section = String(text.dropFirst().prefix { $0 != "]" })
                members = [:]
                continue
            }
            if hasCalls { judge.interpolations(String(text), at: place) }
            if hasTargets { targets(in: text, judge, at: place) }
            if isLogging, let (key, value) = Self.member(text) { members[key] = (value, number) }
        }
        if isLogging { self.logging(section, members, item, in: scan) }
    }

    /// `key = value` or `key: value`.
    private static func member(_ line: Substring) -> (key: String, value: String)? {
        guard let mark = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else { return nil }
        func trimmed(_ text: Substring) -> String {
            var text = text.drop(while: \.isWhitespace)
            while let last = text.last, last.isWhitespace { text = text.dropLast() }
            return String(text)
        }
        return (trimmed(line[..<mark]).lowercased(), trimmed(line[line.index(after: mark)...]))
    }

    /// Every `_target_` of a line with the value behind it.
    private func targets(in line: Substring, _ judge: ConfigurationJudge, at place: Location) {
        var rest = line
        while let found = rest.firstRange(of: "_target_") {
            rest = rest[found.upperBound...]
            var value = rest.drop { $0 == "\"" || $0 == "'" || $0.isWhitespace }
            guard let mark = value.first, mark == "=" || mark == ":" else { continue }
            value = value.dropFirst().drop(while: \.isWhitespace)
            judge.target(Self.text(value), at: place)
        }
    }

    /// A quoted value without its quotes, with TOML's escapes read as JSON's, or a bare one up to the end of the line.
    private static func text(_ value: Substring) -> String {
        guard let quote = value.first, quote == "\"" || quote == "'" else {
            return String(value.prefix { !$0.isWhitespace && $0 != "," && $0 != "}" && $0 != "#" })
        }
        let body = value.drop { $0 == quote }.prefix { $0 != quote }
        guard quote == "\"", body.contains("\\"),
            let document = try? JSONDocument(ByteRegion(Array("\"\(body)\"".utf8))), let decoded = document.root.string
        else { return String(body) }
        return decoded
    }

    /// `logging.config.fileConfig` evaluates the class and the arguments of handlers and formatters.
    private func logging(
        _ section: String, _ members: [String: (value: String, line: Int)], _ item: ScanItem, in scan: Scan
    ) {
        guard section.hasPrefix("handler_") || section.hasPrefix("formatter_") else { return }
        for key in ["args", "kwargs", "class"] {
            guard let (value, line) = members[key] else { continue }
            let place = item.location.at(nil, "line \(line)")
            if value.contains("(") || value.contains("[") {
                PythonSourceJudge.judge(ByteRegion(Array(value.utf8)), named: "", at: place, in: scan)
            }
            guard key == "class", !value.hasSuffix("Handler"), !value.hasSuffix("Formatter"),
                let severity = ConfigurationJudge.severity(ofCalling: value), severity >= .high
            else { continue }
            scan.report(
                "CONFIG-CALLABLE", "Python's logging would call `\(Printable.line(value, limit: 80))`", at: place,
                severity: severity)
        }
    }
}
