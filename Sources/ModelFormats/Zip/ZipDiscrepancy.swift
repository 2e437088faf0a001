package import ByteParsing

/// A point in which the views of a ZIP archive do not agree, or break the format's rules.
package struct ZipDiscrepancy: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A local header that no directory lists.
        case hiddenEntry = "hidden entry"
        /// A directory's record without a local header.
        case missingLocal = "missing local header"
        case localOffset = "local offset"
        case name
        case method
        case compressedSize = "compressed size"
        case uncompressedSize = "uncompressed size"
        case checksum
        case encryption = "encryption flag"
        case flags
        /// Entries whose bytes overlap.
        case overlap
        /// Two end records or two directories that list different entries.
        case directories
        /// The stated number of entries is not the number of records.
        case count
        /// Whole archives one after another, each with offsets of its own.
        case sequence = "archives in a row"
        /// A directory entry (its name ends in a slash) with data.
        case directoryData = "folder with data"
    }

    package let kind: Kind
    /// Name of the entry, as its directory has it.
    package let entry: String?
    package let offset: Int
    package let text: String
}

extension ZipArchive {
    /// Compares the views entry by entry and directory by directory.
    mutating func compare(_ region: ByteRegion) {
        sequence = wholeArchives(in: region)
        if sequence.isEmpty {
            compareDirectories()
        } else {
            // What looks like a second place for a header belongs to another archive of the row.
            drop(.localOffset)
            note(
                .sequence, nil, sequence[1],
                "\(sequence.count) whole archives one after another; most readers see the last alone")
        }
        var pages = PageReturn()
        var ends: [Int] = []
        ends.reserveCapacity(entries.count)
        for entry in entries {
            pages.look(at: entry.headerOffset, in: region)
            compare(entry)
            ends.append(entry.end)
        }
        var reach = 0
        for index in entries.localOrder {
            let start = entries.headerOffset(of: index)
            if start < reach {
                note(.overlap, entries[index].name, start, "begins inside of another entry's bytes")
            }
            reach = max(reach, ends[index])
        }
    }

    /// Where archives begin that follow each other without a gap, each whole and with offsets from its own beginning:
    /// distributed checkpoints hold one for each tensor. Empty when the bytes are anything else.
    private func wholeArchives(in region: ByteRegion) -> [Int] {
        let ends = Set(directories.map(\.endOffset)).sorted()
        guard ends.count > 1, gaps.isEmpty, !entries.places.contains(where: { $0.central == nil }) else { return [] }
        let readings = Dictionary(grouping: directories, by: \.endOffset)
        var starts: [Int] = []
        var start = 0
        for end in ends {
            guard
                let directory = readings[end]?.first(where: { directory in
                    directory.shift == start && directory.stop == nil
                        && directory.statedCount == directory.count && directory.firstLocalOffset == 0
                })
            else { return [] }
            starts.append(start)
            start = directory.end
        }
        return start == region.count ? starts : []
    }

    private mutating func compareDirectories() {
        for directory in directories
        where directory.statedCount != directory.count && directory.stop == nil {
            // 16-bit counts wrap; with ZIP64 the wide count is the one that is compared.
            if !directory.usesZip64, directory.statedCount == 0xFFFF { continue }
            note(
                .count, nil, directory.endOffset,
                "the end record counts \(directory.statedCount) entries, the directory has \(directory.count)")
        }
        for directory in directories where directory.shift < 0 || directory.statedSize > directory.endOffset {
            note(
                .directories, nil, directory.endOffset,
                "the end record says that the directory lies where it cannot: readers that trust it find none")
        }
        guard let first = directories.first else {
            note(.directories, nil, 0, "no end record leads to a directory")
            return
        }
        for other in directories.dropFirst() where other.start != first.start || other.shift != first.shift {
            let isSame = other.count == first.count && other.fingerprint == first.fingerprint
            if isSame, other.start == first.start { continue }
            note(
                .directories, nil, other.start,
                "a second directory at \(other.start) lists \(other.count) entries, "
                    + "the one at \(first.start) lists \(first.count)")
        }
    }

    private mutating func compare(_ entry: ZipEntry) {
        guard let central = entry.central.first else {
            // Without any directory nothing is hidden: the archive is cut off, or meant to be streamed.
            if directories.isEmpty { return }
            note(.hiddenEntry, entry.name, entry.headerOffset, "a local entry that no directory lists")
            return
        }
        if entry.isDirectory, entry.claimedLength > 0, central.uncompressedSize > 0 {
            note(.directoryData, entry.name, entry.headerOffset, "\(entry.claimedLength) bytes of data")
        }
        for other in entry.records.dropFirst() { compare(central, other, name: entry.name) }
        if let unicode = central.unicodeName, !unicode.hasSameBytes(as: central.name) {
            note(.name, entry.name, central.offset, "the Unicode path field says \(quoted(unicode))")
        }
    }

    private mutating func compare(_ central: ZipRecord, _ other: ZipRecord, name: ByteRegion?) {
        let isLocal = other.comment.isEmpty && other.offset == other.localOffset
        if !central.name.hasSameBytes(as: other.name) {
            note(.name, name, other.offset, "also called \(quoted(other.name))")
        }
        if central.method != other.method {
            note(.method, name, other.offset, "method \(central.method) in the directory, \(other.method) besides")
        }
        if central.isEncrypted != other.isEncrypted {
            note(.encryption, name, other.offset, "encrypted in one view alone")
        } else if (central.flags ^ other.flags) & ~0x0808 != 0 {
            let flags = String(central.flags, radix: 16) + " and " + String(other.flags, radix: 16)
            note(.flags, name, other.offset, "flags 0x" + flags)
        }
        // A descriptor's entry has zeros in its local header, or the true sizes (some writers know them already).
        let isDeferred = isLocal && other.hasDescriptor
        if central.compressedSize != other.compressedSize, !(isDeferred && other.compressedSize == 0) {
            note(
                .compressedSize, name, other.offset,
                "\(central.compressedSize) bytes in the directory, \(other.compressedSize) besides")
        }
        if central.uncompressedSize != other.uncompressedSize, !(isDeferred && other.uncompressedSize == 0) {
            note(
                .uncompressedSize, name, other.offset,
                "\(central.uncompressedSize) bytes in the directory, \(other.uncompressedSize) besides")
        }
        if central.crc != other.crc, !(isDeferred && other.crc == 0) {
            note(.checksum, name, other.offset, "two checksums")
        }
    }

    private func quoted(_ name: ByteRegion) -> String { "'" + name.text(limit: 200) + "'" }
}

extension ByteRegion {
    /// Whether the two regions have equal bytes, compared as bytes.
    package func hasSameBytes(as other: ByteRegion) -> Bool {
        guard count == other.count else { return false }
        let left = bytes
        let right = other.bytes
        for index in 0..<count where left.byte(at: index) != right.byte(at: index) { return false }
        return true
    }
}
