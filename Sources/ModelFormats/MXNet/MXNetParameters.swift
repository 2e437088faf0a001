package import ByteParsing

/// A file of MXNet's arrays (`.params`): a list of arrays, then their names (`NDArray::Save` in `src/ndarray/ndarray.cc`).
///
/// The structure is walked to its end; elements are passed over.
package struct MXNetParameters: Sendable {
    package struct Tensor: Sendable {
        package let shape: [Int]
        package let type: Int
        package let offset: Int
        package let byteCount: Int
    }

    package private(set) var tensors: [Tensor] = []
    package private(set) var names: [ByteRegion] = []
    /// Offset after the last name.
    package private(set) var end = 0

    /// The list's magic number, and a reserved word that is always zero.
    package static func begins(_ region: ByteRegion) -> Bool {
        region.little(UInt64.self, at: 0) == 0x112 && region.little(UInt64.self, at: 8) == 0
    }

    /// - Throws: `malformed` without the magic number or for what no array begins with, `truncated` where the bytes end
    ///   first, `limit` when the budget is used up.
    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        guard Self.begins(region) else { throw .malformed(reading: "MXNet arrays") }
        var cursor = Cursor(region.bytes)
        try cursor.skip(16)
        let count = try Self.count(&cursor, unit: 4, budget, "number of arrays")
        for _ in 0..<count {
            try budget.spend(operations: 4, reading: "MXNet arrays")
            if let tensor = try Self.tensor(&cursor) { tensors.append(tensor) }
        }
        let named = try Self.count(&cursor, unit: 8, budget, "number of names")
        for _ in 0..<named {
            try budget.spend(operations: 4, reading: "MXNet names")
            let length = try Self.count(&cursor, unit: 1, nil, "length of a name")
            if let name = region.slice(cursor.offset, length) { names.append(name) }
            try cursor.skip(length, reading: "name of an array")
        }
        end = cursor.offset
    }

    /// A count of things that take at least `unit` bytes each.
    private static func count(
        _ cursor: inout Cursor, unit: Int, _ budget: Budget?, _ what: String
    ) throws(ParseError) -> Int {
        let at = cursor.offset
        guard let count = Int(exactly: try cursor.little(UInt64.self, reading: what)), count <= cursor.remaining / unit
        else { throw .truncated(at: at, reading: what) }
        if let budget, count > budget.limits.entries { throw .limit(at: at, reading: what) }
        return count
    }

    // MARK: Arrays

    private static let magic1: UInt32 = 0xF993_FAC8
    private static let magic2: UInt32 = 0xF993_FAC9
    /// Shapes as NumPy has them: no dimension is a single number, and -1 an array that was never made.
    private static let magic3: UInt32 = 0xF993_FACA

    /// One array; nil for one that was never made.
    private static func tensor(_ cursor: inout Cursor) throws(ParseError) -> Tensor? {
        let start = cursor.offset
        let magic = try cursor.little(UInt32.self, reading: "array")
        var shape: [Int]
        var stored: [Int]?
        var auxiliary = 0
        switch magic {
        case magic2, magic3:
            // Dense, rows of which some are left out (one array of indices), or compressed sparse rows (two).
            switch try cursor.little(Int32.self, reading: "kind of storage") {
            case -1, 0: auxiliary = 0
            case 1: auxiliary = 1
            case 2: auxiliary = 2
            default: throw .malformed(at: start, reading: "kind of storage")
            }
            if auxiliary > 0 { stored = try Self.shape(&cursor) }
            guard let known = try Self.shape(&cursor, mayBeUnknown: magic == magic3) else { return nil }
            shape = known
            if magic == magic2, shape.isEmpty { return nil }
        case magic1:
            shape = try Self.shape(&cursor) ?? []
            if shape.isEmpty { return nil }
        case 0: return nil
        case 1...32:
            shape = []
            for _ in 0..<magic { shape.append(Int(try cursor.little(UInt32.self, reading: "dimension"))) }
        default: throw .malformed(at: start, reading: "array")
        }
        try cursor.skip(8, reading: "device of an array")
        let type = Int(try cursor.little(Int32.self, reading: "type of an array"))
        guard let size = elementSizes[type] else { throw .malformed(at: cursor.offset, reading: "type of an array") }
        var further = 0
        for _ in 0..<auxiliary {
            guard let size = elementSizes[Int(try cursor.little(Int32.self, reading: "type of indices"))],
                let count = (try Self.shape(&cursor) ?? []).checkedProduct(),
                let bytes = count.multiplied(checked: size), let sum = further.adding(checked: bytes)
            else { throw .malformed(at: cursor.offset, reading: "indices of an array") }
            further = sum
        }
        guard let count = (stored ?? shape).checkedProduct(), let bytes = count.multiplied(checked: size) else {
            throw .overflow(at: start, reading: "shape of an array")
        }
        let offset = cursor.offset
        try cursor.skip(bytes, reading: "elements of an array")
        try cursor.skip(further, reading: "indices of an array")
        return Tensor(shape: shape, type: type, offset: offset, byteCount: bytes)
    }

    /// A number of dimensions and as many 64-bit sizes; nil for a shape that is not known.
    private static func shape(_ cursor: inout Cursor, mayBeUnknown: Bool = false) throws(ParseError) -> [Int]? {
        let at = cursor.offset
        let rank = try cursor.little(Int32.self, reading: "number of dimensions")
        if rank == -1, mayBeUnknown { return nil }
        guard (0...32).contains(rank) else { throw .malformed(at: at, reading: "number of dimensions") }
        var shape: [Int] = []
        for _ in 0..<rank {
            let size = try cursor.little(Int64.self, reading: "dimension")
            guard size >= 0 else { throw .malformed(at: at, reading: "dimension") }
            shape.append(Int(size))
        }
        return shape
    }

    /// Bytes of an element by mshadow's number of its type.
    private static let elementSizes: [Int: Int] = [
        0: 4, 1: 8, 2: 2, 3: 1, 4: 4, 5: 1, 6: 8, 7: 1, 8: 2, 9: 2, 10: 4, 11: 8, 12: 2,
    ]
    private static let typeNames = [
        "float32", "float64", "float16", "uint8", "int32", "int8", "int64", "bool", "int16", "uint16", "uint32",
        "uint64", "bfloat16",
    ]

    package static func name(ofType type: Int) -> String {
        typeNames.indices.contains(type) ? typeNames[type] : "type \(type)"
    }
}
