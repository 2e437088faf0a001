extension Analysers {
    /// Formats that describe objects to be built.
    static let objects: [any Analyser] = [
        HDF5Analyser(), KerasAnalyser(), KerasMetadataAnalyser(), SkopsAnalyser(), RAnalyser(), Torch7Analyser(),
        XMLAnalyser(), TreeModelAnalyser(), SparkAnalyser(),
        JavaStreamAnalyser(), BinaryFormatterAnalyser(), ScriptObjectAnalyser(),
        ArrowAnalyser(container: .arrow), ArrowAnalyser(container: .parquet),
    ]
}
