internal import AssayCore
internal import ByteParsing
internal import ModelFormats

extension ModelDescription {
    /// What the metadata of a GGUF file says: the keys `general.*` of the GGUF specification, and the architecture's own
    /// length of context.
    mutating func readGGUF(_ region: ByteRegion) {
        guard let file = try? GGUFFile(region, budget: Budget()) else { return }
        let pairs = GGUFPairs(file)
        countParameters(of: file)
        noteOthers(pairs)
        readGeneral(pairs)
        readOrigins(pairs)
        if let length = pairs["\(architectureFamily ?? "").context_length"], length.type == .uint32 {
            facts.append(Fact(name: "context-length", value: String(pairs.number(length))))
        }
        if let type = pairs["general.file_type"], type.type == .uint32, let named = Self.fileTypes[pairs.number(type)] {
            facts.append(Fact(name: "quantization", value: named))
        }
    }

    private mutating func countParameters(of file: GGUFFile) {
        var count = 0
        for tensor in file.tensors {
            let sizes = tensor.dimensions.compactMap { Int(exactly: $0) }
            count = min(count + min(sizes.checkedProduct() ?? 0, 1 << 50), 1 << 60)
        }
        if count > 0 { parameters = min((parameters ?? 0) + count, 1 << 60) }
    }

    /// Texts that have no place of their own.
    private mutating func noteOthers(_ pairs: GGUFPairs) {
        for pair in pairs.file.pairs where pair.key.hasPrefix("general.") && !Self.told.contains(pair.key) {
            guard pair.type == .string, !pair.key.hasPrefix("general.base_model."),
                !pair.key.hasPrefix("general.dataset."), let text = pairs.texts(pair).first
            else { continue }
            facts.append(Fact(name: "gguf:" + pair.key, value: Printable.line(text)))
        }
    }

    private mutating func readGeneral(_ pairs: GGUFPairs) {
        architectureFamily = architectureFamily ?? pairs.text("general.architecture")
        description = description ?? pairs.text("general.description")
        if let named = pairs.text("general.name"), !named.isEmpty, name == measurement.name.text { name = named }
        if licenses.isEmpty { licenses = [pairs.text("general.license")].compactMap { $0 } }
        if licenses == ["other"], let named = pairs.text("general.license.name") { licenses = [named] }
        licenseLink = licenseLink ?? pairs.text("general.license.link")
        if authors.isEmpty {
            authors = [pairs.text("general.author") ?? pairs.text("general.organization")].compactMap { $0 }
        }
        release = release ?? pairs.text("general.version")
        if languages.isEmpty { languages = pairs.texts("general.languages") }
        if tags.isEmpty { tags = pairs.texts("general.tags") }
        task = task ?? tags.first { ModelTask.named($0) != nil }
    }

    /// Datasets and base models.
    private mutating func readOrigins(_ pairs: GGUFPairs) {
        for dataset in pairs.texts("general.datasets") where !datasets.contains(dataset) { datasets.append(dataset) }
        for index in 0..<pairs.number(pairs["general.dataset.count"], limit: 64) {
            guard let named = pairs.repository("general.dataset.\(index)."), !datasets.contains(named) else { continue }
            datasets.append(named)
        }
        for index in 0..<pairs.number(pairs["general.base_model.count"], limit: 64) {
            let key = "general.base_model.\(index)."
            let address = pairs.text(key + "repo_url")
            guard let named = address.flatMap({ HubName(url: $0)?.text }) ?? pairs.repository(key) else { continue }
            if !baseModels.contains(named) { baseModels.append(named) }
            baseAddresses[named] = address ?? baseAddresses[named]
        }
    }

    /// Keys with a place of their own in the bill.
    private static let told: Set<String> = [
        "general.architecture", "general.license", "general.description", "general.name", "general.author",
        "general.license.name", "general.license.link", "general.version",
    ]

    /// The mixtures of tensor types that llama.cpp numbers (`llama_ftype`).
    private static let fileTypes: [Int: String] = [
        0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S",
        12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K",
        19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL",
        26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16",
        36: "TQ1_0", 37: "TQ2_0",
    ]
}
