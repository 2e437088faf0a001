extension Analysers {
    /// Pickles and the formats that carry them.
    static let pickles: [any Analyser] = [PickleAnalyser(), NPYAnalyser(), EmbeddedPickleAnalyser()]
}
