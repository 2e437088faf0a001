internal import AssayCore
internal import ByteParsing

/// Judges members of configuration by what loaders of models do with them, whatever notation they were read from.
struct ConfigurationJudge {
    let scan: Scan
    let location: Location
    /// Whether the text configures a program, which starts in a folder of its own, rather than what a loader reads: paths
    /// that lead a little up from where the file lies are then everyday ones.
    var isOfProgram = false

    /// Keys whose contents are a tokenizer's words: looking for secrets and code there finds words.
    static let vocabularies: Set<String> = [
        "vocab", "merges", "tokens", "added_tokens", "added_tokens_decoder", "special_tokens", "pieces", "id2label",
        "label2id", "weight_map", "model_specific_special_tokens", "additional_special_tokens",
    ]

    /// Judges a text value under the key `key`; `path` is where it stands, outermost key first.
    func judge(_ value: String, key: String, path: String, offset: Int? = nil) {
        let place = location.at(offset, path)
        let bytes = ByteRegion(Array(value.utf8))
        if bytes.count >= 3 { template(value, key: key, path: path, at: place) }
        // `os` is a module's name too.
        if bytes.count >= 2 { semantics(value, key: key, at: place) }
        MetadataJudge.judge(bytes, named: path, at: place, in: scan)
    }

    /// Judges a text that is too long to be decoded, as it is written.
    func judge(long value: ByteRegion, key: String, path: String, offset: Int?) {
        let place = location.at(offset, path)
        if Self.namesTemplate(key, path: path) { TemplateJudge.judge(value, at: place, in: scan) }
        MetadataJudge.judge(value, named: path, at: place, in: scan)
    }

    private static func namesTemplate(_ key: String, path: String) -> Bool {
        let name = key.lowercased()
        return path.lowercased().contains("chat_template") || name == "chat_template" || name.hasSuffix("_jinja")
    }

    private func template(_ value: String, key: String, path: String, at place: Location) {
        guard value.utf8.contains(UInt8(ascii: "{")) else { return }
        let isTemplate = Self.namesTemplate(key, path: path)
        guard isTemplate || value.contains("{{") || value.contains("{%") else { return }
        TemplateJudge.judge(value, at: place, in: scan, isTemplate: isTemplate)
    }

    private func report(_ rule: String, _ message: String, at place: Location, _ severity: Severity? = nil) {
        scan.report(rule, message, at: place, severity: severity)
    }

    private func shown(_ text: String) -> String { "`" + Printable.line(text, limit: 80) + "`" }

    private func semantics(_ value: String, key: String, at place: Location) {
        interpolations(value, at: place)
        switch key {
        case "_target_", "_partial_target_": target(value, at: place)
        case "class_path", "target", "activation_function", "activation_fct": called(value, key: key, at: place)
        case "type", "cls", "class", "callable", "function", "func", "fn", "factory", "impl", "entry_point",
            "entrypoint", "import_path", "implementation", "model_class", "loader", "init_fn", "worker_init_fn",
            "collate_fn", "loss_fn", "metric_fn":
            called(value, key: key, atMost: .medium, at: place)
        case "py/object", "py/type", "py/class", "py/function", "py/reduce", "py/newargs", "py/mod", "py/repr":
            named(value, "a jsonpickle reader", rule: "CONFIG-CALLABLE", least: .medium, at: place)
        case "id" where value == "pickle", "name" where value == "numcodecs.pickle":
            report(
                "CONFIG-CALLABLE", "the chunks of a Zarr array are pickles, which reading them loads", at: place,
                .medium)
        case "custom_generate", "custom_pipeline":
            report(
                "CONFIG-REMOTE-CODE", "`\(key)` names code that is fetched and run: \(shown(value))", at: place,
                value.contains("/") && !value.hasPrefix(".") ? .high : .medium)
        case "attn_implementation", "_attn_implementation":
            guard value.contains("/") else { return }
            report(
                "CONFIG-REMOTE-CODE", "`\(key)` names a kernel that is fetched and loaded: \(shown(value))", at: place,
                .high)
        case "()":
            // What shapes and filters lines of a log is no program, whatever its package does besides.
            if ["Formatter", "Filter", "Handler", "Logger"].contains(where: { value.hasSuffix($0) }) { return }
            named(value, "Python's logging", rule: "CONFIG-CALLABLE", least: .none, at: place)
        case "Regex", "regex", "token_pattern", "split_pattern", "target_modules", "exclude_modules", "layers_pattern":
            pattern(value, at: place)
        case "parent_library", "megatron_core":
            imported(value, key: key, at: place)
        case "loader_module":
            if !Self.isWithin(value, ["mlflow"]) { imported(value, key: key, at: place) }
        case "model_code_path":
            report("CONFIG-CUSTOM-CODE", "MLflow runs the model's code from \(shown(value))", at: place)
        case "base_model_name_or_path", "_name_or_path", "name_or_path", "pretrained_model_name_or_path":
            if value.contains("://") {
                report("CONFIG-REDIRECT", "`\(key)` leads to an address: \(shown(value))", at: place)
            } else if Self.climbs(value) {
                report(
                    "CONFIG-REDIRECT", "`\(key)` leads out of the folder: \(shown(value))", at: place,
                    Self.staysNear(value) ? .low : nil)
            }
        default:
            if Self.isNativeLibrary(value), Self.libraryKeys.contains(where: key.lowercased().contains) {
                // Operators come with a model; what a program plugs in comes with the program.
                report(
                    "CONFIG-CUSTOM-CODE", "`\(key)` names a native library that is loaded: \(shown(value))", at: place,
                    key.lowercased().contains("custom_op") ? .medium : .low)
            }
            if Self.isFileKey(key), Self.climbs(value) || Self.isSystemFile(value) {
                report(
                    "CONFIG-PATH", "`\(key)` names a file outside of the folder: \(shown(value))", at: place,
                    isOfProgram && Self.staysNear(value) ? .low : nil)
            }
        }
    }

