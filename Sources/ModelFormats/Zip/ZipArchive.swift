package import ByteParsing

/// A ZIP archive (PKWARE APPNOTE 6.3.10), read in every way that its bytes allow.
///
/// Three views are laid over each other: the directory of each end record there is, the ZIP64 records, and a walk over
/// the local headers from the first byte to the last. Loaders differ in which of them they trust; whatever any of them
/// could reach is an entry here. Checksums, versions and flag bits never stop the reading.
///
/// Not parsed: encrypted central directories (recognised by their flag), archives split over several files, and the
/// meaning of extra fields other than ZIP64 and the Unicode path.
package struct ZipArchive: Sendable {
    package private(set) var entries: ZipEntries
    /// The readings of the end records, the one that most readers use first.
    package private(set) var directories: [ZipDirectory] = []
    package private(set) var discrepancies: [ZipDiscrepancy] = []
    /// Ranges that belong to no entry, directory or record and aren't all zero.
    package internal(set) var gaps: [Range<Int>] = []
    /// Where the archives begin, when the bytes are several whole archives one after another; else empty.
    package internal(set) var sequence: [Int] = []
    /// Why not all entries are here.
    package internal(set) var stop: ParseError?

    var byOffset: [Int: Int] = [:]
    var pages = PageReturn()
    /// Discrepancies that are listed: one more than findings are kept.
    private var mostNotes = 0

    /// Bytes of all entries together, as the directories state them before compression.
    package private(set) var declaredSize = 0

    /// Whether the bytes begin as a ZIP archive does: a local header, an empty archive, or a spanning marker.
    package static func begins(_ region: ByteRegion) -> Bool {
        guard region.starts(with: [0x50, 0x4B]) else { return false }
        return region.starts(with: ZipRecord.localSignature) || region.starts(with: ZipDirectory.endSignature)
            || region.starts(with: [0x50, 0x4B, 7, 8, 0x50, 0x4B, 3, 4])
            || region.starts(with: [0x50, 0x4B, 0x30, 0x30, 0x50, 0x4B, 3, 4])
    }

    /// Offsets of the end records in the part of the bytes where readers look for them, the last first.
    package static func endOffsets(_ region: ByteRegion) -> [Int] {
        let window = max(0, region.count - 65_557 - 4096)
        var found: [Int] = []
        var at = window
        while let hit = region.firstOffset(of: ZipDirectory.endSignature, from: at), found.count < 4096 {
            found.append(hit)
            at = hit + 4
        }
        return found.reversed()
    }

    /// Reads all views of `region`.
    /// - Throws: `limit` when the budget is used up; every other trouble is a discrepancy or a `stop`.
    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        entries = ZipEntries(region: region)
        mostNotes = budget.limits.findings
        try readDirectories(region, budget: budget)
        try walk(region, budget: budget)
        measure(region)
        entries.keepIfFew()
        compare(region)
    }

    // MARK: Directories

    private mutating func readDirectories(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        // The last end record that fits is what readers take; others count unless they lie inside of its entries, where
        // they belong to an archive that is a member.
        for offset in Self.endOffsets(region) {
            try budget.spend(operations: 16, reading: "end records")
            try addDirectory(region, endAt: offset, budget: budget)
        }
        if directories.contains(where: \.isExact) {
            directories = directories.filter(\.isExact) + directories.filter { !$0.isExact }
        }
    }

    mutating func addDirectory(_ region: ByteRegion, endAt offset: Int, budget: Budget) throws(ParseError) {
        guard !endOffsets.contains(offset), try !isInsideEntry(offset, region, budget) else { return }
        for directory in try ZipDirectory.readings(region, endAt: offset, budget: budget) {
            endOffsets.insert(offset)
            directories.append(directory)
            if listed.insert(Listing(start: directory.start, shift: directory.shift)).inserted {
                try merge(directory, region, budget: budget)
            }
            if let stop = directory.stop { self.stop = stop }
        }
    }

    /// Where the entries lie that a directory lists.
    private var stored = EntryRanges(areStored: true)
    /// The same of compressed entries; nil when a directory has something else to say of one that was listed before.
    private var compressed: EntryRanges? = EntryRanges(areStored: false)
    /// Where the end records of the readings are.
    private(set) var endOffsets: Set<Int> = []
    /// The directories that were merged.
    private var listed: Set<Listing> = []

    private struct Listing: Hashable {
        let start: Int
        let shift: Int
    }

    /// Whether an end record belongs to an archive that is a member: one that is stored, or one that compression left as
    /// it was, as deflate's stored blocks do. The second counts only where readers choose another record: the one that
    /// ends with the bytes.
    private mutating func isInsideEntry(
        _ offset: Int, _ region: ByteRegion, _ budget: Budget
    ) throws(ParseError) -> Bool {
        if stored.contains(offset) { return true }
        guard directories.first?.isExact == true, !ZipDirectory.isExact(region, endAt: offset) else { return false }
        if compressed == nil {
            try budget.spend(operations: entries.count * 256, reading: "directories that list the same entries")
            var ranges = EntryRanges(areStored: false)
            ranges.insert(Array(entries.indices), of: entries)
            compressed = ranges
        }
        return compressed?.contains(offset) ?? false
    }

    private mutating func merge(_ directory: ZipDirectory, _ region: ByteRegion, budget: Budget) throws(ParseError) {
        var touched: [Int] = []
        var isRepeated = false
        var seen: Set<Int> = []
        seen.reserveCapacity(directory.count)
        if entries.isEmpty {
            entries.places.reserveCapacity(directory.count)
            byOffset.reserveCapacity(directory.count)
        }
        var read = PageReturn()
        try directory.forEachRecord(region) { record throws(ParseError) in
            declaredSize = declaredSize.adding(checked: record.uncompressedSize) ?? Int.max
            try budget.spend(operations: 4, reading: "central directory")
            read.look(at: record.offset, in: region)
            var place = record.localOffset
            let shifted = record.localOffset.adding(checked: directory.shift) ?? record.localOffset
            if region.starts(with: ZipRecord.localSignature, at: shifted) {
                if shifted != record.localOffset,
                    region.starts(with: ZipRecord.localSignature, at: record.localOffset)
                {
                    note(.localOffset, record.name, record.offset, "two local headers fit the stated offset")
                    _ = entry(at: record.localOffset, region)
                }
                place = shifted
            }
            if !seen.insert(place).inserted {
                note(.overlap, record.name, record.offset, "the directory lists its local header twice")
            }
            guard entries.count < 2 * budget.limits.entries else {
                stop = .limit(at: record.offset, reading: "more than \(budget.limits.entries) entries")
                return
            }
            guard let index = entry(at: place, region) else {
                note(.missingLocal, record.name, record.offset, "no local header where the directory points")
                entries.places.append(ZipEntries.Place(central: record.offset, header: place, hasLocal: false))
                return
            }
            if entries.places[index].central == nil {
                entries.places[index].central = record.offset
            } else if entries.places[index].further.count < Self.mostRecords {
                entries.places[index].further.append(record.offset)
                isRepeated = true
            } else {
                return
            }
            touched.append(index)
        }
        if isRepeated { compressed = nil }
        EntryRanges.insert(touched, of: entries, into: &stored, and: &compressed)
    }

    /// Records that are kept of one local header.
    private static let mostRecords = 64

    /// The entry whose local header is at `offset`, made when it isn't there yet; nil without a local header.
    mutating func entry(at offset: Int, _ region: ByteRegion) -> Int? {
        if let index = byOffset[offset] { return index }
        pages.look(at: offset, in: region)
        guard (try? ZipRecord.local(region, at: offset)) != nil else { return nil }
        byOffset[offset] = entries.count
        entries.places.append(ZipEntries.Place(central: nil, header: offset, hasLocal: true))
        return entries.count - 1
    }

    // MARK: The walk over local headers

    // MARK: Lengths

    /// Sets the lengths of an entry from what its views state; the entry with them.
    @discardableResult
    mutating func settleLength(_ index: Int, _ region: ByteRegion) -> ZipEntry {
        var entry = entries[index]
        guard let local = entry.local, let start = entry.dataOffset else { return entry }
        let room = region.count - start
        var stated = entry.central.map(\.compressedSize)
        if local.statesSize { stated.append(local.compressedSize) }
        if stated.isEmpty { stated.append(local.lengthByDescriptor(region, from: start)) }
        entry.claimedLength = min(room, stated.min() ?? 0)
        entry.dataLength = min(room, stated.max() ?? 0)
        if local.hasDescriptor {
            entry.descriptorLength = local.descriptorLength(
                region, at: start + entry.claimedLength, size: entry.claimedLength)
        }
        entries.places[index].claimedLength = entry.claimedLength
        entries.places[index].dataLength = entry.dataLength
        entries.places[index].descriptorLength = UInt8(clamping: entry.descriptorLength)
        return entry
    }

    private mutating func measure(_ region: ByteRegion) {
        for index in entries.indices where entries.places[index].claimedLength == 0 {
            pages.look(at: entries.places[index].header, in: region)
            settleLength(index, region)
        }
    }

    // MARK: Comparison

    mutating func drop(_ kind: ZipDiscrepancy.Kind) { discrepancies.removeAll { $0.kind == kind } }

    mutating func note(_ kind: ZipDiscrepancy.Kind, _ name: ByteRegion?, _ offset: Int, _ text: String) {
        guard discrepancies.count <= mostNotes else { return }
        discrepancies.append(ZipDiscrepancy(kind: kind, entry: name?.text(limit: 1024), offset: offset, text: text))
    }
}
