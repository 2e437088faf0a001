package import ByteParsing

/// What an Arrow schema says of its columns beside their types: texts by key, those of extension types among them.
///
/// Not read: record batches, which hold plain values.
///
/// Source: Apache Arrow, “Columnar Format: Serialization and Interprocess Communication”, `Message.fbs`, `Schema.fbs`.
package struct ArrowSchema: Sendable {
    /// A column, or the schema as a whole where `name` is nil, with its texts.
    package struct Owner: Sendable {
        package let name: String?
        package let metadata: [(key: String, value: ByteRegion)]

        package subscript(key: String) -> ByteRegion? { metadata.first { $0.key == key }?.value }
    }

    package private(set) var owners: [Owner] = []

    private static let magic = Array("ARROW1".utf8)
    private static let isSchema: UInt8 = 1

    /// Whether an Arrow file (Feather's second version is one) or a stream begins here.
    package static func isPresent(in region: ByteRegion) -> Bool {
        isFile(region) || message(in: region, at: 0).map { schema(of: $0) != nil } ?? false
    }

    private static func isFile(_ region: ByteRegion) -> Bool { region.starts(with: magic) && region.count >= 16 }

    /// The schema of an Arrow file or stream: a file has it twice.
    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        if Self.isFile(region) {
            if let table = Self.message(in: region, at: 8).flatMap(Self.schema) { try read(table, budget) }
            let end = region.count - 10
            if region.suffix(from: region.count - 6).starts(with: Self.magic), end >= 8,
                let length = region.little(UInt32.self, at: end), Int(length) <= end - 8,
                let footer = region.slice(end - Int(length), Int(length)),
                let table = try FlatTable(rootOf: footer).table(1)
            {
                try read(table, budget)
            }
        } else {
            guard let table = Self.message(in: region, at: 0).flatMap(Self.schema) else {
                throw .malformed(at: 0, reading: "Arrow message")
            }
            try read(table, budget)
        }
    }

    /// The metadata of the message at `start`: its length stands before it, since version 0.15 behind a mark.
    private static func message(in region: ByteRegion, at start: Int) -> ByteRegion? {
        let isMarked = region.little(UInt32.self, at: start) == UInt32.max
        let head = isMarked ? start + 8 : start + 4
        guard let length = region.little(UInt32.self, at: head - 4), length >= 16 else { return nil }
        return region.slice(head, Int(length))
    }

    private static func schema(of message: ByteRegion) -> FlatTable? {
        guard let table = try? FlatTable(rootOf: message), (try? table.number(1, as: UInt8.self)) == isSchema else {
            return nil
        }
        return try? table.table(2)
    }

    private mutating func read(_ schema: FlatTable, _ budget: Budget) throws(ParseError) {
        owners.append(Owner(name: nil, metadata: try Self.pairs(schema, 2, budget)))
        var pending = try schema.tables(1, budget: budget)
        var count = 0
        while let field = pending.popLast() {
            count += 1
            guard count <= budget.limits.entries else { throw .limit(at: field.offset, reading: "Arrow fields") }
            let metadata = try Self.pairs(field, 6, budget)
            if !metadata.isEmpty { owners.append(Owner(name: try field.text(0) ?? "", metadata: metadata)) }
            pending += try field.tables(5, budget: budget)
        }
    }

    private static func pairs(
        _ table: FlatTable, _ index: Int, _ budget: Budget
    ) throws(ParseError) -> [(key: String, value: ByteRegion)] {
        var result: [(key: String, value: ByteRegion)] = []
        for pair in try table.tables(index, budget: budget) {
            guard let value = try pair.bytes(1) else { continue }
            result.append((try pair.text(0) ?? "", value))
        }
        return result
    }
}
