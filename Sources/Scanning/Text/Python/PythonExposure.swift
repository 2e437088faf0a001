/// When code in a source file runs.
enum PythonExposure: Int, Comparable {
    /// When the file is run as a program only.
    case program
    /// When somebody calls the function.
    case function
    /// When a loader or server that uses the file calls its entry points.
    case hook
    /// When the file is imported.
    case importing

    static func < (left: PythonExposure, right: PythonExposure) -> Bool { left.rawValue < right.rawValue }

    /// As the end of a sentence.
    var phrase: String {
        switch self {
        case .program: "when the file is run as a program"
        case .function: "in a function"
        case .hook: "in an entry point that loaders call"
        case .importing: "when the file is imported"
        }
    }

    /// Functions and methods that model loaders, servers and Python itself call by name: transformers and datasets
    /// scripts, TorchServe handlers, SageMaker and MLflow entry points, setuptools commands, torch.hub.
    static func isHook(_ name: String) -> Bool {
        hooks.contains(name) || name.utf8.count > 4 && name.hasPrefix("__") && name.hasSuffix("__")
    }

    private static let hooks: Set<String> = [
        "forward", "generate", "handle", "initialize", "preprocess", "inference", "postprocess",
        "_generate_examples", "_split_generators", "_info", "_generate_tables", "load", "load_model", "load_context",
        "load_data", "predict", "predict_proba", "fit", "transform", "fit_transform", "setup", "configure", "build",
        "call", "get_config", "from_config", "from_pretrained", "_from_config", "score", "run", "init", "model_fn",
        "input_fn", "output_fn", "predict_fn", "transform_fn", "_load_pyfunc", "encode", "decode", "tokenize",
        "_tokenize", "main", "entrypoint", "process", "execute", "start", "invoke", "lambda_handler",
        "finalize_options",
        "initialize_options", "post_init", "_init_weights", "reset_parameters", "compute_loss", "training_step",
        "validation_step", "configure_optimizers", "prepare_data", "prepare_inputs_for_generation", "evaluate",
        "_compute", "_download_and_prepare", "compute", "apply", "metric", "on_load", "pipeline",
        "_sanitize_parameters",
        "_forward", "warmup", "health", "serve",
    ]
}
