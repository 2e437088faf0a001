internal import Documents

// The model card's own sections, the life cycle and the evidence.
extension SecurityCardPage {
    var useSection: HTML {
        let use = card["intendedUse"]
        var html: HTML = "<div class=\"pair\">\n<div><h3>Meant for</h3>\n\(CardValues.list(use?["primaryUses"]))"
        if let users = use?["primaryUsers"] { html += "<h4>Users</h4>\n\(CardValues.list(users))" }
        html += "</div>\n<div><h3>Not meant for</h3>\n\(CardValues.list(use?["outOfScope"]))</div>\n</div>\n"
        return html + CardValues.facts(use, leaving: ["primaryUses", "primaryUsers", "outOfScope"])
    }

    var factorsSection: HTML {
        let names = ["relevant", "evaluation"]
        var html = CardValues.facts(card["factors"], expected: names)
        let metrics = card["metrics"]
        html += "<h3>Metrics</h3>\n"
        html += CardValues.facts(metrics, expected: ["measures"], leaving: ["decisionThresholds"])
        var table = HTMLTable(
            caption: "Decision thresholds", columns: [.init("Threshold"), .init("Value", .figure)], style: "narrow")
        for threshold in metrics?["decisionThresholds"]?.elements ?? [] {
            table.add([
                threshold["name"].map(CardValues.line) ?? "",
                threshold["value"].map(CardValues.line) ?? CardValues.unknown,
            ])
        }
        return html + table.html
    }

    var dataSection: HTML {
        [("evaluationData", "Evaluation data"), ("trainingData", "Training data")].map { name, title in
            let sets = card[name]?.elements ?? []
            var html: HTML = "<h3>\(title)</h3>\n"
            if sets.isEmpty { return html + "<p>\(CardValues.notStated)</p>\n" }
            for set in sets {
                let sensitivity = set["sensitivity"]?.string ?? "unknown"
                let tone: Tone =
                    switch sensitivity {
                    case "public": .good
                    case "internal": .notice
                    case "personal": .mixed
                    case "special-category", "classified": .poor
                    default: .unknown
                    }
                html += "<h4>\(set["name"]?.string ?? "unnamed") \(set["version"]?.string ?? "") "
                html += "\(HTML.badge(sensitivity.words, tone))</h4>\n"
                html += CardValues.facts(set, leaving: ["name", "version", "sensitivity"])
            }
            return html
        }.joined()
    }

    /// One table a metric: slices on one axis, so that they can be compared by eye.
    var analysesSection: HTML {
        let analyses = card["quantitativeAnalyses"]
        var html = HTML.empty
        for (name, title) in [("unitary", "By one factor"), ("intersectional", "By several factors at once")] {
            let results = analyses?[name]?.elements ?? []
            html += "<h3>\(title)</h3>\n"
            if results.isEmpty {
                html += "<p>\(HTML.badge(analyses?[name] == nil ? "not stated" : "none", .unknown))</p>\n"
                continue
            }
            var metrics: [String] = []
            for result in results {
                let metric = result["metric"]?.string ?? "unnamed metric"
                if !metrics.contains(metric) { metrics.append(metric) }
            }
            for metric in metrics {
                html += slices(metric, results.filter { ($0["metric"]?.string ?? "unnamed metric") == metric })
            }
        }
        return html + CardValues.facts(analyses, leaving: ["unitary", "intersectional"])
    }

    private func slices(_ metric: String, _ results: [DocumentValue]) -> HTML {
        let measurements = results.map(SecurityCardFacts.measurement)
        let domain = Chart.domain(measurements.compactMap { $0 }.flatMap(Chart.points))
        let overall = results.first { ($0["slice"]?.members ?? []).isEmpty }
        let reference = results.count > 1 ? overall?["value"]?.double.flatMap { $0.isFinite ? $0 : nil } : nil
        var table = HTMLTable(
            caption: "\(metric)",
            columns: [
                .init("Slice"), .init(reference == nil ? "Value and interval" : "Beside the value over all", .chart),
                .init("Value", .figure), .init("n", .figure),
                .init("Evidence", .brief),
            ], style: "even")
        for (result, measurement) in zip(results, measurements) {
            let slice = (result["slice"]?.members ?? []).map { "\($0.name) = \($0.value.string ?? "")" }
            var name: HTML = slice.isEmpty ? "all" : "\(slice.joined(separator: ", "))"
            if let dataset = result["dataset"]?.string { name += "<small>\(dataset)</small>" }
            let chart =
                measurement.map {
                    Chart.line(
                        $0, domain: domain,
                        label: "\(metric), \(slice.isEmpty ? "all" : slice.joined(separator: ", ")): "
                            + (figuresText(result) ?? ""),
                        reference: reference)
                } ?? ""
            table.add([
                name, chart, value(result),
                result["n"]?.integer.map { "\(Humane.grouped($0))" } ?? CardValues.notStated,
                evidenceLinks(result["evidence"]),
            ])
        }
        return table.html
    }

