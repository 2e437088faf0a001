internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges TFLite models: operators that are none of TFLite's, and programs in their buffers.
struct TFLiteAnalyser: Analyser {
    let format: FormatID = "tflite"

    /// Custom operators that TFLite, its model maker and MediaPipe ship implementations of.
    private static let companions: Set<String> = [
        "TFLite_Detection_PostProcess", "MaxPoolingWithArgmax2D", "MaxUnpooling2D", "Convolution2DTransposeBias",
        "Mfcc", "AudioSpectrogram", "Rfft2d", "RFFT2D", "Irfft2d", "Multinomial", "RandomStandardNormal",
        "RandomUniform",
        "Roll", "TransformLandmarks", "TransformTensorBilinear", "Landmarks2TransformMatrix",
        "Landmarks2TransformMatrixV2",
        "edgetpu-custom-op", "TFSentencepieceTokenizeOp", "TFSentencepieceDetokenizeOp", "RaggedTensorToTensor",
        "ethos-u", "NumericVerify", "Atan2", "Sign", "StringToNumber", "AvgPool3D", "MaxPool3D", "MaxPool3DGrad",
        "AvgPool3DGrad", "HashtableFind", "HashtableImport", "HashtableLookup", "NGrams", "Normalize",
        "Predict", "SkipGram", "SmartReply", "ExtractFeatures", "SpeakerEmbedding", "UniversalSentenceEncoder",
    ]
    private static let companionPrefixes = ["TFText", "tftext:", "Signal", "SIGNAL_", "odml.", "stablehlo."]

    func recognise(_ item: ScanItem) -> Recognition {
        if TFLiteModel.isPresent(in: item.region) { return .certain }
        return item.fileExtension == "tflite" ? .possible : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let model = try TFLiteModel(item.region, budget: scan.budget)
        for code in model.codes where !code.custom.isEmpty { judge(code.custom, at: code.offset, of: item, in: scan) }
        if !model.details.isEmpty {
            try MetadataText.judge(model.details, key: "description", at: item.location, in: scan)
        }
        for buffer in model.buffers {
            guard let range = buffer.range else {
                scan.report(
                    "TENSOR-LAYOUT", "buffer \(buffer.index) lies outside of the file", at: item.location)
                continue
            }
            guard let bytes = item.region.slice(range.lowerBound, range.count), bytes.count >= 16 else { continue }
            try EmbeddedProgram.check(bytes, in: "buffer \(buffer.index)", of: item, scan: scan)
            OpaqueContent.openPickle(in: bytes, named: "buffer \(buffer.index)", of: item, as: format, in: scan)
        }
        if model.danglingReferences > 0 {
            scan.report(
                "TENSOR-MEMORY-SAFETY",
                "\(model.danglingReferences) operators or tensors refer to entries that the model does not have",
                at: item.location)
        }
        if let failure = model.failure { throw failure }
    }

    private func judge(_ name: String, at offset: Int, of item: ScanItem, in scan: Scan) {
        let place = item.location.at(offset, name)
        if name.hasPrefix("Flex") {
            // The Flex delegate runs TensorFlow's own operator of that name.
            TensorFlowJudge.judge(String(name.dropFirst(4)), node: name, at: place, in: scan)
        } else if !Self.companions.contains(name), !Self.companionPrefixes.contains(where: { name.hasPrefix($0) }) {
            scan.report(
                "GRAPH-CUSTOM-OPERATOR",
                "the custom operator \(Printable.line(name, limit: 100)) needs a native library", at: place,
                details: [.init("operator", name)])
        }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let model = try TFLiteModel(item.region, budget: budget)
        let operators = model.codes.enumerated().map { index, code in
            Outline(
                code.custom.isEmpty ? OperatorTable.tfliteName(code.code) : "custom " + code.custom,
                "\(model.uses[index] ?? 0)")
        }
        let tensors = model.tensors.map {
            Outline($0.name, "type \($0.type) \(TensorText.shape($0.shape)) in buffer \($0.buffer)")
        }
        return Outline(
            "TFLite version \(model.version)", model.details,
            children: [
                Outline("operators", "\(operators.count)", children: operators),
                Outline("metadata", "", children: model.metadata.map { Outline($0.name, "buffer \($0.buffer)") }),
                Outline("tensors", "\(tensors.count)", children: tensors),
                Outline("buffers", "\(model.buffers.count)"),
            ])
    }
}
