internal import ByteParsing
internal import ModelFormats

/// What several analysers ask of the same bytes, found out once: every item is shown to every analyser, and most items
/// are small.
///
/// Unchecked Sendable: one item is judged by one thread, as its scan is.
package final class ItemFacts: @unchecked Sendable {
    private let region: ByteRegion
    private let fileExtension: String

    init(_ region: ByteRegion, fileExtension: String) {
        self.region = region
        self.fileExtension = fileExtension
    }

    /// Offsets of the records that could end a ZIP archive, the last first.
    private(set) lazy var zipEnds = ZipArchive.endOffsets(region)
    /// Whether a tar archive may begin with the first byte.
    private(set) lazy var isTar = TarHeader.isHeader(region, at: 0)
    /// The format that the first bytes name, if any.
    private(set) lazy var magic = FileMagic(region)
    /// Whether samples of the bytes look like text.
    private(set) lazy var isText = TextSample.isText(region)
    /// Offset of the first byte that is neither white space nor a byte order mark.
    private(set) lazy var firstInk = TextSample.firstInk(region)
    /// The message of TensorFlow's that the bytes look like, if any.
    private(set) lazy var tensorFlow = TensorFlowGraph.kind(of: region)
    /// How surely the bytes are a pickle.
    private(set) lazy var pickle = PickleAnalyser.recognition(of: region, named: fileExtension)
}
