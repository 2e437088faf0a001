extension Analysers {
    /// Archives, compressed streams and programs.
    static let containers: [any Analyser] =
        [ZipAnalyser(), TarAnalyser()] + StreamAnalyser.all + [ExecutableAnalyser()]
}
