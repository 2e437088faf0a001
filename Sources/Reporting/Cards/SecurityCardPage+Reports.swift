internal import Documents

// The reports after NIST AI 100-2, and the controls in operation.
extension SecurityCardPage {
    var reportsSection: HTML {
        var html = HTML.empty
        if let classification = facts.security?["aiClassification"] {
            var expected = ["class", "rationale", "traits"]
            if classification["traits"] == nil { expected.removeLast() }
            html += CardValues.facts(classification, expected: expected)
        } else {
            html += "<p>AI classification: \(CardValues.notStated)</p>\n"
        }
        return html + facts.reports.map(self.report).joined()
    }

    private func report(_ report: SecurityCardFacts.Report) -> HTML {
        var html: HTML = "<article class=\"report\" id=\"\(report.id)\" aria-labelledby=\"\(report.id)-title\">\n"
        html += "<h3 id=\"\(report.id)-title\">\(report.title) \(HTML.badge(report.words, report.tone))</h3>\n"
        html += "<p class=\"question\">\(report.question)</p>\n"
        guard let value = report.value else {
            return html + "<p>The card has no such report: \(CardValues.unknown).</p>\n</article>\n"
        }
        if let reason = value["reason"] {
            html += "<div class=\"note \(report.tone.rawValue)\"><p><strong>\(report.words.capitalisedFirst).</strong> "
            html += "\(CardValues.line(reason))</p></div>\n"
        }
        if let summary = value["summary"]?.string { html += Prose(summary).html() }
        html += tests(of: report) + attacks(of: report)
        if let limitations = value["limitations"] {
            html += "<div class=\"note open\"><h4>Limits of this report</h4>\(CardValues.list(limitations))</div>\n"
        }
        html += CardValues.facts(
            value,
            leaving: [
                "status", "summary", "reason", "attacks", "limitations", "assessed", "assessor", "evidence",
                "acceptedBy", "acceptedOn", "acceptedUntil", "acceptanceReason",
            ])
        if let evidence = value["evidence"] { html += "<p class=\"small\">Evidence: \(evidenceLinks(evidence))</p>\n" }
        let assessed = [value["assessed"]?.string, value["assessor"]?.string.map { "by \($0)" }].compactMap { $0 }
        if !assessed.isEmpty {
            html += "<p class=\"soft small\">Assessed \(assessed.joined(separator: " "))</p>\n"
        }
        return html + "</article>\n"
    }

    private func tests(of report: SecurityCardFacts.Report) -> HTML {
        var table = HTMLTable(
            caption: "Measured, against what was asked for",
            columns: [
                .init("Test"), .init("Value, interval and threshold", .chart), .init("Value", .figure),
                .init("Wanted", .figure), .init("n", .figure), .init("Outcome", .brief), .init("Evidence", .brief),
            ])
        for attack in report.attacks {
            for test in attack.tests {
                let outcome = test["outcome"]?.string
                let wanted = test["threshold"]?.double.map {
                    "\(comparison(test["comparison"]?.string)) \(Figure.text($0))"
                }
                table.add([
                    "\(test["metric"]?.string ?? "unnamed test")<small>\(attackName(attack.id))</small>",
                    chart(test), value(test), wanted.map { "\($0)" } ?? "none",
                    test["n"]?.integer.map { "\(Humane.grouped($0))" } ?? CardValues.notStated,
                    .badge(outcomeWords(outcome), SecurityCardFacts.tone(outcome: outcome)),
                    evidenceLinks(test["evidence"]),
                ])
            }
        }
        return table.html
    }

    private func chart(_ test: DocumentValue) -> HTML {
        guard let measurement = SecurityCardFacts.measurement(test) else { return "" }
        let domain = Chart.domain(Chart.points(measurement))
        let words = "\(figuresText(test) ?? ""), on an axis from \(Figure.text(domain.lowerBound)) to "
        return Chart.line(
            measurement, domain: domain,
            label: words + Figure.text(domain.upperBound) + ": "
                + outcomeWords(test["outcome"]?.string))
    }

