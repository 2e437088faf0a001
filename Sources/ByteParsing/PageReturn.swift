/// Gives pages of a mapped file back while many places of it are looked at: around each look the system maps some tens of
/// kilobytes, and they stay resident until somebody says that they are done with.
public struct PageReturn: Sendable {
    private var window = -1
    private var looks = 0

    /// Bytes that one look may map, and windows that may stay mapped.
    private static let windowShift = 16
    private static let windows = 64

    public init() {}

    /// Notes a look at `offset`; the pages of all of the region are given back after so many windows. Reading them again
    /// only costs time.
    public mutating func look(at offset: Int, in region: ByteRegion) {
        let next = offset >> Self.windowShift
        guard next != window else { return }
        window = next
        looks &+= 1
        if looks % Self.windows == 0 { region.discard(before: region.count) }
    }
}
