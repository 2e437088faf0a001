package import ByteParsing

/// What one place of a ZIP archive says of an entry: a record of the central directory, or a local header.
package struct ZipRecord: Sendable {
    /// Offset of the record itself.
    package var offset = 0
    /// Bytes of the record, with name, extra fields and comment.
    package var length = 0
    /// Offset of the local header that it speaks of; its own offset for a local header.
    package var localOffset = 0
    package var versionMadeBy: UInt16 = 0
    package var versionNeeded: UInt16 = 0
    package var flags: UInt16 = 0
    package var method: UInt16 = 0
    package var crc: UInt32 = 0
    /// Bytes in the archive, after ZIP64; sizes that are no size at all are `Int.max`.
    package var compressedSize = 0
    package var uncompressedSize = 0
    package var externalAttributes: UInt32 = 0
    package var name: ByteRegion
    package var extra: ByteRegion
    package var comment: ByteRegion

    package static let centralSignature: [UInt8] = [0x50, 0x4B, 1, 2]
    package static let localSignature: [UInt8] = [0x50, 0x4B, 3, 4]

    package var isEncrypted: Bool { flags & 0x41 != 0 }
    /// Whether sizes and checksum follow the data instead of standing in the local header.
    package var hasDescriptor: Bool { flags & 8 != 0 }

    /// Reads the central directory's record at `offset` (APPNOTE 4.3.12).
    package static func central(_ region: ByteRegion, at offset: Int) throws(ParseError) -> ZipRecord {
        guard region.starts(with: centralSignature, at: offset) else {
            throw .malformed(at: offset, reading: "central directory record")
        }
        guard let fixed = region.slice(offset, 46),
            let nameLength = fixed.little(UInt16.self, at: 28), let extraLength = fixed.little(UInt16.self, at: 30),
            let commentLength = fixed.little(UInt16.self, at: 32),
            let name = region.slice(offset + 46, Int(nameLength)),
            let extra = region.slice(offset + 46 + name.count, Int(extraLength)),
            let comment = region.slice(offset + 46 + name.count + extra.count, Int(commentLength))
        else { throw .truncated(at: offset, reading: "central directory record") }
        var record = ZipRecord(name: name, extra: extra, comment: comment)
        record.offset = offset
        record.length = 46 + name.count + extra.count + comment.count
        record.versionMadeBy = fixed.little(UInt16.self, at: 4) ?? 0
        record.versionNeeded = fixed.little(UInt16.self, at: 6) ?? 0
        record.flags = fixed.little(UInt16.self, at: 8) ?? 0
        record.method = fixed.little(UInt16.self, at: 10) ?? 0
        record.crc = fixed.little(UInt32.self, at: 16) ?? 0
        record.externalAttributes = fixed.little(UInt32.self, at: 38) ?? 0
        var wide = record.wideFields
        record.uncompressedSize = wide.take(fixed.little(UInt32.self, at: 24))
        record.compressedSize = wide.take(fixed.little(UInt32.self, at: 20))
        record.localOffset = wide.take(fixed.little(UInt32.self, at: 42))
        return record
    }

    /// Reads the local header at `offset` (APPNOTE 4.3.7).
    package static func local(_ region: ByteRegion, at offset: Int) throws(ParseError) -> ZipRecord {
        guard region.starts(with: localSignature, at: offset) else {
            throw .malformed(at: offset, reading: "local header")
        }
        guard let fixed = region.slice(offset, 30),
            let nameLength = fixed.little(UInt16.self, at: 26), let extraLength = fixed.little(UInt16.self, at: 28),
            let name = region.slice(offset + 30, Int(nameLength)),
            let extra = region.slice(offset + 30 + name.count, Int(extraLength))
        else { throw .truncated(at: offset, reading: "local header") }
        var record = ZipRecord(name: name, extra: extra, comment: region.prefix(0))
        record.offset = offset
        record.localOffset = offset
        record.length = 30 + name.count + extra.count
        record.versionNeeded = fixed.little(UInt16.self, at: 4) ?? 0
        record.flags = fixed.little(UInt16.self, at: 6) ?? 0
        record.method = fixed.little(UInt16.self, at: 8) ?? 0
        record.crc = fixed.little(UInt32.self, at: 14) ?? 0
        var wide = record.wideFields
        record.uncompressedSize = wide.take(fixed.little(UInt32.self, at: 22))
        record.compressedSize = wide.take(fixed.little(UInt32.self, at: 18))
        return record
    }

    /// Whether the local header states its compressed size.
    package var statesSize: Bool { !(hasDescriptor && compressedSize == 0) }

    /// The extra fields, in order (APPNOTE 4.5): header id and data; what does not fit ends the list.
    package var extraFields: [(id: UInt16, data: ByteRegion)] {
        var fields: [(id: UInt16, data: ByteRegion)] = []
        var at = 0
        while let id = extra.little(UInt16.self, at: at), let size = extra.little(UInt16.self, at: at + 2),
            let data = extra.slice(at + 4, Int(size))
        {
            fields.append((id, data))
            at += 4 + data.count
        }
        return fields
    }

    /// The name that Info-ZIP's Unicode path field (0x7075) puts in place of the header's.
    package var unicodeName: ByteRegion? {
        guard extra.count >= 9 else { return nil }
        return extraFields.first { $0.id == 0x7075 && $0.data.count > 5 }?.data.suffix(from: 5)
    }

    private var wideFields: WideFields {
        guard extra.count >= 12 else { return WideFields(data: nil) }
        return WideFields(data: extraFields.first { $0.id == 1 }?.data)
    }

    /// The ZIP64 extra field: one 8-byte number for each 4-byte field that is saturated, in a fixed order.
    private struct WideFields {
        let data: ByteRegion?
        var at = 0

        mutating func take(_ narrow: UInt32?) -> Int {
            guard let narrow else { return 0 }
            guard narrow == UInt32.max, let wide = data?.little(UInt64.self, at: at) else { return Int(narrow) }
            at += 8
            return Int(exactly: wide) ?? Int.max
        }
    }
}
