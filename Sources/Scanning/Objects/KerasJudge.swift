internal import AssayCore
internal import ByteParsing
internal import ModelFormats
internal import SecretDetection

/// Judges what a Keras configuration asks a loader to build.
///
/// An allow-list: parts of Keras itself are fine, everything else is custom code or worse. Which Keras version the
/// file claims to be from plays no part: the attacker writes it.
struct KerasJudge {
    let item: ScanItem
    let scan: Scan
    let names = KerasNames.shipped

    /// Judges all objects below `root`.
    func judge(_ root: JSONValue) throws(ParseError) {
        for value in root.descendants {
            try scan.budget.spend(operations: 1, reading: "Keras configuration")
            guard let object = KerasObject(value) else { continue }
            if let name = object.className {
                judge(object, named: name)
            } else {
                judgeLoose(object)
            }
            judgeFiles(object)
        }
        for manifest in root["weightsManifest"]?.elements ?? root.elements {
            for path in manifest["paths"]?.elements ?? manifest.elements {
                if let path = path.string, PathReach(path) >= .absolute {
                    report("KERAS-FILE-ACCESS", "the weights manifest names \(path)", path: path, at: manifest)
                }
            }
        }
    }

    private func judge(_ object: KerasObject, named name: String) {
        switch name {
        case "function":
            judgeCallable(object, module: object.module, name: object.config?.string ?? object.registeredName ?? "")
        case "__lambda__":
            reportLambda(object, "serialised Python bytecode")
        case "__typespec__":
            judgeClass(object, object.value["spec_name"]?.string ?? "")
        case "__tensor__", "__numpy__", "__bytes__", "__ellipsis__", "__slice__", "__keras_tensor__", "__tuple__",
            "__set__", "__list__", "__dict__", "__range__", "__complex__", "__none__", "__wrapped__", "__type__":
            break
        default: judgeClass(object, name)
        }
    }

    private func judgeClass(_ object: KerasObject, _ name: String) {
        // Registered classes are called `package>Class`; `Custom` is the package when none is given.
        let pieces = name.split(separator: ">", maxSplits: 1, omittingEmptySubsequences: false)
        let base = String(pieces.last ?? "")
        let package = pieces.count == 2 ? String(pieces[0]) : nil
        let isOwnPackage = package == nil || package == "Custom" || package?.lowercased() == "keras"
        let home = KerasNames.home(of: object.module)

        if judgeKnownDanger(object, base: base, isOwnPackage: isOwnPackage, home: home) { return }
        // A class that somebody registered comes before the one that module and name tell.
        if home == .keras || home == .kerasInternal, let registered = object.registeredName,
            let mark = registered.firstIndex(of: ">"), !registered.lowercased().hasPrefix("keras"),
            registered[..<mark] != "Custom"
        {
            return reportCustom(object, registered)
        }
        switch home {
        case .absent:
            if !isOwnPackage || !names.isClass(base) { reportCustom(object, name) }
        case .keras, .kerasInternal:
            let part = object.module?.split(separator: ".").first { KerasNames.buildingBlocks.contains(String($0)) }
            if names.isClass(base) { return }
            if isCapitalised(base), home == .keras || part != nil {
                let isName = base.utf8.allSatisfy { SecretScanner.isWord($0) || $0 == UInt8(ascii: "_") }
                if home == .keras, part == nil || !isName {
                    reportUnknownKeras(object, base, .medium)
                } else if home == .keras {
                    reportUnknownKeras(object, base, .low)
                }
            } else if names.isFunction(base) {
                return
            } else {
                reportUnknownKeras(object, base, isCapitalised(base) ? .medium : .high)
            }
        case .kerasFamily:
            if !isCapitalised(base) { reportUnknownKeras(object, base, .high) }
        case .builtins, .other:
            judgeCallable(object, module: object.module, name: base)
        }
    }

    /// Classes and functions of Keras that load code or files.
    private func judgeKnownDanger(
        _ object: KerasObject, base: String, isOwnPackage: Bool, home: KerasNames.Home
    ) -> Bool {
        let isKeras = (home != .other && home != .builtins) && (isOwnPackage || home != .absent)
        if base == "TorchModuleWrapper" {
            report(
                "KERAS-TORCH-MODULE", "TorchModuleWrapper holds a pickled PyTorch module, which is unpickled on load",
                at: object.value)
            if let text = object.config?["module"] { descend(text, named: "pickled module") }
            return true
        }
        if base == "enable_unsafe_deserialization" || isKeras, let effect = KerasNames.effects[base] {
            report(
                "KERAS-CALLABLE", "\(object.module ?? "keras").\(base) \(effect.what)", at: object.value,
                severity: effect.severity)
            return true
        }
        guard isKeras else { return false }
        switch base {
        case "Lambda":
            if let name = kerasFunction(object.config?["function"]) {
                report(
                    "KERAS-LAMBDA", "Lambda layer: calls \(name), a function of Keras; no code is in the file",
                    at: object.value, severity: .low)
                return true
            }
            reportLambda(object, "layer")
            if let function = object.config?["function"] {
                descend(function[0] ?? function["config"]?["code"] ?? function["config"]?["value"], named: "bytecode")
            }
            return true
        case "TFSMLayer":
            report(
                "KERAS-EXTERNAL-MODEL",
                "TFSMLayer loads a TensorFlow SavedModel from \(object.config?["filepath"]?.string ?? "a path")",
                at: object.value)
            return true
        case "TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer", "ClassMethod":
            judgeOperation(object)
            return true
        default: return false
        }
    }

