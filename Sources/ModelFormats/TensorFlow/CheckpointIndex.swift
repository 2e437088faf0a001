package import ByteParsing

/// The index of a TensorFlow checkpoint (`NAME.index`): a sorted table from tensor names to their places in the shards
/// (`NAME.data-00000-of-00001`), as `tensor_bundle.proto` lays them out.
///
/// Not read: the shards, which are files of their own, checksums, and how partitioned tensors are put together.
package struct CheckpointIndex: Sendable {
    package struct Tensor: Sendable {
        package let name: String
        /// `DataType` of TensorFlow's `types.proto`.
        package let type: Int
        package let shape: [Int]
        package let shard: Int
        package let offset: Int
        package let size: Int
        /// Whether other entries hold the data, part by part.
        package let isPartitioned: Bool
    }

    package enum FlawKind: Sendable, Hashable {
        /// A shard that the header does not count.
        case shard
        /// A negative size, or a place that no file can have.
        case place
        /// Type and shape ask for another number of bytes.
        case size
        /// A shape with more bytes than can be counted.
        case overflow
        /// Bytes that another tensor has.
        case overlap
    }

    package private(set) var tensors: [Tensor] = []
    package private(set) var flaws: [(kind: FlawKind, tensor: String)] = []
    package private(set) var shards = 0

    /// Whether the bytes end as a table does, or begin as a checkpoint's does: with an empty key and a header.
    package static func isPresent(in region: ByteRegion) -> Bool { SortedTable.isPresent(in: region) }
    package static func begins(_ region: ByteRegion) -> Bool {
        guard region.starts(with: [0, 0]), let length = region[2], length < 0x40 else { return false }
        return region[3] == 0x08
    }

    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        let table = try SortedTable(region, budget: budget)
        var found: [Tensor] = []
        var shards: Int?
        var nameBytes = 0
        try table.entries { (key, value) throws(ParseError) in
            if key.isEmpty {
                shards = try Self.shardCount(value)
                return
            }
            guard found.count < budget.limits.entries else { throw .limit(reading: "checkpoint tensors") }
            nameBytes += key.count
            guard nameBytes <= budget.limits.textBytes else { throw .limit(reading: "checkpoint tensor names") }
            found.append(try Self.tensor(String(decoding: key, as: UTF8.self), value))
        }
        guard let shards else { throw .malformed(reading: "checkpoint header") }
        self.shards = shards
        tensors = found
        check()
    }

    private static func shardCount(_ header: ByteRegion) throws(ParseError) -> Int {
        var reader = ProtobufReader(header.bytes, 0..<header.count)
        var shards = 0
        while let field = try reader.next() {
            if field.number == 1, field.wire == .varint { shards = Int(Int32(truncatingIfNeeded: field.value)) }
        }
        return shards
    }

    private static func tensor(_ name: String, _ entry: ByteRegion) throws(ParseError) -> Tensor {
        var reader = ProtobufReader(entry.bytes, 0..<entry.count)
        var type = 0
        var shard = 0
        var offset = 0
        var size = 0
        var shape: [Int] = []
        var isPartitioned = false
        while let field = try reader.next() {
            switch (field.number, field.wire) {
            case (1, .varint): type = field.integer
            case (2, .bytes):
                var dimensions = ProtobufReader(entry.bytes, field.range)
                while let dimension = try dimensions.next() {
                    guard dimension.number == 2, dimension.wire == .bytes else { continue }
                    guard shape.count < 255 else { throw .limit(at: field.range.lowerBound, reading: "tensor rank") }
                    let size = ProtobufShape(entry, dimension.range).value(1) ?? 0
                    shape.append(Int(truncatingIfNeeded: size))
                }
            case (3, .varint): shard = Int(Int32(truncatingIfNeeded: field.value))
            case (4, .varint): offset = field.integer
            case (5, .varint): size = field.integer
            case (7, .bytes): isPartitioned = true
            default: break
            }
        }
        return Tensor(
            name: name, type: type, shape: shape, shard: shard, offset: offset, size: size, isPartitioned: isPartitioned
        )
    }

    // MARK: Layout

    private mutating func check() {
        var places: [(shard: Int, start: Int, end: Int, name: String)] = []
        for tensor in tensors where !tensor.isPartitioned {
            guard tensor.shard >= 0, tensor.shard < shards else {
                add(.shard, tensor.name)
                continue
            }
            guard tensor.offset >= 0, tensor.size >= 0, let end = tensor.offset.adding(checked: tensor.size) else {
                add(.place, tensor.name)
                continue
            }
            if tensor.shape.contains(where: { $0 < 0 }) {
                add(.size, tensor.name)
            } else if let elements = tensor.shape.checkedProduct(), elements < Int.max / 16 {
                if let width = Self.width(of: tensor.type), elements * width != tensor.size { add(.size, tensor.name) }
            } else {
                add(.overflow, tensor.name)
            }
            if end > tensor.offset { places.append((tensor.shard, tensor.offset, end, tensor.name)) }
        }
        places.sort { ($0.shard, $0.start) < ($1.shard, $1.start) }
        for (before, after) in zip(places, places.dropFirst()) where before.shard == after.shard {
            if after.start < before.end { add(.overlap, after.name) }
        }
    }

    private mutating func add(_ kind: FlawKind, _ name: String) {
        if flaws.count < 1_000 { flaws.append((kind, name)) }
    }

    /// Bytes of an element; nil for types of varying length and for unknown ones.
    private static func width(of type: Int) -> Int? {
        switch type {
        case 4, 6, 10, 11, 12, 24, 25: 1
        case 5, 14, 15, 16, 17, 19: 2
        case 1, 3, 13, 22: 4
        case 2, 8, 9, 23: 8
        case 18: 16
        default: nil
        }
    }

    /// The name of a `DataType`.
    package static func name(of type: Int) -> String {
        names.indices.contains(type) ? names[type] : "type \(type)"
    }

    private static let names = [
        "invalid", "float32", "float64", "int32", "uint8", "int16", "int8", "string", "complex64", "int64", "bool",
        "qint8", "quint8", "qint32", "bfloat16", "qint16", "quint16", "uint16", "complex128", "float16", "resource",
        "variant", "uint32", "uint64", "float8_e5m2", "float8_e4m3fn",
    ]
}
