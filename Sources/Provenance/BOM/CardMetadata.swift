internal import Documents

/// What the metadata block at the top of a model card says, and the first paragraph below it.
///
/// A block that is no YAML says nothing, as to everybody else who reads cards. Plain scalars mean what they say where that
/// can be: only a block that needs YAML 1.1 (anchors, repeated names) is read as such.
struct CardMetadata: Sendable {
    struct Result: Sendable {
        let type: String
        let value: String
        let dataset: String
    }

    private let values: DocumentValue
    let results: [Result]
    /// The first paragraph of prose after the block.
    let summary: String?

    /// Values of a list that are taken, and results of metrics.
    static let limit = 1000

    init(_ card: [UInt8]) {
        let start = card.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let block = FrontMatter(card, from: start)
        let yaml = block.map { Array(card[$0.yaml]) } ?? []
        values =
            (try? DocumentReader.yaml(yaml)) ?? (try? DocumentReader.yaml(yaml, schema: .yaml11)) ?? .emptyObject
        results = Self.results(values["model-index"])
        let body = String(decoding: card[(block?.closing.upperBound ?? start)...], as: UTF8.self)
        summary = body.split(whereSeparator: \.isNewline).first { line in
            !line.allSatisfy(\.isWhitespace) && !["#", "<", "!", "|", "["].contains(where: { line.hasPrefix($0) })
        }.map { String($0.prefix(1000)) }
    }

    /// The texts of a list, or the one that stands for such a list.
    func list(_ name: String) -> [String] {
        guard let value = values[name] else { return [] }
        return (value.isArray ? value.elements : [value]).prefix(Self.limit).compactMap { Self.text($0) }
    }

    func text(_ name: String) -> String? { list(name).first }

    /// A scalar of a mapping in the block.
    func text(_ name: String, in mapping: String) -> String? { Self.text(values[mapping]?[name]) }

    func has(_ name: String) -> Bool { values[name] != nil }

    /// Names that the cards of datasets have, and those of models do not.
    static let datasetKeys = [
        "task_categories", "task_ids", "size_categories", "dataset_info", "annotations_creators", "language_creators",
        "source_datasets", "pretty_name", "configs",
    ]

    /// A scalar as it was written, without white space around it; nil for an empty one.
    private static func text(_ value: DocumentValue?) -> String? {
        let text = value?.string ?? value?.number ?? value?.boolean.map { String($0) }
        guard let text, let first = text.firstIndex(where: { !$0.isWhitespace }) else { return nil }
        let last = text.lastIndex { !$0.isWhitespace } ?? first
        return String(text[first...last])
    }

    /// `model-index`: models, their results on a dataset, and the metrics of each.
    private static func results(_ index: DocumentValue?) -> [Result] {
        var found: [Result] = []
        for result in (index?.elements ?? []).flatMap({ $0["results"]?.elements ?? [] }) {
            let dataset = text(result["dataset"]?["name"]) ?? text(result["dataset"]?["type"]) ?? ""
            for metric in result["metrics"]?.elements ?? [] where found.count < limit {
                guard let type = text(metric["type"]) ?? text(metric["name"]), let value = text(metric["value"]) else {
                    continue
                }
                found.append(Result(type: type, value: value, dataset: dataset))
            }
        }
        return found
    }
}
