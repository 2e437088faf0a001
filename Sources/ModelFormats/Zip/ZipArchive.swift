package import ByteParsing

/// A member of a ZIP archive as all views together know it.
package struct ZipEntry: Sendable {
    /// What the directories say, in the order of the readings; empty for an entry that no directory lists.
    package var central: [ZipRecord] = []
    /// What the local header says; nil when there is none where a directory points.
    package var local: ZipRecord?

    package var headerOffset: Int { local?.offset ?? central.first?.localOffset ?? 0 }
    /// Every record that speaks of the entry, the directories' first.
    package var records: [ZipRecord] { local.map { central + [$0] } ?? central }
    /// The name that most readers use: the central directory's.
    package var name: ByteRegion? { central.first?.name ?? local?.name }
    package var nameText: String { name?.text(limit: 65535) ?? "" }
    /// Where the data begins; nil without a local header.
    package var dataOffset: Int? { local.map { $0.offset + $0.length } }
    /// Bytes that belong to the entry beyond doubt: the smallest of the stated sizes.
    package var claimedLength = 0
    /// Bytes that any view counts to the entry.
    package var dataLength = 0
    /// Bytes of the data descriptor behind the data, 0 when there is none.
    package var descriptorLength = 0

    package var isDirectory: Bool { name?[(name?.count ?? 0) - 1] == UInt8(ascii: "/") }
    package var end: Int { (dataOffset ?? headerOffset) + claimedLength + descriptorLength }
}

