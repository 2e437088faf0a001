internal import ModelFormats

extension Analysers {
    /// Tensor files and computation graphs.
    static let graphs: [any Analyser] =
        [
            SafeTensorsAnalyser(), ShardIndexAnalyser(), GGUFAnalyser(), GGMLAnalyser(),
            ONNXAnalyser(), TensorFlowAnalyser(kind: .savedModel), TensorFlowAnalyser(kind: .metaGraph),
            TensorFlowAnalyser(kind: .graph), TensorFlowAnalyser(kind: .kerasMetadata),
            TextGraphAnalyser(), TritonAnalyser(), CoreMLAnalyser(), CoreMLManifestAnalyser(), CoreMLProgramAnalyser(),
            PaddleAnalyser(),
            PaddleIntermediateAnalyser(), TFLiteAnalyser(),
            ExecuTorchAnalyser(), CheckpointAnalyser(), CheckpointStateAnalyser(),
            ExportedProgramAnalyser(), MXNetAnalyser(), MXNetParametersAnalyser(), MessagePackAnalyser(),
        ] + EngineAnalyser.all
}
