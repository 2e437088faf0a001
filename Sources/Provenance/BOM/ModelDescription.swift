public import AssayCore
internal import ByteParsing
internal import ModelFormats

/// What the files of a model say about it: card, configuration, weights, requirements, and their digests.
///
/// Read: the front matter of `README.md` (see `FrontMatter` for how much of YAML), `config.json`, safetensors and GGUF
/// headers, `requirements.txt`. Not read: pickles, ONNX graphs, lock files of other tools.
public struct ModelDescription: Sendable {
    public struct Fact: Sendable, Hashable {
        public let name: String
        public let value: String
    }

    public struct Metric: Sendable, Hashable {
        public var type: String
        public var value: String
        public var slice: String
    }

    public struct Requirement: Sendable, Hashable {
        public let name: String
        public let version: String
    }

    public var name: String
    public var measurement: ModelMeasurement
    public var description: String?
    public var licenses: [String] = []
    public var task: String?
    public var architectureFamily: String?
    public var architecture: String?
    public var parameters: Int?
    public var datasets: [String] = []
    public var baseModels: [String] = []
    public var baseModelRelation: String?
    public var languages: [String] = []
    public var tags: [String] = []
    public var library: String?
    public var metrics: [Metric] = []
    public var requirements: [Requirement] = []
    /// Path of the card below the model.
    public var card: ModelPath?
    /// Everything else worth telling, in order.
    public var facts: [Fact] = []

    /// Bytes of a text file that are read.
    static let textLimit = 8 << 20

    /// Hashes and reads a model.
    /// - Throws: `EvidenceError` when a file cannot be hashed; files that cannot be understood are passed over.
    public init(_ path: String, scope: SigningScope = SigningScope(), threads: Int = 2) throws(EvidenceError) {
        var options = ModelSigner.Options()
        options.scope = scope
        options.threads = threads
        measurement = try ModelMeasurement(path, options)
        name = measurement.name.text
        let files: ModelFiles
        do {
            files = try ModelFiles(path, scope: scope)
        } catch {
            throw EvidenceError(error.description)
        }
        for file in files.paths {
            guard let region = files.region(file) else { continue }
            read(file, region)
        }
    }

    private mutating func read(_ file: ModelPath, _ region: ByteRegion) {
        let name = file.name.text
        if SafeTensorsFile.headerLength(region) != nil, name.hasSuffix(".safetensors") {
            readSafeTensors(region)
        } else if GGUFFile.isPresent(in: region) {
            readGGUF(region)
        } else if region.count <= Self.textLimit {
            switch file.text {
            case "README.md", "model_card.md":
                card = card ?? file
                readCard(FrontMatter(region.text(limit: Self.textLimit)))
            case "config.json": readConfiguration(region)
            case "requirements.txt": readRequirements(region.text(limit: Self.textLimit))
            default: break
            }
        }
    }

    private mutating func readSafeTensors(_ region: ByteRegion) {
        guard let file = try? SafeTensorsFile(region, budget: Budget()) else { return }
        var types: [String: Int] = [:]
        for tensor in file.tensors {
            guard let count = tensor.shape.checkedProduct(), count >= 0 else { continue }
            types[tensor.type, default: 0] += min(count, 1 << 50)
            parameters = min((parameters ?? 0) + min(count, 1 << 50), 1 << 60)
        }
        for (type, count) in types.sorted(by: { $0.key < $1.key }) {
            facts.append(Fact(name: "safetensors:\(type):parameters", value: String(count)))
        }
    }

    private mutating func readGGUF(_ region: ByteRegion) {
        guard let file = try? GGUFFile(region, budget: Budget()) else { return }
        var count = 0
        for tensor in file.tensors {
            let sizes = tensor.dimensions.compactMap { Int(exactly: $0) }
            count = min(count + min(sizes.checkedProduct() ?? 0, 1 << 50), 1 << 60)
        }
        if count > 0 { parameters = min((parameters ?? 0) + count, 1 << 60) }
        for pair in file.pairs where pair.key.hasPrefix("general.") {
            guard pair.type == .string, let bytes = region.slice(pair.value.lowerBound, pair.value.count),
                bytes.count < 4096
            else { continue }
            let text = bytes.text()
            switch pair.key {
            case "general.architecture": architectureFamily = architectureFamily ?? text
            case "general.license": licenses = licenses.isEmpty ? [text] : licenses
            case "general.description": description = description ?? text
            default: facts.append(Fact(name: "gguf:" + pair.key, value: Printable.line(text)))
            }
        }
    }

    private mutating func readConfiguration(_ region: ByteRegion) {
        guard let root = try? JSONDocument(region, dialect: .tolerant).root, root.isObject else { return }
        architectureFamily = root["model_type"]?.string ?? architectureFamily
        architecture = root["architectures"]?[0]?.string ?? architecture
        for name in ["torch_dtype", "hidden_size", "num_hidden_layers", "vocab_size", "transformers_version"] {
            guard let value = root[name], let text = value.string ?? value.numberText else { continue }
            facts.append(Fact(name: "config:" + name, value: Printable.line(text)))
        }
    }

    private mutating func readCard(_ front: FrontMatter) {
        licenses = front.list("license").isEmpty ? licenses : front.list("license")
        if let named = front.text("license_name"), licenses == ["other"] { licenses = [named] }
        task = front.text("pipeline_tag") ?? task
        datasets = front.list("datasets")
        baseModels = front.list("base_model")
        baseModelRelation = front.text("base_model_relation")
        languages = front.list("language")
        tags = front.list("tags")
        library = front.text("library_name")
        name = front.text("model_name") ?? name
        description = description ?? front.summary
        metrics = front.results.map { Metric(type: $0.type, value: $0.value, slice: $0.dataset) }
    }

    /// `name==version` lines: anything else names no version to speak of.
    private mutating func readRequirements(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let bare = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
            let plain = bare.split(separator: ";").first ?? ""
            let parts = plain.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[1].isEmpty else { continue }
            func trimmed(_ text: Substring) -> String { text.split(separator: " ").joined() }
            let name = trimmed(parts[0]).split(separator: "[").first.map { String($0).lowercased() } ?? ""
            let version = trimmed(parts[2])
            guard Self.isPlain(name), Self.isPlain(version) else { continue }
            requirements.append(Requirement(name: name.replacing("_", with: "-"), version: version))
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || "._-+!".utf8.contains($0)
            }
    }
}
