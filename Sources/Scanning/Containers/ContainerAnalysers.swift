extension Analysers {
    /// Archives, compressed streams and programs.
    static let containers: [any Analyser] =
        [ZipAnalyser(), TarAnalyser(), SevenZipAnalyser(), RarAnalyser()] + StreamAnalyser.all
        + [
            OpaqueArchiveAnalyser(), ExecutableAnalyser(), PolyglotAnalyser(), ImageAnalyser(), ModelArchiveAnalyser(),
        ]
}