/// A ZIP archive (PKWARE APPNOTE 6.3.10), read in every way that its bytes allow.
///
/// Three views are laid over each other: the directory of each end record there is, the ZIP64 records, and a walk over
/// the local headers from the first byte to the last. Loaders differ in which of them they trust; whatever any of them
/// could reach is an entry here. Checksums, versions and flag bits never stop the reading.
///
/// Not parsed: encrypted central directories (recognised by their flag), archives split over several files, and the
/// meaning of extra fields other than ZIP64 and the Unicode path.
package struct ZipArchive: Sendable {
    package private(set) var entries: [ZipEntry] = []
    /// The readings of the end records, the one that most readers use first.
    package private(set) var directories: [ZipDirectory] = []
    package private(set) var discrepancies: [ZipDiscrepancy] = []
    /// Ranges that belong to no entry, directory or record and aren't all zero.
    package private(set) var gaps: [Range<Int>] = []
    /// Where the archives begin, when the bytes are several whole archives one after another; else empty.
    package internal(set) var sequence: [Int] = []
    /// Why not all entries are here.
    package private(set) var stop: ParseError?

    private var byOffset: [Int: Int] = [:]
    private var pages = PageReturn()

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
        try readDirectories(region, budget: budget)
        try walk(region, budget: budget)
        measure(region)
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

    private mutating func addDirectory(_ region: ByteRegion, endAt offset: Int, budget: Budget) throws(ParseError) {
        guard !isInsideStoredEntry(offset), !directories.contains(where: { $0.endOffset == offset }) else { return }
        for directory in try ZipDirectory.readings(region, endAt: offset, budget: budget) {
            let known = directories.contains { $0.start == directory.start && $0.shift == directory.shift }
            directories.append(directory)
            if !known { merge(directory, region) }
            if let stop = directory.stop { self.stop = stop }
        }
    }

    private func isInsideStoredEntry(_ offset: Int) -> Bool {
        // Few candidates ever get here: a scan over the entries is cheap beside reading them.
        entries.contains { entry in
            guard let start = entry.dataOffset, offset >= start, entry.local?.method == 0 else { return false }
            return entry.central.contains { $0.method == 0 && offset - start < $0.compressedSize }
        }
    }

    private mutating func merge(_ directory: ZipDirectory, _ region: ByteRegion) {
        var seen: Set<Int> = []
        entries.reserveCapacity(entries.count + directory.records.count)
        for record in directory.records {
            var record = record
            let shifted = record.localOffset.adding(checked: directory.shift) ?? record.localOffset
            if region.starts(with: ZipRecord.localSignature, at: shifted) {
                if shifted != record.localOffset,
                    region.starts(with: ZipRecord.localSignature, at: record.localOffset)
                {
                    note(.localOffset, record.name, record.offset, "two local headers fit the stated offset")
                    _ = entry(at: record.localOffset, region)
                }
                record.localOffset = shifted
            }
            if !seen.insert(record.localOffset).inserted {
                note(.overlap, record.name, record.offset, "the directory lists its local header twice")
            }
            if let index = entry(at: record.localOffset, region) {
                entries[index].central.append(record)
            } else {
                note(.missingLocal, record.name, record.offset, "no local header where the directory points")
                entries.append(ZipEntry(central: [record], local: nil))
            }
        }
    }

    /// The entry whose local header is at `offset`, made when it isn't there yet; nil without a local header.
    private mutating func entry(at offset: Int, _ region: ByteRegion) -> Int? {
        if let index = byOffset[offset] { return index }
        pages.look(at: offset, in: region)
        guard let local = try? ZipRecord.local(region, at: offset) else { return nil }
        byOffset[offset] = entries.count
        entries.append(ZipEntry(central: [], local: local))
        return entries.count - 1
    }

    // MARK: The walk over local headers

    private mutating func walk(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        var anchors = ZipAnchors(entries: entries, directories: directories)
        var at = 0
        while at < region.count {
            try budget.spend(operations: 8, reading: "local headers")
            pages.look(at: at, in: region)
            guard entries.count < budget.limits.entries else {
                stop = .limit(at: at, reading: "more than \(budget.limits.entries) entries")
                return
            }
            if let next = try structureEnd(region, at: at, budget: budget) {
                at = next
                continue
            }
            // Bytes that belong to nothing: up to the next known structure, or to a local header nobody listed.
            let known = anchors.next(after: at) ?? region.count
            let next = try nextHidden(region, from: at, before: known, budget: budget) ?? known
            addGap(at..<next, region)
            at = next
        }
    }

    /// The end of the structure at `at`, entries that are met for the first time being added; nil when there is none.
    private mutating func structureEnd(
        _ region: ByteRegion, at: Int, budget: Budget
    ) throws(ParseError) -> Int? {
        guard region[at] == 0x50, region[at + 1] == 0x4B, let kind = region.little(UInt16.self, at: at + 2) else {
            return nil
        }
        switch kind {
        case 0x0403:
            guard let index = entry(at: at, region), let start = entries[index].dataOffset else { return nil }
            settleLength(index, region)
            return max(start, entries[index].end)
        case 0x0201: return (try? ZipRecord.central(region, at: at)).map { at + $0.length }
        case 0x0605:
            if !directories.contains(where: { $0.endOffset == at }) {
                try addDirectory(region, endAt: at, budget: budget)
            }
            guard let comment = region.little(UInt16.self, at: at + 20) else { return nil }
            // A comment that runs past the end is cut there; one that is not this archive's last word is looked into.
            let end = at + 22 + Int(comment)
            return end > region.count ? at + 22 : end
        case 0x0606:
            guard let size = region.little(UInt64.self, at: at + 4), size <= 65_536 else { return nil }
            return at + 12 + Int(size)
        case 0x0706: return at + 20
        case 0x0807:
            guard region.count - at >= 16 else { return nil }
            // A spanning marker at the start, or a descriptor whose entry was not measured.
            return at == 0 ? 4 : at + 16
        case 0x3030 where at == 0: return 4
        default: return nil
        }
    }

    /// The next plausible local header that no directory lists.
    private func nextHidden(
        _ region: ByteRegion, from: Int, before end: Int, budget: Budget
    ) throws(ParseError) -> Int? {
        guard let window = region.slice(from, end - from) else { return nil }
        var at = 0
        while let hit = window.firstOffset(of: [0x50, 0x4B], from: at) {
            try budget.spend(operations: 4 + (hit - at) / 4096, reading: "bytes between entries")
            at = hit + 2
            let place = from + hit
            switch window.little(UInt16.self, at: hit + 2) {
            case 0x0403:
                if let local = try? ZipRecord.local(region, at: place), local.name.count > 0, local.name.count <= 4096 {
                    return place
                }
            case 0x0605, 0x0201: if hit > 0 { return place }
            default: continue
            }
        }
        return nil
    }

    private mutating func addGap(_ range: Range<Int>, _ region: ByteRegion) {
        guard !range.isEmpty, let bytes = region.slice(range.lowerBound, range.count), !bytes.isAllZero else { return }
        if let last = gaps.last, last.upperBound == range.lowerBound {
            gaps[gaps.count - 1] = last.lowerBound..<range.upperBound
        } else {
            gaps.append(range)
        }
    }

    // MARK: Lengths

    private mutating func settleLength(_ index: Int, _ region: ByteRegion) {
        guard let local = entries[index].local, let start = entries[index].dataOffset else { return }
        let room = region.count - start
        var stated = entries[index].central.map(\.compressedSize)
        if local.statesSize { stated.append(local.compressedSize) }
        if stated.isEmpty { stated.append(local.lengthByDescriptor(region, from: start)) }
        entries[index].claimedLength = min(room, stated.min() ?? 0)
        entries[index].dataLength = min(room, stated.max() ?? 0)
        let end = start + entries[index].claimedLength
        if local.hasDescriptor {
            entries[index].descriptorLength = local.descriptorLength(
                region, at: end, size: entries[index].claimedLength)
        }
    }

    private mutating func measure(_ region: ByteRegion) {
        for index in entries.indices where entries[index].claimedLength == 0 { settleLength(index, region) }
    }

    // MARK: Comparison

    mutating func drop(_ kind: ZipDiscrepancy.Kind) { discrepancies.removeAll { $0.kind == kind } }

    mutating func note(_ kind: ZipDiscrepancy.Kind, _ name: ByteRegion?, _ offset: Int, _ text: String) {
        guard discrepancies.count < 10_000 else { return }
        discrepancies.append(ZipDiscrepancy(kind: kind, entry: name?.text(limit: 1024), offset: offset, text: text))
    }
}

