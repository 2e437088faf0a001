internal import AssayCore
internal import ByteParsing

/// What a scan has still to do, the last in first out: pieces of content, and rows of members that are opened one by one.
///
/// A container may have more members than memory should hold pieces for: it queues one row for all of them.
struct ScanQueue {
    struct Piece {
        let path: String
        let location: Location
        let depth: Int
        let containers: [FormatID]
        /// The content, when it is a part of what it lies in.
        let part: ByteRegion?
        let open: () throws(ParseError) -> ByteRegion
    }

    /// Members of one container, the next of which is `next`.
    struct Row {
        let of: ByteRegion
        let count: Int
        var next = 0
        /// Where a member's bytes are in the container's own; nil for those that have to be unpacked.
        let part: (Int) -> ByteRegion?
        /// Queues what the member holds.
        let queueing: (Int) -> Void

        init(
            of region: ByteRegion, count: Int, part: @escaping (Int) -> ByteRegion?, queueing: @escaping (Int) -> Void
        ) {
            of = region
            self.count = count
            self.part = part
            self.queueing = queueing
        }
    }

    enum Turn {
        case piece(Piece)
        /// The member of this number in a row.
        case member(Int, Row)
    }

    private enum Waiting {
        case piece(Piece)
        case row(Row)
    }

    private var waiting: [Waiting] = []
    /// How often something was added.
    private var additions = 0
    /// Where the parts of `of` lie that waited after so many additions.
    private var parts: (additions: Int, of: ByteRegion?, ranges: CoveredRanges) = (0, nil, CoveredRanges())

    var count: Int { waiting.count }

    mutating func append(_ piece: Piece) {
        additions &+= 1
        waiting.append(.piece(piece))
    }

    mutating func append(_ row: Row) {
        additions &+= 1
        waiting.append(.row(row))
    }

    /// What comes next; a row stays in the queue until its last member was taken.
    mutating func next() -> Turn? {
        switch waiting.popLast() {
        case nil: return nil
        case .piece(let piece): return .piece(piece)
        case .row(var row):
            let number = row.next
            row.next += 1
            if row.next < row.count { waiting.append(.row(row)) }
            return .member(number, row)
        }
    }

    /// Turns what was added since there were `count` around, so that it comes in the order in which it was added.
    mutating func reverse(from count: Int) {
        guard count < waiting.count else { return }
        waiting[count...].reverse()
    }

    mutating func removeAll() { waiting.removeAll() }

    /// Where content ends that lies in `region`, holds the byte at `offset` of it, and waits; nil if there is none.
    mutating func awaited(at offset: Int, of region: ByteRegion) -> Int? {
        if parts.additions != additions || parts.of?.isSame(as: region) != true {
            var ranges: [Range<Int>] = []
            func note(_ part: ByteRegion?) {
                guard let part, region.holds(part) else { return }
                ranges.append(part.start..<part.start &+ part.count)
            }
            for one in waiting {
                switch one {
                case .piece(let piece): note(piece.part)
                // Members of what lies around `region` don't lie in it.
                case .row(let row) where region.holds(row.of):
                    for number in row.next..<row.count { note(row.part(number)) }
                case .row: continue
                }
            }
            parts = (additions, region, CoveredRanges(ranges))
        }
        return parts.ranges.end(around: region.start &+ offset).map { $0 &- region.start }
    }
}

extension ByteRegion {
    /// Whether `part` is a part of these bytes, or all of them.
    fileprivate func holds(_ part: ByteRegion) -> Bool {
        part.start >= start && part.start &+ part.count <= start &+ count && sharesStorage(with: part)
    }

    fileprivate func isSame(as other: ByteRegion) -> Bool {
        start == other.start && count == other.count && sharesStorage(with: other)
    }
}
