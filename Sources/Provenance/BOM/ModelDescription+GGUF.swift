internal import AssayCore
internal import ByteParsing
internal import ModelFormats

extension ModelDescription {
    /// What the metadata of a GGUF file says: the keys `general.*` of the GGUF specification, and the architecture's own
    /// length of context.
    mutating func readGGUF(_ region: ByteRegion) {
        guard let file = try? GGUFFile(region, budget: Budget()) else { return }
        var count = 0
        for tensor in file.tensors {
            let sizes = tensor.dimensions.compactMap { Int(exactly: $0) }
            count = min(count + min(sizes.checkedProduct() ?? 0, 1 << 50), 1 << 60)
        }
        if count > 0 { parameters = min((parameters ?? 0) + count, 1 << 60) }
        let pairs = Dictionary(file.pairs.map { ($0.key, $0) }) { first, _ in first }
        func text(_ key: String) -> String? { pairs[key].flatMap { Self.texts($0, file).first } }
        func texts(_ key: String) -> [String] { pairs[key].map { Self.texts($0, file) } ?? [] }
        for pair in file.pairs where pair.key.hasPrefix("general.") && !Self.told.contains(pair.key) {
            guard pair.type == .string, !pair.key.hasPrefix("general.base_model."),
                !pair.key.hasPrefix("general.dataset."), let text = Self.texts(pair, file).first
            else { continue }
            facts.append(Fact(name: "gguf:" + pair.key, value: Printable.line(text)))
        }
        architectureFamily = architectureFamily ?? text("general.architecture")
        description = description ?? text("general.description")
        if let named = text("general.name"), !named.isEmpty, name == measurement.name.text { name = named }
        if licenses.isEmpty { licenses = [text("general.license")].compactMap { $0 } }
        if licenses == ["other"], let named = text("general.license.name") { licenses = [named] }
        licenseLink = licenseLink ?? text("general.license.link")
        if authors.isEmpty { authors = [text("general.author") ?? text("general.organization")].compactMap { $0 } }
        release = release ?? text("general.version")
        if languages.isEmpty { languages = texts("general.languages") }
        if tags.isEmpty { tags = texts("general.tags") }
        task = task ?? tags.first { ModelTask.named($0) != nil }
        for dataset in texts("general.datasets") where !datasets.contains(dataset) { datasets.append(dataset) }
        for index in 0..<Self.number(pairs["general.dataset.count"], file, limit: 64) {
            let key = "general.dataset.\(index)."
            guard let named = Self.joined(text(key + "organization"), text(key + "name")) else { continue }
            if !datasets.contains(named) { datasets.append(named) }
        }
        for index in 0..<Self.number(pairs["general.base_model.count"], file, limit: 64) {
            let key = "general.base_model.\(index)."
            let address = text(key + "repo_url")
            guard
                let named = address.flatMap({ HubName(url: $0)?.text })
                    ?? Self.joined(text(key + "organization"), text(key + "name"))
            else { continue }
            if !baseModels.contains(named) { baseModels.append(named) }
            baseAddresses[named] = address ?? baseAddresses[named]
        }
        if let length = pairs["\(architectureFamily ?? "").context_length"], length.type == .uint32 {
            facts.append(Fact(name: "context-length", value: String(Self.number(length, file, limit: .max))))
        }
        if let type = pairs["general.file_type"], type.type == .uint32,
            let named = Self.fileTypes[Self.number(type, file, limit: .max)]
        {
            facts.append(Fact(name: "quantization", value: named))
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

    private static func joined(_ owner: String?, _ name: String?) -> String? {
        guard let name, !name.isEmpty else { return nil }
        return owner.map { $0 + "/" + name } ?? name
    }

    /// A 32-bit number; zero for anything else, and at most so many.
    private static func number(_ pair: GGUFFile.Pair?, _ file: GGUFFile, limit: Int) -> Int {
        guard let pair, pair.type == .uint32, let word = file.region.little(UInt32.self, at: pair.value.lowerBound)
        else { return 0 }
        return min(Int(file.isBigEndian ? word.byteSwapped : word), limit)
    }

    /// A string, or those of an array: at most 64 of less than 4096 bytes each.
    private static func texts(_ pair: GGUFFile.Pair, _ file: GGUFFile) -> [String] {
        func text(_ start: Int, _ count: Int) -> String? {
            count < 4096 ? file.region.slice(start, count)?.text() : nil
        }
        if pair.type == .string { return [text(pair.value.lowerBound, pair.value.count)].compactMap { $0 } }
        guard pair.type == .array, pair.elementType == .string, file.version > 1 else { return [] }
        var found: [String] = []
        var position = pair.value.lowerBound
        for _ in 0..<min(pair.count, 64) {
            guard let word = file.region.little(UInt64.self, at: position),
                let length = Int(exactly: file.isBigEndian ? word.byteSwapped : word), length < 4096,
                let value = text(position + 8, length)
            else { break }
            found.append(value)
            position += 8 + length
        }
        return found
    }
}

/// The name of a repository on a hub: an owner and a name.
struct HubName: Equatable {
    let owner: String
    let name: String
    var text: String { owner + "/" + name }

    /// Reads `owner/name`; nil for anything that has another form, as paths and plain names have.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ part in
                (1...96).contains(part.utf8.count) && part.utf8.first != UInt8(ascii: ".")
                    && part.utf8.allSatisfy {
                        ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x30 && $0 <= 0x39
                            || "._-".utf8.contains($0)
                    }
            })
        else { return nil }
        owner = String(parts[0])
        name = String(parts[1])
    }

    /// Reads the address of a model on Hugging Face.
    init?(url: String) {
        guard
            let rest = ["https://huggingface.co/", "https://hf.co/"].first(where: { url.hasPrefix($0) })
                .map({ url.dropFirst($0.count) })
        else { return nil }
        self.init(String(rest.hasSuffix("/") ? rest.dropLast() : rest))
    }

    /// The package URL of the type `huggingface`, whose version is a revision.
    func packageURL(revision: String?) -> String {
        let version = revision.flatMap {
            $0.utf8.allSatisfy { isxdigit($0) } && !$0.isEmpty ? "@" + $0.lowercased() : nil
        }
        return "pkg:huggingface/\(owner)/\(name)\(version ?? "")"
    }

    private func isxdigit(_ byte: UInt8) -> Bool { Hexadecimal.isDigit(byte) }
}