    /// The function that a configuration names, when it is one that Keras builds models from and nothing else could be
    /// meant.
    private func kerasFunction(_ value: JSONValue?) -> String? {
        guard let value, let function = KerasObject(value), function.className == "function",
            let name = value["config"]?.string, let module = function.module, names.isFunction(name),
            KerasNames.effects[name] == nil
        else { return nil }
        let isPart = module.split(separator: ".").contains { KerasNames.buildingBlocks.contains(String($0)) }
        switch KerasNames.home(of: module) {
        case .keras, .kerasInternal: return isPart ? module + "." + name : nil
        // How Keras itself writes its functions: it looks among its own before it asks Python.
        case .builtins:
            let knowledge = CallableKnowledge.of(module: "builtins", name: name)
            return knowledge.capability.calledSeverity < .high ? name : nil
        default: return nil
        }
    }

    /// A TensorFlow function that a Keras 2 layer calls, by its public name.
    private func judgeOperation(_ object: KerasObject) {
        guard let name = object.config?["function"]?.string ?? object.config?["cls_symbol"]?.string else { return }
        let parts = name.split(separator: ".").map(String.init)
        let leaf = parts.last ?? ""
        let runsCode = ["py_function", "numpy_function", "py_func", "load_op_library", "load_library", "eager_py_func"]
        let loads = ["load", "load_model", "import_meta_graph", "get_file"]
        if runsCode.contains(leaf) || (parts.first == "saved_model" || parts.first == "keras") && loads.contains(leaf) {
            report("KERAS-CALLABLE", "the layer calls tf.\(name)", at: object.value, severity: .critical)
        } else if ["io", "data", "debugging", "distribute", "train", "summary", "raw_ops", "compat"].contains(
            parts.first),
            ["read", "write", "file", "load", "save", "print", "dataset", "server", "restore", "delete", "dump"]
                .contains(where: { leaf.lowercased().contains($0) })
        {
            report("KERAS-CALLABLE", "the layer calls tf.\(name)", at: object.value, severity: .high)
        }
    }

    /// A function, or a class from outside of Keras, that the loader imports by name.
    private func judgeCallable(_ object: KerasObject, module: String?, name: String) {
        let pieces = name.split(separator: ">", maxSplits: 1)
        let base = String(pieces.last ?? "")
        let home = KerasNames.home(of: module)
        if home != .other, home != .builtins || object.className == "function",
            names.isFunction(base) || names.isClass(base), pieces.count < 2
        {
            return
        }
        if judgeKnownDanger(
            object, base: base, isOwnPackage: pieces.count < 2, home: home == .builtins ? .absent : home)
        {
            return
        }
        let knowledge = CallableKnowledge.of(module: module ?? "builtins", name: name)
        let qualified = (module.map { $0 + "." } ?? "") + name
        switch knowledge.capability {
        case .pure where home == .other: return
        case .pure, .unknownCall, .unknownClassState:
            switch home {
            case .keras, .kerasInternal, .kerasFamily: reportUnknownKeras(object, base, .medium)
            default: reportCustom(object, qualified)
            }
        default:
            report(
                "KERAS-CALLABLE", "loading imports and calls \(qualified) (\(knowledge.reason))", at: object.value,
                severity: .critical,
                details: [.init("callable", qualified), .init("resolved", knowledge.resolved)])
        }
    }

    /// Signs in objects without a class.
    private func judgeLoose(_ object: KerasObject) {
        for key in ["function_type", "output_shape_type", "mask_type"]
        where object.value[key]?.string == "lambda" || object.value[key]?.string == "raw" {
            if object.value[key]?.string == "lambda" { reportLambda(object, "function kept as bytecode") }
        }
    }

    /// Vocabularies, models and archives that a layer reads from a path.
    private func judgeFiles(_ object: KerasObject) {
        guard let config = object.config, config.isObject else { return }
        for (key, value) in config.members {
            guard let key = key.string, KerasJudge.fileKeys.contains(key), let path = value.string else { continue }
            let reach = PathReach(path)
            if reach >= .absolute || (key == "vocabulary" && !path.isEmpty) {
                report(
                    "KERAS-FILE-ACCESS", "\(object.className ?? "an object") reads its \(key) from \(path)", path: path,
                    at: object.value)
            }
        }
    }

    private static let fileKeys: Set<String> = [
        "vocabulary", "vocabulary_file", "vocabulary_path", "vocab", "vocab_file", "merges", "proto", "filepath",
        "file_path", "filename", "file", "path", "origin", "url", "directory", "log_dir", "cache_dir", "idf_weights",
        "weights", "weights_path", "pretrained", "preset", "lora_weights_path", "model_path", "dataset_path",
    ]

    // MARK: Reports

    private func isCapitalised(_ name: String) -> Bool { name.utf8.first.map { 65...90 ~= $0 } ?? false }
}
