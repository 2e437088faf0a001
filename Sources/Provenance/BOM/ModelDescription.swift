package import AssayCore
package import ByteParsing
internal import ModelFormats

/// What the files of a model say about it: card, configuration, weights, requirements, and their digests.
///
/// Read: the card `README.md` (its metadata, and see `CardSections` for how much of prose),
/// `config.json`, `adapter_config.json`, results that trainers leave, the headers of safetensors, GGUF and ONNX, and the
/// files that `RequirementReader` knows. Not read: pickles and the formats that need a framework.
package struct ModelDescription: Sendable {
    /// Something worth telling that has no member of its own.
    package struct Fact: Sendable, Hashable {
        package let name: String
        package let value: String
    }

    /// A result that card or trainer gives.
    package struct Metric: Sendable, Hashable {
        /// The metric's name: `accuracy`, `f1`.
        package var type: String
        /// As it is written: a number, mostly.
        package var value: String
        /// What it was measured on; empty when that is unsaid.
        package var slice: String
    }

    /// What a model takes or gives: `float[batch,3,224,224] pixel_values`.
    package struct Interface: Sendable, Hashable {
        package let name: String
        /// Type and shape: `float[batch,3,224,224]`.
        package let format: String
    }

    package var name: String
    /// The files with their digests.
    package var measurement: ModelMeasurement
    package var description: String?
    package var inputs: [Interface] = []
    package var outputs: [Interface] = []
    package var sections = CardSections()
    /// Who made the model, where its user says so.
    package var supplier: String?
    package var authors: [String] = []
    /// The version that people know the model by; nil for its root digest.
    package var release: String?
    /// As declared, in SPDX identifiers where there is one.
    package var licenses: [String] = []
    /// A task of the Hub: `text-generation`.
    package var task: String?
    /// `llama`, `bert`.
    package var architectureFamily: String?
    /// The class that implements it: `LlamaForCausalLM`.
    package var architecture: String?
    /// Counted from headers of weights; nil where none says it.
    package var parameters: Int?
    package var datasets: [String] = []
    package var baseModels: [String] = []
    /// `finetune`, `adapter`, `merge` or `quantized`.
    package var baseModelRelation: String?
    /// Where base models are, by name, as far as the files say it.
    package internal(set) var baseAddresses: [String: String] = [:]
    /// The revision of the base model that an adapter was made for.
    package internal(set) var baseRevision: String?
    /// Where the terms are that a licence's name stands for.
    package internal(set) var licenseLink: String?
    /// Files with terms, and the licence that one of them is by its words.
    package internal(set) var licenseFiles: [ModelPath] = []
    /// The licence that one of those files is by its words, where none is declared.
    package internal(set) var concludedLicense: String?
    /// What the card says about the energy and emissions of training.
    package internal(set) var environment: [Fact] = []
    /// Whether the card is one of a dataset, and there are no weights.
    package private(set) var isDataset = false
    package var languages: [String] = []
    package var tags: [String] = []
    /// The library that loads it: `transformers`.
    package var library: String?
    package var metrics: [Metric] = []
    /// Packages that lock files and lists of requirements name.
    package var requirements: [Requirement] = []
    /// Path of the card below the model.
    package var card: ModelPath?
    /// Everything else worth telling, in order.
    package var facts: [Fact] = []
    /// Which file, below the model, said each of the things above; the last one where several did.
    package private(set) var sources: [String: String] = [:]

    /// Bytes of a text file that are read.
    static let textLimit = 8 << 20

    /// Hashes and reads a model.
    /// - Throws: `EvidenceError` when a file cannot be hashed; files that cannot be understood are passed over.
    package init(_ path: String, scope: SigningScope = SigningScope(), threads: Int = 2) throws(EvidenceError) {
        var options = ModelSigner.Options()
        options.scope = scope
        options.threads = threads
        measurement = try ModelMeasurement(path, options)
        name = measurement.name.text
        // Through the same open folder and only while it is the file that was hashed.
        let tree = measurement.tree
        for file in tree.files {
            guard let region = Self.contents(of: file, in: tree) else { continue }
            let before = said
            read(file.path, region)
            for (name, value) in said where !value.isEmpty && value != before[name] { sources[name] = file.path.text }
        }
        readRequirementLists(tree)
        isDataset = isDataset && parameters == nil && architecture == nil && task == nil
        if task == nil, !isDataset { task = architecture.flatMap { ModelTask.of(architecture: $0) } }
        if let kinds = task.flatMap({ ModelTask.named($0) }) {
            if inputs.isEmpty { inputs = kinds.inputs.map { Interface(name: "", format: $0) } }
            if outputs.isEmpty { outputs = kinds.outputs.map { Interface(name: "", format: $0) } }
        }
    }

    private static func contents(of file: ModelTree.File, in tree: ModelTree) -> ByteRegion? {
        guard let opened = try? tree.root.open(file) else { return nil }
        return try? ByteRegion.map(descriptor: opened.raw, count: file.identity.size)
    }

    /// Reads pip's lists, with what they include, and gives packages that one file leaves open the version that the others,
    /// as lock files and constraints do, name for them.
    private mutating func readRequirementLists(_ tree: ModelTree) {
        let named = tree.files.map(\.path).filter(RequirementReader.isList)
        var places: [ModelPath: ModelTree.File] = [:]
        if !named.isEmpty { for file in tree.files { places[file.path] = file } }
        let lists = RequirementLists(named) { path in
            guard let file = places[path], file.identity.size <= Self.textLimit else { return nil }
            return Self.contents(of: file, in: tree)?.array()
        }
        requirements += lists.requirements
        for text in lists.unread { facts.append(Fact(name: "requirements:not-read", value: Printable.line(text))) }
        let known = [requirements, lists.constraints].map { all in
            Dictionary(grouping: all.filter { $0.version != nil }) { "\($0.ecosystem) \($0.name)" }
        }
        requirements = requirements.map { one in
            guard one.version == nil, let found = known.compactMap({ $0["\(one.ecosystem) \(one.name)"] }).first,
                let version = found.first?.version, found.allSatisfy({ $0.version == version })
            else { return one }
            return one.resolved(to: version)
        }
    }

    /// What is known so far; empty for what is not.
    private var said: [String: String] {
        [
            "name": name == measurement.name.text ? "" : name, "description": description ?? "",
            "licenses": licenses.joined(separator: ","), "task": task ?? "",
            "architectureFamily": architectureFamily ?? "", "architecture": architecture ?? "",
            "parameters": parameters.map { String($0) } ?? "", "datasets": datasets.joined(separator: ","),
            "baseModels": baseModels.joined(separator: ","), "metrics": metrics.map(\.value).joined(separator: ","),
        ]
    }

    private mutating func read(_ file: ModelPath, _ region: ByteRegion) {
        let name = file.name.text
        if SafeTensorsFile.headerLength(region) != nil, name.hasSuffix(".safetensors") {
            readSafeTensors(region)
        } else if GGUFFile.isPresent(in: region) {
            readGGUF(region)
        } else if name.hasSuffix(".onnx"), ONNXModel.likeness(region) > 0 {
            readONNX(region)
        } else if RequirementReader.isKnown(file), region.count <= Self.textLimit {
            requirements += RequirementReader.read(file, region)
        } else if region.count <= Self.textLimit {
            switch file.text {
            case "README.md", "model_card.md":
                card = card ?? file
                readCard(CardMetadata(region.prefix(Self.textLimit).array()))
                sections = CardSections(region.text(limit: Self.textLimit))
            case "config.json": readConfiguration(region, file)
            case "model_index.json": readPipeline(region)
            case "adapter_config.json": readAdapter(region)
            case "eval_results.json", "all_results.json", "test_results.json": readResults(region, file.text)
            default:
                if name == "config.json", file.components.count == 2 { readConfiguration(region, file) }
                if Self.isTerms(file) { readTerms(region, file) }
            }
        }
    }

    private mutating func readCard(_ front: CardMetadata) {
        licenses = front.list("license").isEmpty ? licenses : front.list("license")
        if let named = front.text("license_name"), licenses == ["other"] { licenses = [named] }
        task = front.text("pipeline_tag") ?? task
        datasets = front.list("datasets")
        baseModels = front.list("base_model") + baseModels.filter { !front.list("base_model").contains($0) }
        baseModelRelation = front.text("base_model_relation") ?? baseModelRelation
        languages = front.list("language")
        tags = front.list("tags")
        library = front.text("library_name") ?? library
        licenseLink = front.text("license_link") ?? licenseLink
        isDataset = CardMetadata.datasetKeys.contains { front.has($0) }
        readEmissions(front)
        // Cards of the simpler libraries have the task among the tags.
        task = task ?? tags.first { ModelTask.named($0) != nil }
        name = front.text("model_name") ?? name
        description = description ?? front.summary
        metrics = metrics + front.results.map { Metric(type: $0.type, value: $0.value, slice: $0.dataset) }
    }

    /// A PEFT adapter: it is nothing without the model that it was trained on.
    private mutating func readAdapter(_ region: ByteRegion) {
        guard let root = try? JSONDocument(region, dialect: .tolerant).root, root.isObject else { return }
        if let base = root["base_model_name_or_path"]?.string, !base.isEmpty, !baseModels.contains(base) {
            baseModels.append(base)
        }
        baseModelRelation = baseModelRelation ?? "adapter"
        baseRevision = root["revision"]?.string
        task = task ?? root["task_type"]?.string.flatMap { ModelTask.of(adapter: $0) }
        library = library ?? "peft"
        for name in ["peft_type", "r", "lora_alpha", "task_type"] {
            guard let value = root[name], let text = value.string ?? value.numberText else { continue }
            facts.append(Fact(name: "adapter:" + name, value: Printable.line(text)))
        }
    }

    /// What the Trainer of transformers leaves: one object, whose numbers are named `eval_accuracy`, `test_loss`.
    private mutating func readResults(_ region: ByteRegion, _ file: String) {
        guard let root = try? JSONDocument(region, dialect: .tolerant).root, root.isObject else { return }
        for (key, value) in root.members {
            guard let name = key.string, let number = value.numberText, metrics.count < 1000 else { continue }
            guard name.hasPrefix("eval_") || name.hasPrefix("test_"), !name.hasSuffix("_runtime"),
                !name.hasSuffix("_per_second"), !name.hasSuffix("_samples")
            else { continue }
            let metric = Metric(type: Printable.line(name), value: number, slice: file)
            if !metrics.contains(where: { $0.type == metric.type && $0.value == number }) { metrics.append(metric) }
        }
    }

    /// Adds the metrics of an `evaluation` predicate: what somebody measured and signed.
    package mutating func add(evaluation predicate: JSONValue) {
        for one in predicate["metrics"].map({ Array($0.elements) }) ?? [] {
            guard let name = one["name"]?.string, let value = one["value"]?.numberText else { continue }
            metrics.append(Metric(type: name, value: value, slice: one["slice"]?.string ?? ""))
        }
    }
}
