internal import ByteParsing

/// Where the data of entries lies, to tell whether an offset is inside of one.
struct EntryRanges {
    /// Whether the entries are those that are stored, or those that are compressed.
    private let areStored: Bool
    /// Starts in order, their ends, and the furthest end of all ranges up to each.
    private var starts: [Int] = []
    private var ends: [Int] = []
    private var reach: [Int] = []

    init(areStored: Bool) { self.areStored = areStored }

    /// Adds those of the entries whose directory records and local header agree on their method and place.
    mutating func insert(_ indices: [Int], of entries: ZipEntries) {
        var others: EntryRanges?
        Self.insert(indices, of: entries, into: &self, and: &others)
    }

    /// The same for two kinds of entries at once, each of which is read once.
    static func insert(
        _ indices: [Int], of entries: ZipEntries, into first: inout EntryRanges, and second: inout EntryRanges?
    ) {
        var added: [(start: Int, end: Int)] = []
        var others: [(start: Int, end: Int)] = []
        var pages = PageReturn()
        for index in indices {
            pages.look(at: entries.headerOffset(of: index), in: entries.region)
            let entry = entries[index]
            guard let local = entry.local, let start = entry.dataOffset else { continue }
            let isStored = local.method == 0
            guard isStored == first.areStored || isStored == second?.areStored,
                let size = Self.size(of: entry, as: local), size > 0
            else { continue }
            let end = start.adding(checked: size) ?? Int.max
            if isStored == first.areStored { added.append((start, end)) } else { others.append((start, end)) }
        }
        first.take(&added)
        second?.take(&others)
    }

    private mutating func take(_ added: inout [(start: Int, end: Int)]) {
        guard !added.isEmpty else { return }
        added.sort { $0.start < $1.start }
        merge(added)
    }

    private mutating func merge(_ added: [(start: Int, end: Int)]) {
        let oldStarts = starts
        let oldEnds = ends
        let count = oldStarts.count + added.count
        starts = []
        ends = []
        reach = []
        starts.reserveCapacity(count)
        ends.reserveCapacity(count)
        reach.reserveCapacity(count)
        var old = 0
        var new = 0
        var furthest = 0
        while old < oldStarts.count || new < added.count {
            let takesOld = old < oldStarts.count && (new == added.count || oldStarts[old] <= added[new].start)
            starts.append(takesOld ? oldStarts[old] : added[new].start)
            ends.append(takesOld ? oldEnds[old] : added[new].end)
            furthest = max(furthest, ends[ends.count - 1])
            reach.append(furthest)
            if takesOld { old += 1 } else { new += 1 }
        }
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

    func contains(_ offset: Int) -> Bool {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return low > 0 && offset < reach[low - 1]
    }
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
