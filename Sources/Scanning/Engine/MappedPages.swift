internal import ByteParsing

/// Gives back the pages of a mapped file that were looked at: the system maps far more of a large file around each look
/// than was looked at.
struct MappedPages {
    /// Where the last release ended, and how many bytes may have been mapped since.
    private var released = 0
    private var mapped = 0
    private var lastEnd = 0

    private static let mappedAround = 1 << 16
    /// What may be mapped of one item after its judges are done: they give back what they read at length.
    private static let mappedOfItem = 1 << 19
    private static let mappedAtMost = 16 << 20

    /// Counts a part that was judged, and gives pages back when there are enough of them.
    mutating func release(_ region: ByteRegion) {
        guard let end = region.mappedEnd else { return }
        if end < released { released = end }
        // A small member far from the last one maps what lies around it.
        let around = min(Self.mappedAround, abs(end - lastEnd))
        lastEnd = end
        mapped += min(max(region.count, around), Self.mappedOfItem)
        guard mapped >= Self.mappedAtMost else { return }
        region.discardMapped(from: released)
        released = end
        mapped = 0
    }
}
