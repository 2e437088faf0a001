internal import Documents

// The Model Card Toolkit's schema 0.0.2, and the CycloneDX `modelCard` that descends from it.
extension ImportBuilder {
    mutating func take(toolkit card: DocumentValue) {
        let details = card["model_details"]
        put("/subject/name", Self.text(details?["name"]), from: "model_details.name")
        put("/subject/version", Self.text(details?["version"]?["name"]), from: "model_details.version.name")
        put("/modelDetails/date", Self.day(details?["version"]?["date"]), from: "model_details.version.date")
        keep("version_diff", details?["version"]?["diff"])
        let overview = [details?["overview"]?.string, details?["documentation"]?.string].compactMap { $0 }
            .filter { !$0.isEmpty }.joined(separator: "\n\n")
        put("/modelDetails/overview", .string(overview), from: "model_details.overview, documentation")
        let owners = details?["owners"]?.elements ?? []
        put("/modelDetails/owner", Self.text(owners.first?["name"]), from: "model_details.owners[0].name")
        put("/modelDetails/contact", Self.text(owners.first?["contact"]), from: "model_details.owners[0].contact")
        put("/modelDetails/developers", Self.texts(details?["owners"], member: "name"), from: "model_details.owners")
        if owners.count > 1 { remark("several owners are named: the first one is taken for the one who answers") }
        let licenses = (details?["licenses"]?.elements ?? []).compactMap {
            Self.text($0["identifier"] ?? $0["custom_text"])?.string
        }
        put("/modelDetails/license", .string(licenses.joined(separator: " OR ")), from: "model_details.licenses")
        if licenses.count > 1 {
            remark("several licences are named: whether all of them hold or one may be chosen is not said")
        }
        put(
            "/modelDetails/references", Self.texts(details?["references"], member: "reference"),
            from: "model_details.references")
        let citations = (details?["citations"]?.elements ?? []).compactMap { Self.text($0["citation"])?.string }
        put("/modelDetails/citation", .string(citations.joined(separator: "\n\n")), from: "model_details.citations")
        keep("path", details?["path"])

        let parameters = card["model_parameters"]
        put(
            "/modelDetails/architecture", Self.text(parameters?["model_architecture"]),
            from: "model_parameters.model_architecture")
        let formats = [("input_format", "Input"), ("output_format", "Output")].compactMap { name, word in
            Self.text(parameters?[name])?.string.map { "\(word): \($0)" }
        }
        put(
            "/modelDetails/features", .string(formats.joined(separator: "; ")),
            from: "model_parameters.input_format, output_format")
        for name in ["input_format_map", "output_format_map"] { keep(name, parameters?[name]) }
        datasets(parameters?["data"]?.elements ?? [], from: "model_parameters.data") { set in
            let sensitive = set["sensitive"]?["sensitive_data"]
            return (Self.text(set["name"]), Self.text(set["description"]), Self.text(sensitive))
        }
        let analysis = card["quantitative_analysis"]
        results(analysis?["performance_metrics"]?.elements ?? [], from: "quantitative_analysis.performance_metrics") {
            metric in
            let interval = metric["confidence_interval"]
            return Self.result(
                metric: metric["type"], value: metric["value"], slice: metric["slice"], low: interval?["lower_bound"],
                high: interval?["upper_bound"])
        }
        if analysis?["graphics"] != nil { remark("pictures are not carried over") }
        considerations(
            card["considerations"], useCases: "use_cases", limitations: "limitations", tradeoffs: "tradeoffs",
            ethics: "ethical_considerations", mitigation: "mitigation_strategy")
    }

