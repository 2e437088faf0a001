internal import ByteParsing

/// One format's reader, judge and outline over bytes of any kind: what fuzzing and property tests drive.
///
/// Names are hints that some readers wait for, so each format is driven under a name that its reader listens to.
public struct ReaderExercise: Sendable {
    /// The names of the formats that have a reader and a judge.
    ///
    /// Behind them come streams without a container of their own: their bytes are put into the smallest one that names them.
    public static var formats: [String] { FileScanner.formats + ["ppmd"] }

    private let analysers: [any Analyser]
    private let settings: ScanSettings
    private let path: String
    private let isPPMd: Bool
    private let containers: [FormatID]

    /// - Parameter format: one of `formats`, or nil for all at once.
    public init(format: String? = nil, settings: ScanSettings = ScanSettings()) {
        isPPMd = format == "ppmd"
        let wanted = isPPMd ? "7z" : format
        analysers = Analysers.all.filter { wanted == nil || $0.format.rawValue == wanted }
        self.settings = settings
        path = format.flatMap { Self.names[$0] } ?? "exercise"
        containers = format.flatMap { Self.surroundings[$0] } ?? []
    }

    /// Scans the bytes and makes the outline of everything that is recognised in them.
    @discardableResult
    public func run(_ bytes: [UInt8]) -> FileReport {
        let region = ByteRegion(isPPMd ? Self.sevenZip(ppmd: bytes) : bytes)
        let budget = Budget(settings.limits)
        let scan = Scan(settings: settings)
        scan.observe = { item, analyser, _ in
            _ = try? analyser.outline(item, budget: budget)
        }
        let item = ScanItem(region: region, path: path, depth: containers.count, containers: containers)
        scan.run(item, analysers: analysers)
        return FileReport(
            path: path, format: scan.format?.rawValue ?? "unknown", size: region.count, findings: scan.findings,
            incomplete: scan.incomplete)
    }

    /// A 7z archive of one file by PPMd: the bytes are the coder's five properties, and then the stream.
    private static func sevenZip(ppmd bytes: [UInt8]) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] { [0xFF] + (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        let properties = bytes.prefix(5) + [UInt8](repeating: 0, count: max(0, 5 - bytes.count))
        let stream = Array(bytes.dropFirst(5))
        let streams = [1, 4, 6, 0, 1, 9] + number(stream.count) + [0, 7, 0x0B, 1, 0, 1, 0x23, 3, 4, 1, 5] + properties
        let header = streams + [0x0C] + number(1 << 18) + [0, 0, 5, 1, 0x11] + number(5) + [0, 0x61, 0, 0, 0, 0, 0]
        let start = number(stream.count).dropFirst() + number(header.count).dropFirst()
        return [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4, 0, 0, 0, 0] + start + [0, 0, 0, 0] + stream + header
    }

    /// Bytes that a format's reader takes.
    public struct Seed: Sendable {
        public let format: String
        public let bytes: [UInt8]
        /// Whether the reader is sure of them, rather than only willing to look.
        public let isSure: Bool
    }

    /// The file and everything in it, as seeds for the formats that recognise them; pieces over `limit` bytes are left out.
    public static func seeds(from bytes: [UInt8], path: String, limit: Int) -> [Seed] {
        if path.hasSuffix(".ppmd") { return [Seed(format: "ppmd", bytes: bytes, isSure: true)] }
        var seeds: [Seed] = []
        let scan = Scan()
        scan.observe = { item, analyser, recognition in
            guard item.region.count <= limit else { return }
            seeds.append(
                Seed(
                    format: analyser.format.rawValue, bytes: item.region.array(), isSure: recognition >= .likely))
        }
        scan.run(ScanItem(region: ByteRegion(bytes), path: path), analysers: Analysers.all)
        return seeds
    }

    /// Containers that a format's reader expects to be in.
    private static let surroundings: [String: [FormatID]] = [
        "keras-config": ["zip"], "skops": ["zip"], "torchserve-manifest": ["torchserve-mar"],
    ]

    private static let names = [
        "build-file": "Dockerfile", "cntk": "model.cntk", "commands": "justfile", "triton-config": "config.pbtxt",
        "coreml": "model.mlmodel", "executorch": "model.pte", "gguf": "model.gguf", "graph-text": "graph.pbtxt",
        "jinja": "chat_template.jinja", "json": "config.json", "keras-config": "config.json",
        "msgpack": "model.msgpack", "onnx": "model.onnx", "paddle-program": "model.pdmodel", "pickle": "data.pkl",
        "onnxruntime": "model.ort", "python": "model.py", "rknn": "model.rknn", "safetensors": "model.safetensors",
        "shard-index": "model.safetensors.index.json",
        "script": "run.sh", "settings": "config.toml", "skops": "schema.json", "tensorrt": "model.engine",
        "tf-checkpoint": "model.index",
        "tf-graphdef": "saved_model.pb", "tf-metagraph": "saved_model.pb",
        "tf-checkpoint-state": "checkpoint", "web-page": "index.php",
        "tf-keras-metadata": "keras_metadata.pb", "tf-savedmodel": "saved_model.pb",
        "text": "requirements.txt", "tflite": "model.tflite",
        "torchserve-manifest": "MAR-INF/MANIFEST.json", "xml": "model.pmml", "yaml": "config.yaml",
    ]
}
