internal import Documents

/// The data card as one page: what the data is, where it comes from, how far it can be relied on.
struct DataCardPage: Sendable {
    let card: DocumentValue
    private let context: CardContext

    init(_ card: DocumentValue, _ context: CardContext) {
        self.card = card
        self.context = context
    }

    /// The sections with what is expected in each, in the order of Datasheets for Datasets.
    static let sections: [(name: String, title: String, expected: [String])] = [
        ("motivation", "Motivation", ["purpose", "creators", "funders"]),
        (
            "composition", "Composition",
            ["description", "instances", "splits", "labels", "missing", "noise", "subpopulations"]
        ),
        (
            "collection", "Collection",
            ["method", "sources", "sampling", "period", "people", "consent", "ethicalReview"]
        ),
        ("provenance", "Provenance and integrity", ["history", "derivedFrom", "integrity", "signature"]),
        (
            "sensitivity", "Sensitivity",
            ["class", "personalData", "confidential", "offensive", "identifiability", "anonymisation", "handling"]
        ),
        ("preprocessing", "Preprocessing", ["steps", "rawKept", "software"]),
        (
            "labelling", "Labelling",
            ["method", "labellers", "largestShare", "agreement", "vetting", "quality", "instructions"]
        ),
        ("uses", "Uses", []),
        ("limitations", "Known limits and biases", ["limits", "biases", "notRepresented"]),
        ("distribution", "Distribution", ["access", "license", "restrictions"]),
        ("maintenance", "Maintenance", ["owner", "contact", "updates", "errata", "reviewDate", "disclosureContact"]),
    ]

    func render() -> String {
        let subject = card["subject"]
        let name = subject?["name"]?.string ?? "unnamed dataset"
        let version = subject?["version"]?.string
        var page = HTMLPage(
            title: "\(name): Data Card", kind: "Data Card",
            heading: "\(name)\(version.map { " <span class=\"version\">\($0)</span>" as HTML })")
        if let purpose = card["motivation"]?["purpose"]?.string {
            page.introduction += "<div class=\"lede\">\(Prose(purpose).html())</div>\n"
        }
        page.introduction += strip
        page.style = Chart.style
        if card["statistics"] != nil {
            page.sections.append(.init(id: "statistics", title: "Statistics", body: DataStatistics(card).html))
        }
        for (name, title, expected) in Self.sections {
            let body = name == "uses" ? uses : CardValues.facts(card[name], expected: expected)
            page.sections.append(
                .init(id: name, title: title, body: body.isEmpty ? "<p>\(CardValues.notStated)</p>\n" : body))
        }
        page.sections.append(.init(id: "end", title: "Retention and destruction", body: end))
        let known = Set(
            Self.sections.map(\.name) + [
                "schema", "id", "revision", "subject", "issued", "statistics", "retention", "destruction", "evidence",
            ])
        for (position, member) in card.members.filter({ !known.contains($0.name) }).enumerated() {
            let title = member.name.hasPrefix("x-") ? String(member.name.dropFirst(2)) : member.name
            page.sections.append(
                .init(id: "more-\(position + 1)", title: CardValues.label(title), body: CardValues.html(member.value)))
        }
        if let evidence = card["evidence"], !evidence.elements.isEmpty {
            page.sections.append(.init(id: "evidence", title: "Evidence", body: CardValues.html(evidence)))
        }
        page.footer = context.footer(id: card["id"]?.string, revision: card["revision"]?.integer)
        return page.render()
    }

    private var strip: HTML {
        let digests = card["subject"]?["digest"].map(CardValues.line) ?? CardValues.notStated
        let sensitivity = card["sensitivity"]?["class"]?.string ?? "unknown"
        let share =
            card["statistics"]?["labellers"]?["largest"]?["share"]?.double
            ?? card["labelling"]?["largestShare"]?["share"]?.double
        let issued = card["issued"]
        let owner = card["maintenance"]?["owner"].map(CardValues.line) ?? CardValues.notStated
        let contact = card["maintenance"]?["contact"].map(CardValues.line) ?? CardValues.notStated
        let rows = card["statistics"]?["rows"]?.integer ?? card["composition"]?["instances"]?.integer
        var cells: [(HTML, HTML)] = [
            ("Rows", rows.map { "\(Humane.grouped($0))" } ?? CardValues.unknown),
            ("Sensitivity", .badge(sensitivity.words, Self.tone(sensitivity: sensitivity))),
            ("Largest share of one labeller", share.map { "\(Figure.percent($0))" } ?? CardValues.unknown),
            ("Licence", card["distribution"]?["license"].map(CardValues.line) ?? CardValues.notStated),
            ("Issued", issued?["date"].map(CardValues.line) ?? CardValues.notStated),
            (
                "Kept until",
                card["retention"]?["until"]?.string.map { context.badge(until: $0, past: "passed") }
                    ?? CardValues.notStated
            ),
        ]
        if let expires = issued?["expires"]?.string { cells.append(("Valid until", context.badge(until: expires))) }
        if let review = card["maintenance"]?["reviewDate"]?.string {
            cells.append(("Next review", context.badge(until: review, past: "overdue")))
        }
        cells.append(("Owner", "\(owner)<small>\(contact)</small>"))
        if let card = context.card { cells.append(("This card", card.html)) }
        let html = cells.map { title, value -> HTML in "<div><dt>\(title)</dt><dd>\(value)</dd></div>\n" }
        return "<dl class=\"strip\">\n<div class=\"broad\"><dt>Subject</dt><dd>\(digests)</dd></div>\n\(html)</dl>\n"
    }

    private var uses: HTML {
        let uses = card["uses"]
        var html: HTML = "<div class=\"pair\">\n<div><h3>Meant for</h3>\n\(CardValues.list(uses?["intended"]))</div>\n"
        html += "<div><h3>Not meant for</h3>\n\(CardValues.list(uses?["outOfScope"]))</div>\n</div>\n"
        return html + CardValues.facts(uses, leaving: ["intended", "outOfScope"])
    }

    private var end: HTML {
        "<h3>Retention</h3>\n\(CardValues.facts(card["retention"], expected: ["rule", "until"]))"
            + "<h3>Destruction</h3>\n"
            + CardValues.facts(card["destruction"], expected: ["method", "responsible", "verification"])
    }

    static func tone(sensitivity: String) -> Tone {
        switch sensitivity {
        case "public": .good
        case "internal": .notice
        case "personal": .mixed
        case "special-category", "classified": .poor
        default: .unknown
        }
    }
}
