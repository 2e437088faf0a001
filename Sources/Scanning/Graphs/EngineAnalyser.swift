internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges compiled engines whose formats are not public: by what is in them that would be dangerous anywhere.
///
/// Nothing of their structure is read; a file without findings is one without programs, library paths and pickles in
/// the parts that were looked through.
struct EngineAnalyser: Analyser {
    let format: FormatID

    private let magics: [[UInt8]]
    private let extensions: [String]

    private init(_ format: FormatID, magics: [String], extensions: [String]) {
        self.format = format
        self.magics = magics.map { Array($0.utf8) }
        self.extensions = extensions
    }

    static let all = [
        EngineAnalyser("tensorrt", magics: ["ptrt", "ftrt"], extensions: ["engine", "plan", "trt"]),
        EngineAnalyser("rknn", magics: ["RKNN"], extensions: ["rknn"]),
        EngineAnalyser("cntk", magics: ["B\0C\0N\0"], extensions: ["cntk"]),
        EngineAnalyser("onnxruntime", magics: [], extensions: ["ort"]),
    ]

    func recognise(_ item: ScanItem) -> Recognition {
        if magics.contains(where: { item.region.starts(with: $0) }) { return .certain }
        if format == "onnxruntime", item.region.starts(with: "ORTM", at: 4) { return .certain }
        return extensions.contains(item.fileExtension) && !item.region.isEmpty ? .possible : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        try OpaqueContent.sweep(item, as: format, in: scan)
        if ORTModel.isPresent(in: item.region), let failure = try ORTModel(item.region, budget: scan.budget).failure {
            throw failure
        }
    }
}