    func value(_ test: DocumentValue) -> HTML {
        guard let measurement = SecurityCardFacts.measurement(test) else { return CardValues.notStated }
        let interval: HTML =
            measurement.interval.map {
                "<small>\(Figure.text($0.low)) to \(Figure.text($0.high))</small>"
            } ?? "<small>no interval</small>"
        return "\(Figure.text(measurement.value))\(interval)"
    }

    private func attacks(of report: SecurityCardFacts.Report) -> HTML {
        var table = HTMLTable(
            caption: "Attacks considered",
            columns: [
                .init("Attack"), .init("Applies", .brief), .init("Why, and what stands against it"),
                .init("Residual risk", .brief), .init("Accepted by"),
            ])
        for attack in report.attacks {
            let value = attack.value
            let applies: HTML =
                switch value["applicable"]?.string {
                case "yes": "yes"
                case "no": HTML.badge("no", .none)
                default: CardValues.unknown
                }
            var why = value["rationale"].map(CardValues.line) ?? CardValues.notStated
            if let capabilities = value["capabilities"]?.strings, !capabilities.isEmpty {
                why += "<small>the attacker needs \(capabilities.map { $0.words }.joined(separator: ", "))</small>"
            }
            if !attack.mitigations.isEmpty { why += "<ul>\(attack.mitigations.map(mitigation))</ul>" }
            why += CardValues.facts(
                value,
                leaving: [
                    "id", "applicable", "rationale", "capabilities", "tests", "mitigations", "residualRisk",
                    "acceptedBy", "acceptedOn", "acceptedUntil", "acceptanceReason", "evidence",
                ])
            if let evidence = value["evidence"] { why += "<small>\(evidenceLinks(evidence))</small>" }
            let risk = value["residualRisk"]?.string
            let name = context.attacks[attack.id]
            table.add([
                name.map { "\($0)<small>\(attack.id)</small>" as HTML } ?? "\(attack.id)", applies, why,
                attack.coverage == .excluded && risk == nil
                    ? "" : .badge(risk ?? "not stated", SecurityCardFacts.tone(risk: risk)),
                attack.acceptedBy.map { _ in acceptance(value) }
                    ?? (attack.coverage == .excluded ? "" : "<span class=\"soft\">nobody</span>"),
            ])
        }
        return table.html
    }

    func mitigation(_ value: DocumentValue) -> HTML {
        let status = value["status"]?.string ?? "unknown"
        let tone: Tone =
            switch status {
            case "verified": .good
            case "in-place": .mixed
            case "planned": .open
            default: .unknown
            }
        let links = value["evidence"].map { " \(evidenceLinks($0))" as HTML } ?? ""
        return "<li>\(value["description"].map(CardValues.line) ?? "") \(HTML.badge(status.words, tone))\(links)</li>"
    }

    private func note(_ control: DocumentValue) -> HTML {
        ["description", "reason", "owner"].compactMap { name in
            control[name].map { value -> HTML in
                name == "owner"
                    ? "<small>owner: \(CardValues.line(value))</small>" : "<small>\(CardValues.line(value))</small>"
            }
        }.joined()
    }

    var controlsSection: HTML {
        var table = HTMLTable(
            caption: "Controls in operation",
            columns: [.init("Control"), .init("Catalogue"), .init("Standing", .brief), .init("Evidence")])
        for control in facts.security?["operationalControls"]?.elements ?? [] {
            let status = control["status"]?.string ?? "unknown"
            let tone: Tone =
                switch status {
                case "met", "evidence-present": .good
                case "partly-met", "partial": .mixed
                case "not-met", "missing": .poor
                case "not-applicable": .none
                case "not-assessed": .open
                default: .unknown
                }
            table.add([
                "\(control["control"].map(CardValues.line) ?? "")\(note(control))",
                "\(control["catalog"]?.string ?? "")",
                .badge(status.words, tone), evidenceLinks(control["evidence"]),
            ])
        }
        return table.rows.isEmpty ? "<p>\(HTML.badge("none named", .open))</p>\n" : table.html
    }
}

extension String {
    /// `not-assessed` as words.
    var words: String { split(separator: "-").joined(separator: " ") }

    var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
