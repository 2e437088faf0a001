package import Cards
package import Documents

/// A card for people and programs: a page, Markdown, or the card itself in JSON or YAML.
package struct CardReport: Sendable {
    /// The forms in which a card is shown.
    package enum Format: String, Sendable, CaseIterable { case html, markdown, json, yaml }

    /// The cards that can be shown.
    package enum Card: Sendable {
        /// A Security Model Card, a draft or built.
        case security(DocumentValue)
        /// A data card.
        case data(DocumentValue)
        /// A model or dataset card of the Hugging Face Hub.
        case hub(ModelCard)
    }

    private let card: Card
    private let context: CardContext

    package init(_ card: Card, _ context: CardContext) {
        self.card = card
        self.context = context
    }

    /// The card in one of the forms.
    package func render(_ format: Format) -> [UInt8] {
        switch format {
        case .json: DocumentWriter.json(document)
        case .yaml: DocumentWriter.yaml(document)
        case .html: Array(page.utf8)
        case .markdown: Array(markdown.utf8)
        }
    }

    /// The card as one value; of a Hub card the metadata, what it means, and the Markdown.
    private var document: DocumentValue {
        switch card {
        case .security(let value), .data(let value): return value
        case .hub(let card):
            var value = DocumentValue.object([
                "schema": "model-card/v1", "kind": .string(card.kind.rawValue), "metadata": card.metadata,
            ])
            let index = (try? EvaluationResult.read(card.metadata)) ?? nil
            let name = card.metadata["pretty_name"]?.string ?? card.metadata["model_name"]?.string ?? index?.name.string
            if let name { value["subject"] = .object(["name": .string(name)]) }
            if let results = index {
                value["evaluationResults"] = .array(results.results.map(\.document))
            }
            value["notes"] = .array(
                card.notes.map { .object(["line": .integer($0.line), "message": .string($0.message)]) })
            value["body"] = .string(card.body)
            return value
        }
    }

    private var page: String {
        switch card {
        case .security(let value): SecurityCardPage(value, context).render()
        case .data(let value): DataCardPage(value, context).render()
        case .hub(let card): HubCardPage(card, context).render()
        }
    }

    private var markdown: String {
        switch card {
        case .security(let value): SecurityCardMarkdown(value, context).render()
        case .data(let value): DataCardMarkdown(value, context).render()
        case .hub(let card): String(decoding: card.bytes, as: UTF8.self)
        }
    }
}

extension EvaluationResult {
    /// The result on its own, under the names of its members.
    fileprivate var document: DocumentValue {
        .object([
            "task": task, "taskName": taskName, "dataset": dataset, "datasetName": datasetName,
            "datasetConfig": datasetConfig, "datasetSplit": datasetSplit, "datasetRevision": datasetRevision,
            "datasetArguments": datasetArguments, "metric": metric, "value": value, "metricName": metricName,
            "metricConfig": metricConfig, "metricArguments": metricArguments, "isVerified": isVerified,
            "verifyToken": verifyToken, "sourceName": sourceName, "sourceURL": sourceURL,
        ])
    }
}
