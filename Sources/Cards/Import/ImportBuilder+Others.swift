internal import Documents

// The proof of concept of Security Model Cards, and cards of the Hugging Face Hub.
extension ImportBuilder {
    /// Its members are free texts under the nine sections' names; newer ones add a classification and three reports,
    /// beside the sections or under `security_considerations`.
    mutating func take(proofOfConcept card: DocumentValue) {
        let details = card["model_details"]
        for (name, pointer) in [
            ("name", "/subject/name"), ("version", "/subject/version"), ("developer", "/modelDetails/owner"),
            ("type", "/modelDetails/type"), ("information", "/modelDetails/algorithm"),
            ("license", "/modelDetails/license"),
            ("citation", "/modelDetails/citation"), ("contact", "/modelDetails/contact"),
            ("overview", "/modelDetails/overview"),
        ] {
            put(pointer, Self.text(details?[name]), from: "model_details.\(name)")
        }
        if details?["developer"] != nil { remark("the developer is taken for the owner, who answers for the model") }
        put("/modelDetails/date", Self.day(details?["date"]), from: "model_details.date")
        if Self.day(details?["date"]) == nil { keep("date", details?["date"]) }
        put("/modelDetails/references", Self.texts(details?["resource"]), from: "model_details.resource")
        for (name, pointer) in [
            ("primary_uses", "/intendedUse/primaryUses"), ("primary_users", "/intendedUse/primaryUsers"),
            ("out_of_scope_uses", "/intendedUse/outOfScope"),
        ] {
            put(pointer, Self.texts(card["intended_use"]?[name]), from: "intended_use.\(name)")
        }
        put("/factors/relevant", Self.texts(card["factors"]?["relevant_factors"]), from: "factors.relevant_factors")
        put(
            "/factors/evaluation", Self.texts(card["factors"]?["evaluation_factors"]),
            from: "factors.evaluation_factors")
        let metrics = card["metrics"]
        put("/metrics/measures", Self.texts(metrics?["performance_measures"]), from: "metrics.performance_measures")
        put("/metrics/variation", Self.text(metrics?["variation_approaches"]), from: "metrics.variation_approaches")
        keep("decision_thresholds", metrics?["decision_thresholds"])
        let evaluation = card["evaluation_data"]
        put(
            "/evaluationData",
            Self.texts(evaluation?["datasets"]).map { sets in
                .array(
                    sets.elements.map { name in
                        .object([
                            "name": name, "sensitivity": "unknown", "motivation": Self.text(evaluation?["motivation"]),
                            "preprocessing": Self.text(evaluation?["preprocessing"]),
                        ])
                    })
            }, from: "evaluation_data")
        let training = card["training_data"]
        put(
            "/trainingData",
            Self.text(training).map { text in
                [
                    .object([
                        "name": Self.text(training?["datasets"]) ?? "unknown", "sensitivity": "unknown",
                        "distribution": text,
                    ])
                ]
            }, from: "training_data")
        // Free text: what of it is a measured value, a person has to say.
        keep("quantitative_analyses", card["quantitative_analyses"])
        put(
            "/ethicalConsiderations/risksAndHarms",
            Self.texts(card["ethical_considerations"]).map { .array($0.elements.map { ["risk": $0] }) },
            from: "ethical_considerations")
        put(
            "/caveatsAndRecommendations/caveats", Self.texts(card["caveats_and_recommendations"]),
            from: "caveats_and_recommendations")
        security(card)
        let known: Set<String> = [
            "model_details", "intended_use", "factors", "metrics", "evaluation_data", "training_data",
            "quantitative_analyses", "ethical_considerations", "caveats_and_recommendations", "security_considerations",
        ]
        for member in card.members
        where !known.contains(member.name) && Self.report(member.name) == nil
            && member.name != "ai_classification"
        {
            keep(member.name, member.value)
        }
    }

