extension Analysers {
    /// Tensor files and computation graphs.
    static let graphs: [any Analyser] = [
        SafeTensorsAnalyser(), ShardIndexAnalyser(), GGUFAnalyser(), GGMLAnalyser(),
    ]
}
