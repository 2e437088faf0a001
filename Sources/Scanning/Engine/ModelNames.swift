/// What the extension of a file's name promises.
///
/// Formats are recognised by content alone; the name only tells that something was promised which the bytes don't keep.
/// Extensions that many programs use for anything (`data`, `dat`, `model`, `json`) promise nothing.
enum ModelNames {
    /// The format in words, or nil when the extension promises none.
    static func format(promisedBy fileExtension: String) -> String? { promises[fileExtension] }

    /// Formats that say nothing about a model: a file of one of them does not keep what its name promises.
    static let generic: Set<FormatID> = ["text", "image", "json", "yaml", "unknown"]

    private static let promises: [String: String] = [
        "pkl": "a pickle", "pickle": "a pickle", "dill": "a pickle", "joblib": "a joblib file",
        "pt": "a PyTorch file", "pth": "a PyTorch file", "ckpt": "a checkpoint", "pt2": "a PyTorch program",
        "pte": "an ExecuTorch program", "safetensors": "a safetensors file", "gguf": "a GGUF file",
        "ggml": "a GGML file", "onnx": "an ONNX model", "h5": "an HDF5 file", "hdf5": "an HDF5 file",
        "keras": "a Keras model", "tflite": "a TensorFlow Lite model", "npy": "a NumPy array",
        "npz": "a NumPy archive", "msgpack": "MessagePack data", "mar": "a TorchServe archive",
        "nemo": "a NeMo archive", "skops": "a skops file", "mlmodel": "a Core ML model", "engine": "a TensorRT engine",
        "rds": "R data", "rdata": "R data", "t7": "a Torch7 file", "cbm": "a CatBoost model", "pmml": "a PMML model",
        "pdmodel": "a PaddlePaddle program", "pdparams": "PaddlePaddle parameters", "zip": "a zip archive",
        "tar": "a tar archive", "bin": "weights", "pck": "a pickle", "rda": "R data",
        "gz": "a gzip stream", "bz2": "a bzip2 stream", "xz": "an xz stream",
        "zst": "a zstd stream", "zlib": "a zlib stream", "lzma": "an LZMA stream", "lz4": "an lz4 stream",
        "tgz": "a gzip stream", "tbz2": "a bzip2 stream", "txz": "an xz stream", "rar": "a RAR archive",
        "7z": "a 7z archive", "llamafile": "a llamafile",
    ]
}
