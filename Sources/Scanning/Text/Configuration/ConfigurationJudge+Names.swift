internal import AssayCore
internal import ByteParsing

/// Code that configuration asks for by its name.
extension ConfigurationJudge {
    /// A Hydra `_target_`: called with the members beside it when the configuration is instantiated.
    func target(_ value: String, at place: Location) {
        named(value, "Hydra", rule: "CONFIG-CALLABLE", least: .none, at: place)
    }

    /// A value that builders of objects import (`class_path` of Lightning's command line, `target` of latent diffusion,
    /// `type` of registries): reported when it is a dotted name of something that no model is built from.
    func called(_ value: String, key: String, atMost: Severity = .critical, at place: Location) {
        // Configuration of logging names its handlers so; what they do is write a log.
        if key == "class", value.hasPrefix("logging."), value.hasSuffix("Handler") { return }
        guard value.utf8.count <= 200, value.contains("."), value.utf8.allSatisfy(Self.isNameByte),
            let severity = Self.severity(ofCalling: value), severity >= .high, !Self.isLibraryPart(value)
        else { return }
        report(
            "CONFIG-CALLABLE", "`\(key)` names \(shown(value)), which a builder of objects would call", at: place,
            min(severity, atMost))
    }

    /// Whether a library for machine learning has the name as one of its ordinary parts: operators, layers, loaders of
    /// its own data. What runs code or commands is none.
    static func isLibraryPart(_ value: String) -> Bool {
        guard isWithin(value, libraries), let dot = value.lastIndex(of: ".") else { return false }
        let knowledge = CallableKnowledge.of(
            module: String(value[..<dot]), name: String(value[value.index(after: dot)...]))
        if knowledge.isDefault { return true }
        switch knowledge.capability {
        case .codeExecution, .nativeCode, .importByString, .codeObject: return false
        default: return isLibraryClass(value)
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"): true
        default: false
        }
    }

    static func isNativeLibrary(_ value: String) -> Bool {
        [".so", ".dll", ".dylib", ".pyd"].contains { value.hasSuffix($0) }
    }
    static let libraryKeys = ["library", "lib_path", "custom_op", "plugin", "extension", "so_path"]

    /// A callable or class that a loader looks up by its dotted name.
    func named(_ dotted: String, _ loader: String, rule: String, least: Severity, at place: Location) {
        let name = dotted.split(separator: " ").first.map(String.init) ?? dotted
        guard let severity = Self.severity(ofCalling: name) else {
            if least > .none { report(rule, "\(loader) would build \(shown(name))", at: place, .low) }
            return
        }
        report(rule, "\(loader) would call \(shown(name))", at: place, max(severity, least))
    }

    /// The severity of calling what `dotted` names, or nil for what is known to be harmless or an ordinary part of a
    /// library for machine learning.
    static func severity(ofCalling dotted: String) -> Severity? {
        let name = dotted.split { ": ".contains($0) }.joined(separator: ".")
        guard let dot = name.lastIndex(of: ".") else { return builtins(name) }
        // `a.b.C.d` may be a method: the worse of the two readings stands.
        var worst = Severity.none
        var isPure = false
        var isUnknown = false
        var cut: String.Index? = dot
        var rounds = 0
        while let at = cut, rounds < 3 {
            let knowledge = CallableKnowledge.of(
                module: String(name[..<at]), name: String(name[name.index(after: at)...]))
            switch knowledge.capability {
            case .pure: isPure = true
            case .unknownCall, .unknownClassState: isUnknown = true
            case .indirectLoad where isLibraryClass(name): break
            default: worst = max(worst, knowledge.capability.calledSeverity)
            }
            cut = name[..<at].lastIndex(of: ".")
            rounds += 1
        }
        if worst > .none { return worst }
        if isPure || isWithin(name, libraries) { return nil }
        if indirect.contains(name) { return .high }
        return isUnknown ? .low : nil
    }

    /// Whether a name is spelled like a class of a library for machine learning. Some of them are listed as loaders as
    /// a whole; building a layer is not loading.
    private static func isLibraryClass(_ name: String) -> Bool {
        guard isWithin(name, libraries), let last = name.split(separator: ".").last?.first else { return false }
        return last.isUppercase
    }

    private static func builtins(_ name: String) -> Severity? {
        let severity = CallableKnowledge.of(module: "builtins", name: name).capability
        return severity == .pure ? nil : severity == .unknownCall ? .low : severity.calledSeverity
    }

    /// Functions of configuration libraries that turn a text into any object.
    private static let indirect: Set<String> = [
        "hydra.utils.get_method", "hydra.utils.get_class", "hydra.utils.get_object", "hydra.utils.instantiate",
        "hydra.utils.call", "hydra._internal.utils._locate", "pydoc.locate", "omegaconf.OmegaConf.load",
        "torch.hub.load", "torch.hub.load_state_dict_from_url", "torch.hub.download_url_to_file",
        "huggingface_hub.snapshot_download", "huggingface_hub.hf_hub_download",
    ]

    /// Libraries whose parts configuration names every day; what they have of dangerous functions is known by name.
    private static let libraries = [
        "torch", "torchvision", "torchaudio", "torchmetrics", "nemo", "nemo_text_processing", "pytorch_lightning",
        "lightning", "lightning_fabric", "transformers", "diffusers", "timm", "monai", "omegaconf", "hydra", "datasets",
        "tokenizers", "sklearn", "numpy", "scipy", "keras", "tensorflow", "flax", "jax", "optax", "peft", "accelerate",
        "sentence_transformers", "speechbrain", "espnet", "espnet2", "fairseq", "ultralytics", "mmcv", "mmdet",
        "detectron2", "kornia", "albumentations", "einops", "xformers", "apex", "megatron", "deepspeed", "wandb",
        "torch_geometric", "open_clip", "segmentation_models_pytorch", "audiocraft", "encodec", "rich", "collections",
        "mlflow", "ludwig", "gluonts", "pytorch_forecasting", "allennlp", "spacy", "flair", "stable_baselines3", "gym",
        "gymnasium", "ignite", "catalyst", "skorch", "xgboost", "lightgbm", "catboost", "ldm", "sgm", "taming",
        "torchtune", "torchtitan", "trl", "unsloth", "vllm", "bitsandbytes", "auto_gptq", "onnxruntime", "optimum",
    ]

    /// Modules that a loader imports by name and that belong to what it loads.
    func imported(_ module: String, key: String, at place: Location, _ severity: Severity? = nil) {
        guard !Self.isWithin(module, Self.libraries) else { return }
        report("CONFIG-CUSTOM-CODE", "`\(key)` names a module that is imported: \(shown(module))", at: place, severity)
    }

    /// Whether a dotted name belongs to one of the libraries that models are built from.
    static func isLibrary(_ name: String) -> Bool { isWithin(name, libraries) }

    static func isWithin(_ name: String, _ packages: [String]) -> Bool {
        let root = name.prefix { $0 != "." }
        return packages.contains { $0 == root }
    }
}
