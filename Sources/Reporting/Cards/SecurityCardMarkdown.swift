internal import Cards
internal import Documents

/// The Security Model Card as Markdown, with the metadata that the Hugging Face Hub reads.
struct SecurityCardMarkdown: Sendable {
    private let facts: SecurityCardFacts
    private let page: SecurityCardPage
    private let context: CardContext

    init(_ card: DocumentValue, _ context: CardContext) {
        page = SecurityCardPage(card, context)
        facts = page.facts
        self.context = context
    }

    private var card: DocumentValue { facts.card }

    func render() -> String {
        var text = CardMarkdown()
        text.heading(1, [facts.name, facts.version].compactMap { $0 }.joined(separator: " "))
        text.add("*Security Model Card*")
        text.prose(card["modelDetails"]?["overview"]?.string)
        standing(&text)
        tested(&text)
        reports(&text)
        security(&text)
        sections(&text)
        evidence(&text)
        text.add(context.markdownFooter)
        return frontMatter + text.text
    }

    /// Only what the card says itself: a licence, base models that look like names of the Hub, and what it is.
    private var frontMatter: String {
        let bases = (facts.subject?["baseModels"]?.elements ?? []).compactMap { $0["name"]?.string }
            .filter { $0.split(separator: "/").count == 2 && !$0.contains(" ") }
        let licence = card["modelDetails"]?["license"].flatMap {
            CardValues.isUnknown($0) ? nil : $0.string?.lowercased()
        }
        let metadata = DocumentValue.object([
            "license": licence.map { .string($0) }, "base_model": bases.isEmpty ? nil : .strings(bases),
            "tags": .strings(["security-model-card"]),
        ])
        return "---\n" + String(decoding: DocumentWriter.yaml(metadata, schema: .yaml11), as: UTF8.self) + "---\n\n"
    }

    private func standing(_ text: inout CardMarkdown) {
        func line(_ standing: CardContext.Standing?, _ named: DocumentValue?) -> String {
            let name = named.map { " (" + CardMarkdown.cell($0) + ")" } ?? ""
            if let standing { return "**" + Markup.markdown(standing.word) + "**" + name }
            return named == nil ? CardMarkdown.notStated : "*not checked*" + name
        }
        let issued = card["issued"]
        let by = ["author", "reviewer"].compactMap { issued?[$0].map(CardMarkdown.cell) }.joined(
            separator: ", reviewed by ")
        var rows = [
            ["Subject", facts.subject?["digest"].map(CardMarkdown.cell) ?? CardMarkdown.notStated],
            ["Signature", line(context.signature, facts.subject?["signature"])],
            ["Bill of materials", line(context.bom, facts.subject?["bom"])],
            ["Base models", facts.subject?["baseModels"].map(CardMarkdown.cell) ?? CardMarkdown.notStated],
            [
                "Classification",
                facts.security?["aiClassification"]?["class"].map(CardMarkdown.cell) ?? CardMarkdown.notStated,
            ],
            [
                "Issued",
                (issued?["date"].map(CardMarkdown.cell) ?? CardMarkdown.notStated) + (by.isEmpty ? "" : " by " + by),
            ],
            ["Valid until", issued?["expires"].map(CardMarkdown.cell) ?? CardMarkdown.notStated],
        ]
        if let review = page.reviewDate { rows.append(["Next review", Markup.markdown(review)]) }
        rows.append(["Owner", card["modelDetails"]?["owner"].map(CardMarkdown.cell) ?? CardMarkdown.notStated])
        rows.append(["Contact", card["modelDetails"]?["contact"].map(CardMarkdown.cell) ?? CardMarkdown.notStated])
        text.table(["", ""], rows.map { ["**\($0[0])**", $0[1]] })
    }

    private func tested(_ text: inout CardMarkdown) {
        text.heading(2, "What was tested, and what was not")
        text.table(
            ["Report", "Status", "Attacks"],
            facts.reports.map { report in
                let counts = SecurityCardFacts.counts(report).filter { $0.count > 0 }
                    .map { "\($0.count) \($0.coverage.words)" }
                return [
                    report.title, "**\(report.words)**",
                    counts.isEmpty ? "none considered" : counts.joined(separator: ", "),
                ]
            })
        text.heading(3, "Tested")
        let tests = facts.tests
        text.table(
            ["Test", "Outcome", "Value", "Wanted", "n", "Evidence"],
            tests.map { report, attack, test in
                let wanted = test["threshold"]?.double.map {
                    Markup.markdown(page.comparison(test["comparison"]?.string)) + " " + Figure.text($0)
                }
                let interval = test["interval"]?.elements.compactMap(\.double) ?? []
                let value = test["value"]?.double.map(Figure.text) ?? CardMarkdown.notStated
                return [
                    Markup.markdown(test["metric"]?.string ?? "unnamed test") + "<br>"
                        + Markup.markdown(page.attackName(attack.id)),
                    "**\(Markup.markdown(page.outcomeWords(test["outcome"]?.string)))**",
                    value
                        + (interval.count == 2 ? " (\(Figure.text(interval[0])) to \(Figure.text(interval[1])))" : ""),
                    wanted ?? "none", test["n"]?.integer.map(Humane.grouped) ?? CardMarkdown.notStated,
                    test["evidence"].map(CardMarkdown.cell) ?? "none",
                ]
            })
        if tests.isEmpty { text.add("No test is recorded.") }
        text.heading(3, "Not tested")
        let items = page.notTestedItems.map { item in
            "- **\(item.word)** \(Prose(item.what).markdownLine)"
                + (item.why.isEmpty ? "" : " (\(Prose(item.why).markdownLine))")
        }
        text.add(items.isEmpty ? "The card names nothing that was left out." : items.joined(separator: "\n"))
    }

