internal import AssayCore
internal import ByteParsing

/// What was examined deep inside of a file: views of an archive may lead to the same content again and again, with twice
/// as many ways at each depth. Content is read once, however often it is there.
struct VisitedContent {
    private var visits: Set<Visit> = []
    /// Archives that were met again at the same depth.
    private(set) var repeatedArchives = 0

    private enum Visit: Hashable {
        /// A part of the file itself.
        case part(start: Int, count: Int, path: String, depth: Int)
        /// Content that was decompressed.
        case content(Digest, path: String, depth: Int)
    }

    /// Depth from which on content is remembered, and the size up to which it is when it was decompressed; larger content
    /// uses up the budget of decompressed bytes soon enough.
    private static let rememberedFrom = 3
    private static let rememberedSize = 256 << 10

    /// Whether these bytes under this name are new at this depth. What contains itself is followed to the last depth.
    mutating func visit(_ region: ByteRegion, of file: ByteRegion, path: String, depth: Int) -> Bool {
        guard depth >= Self.rememberedFrom else { return true }
        let visit: Visit
        if region.sharesStorage(with: file) {
            visit = .part(start: region.start, count: region.count, path: path, depth: depth)
        } else {
            guard region.count <= Self.rememberedSize else { return true }
            visit = .content(Digest(sha256: region), path: path, depth: depth)
        }
        guard !visits.insert(visit).inserted else { return true }
        if let first = region[0], first == 0x50 || first == 0x1F || first == 0x37 { repeatedArchives += 1 }
        return false
    }
}
