internal import ByteParsing
internal import ModelFormats

/// What several analysers ask of the same bytes, found out once: every item is shown to every analyser, and most items
/// are small.
///
/// Unchecked Sendable: one item is judged by one thread, as its scan is.
package final class ItemFacts: @unchecked Sendable {
    private let region: ByteRegion
    private let name: String
    private let fileExtension: String

    init(_ region: ByteRegion, name: String, fileExtension: String) {
        self.region = region
        self.name = name
        self.fileExtension = fileExtension
    }

    /// The name in lower case.
    private(set) lazy var lowercasedName = name.lowercased()

    /// Offsets of the records that could end a ZIP archive, the last first.
    private(set) lazy var zipEnds = ZipArchive.endOffsets(region)
    /// Whether a tar archive may begin with the first byte.
    private(set) lazy var isTar = TarHeader.isHeader(region, at: 0)
    /// The format that the first bytes name, if any.
    private(set) lazy var magic = FileMagic(region)
    /// Whether samples of the bytes look like text.
    private(set) lazy var isText = TextSample.isText(region)
    /// Whether an interpreter that is given the bytes would take them for text, whatever follows.
    private(set) lazy var opensAsText = TextSample.opensAsText(region)
    /// Whether the bytes are text in UTF-16 or UTF-32.
    private(set) lazy var isWideText = WideTextAnalyser.isWideText(region)
    /// Offset of the first byte that is neither white space nor a byte order mark.
    private(set) lazy var firstInk = TextSample.firstInk(region)
    /// The message of TensorFlow's that the bytes look like, if any.
    private(set) lazy var tensorFlow = TensorFlowGraph.kind(of: region)
    /// Offset of the HDF5 superblock that the bytes have, other than as a member of the archive that they are.
    private(set) lazy var hdf5Start = HDF5Superblock.find(in: region).flatMap { start in
        isWholeMember(at: start) { (try? HDF5Superblock($0))?.end } ? nil : start
    }
    /// How surely the bytes are a pickle.
    private(set) lazy var pickle = PickleAnalyser.recognition(of: region, named: fileExtension)

    /// Whether the content that begins at `offset` is a member of the archive that the bytes are: it is judged as that,
    /// and other readers find nothing else there. `length` tells how much of the member the content needs; nil when
    /// that can't be said.
    func isWholeMember(at offset: Int, length: (ByteRegion) -> Int?) -> Bool {
        guard offset > 0, let member = member(at: offset), let length = length(member) else { return false }
        return length <= member.count
    }

    /// The stored member whose data begins at `offset`, be it one of an archive that is a member itself.
    private func member(at offset: Int) -> ByteRegion? {
        var region = region
        var start = 0
        for _ in 0..<Limits().depth {
            guard let (place, size) = Self.member(around: offset - start, in: region) else { return nil }
            guard let data = region.slice(place, size) else { return nil }
            start += place
            if start == offset { return data }
            region = data
        }
        return nil
    }

    /// Where the stored member lies that the byte at `offset` belongs to.
    private static func member(around offset: Int, in region: ByteRegion) -> (offset: Int, size: Int)? {
        if TarHeader.isHeader(region, at: 0) {
            let entry = (try? TarArchive(region, before: offset, budget: Budget()))?.entries.last
            guard let entry, entry.dataOffset <= offset, entry.kind == .file else { return nil }
            return (entry.dataOffset, entry.size)
        }
        guard FileMagic(region) == .zip, let archive = try? ZipArchive(region, budget: Budget()) else { return nil }
        for entry in archive.entries where !entry.central.isEmpty && entry.records.allSatisfy({ $0.method == 0 }) {
            guard let place = entry.dataOffset, place <= offset, offset - place < entry.claimedLength else { continue }
            return (place, entry.claimedLength)
        }
        return nil
    }
}
