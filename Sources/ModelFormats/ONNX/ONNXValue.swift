package import ByteParsing

/// An input or output of an ONNX graph: its name, and the type of tensor that it takes or gives.
package struct ONNXValue: Sendable, Hashable {
    package let name: String
    /// The name of the element type in lower case; empty for values that are no tensors.
    package let elementType: String
    /// Sizes, or names of sizes that the caller decides; `?` where nothing is said.
    package let dimensions: [String]

    /// Reads a ValueInfoProto; what cannot be read is left out.
    package init(_ region: ByteRegion, _ range: Range<Int>) {
        var name = ""
        var type = ""
        var dimensions: [String] = []
        for field in Self.fields(region, range) {
            if field.number == 1 {
                name = region.slice(field.range.lowerBound, field.range.count)?.text(limit: 256) ?? ""
            }
            guard field.number == 2 else { continue }
            // TypeProto.tensor_type, then TypeProto.Tensor: element type and shape.
            for tensor in Self.fields(region, field.range) where tensor.number == 1 && tensor.wire == .bytes {
                for part in Self.fields(region, tensor.range) {
                    if part.number == 1, part.wire == .varint { type = Self.elementTypes[part.integer] ?? "unknown" }
                    if part.number == 2 { dimensions = Self.shape(region, part.range) }
                }
            }
        }
        self.name = name
        elementType = type
        self.dimensions = dimensions
    }

    private static func shape(_ region: ByteRegion, _ range: Range<Int>) -> [String] {
        fields(region, range).filter { $0.number == 1 }.prefix(64).map { dimension in
            for field in fields(region, dimension.range) {
                if field.number == 1, field.wire == .varint { return String(field.integer) }
                if field.number == 2, let name = region.slice(field.range.lowerBound, field.range.count) {
                    return name.text(limit: 64)
                }
            }
            return "?"
        }
    }

    private static func fields(_ region: ByteRegion, _ range: Range<Int>) -> [ProtobufField] {
        var reader = ProtobufReader(region.bytes, range)
        var found: [ProtobufField] = []
        while found.count < 256, let field = try? reader.next() { found.append(field) }
        return found
    }

    /// Bits that an element takes among raw values, by TensorProto.DataType.
    static let elementBits: [Int: Int] = [
        1: 32, 2: 8, 3: 8, 4: 16, 5: 16, 6: 32, 7: 64, 9: 8, 10: 16, 11: 64, 12: 32, 13: 64, 14: 64, 15: 128, 16: 16,
        17: 8, 18: 8, 19: 8, 20: 8, 21: 4, 22: 4, 23: 4,
    ]

    /// TensorProto.DataType.
    package static let elementTypes: [Int: String] = [
        1: "float", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 8: "string", 9: "bool",
        10: "float16", 11: "double", 12: "uint32", 13: "uint64", 14: "complex64", 15: "complex128", 16: "bfloat16",
        17: "float8e4m3fn", 18: "float8e4m3fnuz", 19: "float8e5m2", 20: "float8e5m2fnuz", 21: "uint4", 22: "int4",
        23: "float4e2m1",
    ]
}