    var lifecycleSection: HTML {
        let security = facts.security
        let lifecycle = card["lifecycle"] ?? security?["lifecycle"]
        var html: HTML = "<dl class=\"facts\">\n"
        func add(_ title: String, _ value: HTML) { html += "<dt>\(title)</dt><dd>\(value)</dd>\n" }
        add("Owner", card["modelDetails"]?["owner"].map(CardValues.line) ?? CardValues.notStated)
        add("Contact", card["modelDetails"]?["contact"].map(CardValues.line) ?? CardValues.notStated)
        for (name, title) in [
            ("incidentContact", "Incidents"), ("disclosureContact", "Weaknesses are told to"),
            ("disclosurePolicy", "Disclosure policy"),
        ] {
            add(title, security?[name].map(CardValues.line) ?? CardValues.notStated)
        }
        let known = ["expectedLifespan", "retention", "retentionUntil", "destruction"]
        for name in known {
            let value = lifecycle?[name]
            let isDate = name == "retentionUntil"
            add(
                CardValues.label(name),
                value.map {
                    isDate ? $0.string.map { context.badge(until: $0, past: "passed") } ?? "" : CardValues.line($0)
                }
                    ?? CardValues.notStated)
        }
        for member in lifecycle?.members ?? [] where !known.contains(member.name) {
            add(CardValues.label(member.name), CardValues.line(member.value))
        }
        html += "</dl>\n"
        let rest: Set<String> = [
            "taxonomy", "aiClassification", "threatModel", "operationalControls", "incidentContact",
            "disclosureContact", "disclosurePolicy", "lifecycle",
        ]
        return html
            + CardValues.facts(security, leaving: rest.union(facts.reports.map(\.member)).union(["misuseReport"]))
    }

    // MARK: Evidence

    /// Links to the rows of the evidence table.
    func evidenceLinks(_ value: DocumentValue?) -> HTML {
        let known = Set((card["evidence"]?.elements ?? []).compactMap { $0["id"]?.string }.map { Array($0.utf8) })
        let links = (value?.strings ?? []).map { id -> HTML in
            known.contains(Array(id.utf8)) ? "<a href=\"#\(id)\">\(id)</a>" : HTML.badge("\(id), missing", .poor)
        }
        return links.isEmpty ? "<span class=\"soft\">none</span>" : links.joined(separator: ", ")
    }

    var evidenceSection: HTML {
        var table = HTMLTable(
            caption: "What the statements of this card stand on",
            columns: [
                .init("Evidence"), .init("Standing", .brief), .init("Digest"), .init("Made"),
                .init("About this digest", .brief),
            ])
        let subject = facts.subject?["digest"]?["sha256"]?.string
        for one in card["evidence"]?.elements ?? [] {
            let id = one["id"]?.string ?? ""
            var name: HTML = "<span id=\"\(id)\">\(one["title"]?.string ?? id)</span>"
            name += "<small>\(id) · \(one["type"]?.string?.words ?? "unknown kind")</small>"
            if let address = one["uri"]?.string {
                name +=
                    ProseInlines.isSafe(address)
                    ? "<small><a href=\"\(address)\" rel=\"noreferrer noopener\">\(address)</a></small>"
                    : "<small><code>\(address)</code></small>"
            }
            var standing = context.evidence[id]?.html
            if standing == nil, let built = one["standing"]?.string { standing = self.standing(built, one) }
            if standing == nil, let attester = one["attestedBy"]?.string {
                standing = "\(HTML.badge("attested", .notice))<small>by \(attester)</small>"
            }
            let about: HTML =
                switch one["subjectDigest"]?["sha256"]?.string {
                case nil where one["about"] != nil:
                    "<small>\(one["about"].map(CardValues.files) ?? "")</small>"
                case nil: CardValues.notStated
                case let digest? where digest == subject: HTML.badge("yes", .good)
                default: HTML.badge("another", .poor)
                }
            var made = CardValues.moment(one["created"]?.string)
            let tool = [one["tool"]?["name"]?.string, one["tool"]?["version"]?.string].compactMap { $0 }
            if !tool.isEmpty { made += "<small>with \(tool.joined(separator: " "))</small>" }
            if let expires = one["expires"]?.string { made += "<small>until \(context.badge(until: expires))</small>" }
            table.add([
                name, standing ?? HTML.badge("not checked", .unknown),
                CardValues.digest(one["digest"]).map { "<div class=\"digest-cell\">\($0)</div>" }
                    ?? CardValues.notStated,
                made, about,
            ])
        }
        return table.rows.isEmpty ? "<p>\(HTML.badge("no evidence", .open)) The card names none.</p>\n" : table.html
    }

    /// How the signature on a piece of evidence stood when the card was built.
    private func standing(_ word: String, _ evidence: DocumentValue) -> HTML {
        let by = evidence["signers"]?.strings ?? []
        let tone: Tone =
            switch word {
            case "verified": .good
            case "unsigned": .mixed
            case "not-verified": .poor
            default: .unknown
            }
        let signers: HTML = by.isEmpty ? "" : " by \(by.joined(separator: ", "))"
        return "\(HTML.badge(word == "unsigned" ? "not signed" : word.words, tone))<small>when built\(signers)</small>"
    }
}
