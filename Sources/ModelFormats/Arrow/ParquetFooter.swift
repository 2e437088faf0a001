package import ByteParsing

/// The texts in the footer of a Parquet file.
///
/// Not read: the schema, the row groups and their pages, which hold plain values, and encrypted footers (`PARE`).
///
/// Source: Apache Parquet, `parquet.thrift` (`FileMetaData`).
package struct ParquetFooter: Sendable {
    /// Texts by key, as their writers left them.
    package private(set) var metadata: [(key: String, value: ByteRegion)] = []
    /// Where the footer starts in the file.
    package let start: Int

    private static let magic = Array("PAR1".utf8)
    private static let longestKey = 4_096

    package static func isPresent(in region: ByteRegion) -> Bool {
        region.count >= 12 && region.starts(with: magic) && region.suffix(from: region.count - 4).starts(with: magic)
    }

    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        let end = region.count - 8
        guard Self.isPresent(in: region), let length = region.little(UInt32.self, at: end),
            Int(length) <= end - 4, let footer = region.slice(end - Int(length), Int(length))
        else { throw .malformed(at: max(0, end), reading: "Parquet footer") }
        start = end - Int(length)
        var reader = ThriftCompactReader(footer, budget: budget)
        var last = 0
        while let field = try reader.field(after: last) {
            last = field.number
            guard field.number == 5, field.kind == .list else {
                try reader.skip(field.kind)
                continue
            }
            let list = try reader.list()
            guard list.kind == .structure else { throw .malformed(at: start, reading: "Parquet metadata") }
            try budget.spend(operations: list.count, reading: "Parquet metadata")
            guard list.count <= budget.limits.entries else { throw .limit(at: start, reading: "Parquet metadata") }
            for _ in 0..<list.count { try readPair(&reader) }
        }
    }

    private mutating func readPair(_ reader: inout ThriftCompactReader) throws(ParseError) {
        var key = ""
        var value: ByteRegion?
        var last = 0
        while let field = try reader.field(after: last) {
            last = field.number
            switch (field.number, field.kind) {
            case (1, .binary): key = try reader.binary().text(limit: Self.longestKey)
            case (2, .binary): value = try reader.binary()
            default: try reader.skip(field.kind)
            }
        }
        if let value { metadata.append((key, value)) }
    }
}
