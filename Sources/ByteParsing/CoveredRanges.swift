/// Ranges of offsets, laid over each other, to ask whether an offset lies in one of them.
public struct CoveredRanges: Sendable {
    /// Starts in order, and the furthest end of all ranges up to each.
    private var starts: [Int] = []
    private var reach: [Int] = []

    public init(_ ranges: [Range<Int>] = []) {
        let ranges = ranges.sorted { $0.lowerBound < $1.lowerBound }
        starts = ranges.map(\.lowerBound)
        reach.reserveCapacity(ranges.count)
        for range in ranges { reach.append(max(reach.last ?? range.upperBound, range.upperBound)) }
    }

    /// The furthest end of the ranges that begin at `offset` or before; nil when none of them holds it.
    public func end(around offset: Int) -> Int? {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return low > 0 && offset < reach[low - 1] ? reach[low - 1] : nil
    }
}
