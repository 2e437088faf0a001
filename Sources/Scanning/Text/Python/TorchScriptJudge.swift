import AssayCore
import ByteParsing
import ModelFormats

/// Judges the source that a TorchScript archive carries (`code/__torch__/….py`): a small language that looks like
/// Python and runs in the TorchScript interpreter, where only operators reach outside.
enum TorchScriptJudge {
    static func isTorchScript(_ item: ScanItem) -> Bool {
        if item.path.contains("code/__torch__") { return true }
        let head = item.region.prefix(4096)
        let isModule = head.firstOffset(of: Array("(Module):".utf8)) != nil
        return isModule && head.firstOffset(of: Array("__parameters__ = [".utf8)) != nil
    }

    static func judge(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        var source = item.region
        if source.count > scan.limits.memberBytes {
            source = source.prefix(scan.limits.memberBytes)
            scan.report(incomplete: "TorchScript source longer than \(source.count) bytes", at: item.location)
        }
        let tokens = try PythonTokenizer.tokens(of: source, budget: scan.budget)
        var isPython = false
        for index in tokens.indices where tokens[index].kind == .name {
            let token = tokens[index]
            // `^name(…)(…)` is how an operator written in Python is spelled.
            if index > 0, tokens[index - 1].isSymbol("^"), index + 1 < tokens.count, tokens[index + 1].isSymbol("("),
                index < 2 || !isOperand(tokens[index - 2])
            {
                scan.report(
                    "TORCHSCRIPT-CUSTOM-OPERATOR", "The model's code calls the Python operator \(token.text)",
                    at: item.location.at(token.offset, "line \(token.line)"), severity: .medium)
            }
            // The language has no imports but those of its own files.
            if token.text == "import" || token.text == "from", index + 1 < tokens.count,
                tokens[index + 1].kind == .name, tokens[index + 1].line == token.line,
                tokens[index + 1].text != "__torch__", index == 0 || tokens[index - 1].line < token.line
            {
                isPython = true
            }
            guard token.text == "torch" || token.text == "ops", index == 0 || !tokens[index - 1].isSymbol(".") else {
                continue
            }
            var path = [token.text]
            var next = index + 1
            while next + 1 < tokens.count, path.count < 8, tokens[next].isSymbol("."), tokens[next + 1].kind == .name {
                path.append(tokens[next + 1].text)
                next += 2
            }
            guard next < tokens.count, tokens[next].isSymbol("(") else { continue }
            report(path, tokens[next...].dropFirst().first { $0.kind != .name }, token, item, scan)
        }
        if isPython { PythonSourceJudge.judge(source, named: item.name, at: item.location, in: scan) }
    }

    /// Whether a value ends here, so that a mark after it stands between two.
    private static func isOperand(_ token: PythonToken) -> Bool {
        token.kind == .number || token.isSymbol(")") || token.isSymbol("]")
            || token.kind == .name && token.text != "return"
    }

    private static func report(
        _ path: [String], _ argument: PythonToken?, _ token: PythonToken, _ item: ScanItem, _ scan: Scan
    ) {
        let name = path.joined(separator: ".")
        let place = item.location.at(token.offset, "line \(token.line)")
        guard let last = path.last else { return }
        let isStandard = path.first == "torch" || path.dropFirst().first.map { readers.contains($0) } ?? false
        if isStandard, fileOperators.contains(last), path.count <= 3 {
            let subject =
                argument.flatMap { $0.kind == .string ? " on \(Printable.line($0.text, limit: 120))" : nil } ?? ""
            scan.report(
                "TORCHSCRIPT-FILE-ACCESS", "The model's code calls \(name)\(subject)", at: place,
                details: [.init("operator", name)])
        } else if last == "load_library" {
            scan.report(
                "TORCHSCRIPT-CUSTOM-OPERATOR", "The model's code loads a native library by \(name)", at: place,
                severity: .medium, details: [.init("operator", name)])
        } else if path.first == "ops", path.count == 3, !namespaces.contains(path[1]) {
            scan.report(
                "TORCHSCRIPT-CUSTOM-OPERATOR", "The model's code needs the operators of \(path[1]): \(name)", at: place,
                details: [.init("operator", name)])
        }
    }

    /// Operator libraries of which some read and write files.
    private static let readers: Set<String> = ["aten", "image", "video", "torchvision", "torchaudio"]

    /// Operators that read, write or map files.
    private static let fileOperators: Set<String> = [
        "from_file", "save", "load", "write_file", "read_file", "fromfile", "tofile", "_save", "_load",
        "decode_jpeg_file",
    ]

    /// Operator libraries that ship with PyTorch and its vision, audio and text packages.
    static let namespaces: Set<String> = [
        "aten", "prim", "prims", "quantized", "quantized_decomposed", "sparse", "static", "rng_prim", "mkldnn",
        "mkldnn_prepacked", "onednn", "prepacked", "metal_prepacked", "metal", "vulkan", "vulkan_prepacked", "xnnpack",
        "_quantized", "_caffe2", "_test", "c10d", "_c10d_functional", "_c10d_functional_autograd", "cuda", "cudnn",
        "fb",
        "inductor", "profiler", "torchvision", "torchaudio", "torchtext", "image", "video", "mobile", "nnapi", "mps",
        "debugprims", "higher_order", "symm_mem", "_prepacked", "tensorexpr", "onnx", "export", "streams",
        "bitsandbytes",
        "torch_scatter", "torch_sparse", "torch_cluster", "torch_spline_conv", "detectron2", "xla", "tensorrt",
        "torchao", "fbgemm", "neuron", "ipex", "torch_ipex",
    ]
}
