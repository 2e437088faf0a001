internal import AssayCore
internal import ByteParsing
package import Documents

/// A dataset's card: Datasheets for Datasets' seven sections, what NCSC principle 2.3 asks to be recorded, statistics.
///
/// The schema is `Schemas/data-card-v1.schema.json`.
package enum DataCard {
    /// What the member `schema` of every data card says.
    package static let schemaName = "data-card/v1"
    /// The type of a card as evidence.
    package static let predicateType = "https://assay.dev/evidence/data-card/v1"

    /// Whether the text is a card of this kind, whatever else is wrong with it.
    package static func isDataCard(_ bytes: [UInt8]) -> Bool {
        (try? DocumentReader.read(bytes))?["schema"]?.string == schemaName
    }

    /// The shipped schema, compiled; a build whose own data is broken refuses every card.
    package static let schema: JSONSchema? = {
        guard let region = Resource.named("cards/data-card-v1.schema.json"),
            let document = try? DocumentReader.json(region.array())
        else { return nil }
        return try? JSONSchema(document)
    }()

    /// A card to be filled in: what is counted and what a Hub card says stands in it, and everything else is unknown.
    ///
    /// - Parameters:
    ///   - statistics: of `TableStatistics`.
    ///   - hub: the dataset's card on the Hugging Face Hub.
    /// - Returns: the card, and where each line that a program filled in comes from.
    package static func draft(
        name: String, statistics: DocumentValue? = nil, hub: ModelCard? = nil, date: String
    ) -> (card: DocumentValue, sources: [DocumentPointer: String]) {
        let unknown: DocumentValue = "unknown"
        var card: DocumentValue = .object([
            "schema": .string(schemaName),
            "subject": .object(["name": .string(name)]),
            "issued": .object(["date": .string(date), "author": unknown]),
            "motivation": .object(["purpose": unknown]),
            "composition": .object(["description": unknown, "instances": unknown]),
            "collection": .object(["method": unknown, "sources": .emptyArray]),
            "provenance": .object(["history": unknown, "integrity": unknown]),
            "sensitivity": .object(["class": unknown, "personalData": unknown]),
            "preprocessing": .object(["steps": .strings(["unknown"])]),
            "labelling": .object(["method": unknown]),
            "uses": .object(["intended": .strings(["unknown"]), "outOfScope": .strings(["unknown"])]),
            "limitations": .object(["limits": .strings(["unknown"]), "biases": .emptyArray]),
            "distribution": .object(["access": unknown, "license": unknown]),
            "maintenance": .object(["owner": unknown, "contact": unknown]),
            "retention": .object(["rule": unknown]),
            "destruction": .object(["method": unknown, "responsible": unknown]),
        ])
        var draft = Draft(card: card)
        if let statistics { draft.take(statistics) }
        if let hub { draft.take(hub: hub.metadata) }
        card = draft.card
        return (card, draft.sources)
    }

    private struct Draft {
        var card: DocumentValue
        var sources: [DocumentPointer: String] = [:]

        private mutating func put(_ pointer: String, _ value: DocumentValue?, from source: String) {
            guard var value, !value.isNull, let place = DocumentPointer(text: pointer) else { return }
            value.forgetLines()
            if card.set(value, at: place) { sources[place] = source }
        }

        mutating func take(_ statistics: DocumentValue) {
            let file = statistics["source"]?["name"]?.string ?? "the data"
            put(
                "/subject/digest", statistics["source"]?["sha256"].map { .object(["sha256": $0]) },
                from: "the bytes of \(file)")
            put("/subject/format", statistics["source"]?["format"], from: file)
            put("/composition/instances", statistics["rows"], from: "rows of \(file)")
            if let labellers = statistics["labellers"], let count = labellers["count"], (count.integer ?? 0) > 0 {
                put("/labelling/labellers", count, from: "column \(labellers["column"]?.string ?? "") of \(file)")
                if let largest = labellers["largest"] {
                    put(
                        "/labelling/largestShare",
                        .object([
                            "labeller": largest["labeller"], "share": largest["share"] ?? 0, "labels": largest["count"],
                        ]), from: "column \(labellers["column"]?.string ?? "") of \(file)")
                }
            }
            put("/statistics", statistics, from: "counted in \(file)")
        }

        /// What a dataset card of the Hub says under names that mean the same here.
        mutating func take(hub metadata: DocumentValue) {
            func text(_ name: String) -> DocumentValue? {
                guard let value = metadata[name] else { return nil }
                let words = value.strings
                return words.isEmpty ? nil : .string(words.joined(separator: ", "))
            }
            put("/subject/name", metadata["pretty_name"]?.string.map { .string($0) }, from: "README.md, pretty_name")
            put("/distribution/license", text("license"), from: "README.md, license")
            if let sources = metadata["source_datasets"]?.strings, !sources.isEmpty {
                put(
                    "/collection/sources",
                    .array(sources.map { .object(["name": .string($0), "trust": "unknown"]) }),
                    from: "README.md, source_datasets")
            }
            if let creators = metadata["annotations_creators"]?.strings.first {
                let method: DocumentValue =
                    switch creators {
                    case "crowdsourced", "expert-generated": "people"
                    case "machine-generated": "program"
                    case "no-annotation": "none"
                    default: "unknown"
                    }
                put("/labelling/method", method, from: "README.md, annotations_creators: \(creators)")
            }
            put("/uses/intended", (text("task_categories")).map { .array([$0]) }, from: "README.md, task_categories")
        }
    }
}