    /// A regular expression that parts of a model match texts with.
    private func pattern(_ value: String, at place: Location) {
        do throws(ParseError) {
            guard try PatternCost.isExponential(value, budget: scan.budget) else { return }
            report("CONFIG-SLOW-PATTERN", "Some texts take exponential time to match with \(shown(value))", at: place)
        } catch {
            scan.report(error, at: place, format: "json")
        }
    }

    /// A truth value under `key`.
    func judge(flag: Bool, key: String, path: String, offset: Int? = nil) {
        guard flag, key == "trust_remote_code" else { return }
        report(
            "CONFIG-CUSTOM-CODE", "`trust_remote_code` is set: code of the repository would run",
            at: location.at(offset, path))
    }

    // MARK: Code by name

    /// A Hydra `_target_`: called with the members beside it when the configuration is instantiated.
    func target(_ value: String, at place: Location) {
        named(value, "Hydra", rule: "CONFIG-CALLABLE", least: .none, at: place)
    }

    /// A value that builders of objects import (`class_path` of Lightning's command line, `target` of latent diffusion,
    /// `type` of registries): reported when it is a dotted name of something that no model is built from.
    private func called(_ value: String, key: String, atMost: Severity = .critical, at place: Location) {
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

    private static func isNativeLibrary(_ value: String) -> Bool {
        [".so", ".dll", ".dylib", ".pyd"].contains { value.hasSuffix($0) }
    }
    private static let libraryKeys = ["library", "lib_path", "custom_op", "plugin", "extension", "so_path"]

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
    private func imported(_ module: String, key: String, at place: Location) {
        guard !Self.isWithin(module, Self.libraries) else { return }
        report("CONFIG-CUSTOM-CODE", "`\(key)` names a module that is imported: \(shown(module))", at: place)
    }

    /// Whether a dotted name belongs to one of the libraries that models are built from.
    static func isLibrary(_ name: String) -> Bool { isWithin(name, libraries) }

    static func isWithin(_ name: String, _ packages: [String]) -> Bool {
        let root = name.prefix { $0 != "." }
        return packages.contains { $0 == root }
    }

    // MARK: Paths

    private static func isFileKey(_ key: String) -> Bool {
        let name = key.lowercased()
        return name.hasSuffix("_file") || name.hasSuffix("filename") || name.hasSuffix("file_name") || name == "file"
            || name.hasSuffix("_path") || name == "path" || name.hasSuffix("_dir") || name == "location"
            || name == "weights" || name == "checkpoint" || name == "uri" || name == "python_model" || name == "adapter"
            || ["ckpt_name", "lora_name", "vae_name", "unet_name", "control_net_name"].contains(name)
    }

    /// Whether a relative path leaves the folder it starts in.
    static func climbs(_ path: String) -> Bool {
        var depth = 0
        for part in path.split(whereSeparator: { $0 == "/" || $0 == "\\" }) {
            if part == ".." { depth -= 1 } else if part != "." { depth += 1 }
            if depth < 0 { return !path.hasPrefix("/") }
        }
        return false
    }

    /// Whether a relative path leads up three folders at most, and from there to no place of the system's or a user's.
    static func staysNear(_ path: String) -> Bool {
        guard !isSystemFile(path) else { return false }
        let parts = path.split(whereSeparator: { $0 == "/" || $0 == "\\" })
        return parts.count(where: { $0 == ".." }) <= 3
            && !parts.contains { places.contains($0.lowercased()) || $0.hasPrefix(".ssh") || $0.hasPrefix(".aws") }
    }

    private static let places: Set<String> = [
        "etc", "proc", "sys", "dev", "root", "home", "users", "windows", "system32", "authorized_keys", ".bashrc",
        ".profile", ".netrc", ".git-credentials", "cron.d", "site-packages", "dist-packages",
    ]
    /// Devices that everybody may name.
    private static let devices = ["/dev/null", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/tty"]

    static func isSystemFile(_ path: String) -> Bool {
        if devices.contains(path) { return false }
        return [
            "/etc/", "/proc/", "/sys/", "/dev/", "/root/.ssh", "~/.ssh", "~/.aws", "/var/run/", "C:\\Windows", "\\\\",
        ]
        .contains { path.hasPrefix($0) }
    }
}
