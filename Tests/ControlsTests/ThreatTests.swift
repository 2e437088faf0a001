import Documents
import Testing

@testable import Controls

@Suite struct ThreatTests {
    private func table(_ card: String) throws -> ThreatTable {
        ThreatTable(
            CardFacts(try DocumentReader.yaml(Array(card.utf8))), library: try ControlLibrary.shipped(),
            rules: try ThreatRules.shipped())
    }

    private func card(_ classification: String, traits: String, more: String = "", subject: String = "") -> String {
        """
        subject: {name: m, baseModels: [\(subject)]}
        trainingData: [{name: d, digest: {sha256: "\(Fixture.dataset)"}, sensitivity: public}]
        securityConsiderations:
          aiClassification: {class: \(classification), rationale: r, traits: [\(traits)]}
          threatModel: {attackerKnowledge: black-box}
        \(more)
        """
    }

    private func applies(_ table: ThreatTable, _ id: String) throws -> ThreatTable.Applicability {
        try #require(table.rows.first { $0.id == id }).applies
    }

    @Test func everyAttackHasARuleAndEveryRuleAnAttack() throws {
        let rules = try ThreatRules.shipped()
        var used: Set<String> = []
        for catalogue in try ControlLibrary.shipped().catalogues {
            for control in catalogue.controls where control.kind == .attack || control.kind == .technique {
                let rule = try #require(rules.rule(control.id), "\(control.id)")
                used.formUnion(
                    rule.ids.filter { TextPattern.matches(Array($0.utf8), Array(control.id.utf8)) })
            }
        }
        for rule in rules.rules { for id in rule.ids { #expect(used.contains(id), "\(id) decides nothing") } }
    }

    @Test func everyFactIsSpokenAbout() throws {
        let all = CardFacts(try DocumentReader.yaml(Array(card("PredAI+GenAI", traits: "").utf8)))
        let none = CardFacts(try DocumentReader.yaml(Array("subject: {name: m}".utf8)))
        for fact in try ThreatRules.shipped().facts {
            #expect(all.says(fact.id) != nil, "\(fact.id)")
            #expect(none.says(fact.id) == nil, "\(fact.id)")
        }
    }

    @Test func aClassifierBehindAnEndpointIsEvadedAndNotPrompted() throws {
        let table = try table(card("PredAI", traits: "public-endpoint"))
        for id in [
            "NISTAML.022", "NISTAML.025", "NISTAML.031", "AML.T0040", "AML.T0024.002", "AML.T0043.001", "AML.T0015",
        ] {
            #expect(try applies(table, id) == .yes, "\(id)")
        }
        for id in ["NISTAML.018", "NISTAML.039", "AML.T0051", "AML.T0054", "AML.T0053", "AML.T0070", "AML.T0041"] {
            #expect(try applies(table, id) == .no, "\(id)")
        }
    }

    @Test func anAgentIsPromptedByWhatItReads() throws {
        let table = try table(card("GenAI", traits: "tool-using-agent, retrieval-augmented"))
        for id in ["NISTAML.015", "NISTAML.039", "NISTAML.018", "AML.T0051.001", "AML.T0053", "AML.T0070", "AML.T0110"]
        {
            #expect(try applies(table, id) == .yes, "\(id)")
        }
        for id in ["NISTAML.022", "NISTAML.025", "AML.T0015"] { #expect(try applies(table, id) == .no, "\(id)") }
    }

    @Test func aModelOfOthersBringsTheirSupplyChain() throws {
        let own = try table(card("PredAI", traits: ""))
        let tuned = try table(card("PredAI", traits: "", subject: "{name: base}"))
        for id in ["NISTAML.051", "AML.T0010.003", "AML.T0058", "AML.T0018.002"] {
            #expect(try applies(own, id) == .no, "\(id)")
            #expect(try applies(tuned, id) == .yes, "\(id)")
        }
    }

    @Test func whatTheCardDoesNotSayIsAsked() throws {
        let table = try table("subject: {name: m}")
        #expect(table.count(.no) == 0)
        #expect(try applies(table, "NISTAML.025") == .ask)
        #expect(
            try #require(table.rows.first { $0.id == "AML.T0053" }).reason.contains("does not say: tool-using-agent"))
    }

    @Test func whatADraftCallsUnknownIsUnsaid() throws {
        let draft = """
            subject: {name: m, digest: {sha256: unknown}, baseModels: unknown}
            issued: {author: unknown}
            trainingData: [{name: unknown, sensitivity: unknown}]
            securityConsiderations:
              aiClassification: {class: unknown, rationale: unknown}
              threatModel: {attackerKnowledge: unknown}
            """
        let facts = CardFacts(try DocumentReader.yaml(Array(draft.utf8)))
        #expect(facts.digest == nil && facts.author == nil && facts.classes.isEmpty && facts.data.isEmpty)
        for fact in try ThreatRules.shipped().facts { #expect(facts.says(fact.id) == nil, "\(fact.id)") }
    }

    @Test func rowsNameMitigationsAndWhatWouldAnswerThem() throws {
        let table = try table(card("PredAI", traits: "public-endpoint"))
        let row = try #require(table.rows.first { $0.id == "AML.T0015" })
        #expect(row.mitigations.contains(.init(id: "AML.M0003", title: "Model Hardening")))
        #expect(row.evidence.contains { $0.kind == "robustness-test" && !$0.answeredBy.isEmpty })
        #expect(row.groups.contains("Initial Access"))
        #expect(table.document(all: false)["threats"]?.elements.count == table.count(.yes) + table.count(.ask))
        #expect(table.document(all: true)["threats"]?.elements.count == 195)
    }

    @Test(arguments: [
        "facts: []\nrules:\n- {ids: [a], when: nothing, because: b}", "facts: []\nrules:\n- {ids: [a], because: b}",
        "facts: [{id: f, meaning: m}]\nrules:\n- {ids: [a], when: {none: [f]}, because: b}",
    ])
    func brokenRulesAreRefused(_ text: String) {
        #expect(throws: ControlDataError.self) {
            try ThreatRules(Array("schema: threat-rules/v1\n\(text)".utf8), file: "rules")
        }
    }
}
