internal import Documents

/// The Security Model Card as one page: who is it about, what was tested, what was not, and what holds it up.
struct SecurityCardPage: Sendable {
    let facts: SecurityCardFacts
    let context: CardContext

    init(_ card: DocumentValue, _ context: CardContext) {
        facts = SecurityCardFacts(card)
        self.context = context
    }

    var card: DocumentValue { facts.card }

    func render() -> String {
        var page = HTMLPage(
            title: "\(facts.name) \(facts.version ?? ""): Security Model Card", kind: "Security Model Card",
            heading: "\(facts.name)\(facts.version.map { " <span class=\"version\">\($0)</span>" as HTML })")
        if let overview = card["modelDetails"]?["overview"]?.string {
            page.introduction += "<div class=\"lede\">\(Prose(overview).html())</div>\n"
        }
        page.introduction += publication + strip + reportStrip
        page.style = Chart.style + "\n" + Self.style
        page.sections = sections.filter { !$0.body.isEmpty }
        page.footer = context.footer(id: card["id"]?.string, revision: card["revision"]?.integer)
        return page.render()
    }

    private var sections: [HTMLPage.Section] {
        [
            .init(id: "tested", title: "What was tested, and what was not", body: testedSection),
            .init(id: "reports", title: "Security reports", body: reportsSection),
            .init(id: "threats", title: "Threat model", body: threatSection),
            .init(id: "risks", title: "Accepted risks", body: riskSection),
            .init(id: "controls", title: "Operational controls", body: controlsSection),
            .init(
                id: "details", title: "Model details",
                body: CardValues.facts(
                    card["modelDetails"],
                    expected: [
                        "type", "architecture", "algorithm", "features", "developers", "date", "license", "citation",
                        "references",
                    ], leaving: ["overview"])),
            .init(id: "use", title: "Intended use", body: useSection),
            .init(id: "factors", title: "Factors and metrics", body: factorsSection),
            .init(id: "data", title: "Evaluation and training data", body: dataSection),
            .init(id: "analyses", title: "Quantitative analyses", body: analysesSection),
            .init(
                id: "ethics", title: "Ethical considerations",
                body: CardValues.facts(
                    card["ethicalConsiderations"], expected: ["sensitiveData", "risksAndHarms", "fairness"])),
            .init(
                id: "caveats", title: "Caveats and recommendations",
                body: CardValues.facts(
                    card["caveatsAndRecommendations"], expected: ["caveats", "recommendations", "furtherTesting"])),
            .init(id: "lifecycle", title: "Life cycle and contacts", body: lifecycleSection),
        ] + ownSections + [.init(id: "evidence", title: "Evidence", body: evidenceSection)]
    }

    /// Sections that organisations add, and whatever else stands beside those that are known.
    var ownMembers: [DocumentValue.Member] {
        let known: Set<String> = [
            "schema", "id", "revision", "subject", "issued", "modelDetails", "intendedUse", "factors", "metrics",
            "evaluationData", "trainingData", "quantitativeAnalyses", "ethicalConsiderations",
            "securityConsiderations", "caveatsAndRecommendations", "evidence", "lifecycle", "publication", "extensions",
        ]
        return (card["extensions"]?.members ?? []) + card.members.filter { !known.contains($0.name) }
    }

    private var ownSections: [HTMLPage.Section] {
        ownMembers.enumerated().map { position, member in
            HTMLPage.Section(
                id: "more-\(position + 1)", title: Self.title(of: member), body: CardValues.html(member.value))
        }
    }

    /// `x-` says that a member is no part of the standard; people need not see it.
    static func title(of member: DocumentValue.Member) -> String {
        CardValues.label(member.name.hasPrefix("x-") ? String(member.name.dropFirst(2)) : member.name)
    }

    // MARK: The strips at the top

    /// For whom this version of the card is, and that something is not in it.
    private var publication: HTML {
        guard let publication = card["publication"] else { return "" }
        var html = HTML.empty
        if let audience = publication["audience"] {
            html += "Version for: <strong>\(CardValues.line(audience))</strong>. "
        }
        if let digest = publication["redactedFrom"] {
            html += "Parts of the card are withheld; the whole one is \(CardValues.line(digest))."
        }
        return html.isEmpty ? "" : "<p class=\"note notice publication\">\(html)</p>\n"
    }

    private var strip: HTML {
        let subject = facts.subject
        var cells: [(HTML, HTML, isBroad: Bool)] = []
        let digests = subject?["digest"]?.members ?? []
        let digest: HTML =
            digests.isEmpty
            ? CardValues.notStated
            : digests.map { "<code>\($0.name):\($0.value.string ?? "")</code>" as HTML }.joined(separator: "<br>")
        cells.append(("Subject", digest, true))
        cells.append(("Signature", standing(context.signature, of: subject?["signature"]), false))
        cells.append(("Bill of materials", standing(context.bom, of: subject?["bom"]), false))
        let classification = facts.security?["aiClassification"]?["class"]
        cells.append(("Classification", classification.map(CardValues.line) ?? CardValues.notStated, false))
        let issued = card["issued"]
        let by = [("author", "by"), ("reviewer", "reviewed by")].compactMap { name, words in
            issued?[name]?.string.map { "\(words) \($0)" }
        }.joined(separator: ", ")
        let date = issued?["date"].map(CardValues.line) ?? CardValues.notStated
        cells.append(("Issued", "\(date)<small>\(by)</small>", false))
        let expires = issued?["expires"]?.string
        cells.append(("Valid until", expires.map { context.badge(until: $0) } ?? CardValues.notStated, false))
        if let review = reviewDate {
            cells.append(("Next review", context.badge(until: review, past: "overdue"), false))
        }
        let owner = card["modelDetails"]?["owner"].map(CardValues.line) ?? CardValues.notStated
        let contact = card["modelDetails"]?["contact"]?.string.map { Prose($0).inlineHTML }
        cells.append(("Owner", "\(owner)<small>\(contact ?? "")</small>", false))
        if let card = context.card { cells.append(("This card", card.html, false)) }
        let html = cells.map { title, value, isBroad in
            "<div\(isBroad ? " class=\"broad\"" : "" as HTML)><dt>\(title)</dt><dd>\(value)</dd></div>\n" as HTML
        }
        return "<dl class=\"strip\">\n\(html)</dl>\n"
    }

    /// The first that comes of the dates that the card keeps in several places.
    var reviewDate: String? {
        [
            card["issued"]?["nextReview"], facts.security?["lifecycle"]?["nextReview"],
            facts.security?["threatModel"]?["nextReview"], card["lifecycle"]?["nextReview"],
        ].compactMap { $0?.string }.min()
    }

    private func standing(_ standing: CardContext.Standing?, of reference: DocumentValue?) -> HTML {
        let named: HTML = reference?.string.map { "<small><code>\($0)</code></small>" } ?? ""
        if let standing { return standing.html + named }
        guard let reference, !CardValues.isUnknown(reference) else {
            return reference == nil ? CardValues.notStated : CardValues.unknown
        }
        return "\(HTML.badge("not checked", .unknown))\(named)"
    }

    private var reportStrip: HTML {
        let cells = facts.reports.map { report -> HTML in
            let counts = SecurityCardFacts.counts(report)
            let tested = counts.first { $0.coverage == .tested }?.count ?? 0
            let applicable = report.attacks.count { $0.coverage != .excluded }
            let small =
                report.attacks.isEmpty
                ? "no attack considered" : "\(tested) of \(applicable) applicable attacks tested"
            return """
                <div><dt><a href="#\(report.id)">\(report.title)</a></dt>\
                <dd>\(HTML.badge(report.words, report.tone))<small>\(small)</small></dd></div>

                """
        }
        return "<dl class=\"strip reports\" aria-label=\"Security reports\">\n\(cells)</dl>\n"
    }

    static let style = """
        .strip + .strip { margin-top: .75rem; }
        .strip.reports dt a { text-decoration: none; }
        .strip.reports dt a:hover { text-decoration: underline; }
        .tested-lists { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 0 2.5rem; margin: 1.5rem 0 0; }
        .tested-lists > div { border-top: 3px solid var(--tone); padding-top: .75rem; }
        .tested-lists h3 { margin: 0 0 .5rem; display: flex; justify-content: space-between; gap: 1rem; }
        .tested-lists h3 span { font-weight: 350; color: var(--soft); }
        .tested-lists ul { list-style: none; padding: 0; }
        .tested-lists li { padding: .45rem 0; border-top: 1px solid var(--line); margin: 0; max-width: none; }
        .tested-lists li:first-child { border-top: 0; padding-top: 0; }
        .tested-lists li small { display: block; color: var(--soft); font-size: .87rem; }
        .report { padding-top: .25rem; margin-top: 2.25rem; border-top: 1px solid var(--rule); }
        .report > h3 { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; margin: .8rem 0 .1rem; font-size: 1.22rem; }
        .report > .question { color: var(--soft); margin: 0 0 .75rem; }
        .publication { margin: 1.5rem 0 -1rem; max-width: none; }
        .digest-cell code { font-size: .8rem; }
        .moment { white-space: nowrap; }
        @media print { .report { break-inside: auto; } }
        """
}