    private func reports(_ text: inout CardMarkdown) {
        text.heading(2, "Security reports")
        text.facts(facts.security?["aiClassification"], expected: ["class", "rationale"])
        for report in facts.reports {
            text.heading(3, "\(report.title): \(report.words)")
            if let reason = report.value?["reason"] { text.add(CardMarkdown.cell(reason)) }
            text.prose(report.value?["summary"]?.string)
            text.table(
                ["Attack", "Applies", "Why", "Stands against it", "Residual risk", "Accepted by"],
                report.attacks.map { attack in
                    let mitigations = attack.mitigations.map {
                        ($0["description"].map(CardMarkdown.cell) ?? "") + " ("
                            + ($0["status"]?.string ?? "unknown").words + ")"
                    }
                    return [
                        Markup.markdown(page.attackName(attack.id)),
                        attack.value["applicable"].map(CardMarkdown.cell) ?? "*unknown*",
                        attack.value["rationale"].map(CardMarkdown.cell) ?? CardMarkdown.notStated,
                        mitigations.isEmpty ? "nothing" : mitigations.joined(separator: "<br>"),
                        attack.value["residualRisk"].map(CardMarkdown.cell) ?? CardMarkdown.notStated,
                        attack.acceptedBy.map { Markup.markdown($0) } ?? "nobody",
                    ]
                })
            if let limitations = report.value?["limitations"] {
                text.add("Limits of this report:")
                text.list(limitations)
            }
            let rest: Set<String> = ["status", "summary", "reason", "attacks", "limitations"]
            text.facts(report.value, leaving: rest)
        }
    }

    private func security(_ text: inout CardMarkdown) {
        text.heading(2, "Threat model")
        if let model = facts.security?["threatModel"] {
            text.facts(model, expected: ["attackerKnowledge", "reviewed"])
        } else {
            text.add("*The card has none.*")
        }
        text.heading(2, "Operational controls")
        text.list(facts.security?["operationalControls"])
        let known: Set<String> = ["taxonomy", "aiClassification", "threatModel", "operationalControls", "misuseReport"]
        text.heading(2, "Life cycle and contacts")
        text.facts(facts.security, leaving: known.union(facts.reports.map(\.member)))
        if let lifecycle = card["lifecycle"] { text.facts(lifecycle) }
    }

    private func sections(_ text: inout CardMarkdown) {
        for (name, title) in [
            ("modelDetails", "Model details"), ("intendedUse", "Intended use"), ("factors", "Factors"),
            ("metrics", "Metrics"), ("evaluationData", "Evaluation data"), ("trainingData", "Training data"),
        ] {
            text.heading(2, title)
            let value = card[name]
            if value?.isArray == true { text.list(value) } else { text.facts(value, leaving: ["overview"]) }
            if value == nil { text.add(CardMarkdown.notStated) }
        }
        text.heading(2, "Quantitative analyses")
        let results = ["unitary", "intersectional"].flatMap { card["quantitativeAnalyses"]?[$0]?.elements ?? [] }
        text.table(
            ["Metric", "Slice", "Value", "n", "Evidence"],
            results.map { result in
                let slice = (result["slice"]?.members ?? []).map {
                    Markup.markdown("\($0.name) = \($0.value.string ?? "")")
                }
                return [
                    result["metric"].map(CardMarkdown.cell) ?? "",
                    slice.isEmpty ? "all" : slice.joined(separator: ", "),
                    (result["value"]?.double).map(Figure.text).map { value in
                        let ends = result["interval"]?.elements.compactMap(\.double) ?? []
                        return value + (ends.count == 2 ? " (\(Figure.text(ends[0])) to \(Figure.text(ends[1])))" : "")
                    } ?? CardMarkdown.notStated,
                    result["n"]?.integer.map(Humane.grouped) ?? CardMarkdown.notStated,
                    result["evidence"].map(CardMarkdown.cell) ?? "none",
                ]
            })
        if results.isEmpty { text.add(CardMarkdown.notStated) }
        for (name, title) in [
            ("ethicalConsiderations", "Ethical considerations"),
            ("caveatsAndRecommendations", "Caveats and recommendations"),
        ] {
            text.heading(2, title)
            text.facts(card[name])
            if card[name]?.members.isEmpty ?? true { text.add(CardMarkdown.notStated) }
        }
        for member in page.ownMembers {
            text.heading(2, SecurityCardPage.title(of: member))
            if member.value.isObject { text.facts(member.value) } else { text.list(member.value) }
        }
    }

    private func evidence(_ text: inout CardMarkdown) {
        text.heading(2, "Evidence")
        let subject = facts.subject?["digest"]?["sha256"]?.string
        let rows = (card["evidence"]?.elements ?? []).map { one -> [String] in
            let id = one["id"]?.string ?? ""
            let standing =
                context.evidence[id].map { Markup.markdown($0.word) }
                ?? one["attestedBy"]?.string.map { "attested by " + Markup.markdown($0) } ?? "*not checked*"
            let about = one["subjectDigest"]?["sha256"]?.string
            return [
                Markup.code(id), one["title"].map(CardMarkdown.cell) ?? "", Markup.markdown(one["type"]?.string ?? ""),
                standing, one["digest"].map(CardMarkdown.cell) ?? CardMarkdown.notStated,
                one["created"].map(CardMarkdown.cell) ?? CardMarkdown.notStated,
                about == nil ? CardMarkdown.notStated : about == subject ? "yes" : "**another digest**",
            ]
        }
        text.table(["Id", "Evidence", "Kind", "Standing", "Digest", "Made", "About this digest"], rows)
        if rows.isEmpty { text.add("The card names no evidence.") }
    }
}
