internal import Documents

// What was tested and what was not, side by side and equally large.
extension SecurityCardPage {
    var testedSection: HTML { "<p class=\"sum\">\(sum)</p>\n" + coverageTable + testedLists }

    /// The whole in one sentence.
    private var sum: HTML {
        let outcomes = facts.tests.map { $0.test["outcome"]?.string }
        guard !outcomes.isEmpty else { return "No test is recorded in this card; what was left out is named below." }
        let words = [("pass", "passed"), ("fail", "failed"), ("inconclusive", "stayed inconclusive")].compactMap {
            outcome, words in
            let count = outcomes.count { $0 == outcome }
            return count > 0 ? "\(count) \(words)" : nil
        }
        let open = facts.reports.filter { $0.status != "assessed" && $0.status != "not-applicable" }
        var text = "Of \(Humane.count(outcomes.count, "recorded test")), "
        text += words.isEmpty ? "none was held against a threshold." : words.joined(separator: ", ") + "."
        if !open.isEmpty {
            text += " \(Humane.count(open.count, "report")) of \(facts.reports.count) "
            text += "\(open.count == 1 ? "is" : "are") not finished: "
            text += open.map { $0.title.lowercased() }.joined(separator: ", ") + "."
        }
        return "\(text)"
    }

    private var coverageTable: HTML {
        var table = HTMLTable(
            caption: "Attacks considered in each report",
            columns: [.init("Report"), .init("Status", .brief), .init("Attacks", .chart), .init("Counts")])
        for report in facts.reports {
            let counts = SecurityCardFacts.counts(report).filter { $0.count > 0 }
            let words = counts.map { "\($0.count) \($0.coverage.words)" }.joined(separator: ", ")
            let label = words.isEmpty ? "no attack considered" : words
            table.add([
                "<a href=\"#\(report.id)\">\(report.title)</a>", .badge(report.words, report.tone),
                Chart.bar(
                    counts.map { .init(count: $0.count, name: $0.coverage.words, style: $0.coverage.style) },
                    label: label),
                "\(label)",
            ])
        }
        let legend = SecurityCardFacts.Attack.Coverage.allCases.map { coverage -> HTML in
            "<li><span class=\"swatch part-\(coverage.style)\" aria-hidden=\"true\"></span>\(coverage.words)</li>\n"
        }
        return table.html + "<ul class=\"legend\">\n\(legend)</ul>\n"
    }

    private var testedLists: HTML {
        let tested = facts.tests.map { report, attack, test -> HTML in
            let metric = test["metric"]?.string ?? attackName(attack.id)
            let outcome = test["outcome"]?.string
            let badge = HTML.badge(outcomeWords(outcome), SecurityCardFacts.tone(outcome: outcome))
            return """
                <li>\(badge) \(metric)\(figures(test).map { ": \($0)" as HTML })\
                <small>\(report.title) · \(attackName(attack.id))</small></li>

                """
        }
        let open = notTested
        var html: HTML = "<div class=\"tested-lists\">\n<div class=\"good\">\n"
        html += "<h3>Tested <span>\(tested.count)</span></h3>\n"
        html += tested.isEmpty ? "<p>\(HTML.badge("no test is recorded", .open))</p>\n" : "<ul>\n\(tested)</ul>\n"
        html += "</div>\n<div class=\"open\">\n<h3>Not tested <span>\(open.count)</span></h3>\n"
        html += open.isEmpty ? "<p>The card names nothing that was left out.</p>\n" : "<ul>\n\(open)</ul>\n"
        return html + "</div>\n</div>\n"
    }

    /// Something that was not done: in a word, in words of the card, and why.
    struct Omission: Sendable {
        var word: String
        var tone: Tone
        /// Prose.
        var what: String
        /// Prose, or empty.
        var why: String
    }

    private var notTested: [HTML] {
        notTestedItems.map { item in
            let why: HTML = item.why.isEmpty ? "" : "<small>\(Prose(item.why).inlineHTML)</small>"
            return "<li>\(HTML.badge(item.word, item.tone)) \(Prose(item.what).inlineHTML)\(why)</li>\n"
        }
    }

    /// Everything that the card says was not done: reports first, then attacks, limits, factors, plans.
    var notTestedItems: [Omission] {
        var items: [Omission] = []
        for report in facts.reports where report.status != "assessed" && report.status != "partial" {
            let why = report.value?["reason"]?.string ?? report.value?["summary"]?.string ?? "no reason is given"
            items.append(Omission(word: report.words, tone: report.tone, what: report.title, why: why))
        }
        for report in facts.reports {
            for attack in report.attacks {
                let name = attackName(attack.id)
                let (word, tone, why): (String, Tone, String) =
                    switch attack.coverage {
                    case .tested, .excluded: ("", .none, "")
                    case .open: ("open", .poor, report.title)
                    case .unknown: ("unknown", .unknown, "\(report.title) · not known whether it applies")
                    case .accepted: ("accepted", .mixed, "\(report.title) · untested, by \(attack.acceptedBy ?? "")")
                    case .mitigated: ("mitigated", .notice, "\(report.title) · the attack was not tested")
                    }
                if !word.isEmpty { items.append(Omission(word: word, tone: tone, what: name, why: why)) }
            }
            for limitation in report.value?["limitations"]?.strings ?? [] {
                items.append(Omission(word: "limit", tone: .notice, what: limitation, why: report.title))
            }
        }
        let reason = card["factors"]?["notEvaluatedReason"]?.string ?? ""
        for factor in facts.factorsNotEvaluated {
            items.append(Omission(word: "not evaluated", tone: .open, what: "Factor: " + factor, why: reason))
        }
        for further in card["caveatsAndRecommendations"]?["furtherTesting"]?.strings ?? [] {
            items.append(Omission(word: "to do", tone: .open, what: further, why: "Further testing"))
        }
        return items
    }

    /// `0.31 (0.29 to 0.33), n = 1,000, wanted ≥ 0.5`
    func figures(_ test: DocumentValue) -> HTML? { figuresText(test).map { "\($0)" } }

    func figuresText(_ test: DocumentValue) -> String? {
        guard let measurement = SecurityCardFacts.measurement(test) else { return nil }
        var text = Figure.text(measurement.value)
        if let interval = measurement.interval {
            text += " (\(Figure.text(interval.low)) to \(Figure.text(interval.high)))"
        }
        if let n = test["n"]?.integer { text += ", n\u{A0}=\u{A0}\(Humane.grouped(n))" }
        if let threshold = measurement.threshold {
            text += ", wanted \(comparison(measurement.comparison))\u{A0}\(Figure.text(threshold))"
        }
        return text
    }

    func comparison(_ sign: String?) -> String {
        switch sign {
        case ">=": "≥"
        case "<=": "≤"
        case let sign?: sign
        case nil: "at"
        }
    }

    func outcomeWords(_ outcome: String?) -> String {
        switch outcome {
        case "no-threshold": "measured"
        case let outcome?: outcome
        case nil: "no outcome"
        }
    }

    /// The id with its name where that is known.
    func attackName(_ id: String) -> String { context.attacks[id].map { "\($0) (\(id))" } ?? id }
}
