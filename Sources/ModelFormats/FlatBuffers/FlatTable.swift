package import ByteParsing

/// A table of a FlatBuffers file: each read is checked against the bytes, so that no verifier has to run before.
///
/// Source: the FlatBuffers documentation, “internals”. All numbers are little-endian; offsets are relative to where
/// they stand. Cycles are possible in a hostile file, so callers bound how many tables they follow.
package struct FlatTable: Sendable {
    package let region: ByteRegion
    /// Where the table starts.
    package let offset: Int
    private let fields: Int
    private let fieldCount: Int
    private let size: Int

    /// The root table.
    package init(rootOf region: ByteRegion) throws(ParseError) {
        guard let root = region.little(UInt32.self, at: 0) else { throw .truncated(at: 0, reading: "root table") }
        try self.init(region, at: Int(root))
    }

    package init(_ region: ByteRegion, at offset: Int) throws(ParseError) {
        guard let back = region.little(Int32.self, at: offset) else { throw .truncated(at: offset, reading: "table") }
        let table = offset - Int(back)
        guard let tableSize = region.little(UInt16.self, at: table),
            let size = region.little(UInt16.self, at: table + 2),
            tableSize >= 4, tableSize % 2 == 0, size >= 4, region.slice(table, Int(tableSize)) != nil,
            region.slice(offset, Int(size)) != nil
        else { throw .malformed(at: offset, reading: "table layout") }
        self.region = region
        self.offset = offset
        fields = table + 4
        fieldCount = (Int(tableSize) - 4) / 2
        self.size = Int(size)
    }

    /// Where field `index` stands, or nil when the table does not have it.
    private func place(_ index: Int, size bytes: Int) throws(ParseError) -> Int? {
        guard index < fieldCount, let relative = region.little(UInt16.self, at: fields + 2 * index), relative != 0
        else { return nil }
        guard Int(relative) >= 4, Int(relative) + bytes <= size else {
            throw .malformed(at: offset, reading: "field outside of its table")
        }
        return offset + Int(relative)
    }

    /// A number, or nil for its default.
    package func number<T: FixedWidthInteger & BitwiseCopyable>(
        _ index: Int, as type: T.Type
    ) throws(ParseError) -> T? {
        try place(index, size: MemoryLayout<T>.size).flatMap { region.little(type, at: $0) }
    }

    /// Where the thing that field `index` points to starts, or nil when it is absent.
    private func target(_ index: Int) throws(ParseError) -> Int? {
        guard let place = try place(index, size: 4), let relative = region.little(UInt32.self, at: place) else {
            return nil
        }
        guard relative != 0, place + Int(relative) <= region.count else {
            throw .malformed(at: place, reading: "offset")
        }
        return place + Int(relative)
    }

    package func table(_ index: Int) throws(ParseError) -> FlatTable? {
        guard let target = try target(index) else { return nil }
        return try FlatTable(region, at: target)
    }

    /// Start and number of the elements of a vector whose elements take `unit` bytes; nil when it is absent.
    package func vector(_ index: Int, unit: Int) throws(ParseError) -> (start: Int, count: Int)? {
        guard let target = try target(index) else { return nil }
        guard let count = region.little(UInt32.self, at: target) else {
            throw .truncated(at: target, reading: "vector")
        }
        guard Int(count) <= (region.count - target - 4) / unit else {
            throw .truncated(at: target, reading: "vector (longer than the file)")
        }
        return (target + 4, Int(count))
    }

    /// The bytes of a string or byte vector; nil when it is absent.
    package func bytes(_ index: Int) throws(ParseError) -> ByteRegion? {
        guard let found = try vector(index, unit: 1) else { return nil }
        return region.slice(found.start, found.count)
    }

    package func text(_ index: Int) throws(ParseError) -> String? { try bytes(index)?.text(limit: 4_096) }

    /// The tables of a vector, at most as many as the budget lets through.
    package func tables(_ index: Int, budget: Budget) throws(ParseError) -> [FlatTable] {
        guard let found = try vector(index, unit: 4) else { return [] }
        try budget.spend(operations: found.count, reading: "vector of tables")
        guard found.count <= budget.limits.entries else { throw .limit(at: found.start, reading: "vector of tables") }
        var result: [FlatTable] = []
        for position in 0..<found.count {
            let at = found.start + 4 * position
            guard let relative = region.little(UInt32.self, at: at) else { break }
            result.append(try FlatTable(region, at: at + Int(relative)))
        }
        return result
    }

    /// 32-bit numbers of a vector, at most `limit`.
    package func words(_ index: Int, limit: Int) throws(ParseError) -> [Int32] {
        guard let found = try vector(index, unit: 4) else { return [] }
        return (0..<min(found.count, limit)).compactMap { region.little(Int32.self, at: found.start + 4 * $0) }
    }
}
