internal import Cards
internal import Documents

/// A Hugging Face card as a page: the metadata as facts, the results as a table, the Markdown as prose.
struct HubCardPage: Sendable {
    private let card: ModelCard
    private let context: CardContext

    init(_ card: ModelCard, _ context: CardContext) {
        self.card = card
        self.context = context
    }

    func render() -> String {
        let kind = card.kind == .model ? "Model card" : "Dataset card"
        let index = (try? EvaluationResult.read(card.metadata)) ?? nil
        let prose = Prose(card.body, allowsHeadings: true)
        let name =
            card.metadata["pretty_name"]?.string ?? card.metadata["model_name"]?.string ?? index?.name.string
            ?? prose.title ?? context.source?.name ?? kind
        var page = HTMLPage(title: "\(name): \(kind)", kind: kind, heading: "\(name)")
        page.introduction = strip
        page.style = Chart.style
        page.sections = [
            .init(id: "card", title: "The card", body: prose.html()),
            .init(id: "results", title: "Evaluation results", body: results(index?.results ?? [])),
            .init(id: "metadata", title: "Metadata", body: metadata),
            .init(id: "notes", title: "How the card is read", body: notes),
        ].filter { !$0.body.isEmpty }
        page.footer = context.footer(id: nil, revision: nil)
        return page.render()
    }

    private var strip: HTML {
        let names =
            card.kind == .model
            ? ["license", "base_model", "datasets", "pipeline_tag", "library_name", "language"]
            : ["license", "size_categories", "task_categories", "source_datasets", "annotations_creators", "language"]
        let cells = names.map { name -> HTML in
            let value = card.metadata[name]
            let shown = value.map {
                $0.isArray ? $0.elements.map(CardValues.line).joined(separator: ", ") : CardValues.line($0)
            }
            return "<div><dt>\(CardValues.label(name))</dt><dd>\(shown ?? CardValues.notStated)</dd></div>\n"
        }
        return "<dl class=\"strip\">\n\(cells)</dl>\n"
    }

    private func results(_ results: [EvaluationResult]) -> HTML {
        var table = HTMLTable(
            caption: "Results that the card reports", hidesCaption: true,
            columns: [
                .init("Metric"), .init("Value", .figure), .init("Task"), .init("Dataset"), .init("Split", .brief),
                .init("Verified", .brief), .init("Source"),
            ])
        for result in results {
            let verified: HTML = result.isVerified?.boolean == true ? HTML.badge("says so", .notice) : "no"
            var dataset = CardValues.line(result.datasetName)
            if let revision = result.datasetRevision { dataset += "<small>at \(CardValues.line(revision))</small>" }
            table.add([
                CardValues.line(result.metricName ?? result.metric), CardValues.line(result.value),
                CardValues.line(result.taskName ?? result.task), dataset,
                result.datasetSplit.map(CardValues.line) ?? "", verified,
                result.sourceURL.map(CardValues.line) ?? CardValues.notStated,
            ])
        }
        return table.html
    }

    private var metadata: HTML {
        card.metadata.members.isEmpty
            ? "<p>\(HTML.badge("no metadata", .open)) The card has no block between <code>---</code> lines.</p>\n"
            : CardValues.facts(card.metadata, leaving: ["model-index"])
    }

    private var notes: HTML {
        guard !card.notes.isEmpty else { return "" }
        let items = card.notes.map { note -> HTML in
            "<li>\(note.isError ? HTML.badge("refused by the Hub's reader", .poor) : "") \(note.description)</li>\n"
        }
        return "<ul>\n\(items)</ul>\n"
    }
}

extension Prose {
    /// The first heading.
    var title: String? {
        for case .heading(1, let inlines) in blocks {
            return inlines.map { inline in
                switch inline {
                case .text(let text), .code(let text), .link(let text, _): text
                default: ""
                }
            }.joined()
        }
        return nil
    }
}
