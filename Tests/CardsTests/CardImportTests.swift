import Cards
import Documents
import Testing

@Suite struct CardImportTests {
    private func draft(_ text: String) throws(DocumentError) -> CardImport.Draft {
        try CardImport.draft(Array(text.utf8), name: "file", date: "2026-11-21")
    }

    @Test func modelCardToolkit() throws {
        let draft = try draft(
            """
            {"schema_version": "0.0.2", "model_details": {"name": "cats", "overview": "Cats.", "documentation": "More.",
              "owners": [{"name": "A", "contact": "a@example.org"}, {"name": "B"}], "version": {"name": "v1", "date": "2020/02/02", "diff": "new"},
              "licenses": [{"identifier": "MIT"}, {"custom_text": "Own"}], "references": [{"reference": "https://e.example"}],
              "citations": [{"citation": "C"}]},
             "model_parameters": {"model_architecture": "CNN", "input_format": "pictures", "data": [
               {"name": "train set", "sensitive": {"sensitive_data": ["age"]}}, {"name": "eval set"}, {"name": "other"}]},
             "quantitative_analysis": {"performance_metrics": [
               {"type": "accuracy", "value": "0.9", "slice": "overall", "confidence_interval": {"lower_bound": "0.85", "upper_bound": "0.95"}},
               {"type": "accuracy", "value": 0.8, "slice": "kittens"}, {"type": "f1", "value": "good"}]},
             "considerations": {"users": [{"description": "Vets"}], "use_cases": [{"description": "Counting"}],
               "limitations": [{"description": "Dark"}], "tradeoffs": [{"description": "Slow"}],
               "ethical_considerations": [{"name": "Dogs", "mitigation_strategy": "None"}]}}
            """)
        let card = draft.card
        func at(_ pointer: String) -> DocumentValue? { card.at(pointer: pointer) }
        #expect(
            at("/subject/name") == "cats" && at("/subject/version") == "v1" && at("/modelDetails/date") == "2020-02-02")
        #expect(at("/modelDetails/overview") == "Cats.\n\nMore." && at("/modelDetails/owner") == "A")
        #expect(at("/modelDetails/license") == "MIT OR Own" && at("/modelDetails/developers") == ["A", "B"])
        #expect(at("/quantitativeAnalyses/unitary/0/interval") == [0.85, 0.95])
        #expect(
            at("/quantitativeAnalyses/unitary/0/slice") == nil
                && at("/quantitativeAnalyses/unitary/1/slice/slice") == "kittens")
        #expect(at("/trainingData/0/name") == "train set" && at("/evaluationData/0/name") == "eval set")
        #expect(at("/ethicalConsiderations/sensitiveData") == "train set: age")
        #expect(at("/ethicalConsiderations/risksAndHarms/0") == ["risk": "Dogs", "mitigation": "None"])
        #expect(at("/caveatsAndRecommendations/caveats") == ["Dark", "Trade-off: Slow"])
        // What has no place is kept, what nobody said is unknown.
        #expect(at("/x-imported/members/datasets/0/name") == "other" && at("/x-imported/members/version_diff") == "new")
        #expect(at("/x-imported/members/performance_metrics/0/value") == "good")
        #expect(at("/subject/digest") == "unknown" && at("/intendedUse/outOfScope") == ["unknown"])
        #expect(
            draft.sources[DocumentPointer(["modelDetails", "architecture"])] == "model_parameters.model_architecture")
        #expect(draft.remarks.contains { $0.contains("several licences") })
    }

    @Test func proofOfConcept() throws {
        let draft = try draft(
            """
            {"model_details": {"developer": "Acme", "date": "soon", "version": "1", "type": "CNN", "information": "SGD", "resource": "https://e.example",
              "citation": "C", "license": "MIT", "contact": "c@e.example"},
             "intended_use": {"primary_uses": "Cats", "primary_users": "Vets", "out_of_scope_uses": "Dogs"},
             "factors": {"relevant_factors": "light", "evaluation_factors": "light"},
             "metrics": {"performance_measures": "accuracy", "decision_thresholds": "0.5", "variation_approaches": "bootstrap"},
             "evaluation_data": {"datasets": "E", "motivation": "M", "preprocessing": "P"}, "training_data": "T",
             "quantitative_analyses": {"unitary_results": "91 %"}, "ethical_considerations": "none", "caveats_and_recommendations": "c",
             "ai_classification": "PredAI: it predicts", "availability_breakdown_report": "No slow inputs found.",
             "security_considerations": {"threat_modeling": "STRIDE", "privacy_compromise": "Shadow models."}, "own": {"a": 1}}
            """)
        func at(_ pointer: String) -> DocumentValue? { draft.card.at(pointer: pointer) }
        #expect(
            at("/modelDetails/owner") == "Acme" && at("/modelDetails/algorithm") == "SGD"
                && at("/modelDetails/date") == nil)
        #expect(at("/intendedUse/outOfScope") == ["Dogs"] && at("/evaluationData/0/preprocessing") == "P")
        #expect(at("/securityConsiderations/aiClassification/class") == "PredAI")
        let report = "/securityConsiderations/availabilityBreakdownReport"
        #expect(
            at(report + "/summary") == "No slow inputs found." && at(report + "/status") == "unknown"
                && at(report + "/reason") == nil)
        #expect(at("/securityConsiderations/privacyCompromiseReport/summary") == "Shadow models.")
        #expect(at("/securityConsiderations/integrityViolationsReport/status") == "not-assessed")
        for kept in ["date", "decision_thresholds", "quantitative_analyses", "own"] {
            #expect(at("/x-imported/members/\(kept)") != nil, "\(kept)")
        }
        #expect(at("/x-imported/members/security_considerations/threat_modeling") == "STRIDE")
    }

    @Test func cycloneDX() throws {
        let digest = String(repeating: "a", count: 64)
        let draft = try draft(
            """
            {"bomFormat": "CycloneDX", "serialNumber": "urn:uuid:1", "components": [{"type": "machine-learning-model", "name": "m", "version": "2",
              "hashes": [{"alg": "SHA-256", "content": "\(digest)"}], "licenses": [{"license": {"id": "MIT"}}],
              "modelCard": {"modelParameters": {"task": "detection", "modelArchitecture": "CNN", "approach": {"type": "supervised"},
                "datasets": [{"type": "dataset", "name": "training frames"}, {"ref": "d2"}]},
                "quantitativeAnalysis": {"performanceMetrics": [{"type": "f1", "value": "0.8", "slice": "night"}]},
                "considerations": {"useCases": ["u"], "technicalLimitations": ["l"], "ethicalConsiderations": [{"name": "e"}]}}}]}
            """)
        func at(_ pointer: String) -> DocumentValue? { draft.card.at(pointer: pointer) }
        #expect(at("/subject/digest/sha256")?.string == digest && at("/subject/bom") == "urn:uuid:1")
        #expect(at("/modelDetails/type") == "detection" && at("/trainingData/0/name") == "training frames")
        #expect(at("/quantitativeAnalyses/unitary/0") == ["metric": "f1", "value": 0.8, "slice": ["slice": "night"]])
        #expect(at("/intendedUse/primaryUses") == ["u"] && at("/caveatsAndRecommendations/caveats") == ["l"])
    }

    @Test func huggingFace() throws {
        let draft = try draft(
            "---\nlicense: mit\nbase_model: a/b\nbase_model_relation: finetune\ndatasets: [d]\ntags: [x]\nmodel-index: [{name: n, results: [{task: {type: t}, dataset: {type: d, name: D, split: test}, metrics: [{type: acc, value: 0.9}, {type: f1, value: high}]}]}]\n---\n# T"
        )
        func at(_ pointer: String) -> DocumentValue? { draft.card.at(pointer: pointer) }
        #expect(at("/subject/name") == "n" && at("/subject/baseModels/0") == ["name": "a/b", "relation": "finetune"])
        #expect(
            at("/quantitativeAnalyses/unitary") == [
                ["metric": "acc", "value": 0.9, "dataset": "D", "slice": ["split": "test"]]
            ])
        #expect(at("/x-imported/members/tags") == ["x"])
        #expect(draft.remarks.count == 3)
    }

    @Test(arguments: ["", "[]", "text", "{}", "{\"a\": 1}", "---\n---\n"])
    func whatIsNoCardIsRefused(text: String) { #expect(throws: DocumentError.self) { try draft(text) } }
}
