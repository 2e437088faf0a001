internal import AssayCore
internal import ByteParsing

/// The names that Keras itself registers, versions 1 to 3: what a configuration may build without anybody's code.
struct KerasNames: Sendable {
    static let shipped = KerasNames(Resource.named("names/keras.json"))

    private let classes: Set<String>
    private let functions: Set<String>

    init(_ data: ByteRegion?) {
        func words(_ value: JSONValue?) -> Set<String> {
            Set((value?.elements.compactMap(\.string) ?? []).flatMap { $0.split(separator: " ").map(String.init) })
        }
        let root = data.flatMap { try? JSONDocument($0).root }
        classes = words(root?["classes"])
        functions = words(root?["functions"])
    }

    func isClass(_ name: String) -> Bool { classes.contains(name) }
    func isFunction(_ name: String) -> Bool { functions.contains(name) }

    /// Where a module belongs.
    enum Home { case absent, builtins, keras, kerasInternal, kerasFamily, other }

    static func home(of module: String?) -> Home {
        guard var module, !module.isEmpty else { return .absent }
        if module == "builtins" || module == "__builtin__" { return .builtins }
        for prefix in ["tensorflow.python.", "tensorflow.", "tensorflow_core.python.", "tf."]
        where module.hasPrefix(prefix + "keras.") || module == prefix + "keras" {
            module = String(module.dropFirst(prefix.count))
        }
        let parts = module.split(separator: ".", omittingEmptySubsequences: false)
        switch parts.first {
        case "keras", "tf_keras", "keras_core":
            return parts.dropFirst().first == "src" || parts.dropFirst().first == "engine" ? .kerasInternal : .keras
        case "keras_hub", "keras_nlp", "keras_cv", "keras_tuner": return .kerasFamily
        default: return .other
        }
    }

    /// Sections of Keras's own package whose classes are parts of models.
    static let buildingBlocks: Set<String> = [
        "layers", "models", "ops", "losses", "metrics", "optimizers", "initializers", "regularizers", "constraints",
        "activations", "dtype_policies", "quantizers", "random", "trainers", "applications", "mixed_precision",
        "engine", "legacy", "preprocessing", "feature_column", "distillation", "callbacks", "backend",
    ]

    /// Functions of Keras that reach files or the network, or switch protection off, when a configuration names them.
    static let effects: [String: (severity: Severity, what: String)] = [
        "get_file": (.critical, "downloads and unpacks an archive to a path of the file's choosing"),
        "enable_unsafe_deserialization": (.critical, "switches Keras's safe mode off"),
        "func_load": (.critical, "turns marshalled bytecode into a function"),
        "load_model": (.critical, "loads another model, with its own code"),
        "model_from_json": (.critical, "builds another model from text"),
        "model_from_yaml": (.critical, "builds another model from YAML"),
        "model_from_config": (.critical, "builds another model from a configuration"),
        "deserialize_keras_object": (.critical, "builds objects from a configuration without these checks"),
        "load_weights": (.high, "reads a weights file of the file's choosing"),
        "save_model": (.high, "writes a file"),
        "save_weights": (.high, "writes a file"),
        "save_img": (.high, "writes a file"),
        "load_img": (.high, "reads a file"),
        "extract_archive": (.critical, "unpacks an archive to a path of the file's choosing"),
        "load_data": (.high, "downloads a data set"),
        "plot_model": (.high, "starts a program and writes a file"),
        "set_backend": (.high, "imports another back end"),
        "image_dataset_from_directory": (.high, "reads files"),
        "text_dataset_from_directory": (.high, "reads files"),
        "audio_dataset_from_directory": (.high, "reads files"),
        "KerasFileEditor": (.high, "reads a file"),
        "ExportArchive": (.high, "writes files"),
    ]
}
