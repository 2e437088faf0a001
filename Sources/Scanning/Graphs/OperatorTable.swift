internal import AssayCore
internal import ByteParsing

/// What is known of the operators of TensorFlow, ONNX and other runtimes; read from `Sources/AssayData/graphs` when first needed.
enum OperatorTable {
    /// What running a TensorFlow operator does.
    enum Effect: String {
        /// Calls Python code of the process.
        case code
        /// Writes any bytes to any file.
        case writeAny = "write-any"
        /// Writes its own format to any file.
        case write
        /// Writes checkpoints or caches outside of the ordinary saver.
        case writeOwn = "write-own"
        /// Reads any file as it is.
        case readAny = "read-any"
        /// Reads records of any file.
        case read
        case network
        /// Writes event files for TensorBoard.
        case summary
        /// Moves tensors between the devices or processes of one session.
        case exchange
        /// Ends or reconfigures the process.
        case process
        /// Put in by the debugger while a graph runs, to send tensors to files and addresses.
        case debug
        /// Calls native code that the process registered under a name.
        case registered
        /// Needs a published library that adds operators.
        case companion
        case compute = ""
    }

    /// The effect of a TensorFlow operator, or nil for one that TensorFlow does not have.
    static func tensorFlow(_ name: String) -> Effect? {
        if let effect = tensorFlowTable.exact[name] { return effect }
        return tensorFlowTable.prefixes.first { name.hasPrefix($0.0) }?.1
    }

    /// Whether ONNX defines the operator in any version of its operator sets.
    static func isONNX(domain: String, type: String) -> Bool {
        onnxTable.contains((domain.isEmpty ? "ai.onnx" : domain) + " " + type)
    }

    /// Name of a TFLite operator.
    static func tfliteName(_ code: Int) -> String { tfliteTable[code] ?? "operator \(code)" }

    private static let tensorFlowTable: (exact: [String: Effect], prefixes: [(String, Effect)]) = {
        var exact: [String: Effect] = [:]
        var prefixes: [(String, Effect)] = []
        for line in lines(of: "graphs/tf-ops.txt") {
            let parts = line.split(separator: " ")
            guard let name = parts.first, let effect = Effect(rawValue: parts.count > 1 ? String(parts[1]) : "") else {
                continue
            }
            if name.hasSuffix("*") {
                prefixes.append((String(name.dropLast()), effect))
            } else {
                exact[String(name)] = effect
            }
        }
        return (exact, prefixes)
    }()

    /// Whether the operator is one of OpenVINO's, or one of its tokenizers', which are of no numbered set.
    static func isOpenVINO(_ type: String, inTokenizers: Bool) -> Bool {
        openVINOTable.contains(inTokenizers ? "extension " + type : type)
    }

    /// Whether MXNet has an operator of that name.
    static func isMXNet(_ type: String) -> Bool { mxnetTable.contains(type) }

    /// Whether PaddlePaddle has an operator of that name in any version, or the derivative of one.
    static func isPaddle(_ type: String) -> Bool {
        type.hasSuffix("_grad") || paddleTable.exact.contains(type)
            || paddleTable.prefixes.contains { type.hasPrefix($0) }
    }

    private static let paddleTable: (exact: Set<String>, prefixes: [Substring]) = {
        let names = lines(of: "graphs/paddle-ops.txt")
        return (
            Set(names.filter { !$0.hasSuffix("*") }.map(String.init)),
            names.filter { $0.hasSuffix("*") }.map { $0.dropLast() }
        )
    }()
    private static let openVINOTable = Set(lines(of: "graphs/openvino-ops.txt").map(String.init))
    private static let mxnetTable = Set(lines(of: "graphs/mxnet-ops.txt").map(String.init))
    private static let onnxTable = Set(lines(of: "graphs/onnx-ops.txt").map(String.init))

    private static let tfliteTable: [Int: String] = {
        var table: [Int: String] = [:]
        for line in lines(of: "graphs/tflite-ops.txt") {
            let parts = line.split(separator: " ")
            if parts.count == 2, let code = Int(parts[0]) { table[code] = String(parts[1]) }
        }
        return table
    }()

    private static func lines(of name: String) -> [Substring] {
        (Resource.named(name)?.text() ?? "").split(separator: "\n").filter { !$0.hasPrefix("#") }
    }
}
