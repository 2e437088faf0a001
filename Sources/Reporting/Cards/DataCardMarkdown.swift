internal import Documents

/// The data card as Markdown.
struct DataCardMarkdown: Sendable {
    private let card: DocumentValue
    private let context: CardContext

    init(_ card: DocumentValue, _ context: CardContext) {
        self.card = card
        self.context = context
    }

    func render() -> String {
        var text = CardMarkdown()
        let subject = card["subject"]
        text.heading(
            1,
            [subject?["name"]?.string ?? "unnamed dataset", subject?["version"]?.string].compactMap { $0 }.joined(
                separator: " "))
        text.add("*Data Card*")
        text.facts(subject, expected: ["digest"], leaving: ["name", "version"])
        text.facts(card["issued"], expected: ["date", "author"])
        if let statistics = card["statistics"] {
            text.heading(2, "Statistics")
            text.facts(statistics, leaving: ["columns", "classes", "limits"])
            text.table(
                ["Class", "Rows", "Share"],
                (statistics["classes"]?["values"]?.elements ?? []).map { one in
                    [
                        one["value"].map(CardMarkdown.cell) ?? "", one["count"].map(CardMarkdown.cell) ?? "",
                        one["share"]?.double.map(Figure.percent) ?? "",
                    ]
                })
            text.table(
                ["Column", "Type", "Missing", "Distinct", "Minimum", "Mean", "Maximum"],
                (statistics["columns"]?.elements ?? []).map { column in
                    ["name", "type", "missing", "distinct", "minimum", "mean", "maximum"].map {
                        column[$0].map(CardMarkdown.cell) ?? ""
                    }
                })
            if let limits = statistics["limits"], !limits.elements.isEmpty {
                text.add("Not counted:")
                text.list(limits)
            }
        }
        for (name, title, expected) in DataCardPage.sections {
            text.heading(2, title)
            text.facts(card[name], expected: name == "uses" ? ["intended", "outOfScope"] : expected)
        }
        text.heading(2, "Retention and destruction")
        text.facts(card["retention"], expected: ["rule", "until"])
        text.facts(card["destruction"], expected: ["method", "responsible", "verification"])
        for member in card.members where member.name.hasPrefix("x-") {
            text.heading(2, CardValues.label(String(member.name.dropFirst(2))))
            if member.value.isObject { text.facts(member.value) } else { text.list(member.value) }
        }
        if let evidence = card["evidence"] {
            text.heading(2, "Evidence")
            text.list(evidence)
        }
        text.add(context.markdownFooter)
        return text.text
    }
}
