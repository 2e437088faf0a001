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

    func report(_ rule: String, _ message: String, at place: Location, _ severity: Severity? = nil) {
        scan.report(rule, message, at: place, severity: severity)
    }

    func shown(_ text: String) -> String { "`" + Printable.line(text, limit: 80) + "`" }

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
            // MLflow calls this function of the module.
            let called = Self.severity(ofCalling: value + "._load_pyfunc") ?? .none
            if !Self.isWithin(value, ["mlflow"]) {
                imported(value, key: key, at: place, called >= .high ? .high : nil)
            }
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
}