    private mutating func security(_ card: DocumentValue) {
        let security = card["security_considerations"]
        let places = [("", card), ("security_considerations.", security ?? .emptyObject)]
        for (prefix, value) in places {
            for member in value.members {
                if member.name == "ai_classification" {
                    let text = Self.text(member.value)?.string ?? ""
                    let words = text.lowercased()
                    let predicts = words.contains("predai") || words.contains("predictive")
                    let generates = words.contains("genai") || words.contains("generative")
                    let kind = predicts && generates ? "PredAI+GenAI" : predicts ? "PredAI" : generates ? "GenAI" : ""
                    put("/securityConsiderations/aiClassification/class", .string(kind), from: prefix + member.name)
                    put("/securityConsiderations/aiClassification/rationale", .string(text), from: prefix + member.name)
                } else if let report = Self.report(member.name) {
                    put(
                        "/securityConsiderations/\(report)/summary", Self.text(member.value), from: prefix + member.name
                    )
                    // A text about it may be a test or a plan: its reader has to say which.
                    put(
                        "/securityConsiderations/\(report)/status", "unknown",
                        from: "nothing says how far it was assessed")
                    if let path = DocumentPointer(text: "/securityConsiderations/\(report)/reason") { remove(path) }
                }
            }
        }
        let known: Set<String> = ["ai_classification"]
        let others = (security?.members ?? []).filter { !known.contains($0.name) && Self.report($0.name) == nil }
        if !others.isEmpty { keep("security_considerations", DocumentValue(.object(others))) }
        if security?["threat_modeling"] != nil {
            remark("the threat model is free text: its assets, actors and attack paths wait for a person")
        }
        if security?["security_testing"] != nil {
            remark("security tests are free text: which report and attack each belongs to waits for a person")
        }
    }

    private static func report(_ name: String) -> String? {
        let words = name.lowercased().split { !$0.isLetter }
        if words.first == "availability" { return "availabilityBreakdownReport" }
        if words.first == "integrity" { return "integrityViolationsReport" }
        if words.first == "privacy" { return "privacyCompromiseReport" }
        if words.first == "misuse" || words.first == "abuse" { return "misuseReport" }
        return nil
    }

    mutating func take(hub card: ModelCard) {
        let metadata = card.metadata
        let index = (try? EvaluationResult.read(metadata)) ?? nil
        put("/subject/name", Self.text(metadata["model_name"] ?? index?.name), from: "model_name or model-index name")
        put("/modelDetails/type", Self.text(metadata["pipeline_tag"]), from: "pipeline_tag")
        put("/modelDetails/license", Self.text(metadata["license_name"] ?? metadata["license"]), from: "license")
        put("/modelDetails/references", Self.texts(metadata["license_link"]), from: "license_link")
        let relation = metadata["base_model_relation"]?.string
        let relations = ["finetune", "adapter", "quantized", "merge"]
        put(
            "/subject/baseModels",
            metadata["base_model"].map { bases in
                .array(
                    bases.strings.map { base in
                        .object([
                            "name": .string(base),
                            "relation": relation.flatMap { relations.contains($0) ? .string($0) : nil },
                        ])
                    })
            }, from: "base_model")
        put(
            "/trainingData",
            metadata["datasets"].map { sets in
                .array(sets.strings.map { ["name": .string($0), "sensitivity": "unknown"] })
            }, from: "datasets")
        var results: [DocumentValue] = []
        for result in index?.results ?? [] {
            let slice = result.datasetConfig ?? result.datasetSplit
            guard
                var one = Self.result(
                    metric: result.metricName ?? result.metric, value: result.value, slice: nil, low: nil, high: nil)
            else { continue }
            one["dataset"] = Self.text(result.datasetName)
            if let slice = Self.text(slice) {
                one["slice"] = [result.datasetConfig == nil ? "split" : "configuration": slice]
            }
            results.append(one)
        }
        put("/quantitativeAnalyses/unitary", .array(results), from: "model-index")
        let count = (index?.results ?? []).count
        if results.count < count { remark("\(count - results.count) of \(count) measured values are no numbers") }
        put("/metrics/measures", Self.texts(metadata["metrics"]), from: "metrics")
        if !card.body.isEmpty { remark("the card's Markdown is not carried over: it stays where it is") }
        let known: Set<String> = [
            "model_name", "model-index", "pipeline_tag", "license", "license_name", "license_link", "base_model",
            "base_model_relation", "datasets", "metrics",
        ]
        for member in metadata.members where !known.contains(member.name) { keep(member.name, member.value) }
    }
}