    /// - Throws: `DocumentError` when no component has a model card.
    mutating func take(bill: DocumentValue) throws(DocumentError) {
        let components = [bill["metadata"]?["component"]].compactMap { $0 } + (bill["components"]?.elements ?? [])
        guard
            let component = components.first(where: { $0["modelCard"] != nil })
                ?? components.first(where: { $0["type"]?.string == "machine-learning-model" })
        else { throw DocumentError(line: 1, message: "the bill has no machine-learning model") }
        put("/subject/name", Self.text(component["name"]), from: "component.name")
        put("/subject/version", Self.text(component["version"]), from: "component.version")
        let hash = component["hashes"]?.elements.first { $0["alg"]?.string == "SHA-256" }
        put("/subject/digest", hash?["content"].map { ["sha256": $0] }, from: "component.hashes")
        put("/subject/bom", Self.text(bill["serialNumber"]), from: "serialNumber")
        put("/modelDetails/overview", Self.text(component["description"]), from: "component.description")
        let owner = component["manufacturer"]?["name"] ?? component["supplier"]?["name"] ?? component["publisher"]
        put("/modelDetails/owner", Self.text(owner), from: "component.manufacturer, supplier or publisher")
        let licenses = (component["licenses"]?.elements ?? []).compactMap {
            ($0["expression"] ?? $0["license"]?["id"] ?? $0["license"]?["name"])?.string
        }
        put("/modelDetails/license", .string(licenses.joined(separator: " OR ")), from: "component.licenses")
        let card = component["modelCard"]
        let parameters = card?["modelParameters"]
        put(
            "/modelDetails/type", Self.text(parameters?["task"] ?? parameters?["architectureFamily"]),
            from: "modelParameters.task or architectureFamily")
        put(
            "/modelDetails/architecture",
            Self.text(parameters?["modelArchitecture"] ?? parameters?["architectureFamily"]),
            from: "modelParameters.modelArchitecture or architectureFamily")
        put(
            "/modelDetails/algorithm", Self.text(parameters?["approach"]?["type"]),
            from: "modelParameters.approach.type")
        for name in ["inputs", "outputs"] { keep(name, parameters?[name]) }
        datasets(parameters?["datasets"]?.elements ?? [], from: "modelParameters.datasets") { set in
            let inline =
                set["ref"] == nil ? set : bill["components"]?.elements.first { $0["bom-ref"] == set["ref"] } ?? set
            let sensitive = inline["sensitiveData"] ?? inline["data"]?.elements.first?["sensitiveData"]
            return (Self.text(inline["name"] ?? set["ref"]), Self.text(inline["description"]), Self.text(sensitive))
        }
        results(
            card?["quantitativeAnalysis"]?["performanceMetrics"]?.elements ?? [],
            from: "quantitativeAnalysis.performanceMetrics"
        ) { metric in
            let interval = metric["confidenceInterval"]
            return Self.result(
                metric: metric["type"], value: metric["value"], slice: metric["slice"], low: interval?["lowerBound"],
                high: interval?["upperBound"])
        }
        considerations(
            card?["considerations"], useCases: "useCases", limitations: "technicalLimitations",
            tradeoffs: "performanceTradeoffs", ethics: "ethicalConsiderations", mitigation: "mitigationStrategy")
        for name in ["fairnessAssessments", "environmentalConsiderations"] {
            keep(name, card?["considerations"]?[name])
        }
        keep("properties", card?["properties"])
    }

    /// Datasets go where their names say that they belong; the others wait for a person.
    mutating func datasets(
        _ sets: [DocumentValue], from place: String,
        _ facts: (DocumentValue) -> (name: DocumentValue?, description: DocumentValue?, sensitive: DocumentValue?)
    ) {
        var lists: [Role: [DocumentValue]] = [:]
        var others: [DocumentValue] = []
        var sensitive: [String] = []
        for set in sets {
            let (name, description, data) = facts(set)
            if let data = data?.string { sensitive.append((name?.string ?? "a dataset") + ": " + data) }
            guard let name, let role = Self.role([name.string, description?.string]) else {
                others.append(set)
                continue
            }
            lists[role, default: []].append(
                .object(["name": name, "sensitivity": "unknown", "distribution": description]))
        }
        put("/trainingData", lists[.training].map { .array($0) }, from: place)
        put("/evaluationData", lists[.evaluation].map { .array($0) }, from: place)
        put("/ethicalConsiderations/sensitiveData", .string(sensitive.joined(separator: "; ")), from: place)
        if !others.isEmpty {
            keep("datasets", .array(others))
            remark("\(others.count) of \(sets.count) datasets do not say whether they are for training or evaluation")
        }
    }

    mutating func results(
        _ metrics: [DocumentValue], from place: String, _ result: (DocumentValue) -> DocumentValue?
    ) {
        var results: [DocumentValue] = []
        var others: [DocumentValue] = []
        for metric in metrics {
            if let one = result(metric) { results.append(one) } else { others.append(metric) }
        }
        put("/quantitativeAnalyses/unitary", .array(results), from: place)
        var measures: [DocumentValue] = []
        for metric in results.compactMap({ $0["metric"] }) where !measures.contains(metric) { measures.append(metric) }
        put("/metrics/measures", .array(measures), from: place)
        if !others.isEmpty {
            keep("performance_metrics", .array(others))
            remark("\(others.count) of \(metrics.count) measured values are no numbers")
        }
    }

    private mutating func considerations(
        _ value: DocumentValue?, useCases: String, limitations: String, tradeoffs: String, ethics: String,
        mitigation: String
    ) {
        put("/intendedUse/primaryUsers", Self.texts(value?["users"]), from: "considerations.users")
        put("/intendedUse/primaryUses", Self.texts(value?[useCases]), from: "considerations.\(useCases)")
        let caveats =
            (Self.texts(value?[limitations])?.elements ?? [])
            + (Self.texts(value?[tradeoffs])?.elements ?? []).map { .string("Trade-off: " + ($0.string ?? "")) }
        put("/caveatsAndRecommendations/caveats", .array(caveats), from: "considerations.\(limitations), \(tradeoffs)")
        let risks = (value?[ethics]?.elements ?? []).compactMap { risk -> DocumentValue? in
            Self.text(risk["name"]).map { .object(["risk": $0, "mitigation": Self.text(risk[mitigation])]) }
        }
        put("/ethicalConsiderations/risksAndHarms", .array(risks), from: "considerations.\(ethics)")
    }
}
