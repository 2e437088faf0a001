internal import Documents

// The threat model over the wider system, and who answers for which risk.
extension SecurityCardPage {
    var threatSection: HTML {
        guard let model = facts.security?["threatModel"] else {
            return "<p>\(HTML.badge("no threat model", .open)) The card has none.</p>\n"
        }
        let own = ["triad", "assets", "actors", "attackPaths", "onFailure"]
        var html = CardValues.facts(
            model, expected: ["attackerKnowledge", "reviewed"], leaving: Set(own + ["evidence", "nextReview"]))
        if let evidence = model["evidence"] {
            html += "<p class=\"small\">Evidence: \(evidenceLinks(evidence))</p>\n"
        }
        html += triad(model["triad"])
        for name in ["assets", "actors"] {
            guard let value = model[name] else { continue }
            html += "<h3>\(CardValues.label(name))</h3>\n\(CardValues.html(value))"
        }
        html += "<h3>Attack paths</h3>\n"
        let paths = model["attackPaths"]?.elements ?? []
        html += paths.isEmpty ? "<p>\(CardValues.notStated)</p>\n" : paths.map(self.path).joined()
        html += "<h3>When the model fails</h3>\n"
        guard let failure = model["onFailure"] else { return html + "<p>\(CardValues.notStated)</p>\n" }
        return html
            + (failure.isObject
                ? CardValues.facts(failure, expected: ["consequence", "detection", "fallback", "humanOversight"])
                : "<p>\(CardValues.line(failure))</p>\n")
    }

    /// What a loss of each of the three would mean.
    private func triad(_ triad: DocumentValue?) -> HTML {
        guard let triad else { return "" }
        var table = HTMLTable(
            caption: "What a loss would mean for the whole system",
            columns: [.init("Of"), .init("Impact", .brief), .init("Consequence")])
        for member in triad.members {
            let impact = member.value["impact"]?.string
            table.add([
                "\(CardValues.label(member.name))",
                .badge(impact ?? "not stated", SecurityCardFacts.tone(risk: impact)),
                member.value["description"].map(CardValues.line) ?? CardValues.line(member.value),
            ])
        }
        return table.html
    }

    private func path(_ path: DocumentValue) -> HTML {
        let risk = path["residualRisk"]?.string
        let title = path["title"]?.string ?? path["path"]?.string ?? path["id"]?.string ?? "unnamed path"
        var html: HTML =
            "<h4>\(title) \(HTML.badge("residual risk \(risk ?? "not stated")", SecurityCardFacts.tone(risk: risk)))</h4>\n"
        let steps = path["steps"]?.elements ?? []
        if !steps.isEmpty { html += "<ol>\n\(steps.map { "<li>\(CardValues.line($0))</li>\n" as HTML })</ol>\n" }
        var rows = HTML.empty
        for (name, title) in [
            ("actor", "Actor"), ("asset", "Asset"), ("atlas", "MITRE ATLAS"), ("techniques", "MITRE ATLAS"),
            ("attacks", "NIST AI 100-2"), ("likelihood", "Likelihood"), ("impact", "Impact"),
        ] {
            guard let value = path[name] else { continue }
            let words = value.isArray ? value.elements : [value]
            let named = words.map { word -> HTML in
                guard let id = word.string else { return CardValues.line(word) }
                let link = CardValues.address(id) ?? "\(id)"
                return context.attacks[id].map { "\($0) (\(link))" as HTML } ?? link
            }
            rows += "<dt>\(title)</dt><dd>\(named.joined(separator: ", "))</dd>\n"
        }
        let mitigations = path["mitigations"]?.elements ?? []
        if !mitigations.isEmpty { rows += "<dt>Mitigations</dt><dd><ul>\(mitigations.map(mitigation))</ul></dd>\n" }
        if let evidence = path["evidence"] { rows += "<dt>Evidence</dt><dd>\(evidenceLinks(evidence))</dd>\n" }
        if path["acceptedBy"] != nil { rows += "<dt>Accepted by</dt><dd>\(acceptance(path))</dd>\n" }
        html += "<dl class=\"facts\">\n\(rows)</dl>\n"
        return html
    }

    /// Who accepted a risk, when, until when and why.
    func acceptance(_ value: DocumentValue) -> HTML {
        var html: HTML = "\(value["acceptedBy"]?.string ?? "nobody")"
        if let date = value["acceptedOn"]?.string { html += "<small>on \(date)</small>" }
        if let until = value["acceptedUntil"]?.string { html += "<small>until \(context.badge(until: until))</small>" }
        if let reason = value["acceptanceReason"] { html += "<small>\(CardValues.line(reason))</small>" }
        return html
    }

    var riskSection: HTML {
        var table = HTMLTable(
            caption: "Who accepted which residual risk",
            columns: [
                .init("Risk"), .init("In"), .init("Residual risk", .brief), .init("Standing"), .init("Accepted by"),
            ])
        for one in facts.accepted {
            let risk = one.value["residualRisk"]?.string
            table.add([
                "\(attackName(one.what))", "<a href=\"#\(one.id)\">\(one.place)</a>",
                .badge(risk ?? "not stated", SecurityCardFacts.tone(risk: risk)), "\(one.standing)",
                acceptance(one.value),
            ])
        }
        return table.rows.isEmpty ? "<p>Nobody has accepted a residual risk in this card.</p>\n" : table.html
    }
}
