internal import ByteParsing

/// A sorted string table as LevelDB writes it (`doc/table_format.md` there): blocks of keys with shared prefixes, an index
/// of the blocks, a footer with a magic number.
///
/// Not read: the meta index (filters and statistics), checksums. Blocks are stored or compressed with Snappy.
struct SortedTable {
    static let magic: [UInt8] = [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]
    static let footerSize = 48
    /// Bytes that one key may take; keys share prefixes, so a short file can spell out long ones many times.
    private static let keyLimit = 1 << 16

    private let region: ByteRegion
    private let budget: Budget

    static func isPresent(in region: ByteRegion) -> Bool {
        region.count >= footerSize && region.suffix(from: region.count - 8).starts(with: magic)
    }

    init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        guard Self.isPresent(in: region) else {
            throw .malformed(at: max(0, region.count - 8), reading: "table footer")
        }
        self.region = region
        self.budget = budget
    }

    /// Calls `visit` with each key and value in the order of the table.
    func entries(_ visit: (_ key: [UInt8], _ value: ByteRegion) throws(ParseError) -> Void) throws(ParseError) {
        let footer = region.suffix(from: region.count - Self.footerSize)
        var cursor = Cursor(footer.bytes)
        _ = try Self.handle(&cursor)
        let index = try block(try Self.handle(&cursor))
        var reached = 0
        try Self.entries(of: index, budget: budget) { (_, value) throws(ParseError) in
            var cursor = Cursor(value.bytes)
            let place = try Self.handle(&cursor)
            // Blocks follow each other; one that is named again would be read once for each time.
            guard place.offset >= reached else { throw .malformed(at: place.offset, reading: "order of table blocks") }
            let data = try block(place)
            reached = place.offset + place.size
            try Self.entries(of: data, budget: budget, visit)
        }
    }

    /// A block's offset and size.
    private static func handle(_ cursor: inout Cursor) throws(ParseError) -> (offset: Int, size: Int) {
        (try number(&cursor, "table block offset"), try number(&cursor, "table block size"))
    }

    private func block(_ handle: (offset: Int, size: Int)) throws(ParseError) -> ByteRegion {
        // A byte for the compression and four for the checksum follow.
        guard let length = handle.size.adding(checked: 5), let stored = region.slice(handle.offset, length) else {
            throw .truncated(at: handle.offset, reading: "table block")
        }
        let content = stored.prefix(handle.size)
        switch stored[handle.size] {
        case 0: return content
        case 1: return try SnappyBlock.unpack(content, budget: budget)
        default: throw .unsupported(at: handle.offset, reading: "table block compression")
        }
    }

    private static func entries(
        of block: ByteRegion, budget: Budget, _ visit: ([UInt8], ByteRegion) throws(ParseError) -> Void
    ) throws(ParseError) {
        guard block.count >= 4, let restarts = block.little(UInt32.self, at: block.count - 4),
            let end = (block.count - 4).subtracting(checked: 4 * Int(restarts)), end >= 0
        else { throw .malformed(reading: "table block restarts") }
        let content = block.prefix(end)
        var cursor = Cursor(content.bytes)
        var key: [UInt8] = []
        while !cursor.isAtEnd {
            let shared = try number(&cursor, "table key")
            let added = try number(&cursor, "table key")
            let size = try number(&cursor, "table value")
            guard shared <= key.count else { throw .malformed(at: cursor.offset, reading: "table key") }
            guard added <= keyLimit - shared else { throw .limit(at: cursor.offset, reading: "table key") }
            try budget.spend(operations: 4 + (shared + added) / 16, reading: "table entries")
            key.removeSubrange(shared...)
            key += try cursor.array(added, reading: "table key")
            guard let value = content.slice(cursor.offset, size) else {
                throw .truncated(at: cursor.offset, reading: "table value")
            }
            try cursor.skip(size)
            try visit(key, value)
        }
    }

    /// A varint that fits an `Int`.
    private static func number(_ cursor: inout Cursor, _ what: String) throws(ParseError) -> Int {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            let byte = try cursor.byte(reading: what)
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int(value) }
        }
        throw .overflow(at: cursor.offset, reading: what)
    }
}

/// Snappy's raw format (`format_description.txt` there), without framing.
enum SnappyBlock {
    /// Tables have blocks of a few KiB; a length that is stated is not believed beyond this.
    private static let limit = 64 << 20

    static func unpack(_ region: ByteRegion, budget: Budget) throws(ParseError) -> ByteRegion {
        var cursor = Cursor(region.bytes)
        var length = 0
        for shift in stride(from: 0, to: 35, by: 7) {
            let byte = try cursor.byte(reading: "snappy length")
            length |= Int(byte & 0x7F) << shift
            if byte < 0x80 { break }
            guard shift < 28 else { throw .malformed(reading: "snappy length") }
        }
        guard length <= limit else { throw .limit(reading: "snappy block") }
        try budget.spend(inflated: length, reading: "snappy block")
        var result: [UInt8] = []
        while !cursor.isAtEnd {
            let tag = Int(try cursor.byte(reading: "snappy element"))
            var size = tag >> 2 + 1
            var distance = 0
            switch tag & 3 {
            case 0:
                if size > 60 {
                    let width = size - 60
                    size = 0
                    for index in 0..<width { size |= Int(try cursor.byte(reading: "snappy literal")) << (8 * index) }
                    size += 1
                }
            case 1:
                size = tag >> 2 & 7 + 4
                distance = (tag >> 5) << 8 | Int(try cursor.byte(reading: "snappy copy"))
            case 2: distance = Int(try cursor.little(UInt16.self, reading: "snappy copy"))
            default: distance = Int(try cursor.little(UInt32.self, reading: "snappy copy"))
            }
            guard size <= length - result.count else { throw .malformed(at: cursor.offset, reading: "snappy element") }
            if tag & 3 == 0 {
                result += try cursor.array(size, reading: "snappy literal")
            } else {
                guard distance > 0, distance <= result.count else {
                    throw .malformed(at: cursor.offset, reading: "snappy copy")
                }
                for _ in 0..<size { result.append(result[result.count - distance]) }
            }
        }
        guard result.count == length else { throw .truncated(at: region.count, reading: "snappy block") }
        return ByteRegion(result)
    }
}