/// Gives pages of a mapped file back while headers far from each other are looked at: around each look the system maps
/// some tens of kilobytes, and after so many looks that is worth a call.
private struct PageReturn {
    private var last = 0
    private var looks = 0

    mutating func look(at offset: Int, in region: ByteRegion) {
        guard abs(offset - last) > 1 << 20 else { return }
        last = offset
        looks += 1
        if looks % 128 == 0 { region.discard(before: offset) }
    }
}

/// Sorted offsets of the structures that are known before the walk.
private struct ZipAnchors {
    private var offsets: [Int]
    private var position = 0

    init(entries: [ZipEntry], directories: [ZipDirectory]) {
        offsets = entries.compactMap { $0.local?.offset } + directories.map(\.start) + directories.map(\.endOffset)
        offsets.sort()
    }

    /// The first anchor behind `offset`; asked with growing offsets only.
    mutating func next(after offset: Int) -> Int? {
        while position < offsets.count, offsets[position] <= offset { position += 1 }
        return position < offsets.count ? offsets[position] : nil
    }
}

extension ByteRegion {
    /// Whether every byte is zero: padding, as opposed to something hidden.
    package var isAllZero: Bool {
        let span = bytes
        var at = 0
        while at + 8 <= span.byteCount {
            guard unsafe span.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self) == 0 else {
                return false
            }
            at += 8
        }
        while at < span.byteCount {
            guard span.byte(at: at) == 0 else { return false }
            at += 1
        }
        return true
    }
}
