package import ByteParsing

/// The headers of a RAR archive, versions 1.5 to 4 and 5: names, links, and where the data of each member lies.
///
/// Members that are stored as they are can be read; RAR's own compression has no free implementation and is not read.
/// Not parsed: recovery records, comments, archives split over several files beyond the part at hand.
///
/// Source: RARLAB's “RAR 5.0 archive format” and “RAR technote” (version 4), both of which describe the headers alone.
package struct RarArchive: Sendable {
    package struct Entry: Sendable {
        package enum Link: Sendable { case symbolic, hard }
        package var name: ByteRegion
        package var headerOffset: Int
        package var dataOffset: Int
        /// Bytes in the archive, cut at its end.
        package var packedSize: Int
        package var isFolder = false
        package var isStored = false
        package var isEncrypted = false
        /// Whether the data goes on in another part of the archive.
        package var isSplit = false
        package var link: Link?
        /// Where a link points to; of version 4 it is the data of the member.
        package var linkTarget: ByteRegion?
    }

    package private(set) var version = 0
    package private(set) var entries: [Entry] = []
    /// Whether the headers themselves are encrypted: nothing behind the first can be read.
    package private(set) var hasEncryptedHeaders = false
    /// Offset after the last block that was understood.
    package private(set) var end = 0
    /// Why the walk ended before the block that ends an archive.
    package private(set) var stop: ParseError?

    private static let signature: [UInt8] = [0x52, 0x61, 0x72, 0x21, 0x1A, 7]

    /// Whether the bytes begin with RAR's mark.
    package static func begins(_ region: ByteRegion) -> Bool { region.starts(with: signature) }

    /// - Throws: `malformed` without the mark, `limit` when the budget is used up.
    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        guard Self.begins(region) else { throw .malformed(reading: "RAR signature") }
        if region[6] == 1, region[7] == 0 {
            version = 5
            end = 8
            try readNew(region, budget)
        } else if region[6] == 0 {
            version = 4
            end = 7
            try readOld(region, budget)
        } else {
            throw .unsupported(at: 6, reading: "RAR version")
        }
    }

    private mutating func add(_ entry: Entry, limit: Int) throws(ParseError) {
        guard entries.count < limit else { throw .limit(at: entry.headerOffset, reading: "RAR entries") }
        entries.append(entry)
    }

    // MARK: Version 5

    /// Numbers of seven bits a byte, the lowest first.
    private struct Numbers {
        let region: ByteRegion
        var at: Int

        mutating func next(_ what: @autoclosure () -> String) throws(ParseError) -> Int {
            var value: UInt64 = 0
            for index in 0..<10 {
                guard let byte = region[at] else { throw .truncated(at: at, reading: what()) }
                at += 1
                value |= UInt64(byte & 0x7F) << UInt64(7 * index)
                if byte < 0x80 { return Int(clamping: value) }
            }
            throw .malformed(at: at, reading: what())
        }
    }

    private mutating func readNew(_ region: ByteRegion, _ budget: Budget) throws(ParseError) {
        while end < region.count {
            try budget.spend(operations: 32, reading: "RAR headers")
            do throws(ParseError) {
                guard try readNewBlock(region, budget.limits.entries) else { return }
            } catch {
                guard error.code != .limit else { throw error }
                stop = error
                return
            }
        }
        stop = .truncated(at: end, reading: "RAR end of archive")
    }

    /// Reads one block; false after the last.
    private mutating func readNewBlock(_ region: ByteRegion, _ limit: Int) throws(ParseError) -> Bool {
        let offset = end
        var numbers = Numbers(region: region, at: offset + 4)
        let size = try numbers.next("RAR header size")
        let start = numbers.at
        guard size > 0, size <= 1 << 21, let header = region.slice(start, size) else {
            throw .truncated(at: offset, reading: "RAR header")
        }
        var fields = Numbers(region: header, at: 0)
        let type = try fields.next("RAR header type")
        let flags = try fields.next("RAR header flags")
        let extra = flags & 1 != 0 ? try fields.next("RAR extra size") : 0
        let data = flags & 2 != 0 ? try fields.next("RAR data size") : 0
        let dataOffset = start + size
        switch type {
        case 4:
            hasEncryptedHeaders = true
            end = region.count
            return false
        case 2:
            let entry = try Self.file(
                &fields, header, extra: extra, offset: offset,
                data: (dataOffset, min(data, region.count - dataOffset)), flags: flags)
            try add(entry, limit: limit)
        default: break
        }
        guard let next = dataOffset.adding(checked: data), next <= region.count else {
            throw .truncated(at: dataOffset, reading: "data of a RAR member")
        }
        end = next
        return type != 5
    }

    private static func file(
        _ fields: inout Numbers, _ header: ByteRegion, extra: Int, offset: Int, data: (offset: Int, size: Int),
        flags: Int
    ) throws(ParseError) -> Entry {
        let kinds = try fields.next("RAR file flags")
        _ = try fields.next("RAR size")
        _ = try fields.next("RAR attributes")
        fields.at += (kinds & 2 != 0 ? 4 : 0) + (kinds & 4 != 0 ? 4 : 0)
        let compression = try fields.next("RAR compression")
        _ = try fields.next("RAR system")
        let length = try fields.next("RAR name length")
        guard let name = header.slice(fields.at, length) else { throw .truncated(at: offset, reading: "RAR name") }
        var entry = Entry(name: name, headerOffset: offset, dataOffset: data.offset, packedSize: data.size)
        entry.isFolder = kinds & 1 != 0
        entry.isStored = (compression >> 7) & 7 == 0
        entry.isSplit = flags & 0x18 != 0
        // Extra records: size, type, data. 1 is encryption, 5 a link.
        var records = Numbers(region: header, at: max(fields.at + length, header.count - min(extra, header.count)))
        while records.at < header.count, let size = try? records.next("RAR record"), size > 0 {
            let next = records.at.adding(checked: size) ?? header.count
            var record = Numbers(region: header, at: records.at)
            switch try? record.next("RAR record type") {
            case 1: entry.isEncrypted = true
            case 5:
                guard let kind = try? record.next("RAR link"), (try? record.next("RAR link flags")) != nil,
                    let length = try? record.next("RAR link length"), let target = header.slice(record.at, length)
                else { break }
                entry.link = kind == 4 || kind == 5 ? .hard : .symbolic
                entry.linkTarget = target
            default: break
            }
            records.at = next
        }
        return entry
    }

    // MARK: Version 4

    private mutating func readOld(_ region: ByteRegion, _ budget: Budget) throws(ParseError) {
        while end < region.count {
            try budget.spend(operations: 32, reading: "RAR headers")
            let offset = end
            guard let type = region[offset + 2], let flags = region.little(UInt16.self, at: offset + 3),
                let size = region.little(UInt16.self, at: offset + 5), size >= 7,
                let header = region.slice(offset, Int(size))
            else {
                stop = .truncated(at: offset, reading: "RAR header")
                return
            }
            var data = 0
            switch type {
            case 0x73 where flags & 0x80 != 0:
                hasEncryptedHeaders = true
                end = region.count
                return
            case 0x74, 0x7A:
                guard let packed = header.little(UInt32.self, at: 7) else {
                    stop = .truncated(at: offset, reading: "RAR file header")
                    return
                }
                let high = flags & 0x100 != 0 ? header.little(UInt32.self, at: 32) ?? 0 : 0
                data = Int(clamping: UInt64(high) << 32 | UInt64(packed))
                if type == 0x74 {
                    try add(
                        Self.oldFile(
                            header, flags, at: offset, data: min(data, region.count - offset - header.count), region),
                        limit: budget.limits.entries)
                }
            default: if flags & 0x8000 != 0 { data = Int(header.little(UInt32.self, at: 7) ?? 0) }
            }
            guard let next = (offset + header.count).adding(checked: data), next <= region.count else {
                stop = .truncated(at: offset + header.count, reading: "data of a RAR member")
                return
            }
            end = next
            if type == 0x7B { return }
        }
        stop = .truncated(at: end, reading: "RAR end of archive")
    }

    private static func oldFile(
        _ header: ByteRegion, _ flags: UInt16, at offset: Int, data: Int, _ region: ByteRegion
    ) -> Entry {
        let length = Int(header.little(UInt16.self, at: 26) ?? 0)
        var name = header.slice(32 + (flags & 0x100 != 0 ? 8 : 0), length) ?? header.prefix(0)
        // A Unicode form may follow the name behind a NUL.
        if flags & 0x200 != 0, let nul = name.bytes.firstOffset(of: 0) { name = name.prefix(nul) }
        var entry = Entry(name: name, headerOffset: offset, dataOffset: offset + header.count, packedSize: data)
        entry.isFolder = flags & 0xE0 == 0xE0
        entry.isStored = header[25] == 0x30
        entry.isEncrypted = flags & 4 != 0
        entry.isSplit = flags & 3 != 0
        if let attributes = header.little(UInt32.self, at: 28), header[15] == 3, attributes & 0xF000 == 0xA000 {
            entry.link = .symbolic
            entry.linkTarget = region.slice(entry.dataOffset, min(data, 65_536))
        }
        return entry
    }
}
