/// Extensions that promise a model: a file which has one and is of no known format must not read as clean.
enum ClaimedFormat {
    private static let extensions: Set<String> = [
        "pkl", "pickle", "joblib", "dill", "pck", "pt", "pth", "ckpt", "bin", "npy", "npz", "h5", "hdf5", "keras",
        "onnx",
        "tflite", "safetensors", "gguf", "ggml", "pdmodel", "pdparams", "pdopt", "mlmodel", "mar", "nemo",
        "skops",
        "pte", "t7", "engine", "plan", "cbm", "rds", "msgpack",
    ]

    /// Whether the item's name promises a model.
    static func isModel(_ item: ScanItem) -> Bool { extensions.contains(item.fileExtension) }
}
