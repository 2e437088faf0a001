internal import ByteParsing

/// A datatype message (specification, section IV.A.2.d), as far as rules and people need it.
///
/// Members of compounds and names of enumerations are counted, not read: nothing is judged by them.
package struct HDF5Datatype: Sendable, Hashable {
    package enum Class: Int, Sendable {
        case fixedPoint, floatingPoint, time, string, bitField, opaque, compound, reference, enumeration,
            variableLength, array, complex
    }

    package let kind: Class
    /// Bytes of one element.
    package let size: Int
    package let isSigned: Bool
    package let isBigEndian: Bool
    /// Variable-length text, as against sequences.
    package let isVariableString: Bool
    /// Members of a compound or an enumeration, 0 for anything else.
    package let members: Int
    /// Class and size of the elements of a sequence or array; for anything else those of the type itself.
    package let base: Class
    package let baseSize: Int
    /// Name of an opaque type's tag; empty for others.
    package let tag: String

    init(_ message: ByteRegion, sizes: HDF5Sizes, budget: Budget) throws(ParseError) {
        var cursor = try HDF5Cursor(message, at: 0, sizes: sizes)
        var first: (kind: Class, bits: Int, size: Int)?
        var base: (kind: Class, size: Int)?
        var tag = ""
        // Sequences, arrays and enumerations hold the type of their elements: a chain, followed in a loop.
        for _ in 0..<64 {
            try budget.spend(operations: 1, reading: "HDF5 datatype")
            let head = try cursor.byte("HDF5 datatype")
            let bits = try cursor.integer(3, "HDF5 datatype")
            let size = try cursor.word("HDF5 datatype")
            guard let kind = Class(rawValue: head & 15) else {
                throw .unsupported(at: cursor.offset, reading: "HDF5 datatype class \(head & 15)")
            }
            let version = head >> 4
            if first == nil { first = (kind, bits, size) }
            base = (kind, size)
            switch kind {
            case .variableLength: continue
            case .array:
                let rank = try cursor.byte("HDF5 array datatype")
                try cursor.skip(version < 3 ? 3 + 8 * rank : 4 * rank, "HDF5 array datatype")
                continue
            case .opaque:
                tag = (try? cursor.bytes(min(bits & 255, cursor.remaining), "HDF5 opaque tag"))?.text(limit: 256) ?? ""
                tag = String(tag.prefix { $0 != "\0" })
            default: break
            }
            break
        }
        guard let first, let base else { throw .malformed(reading: "HDF5 datatype") }
        self.kind = first.kind
        self.size = first.size
        self.tag = tag
        self.base = base.kind
        baseSize = base.size
        isSigned = first.kind == .fixedPoint && first.bits & 8 != 0
        isBigEndian =
            (first.kind == .fixedPoint || first.kind == .floatingPoint || first.kind == .bitField)
            && first.bits & 1 != 0
        isVariableString = first.kind == .variableLength && first.bits & 15 == 1
        members = first.kind == .compound || first.kind == .enumeration ? first.bits & 0xFFFF : 0
    }

    /// Whether values are text or bytes that a program could have put a serialised object into.
    package var holdsBytes: Bool {
        switch kind {
        case .opaque, .string: true
        case .fixedPoint, .bitField: size == 1
        case .variableLength, .array:
            isVariableString || base == .string || base == .opaque || (base == .fixedPoint && baseSize == 1)
        default: false
        }
    }

    /// A short name in the manner of NumPy: `<f4`, `|u1`, `|S12`, `str`, `vlen<u1>`, `compound(3)`.
    package var name: String {
        let order = size == 1 ? "|" : isBigEndian ? ">" : "<"
        return switch kind {
        case .fixedPoint: order + (isSigned ? "i" : "u") + String(size)
        case .floatingPoint: order + "f" + String(size)
        case .time: "time" + String(size)
        case .string: "|S" + String(size)
        case .bitField: "bits" + String(size)
        case .opaque: "|V" + String(size)
        case .compound: "compound(\(members))"
        case .reference: "reference"
        case .enumeration: "enum(\(members))"
        case .variableLength: isVariableString ? "str" : "vlen"
        case .array: "array"
        case .complex: "complex" + String(size)
        }
    }
}

/// A dataspace message (specification, section IV.A.2.b).
package struct HDF5Dataspace: Sendable, Hashable {
    /// Extent in each dimension; empty for a scalar.
    package let shape: [UInt64]
    /// No elements at all, as against a scalar.
    package let isNull: Bool

    init(_ message: ByteRegion, sizes: HDF5Sizes) throws(ParseError) {
        var cursor = try HDF5Cursor(message, at: 0, sizes: sizes)
        let version = try cursor.byte("HDF5 dataspace")
        let rank = try cursor.byte("HDF5 dataspace")
        _ = try cursor.byte("HDF5 dataspace flags")
        var isNull = false
        switch version {
        case 1: try cursor.skip(5, "HDF5 dataspace")
        case 2: isNull = try cursor.byte("HDF5 dataspace type") == 2
        default: throw .unsupported(reading: "HDF5 dataspace version \(version)")
        }
        guard rank <= 32 else { throw .malformed(at: 1, reading: "HDF5 dataspace rank") }
        var shape: [UInt64] = []
        for _ in 0..<rank { shape.append(try cursor.unsigned(sizes.length, reading: "HDF5 dimension")) }
        self.shape = shape
        self.isNull = isNull
    }

    /// Elements, or nil when the product cannot be represented.
    package var count: UInt64? { isNull ? 0 : shape.checkedProduct() }
}
