internal import ModelFormats

extension Analysers {
    /// Tensor files and computation graphs.
    static let graphs: [any Analyser] =
        [
            SafeTensorsAnalyser(), ShardIndexAnalyser(), GGUFAnalyser(), GGMLAnalyser(),
            ONNXAnalyser(), TensorFlowAnalyser(kind: .savedModel), TensorFlowAnalyser(kind: .metaGraph),
            TensorFlowAnalyser(kind: .graph), TensorFlowAnalyser(kind: .kerasMetadata),
            TextGraphAnalyser(), CoreMLAnalyser(), CoreMLManifestAnalyser(), PaddleAnalyser(), TFLiteAnalyser(),
            ExecuTorchAnalyser(), CheckpointAnalyser(),
            MXNetAnalyser(), MXNetParametersAnalyser(), MessagePackAnalyser(),
        ] + EngineAnalyser.all
}
