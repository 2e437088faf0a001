internal import ByteParsing

/// Where the data of entries lies, to tell whether an offset is inside of one.
struct EntryRanges {
    private let ranges: CoveredRanges

    /// The entries whose directory records and local header agree on their method and place, stored or compressed.
    init(_ entries: ZipEntries, areStored: Bool) {
        var ranges: [Range<Int>] = []
        var pages = PageReturn()
        for entry in entries {
            pages.look(at: entry.headerOffset, in: entries.region)
            guard let local = entry.local, let start = entry.dataOffset, (local.method == 0) == areStored,
                let size = Self.size(of: entry, as: local), size > 0
            else { continue }
            ranges.append(start..<(start.adding(checked: size) ?? Int.max))
        }
        self.ranges = CoveredRanges(ranges)
    }

    /// Bytes of the entry's data. Compressed data is only believed where all records state one size.
    private static func size(of entry: ZipEntry, as local: ZipRecord) -> Int? {
        if local.method == 0 { return entry.central.lazy.filter { $0.method == 0 }.map(\.compressedSize).max() }
        guard let size = entry.central.first?.compressedSize,
            entry.central.allSatisfy({ $0.method == local.method && $0.compressedSize == size }),
            !local.statesSize || local.compressedSize == size
        else { return nil }
        return size
    }

    func contains(_ offset: Int) -> Bool { ranges.end(around: offset) != nil }
}

/// Sorted offsets of the structures that are known before the walk.
struct ZipAnchors {
    private var offsets: [Int]
    private var position = 0

    init(entries: ZipEntries, directories: [ZipDirectory]) {
        offsets = entries.places.lazy.filter(\.hasLocal).map(\.header)
        offsets += directories.map(\.start) + directories.map(\.endOffset)
        offsets.sort()
    }

    /// The first anchor behind `offset`; asked with growing offsets only.
    mutating func next(after offset: Int) -> Int? {
        while position < offsets.count, offsets[position] <= offset { position += 1 }
        return position < offsets.count ? offsets[position] : nil
    }
}
