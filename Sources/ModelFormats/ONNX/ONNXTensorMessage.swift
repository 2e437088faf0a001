internal import ByteParsing

/// What a TensorProto says about its tensor, without the values.
struct ONNXTensorMessage {
    private(set) var name = ""
    private(set) var type = 0
    private(set) var dimensions: [Int] = []
    /// Where the StringStringEntryProtos of external data lie.
    private(set) var entries: [Range<Int>] = []
    private(set) var isExternal = false
    /// Where `raw_data` lies.
    private(set) var values = 0..<0
    /// Whether the dimensions or the length of the raw values cannot be those of one tensor.
    var isInconsistent: Bool {
        if dimensions.contains(where: { $0 < 0 }) { return true }
        guard !values.isEmpty, let bits = ONNXValue.elementBits[type] else { return false }
        var elements: Int? = 1
        for side in dimensions { elements = elements?.multiplied(checked: side) }
        guard let size = elements?.multiplied(checked: bits) else { return true }
        return (size / 8) + (size % 8 == 0 ? 0 : 1) != values.count
    }

    /// Where the properties that tools add lie.
    private(set) var metadata: [Range<Int>] = []

    /// UINT8 and INT8: the types under which somebody would store a file.
    var mayHoldAFile: Bool { (2...3).contains(type) && values.count >= 64 }

    mutating func read(_ range: Range<Int>, of messages: ONNXMessages, budget: Budget) throws(ParseError) {
        let region = messages.region
        var reader = ProtobufReader(region.bytes, range)
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "TensorProto")
            switch (field.number, field.wire) {
            case (1, .varint): if dimensions.count < 64 { dimensions.append(field.integer) }
            case (1, .bytes): dimensions += messages.packed(field.range)
            case (2, .varint): type = field.integer
            case (8, .bytes): name = messages.text(field.range, limit: 256)
            case (9, .bytes): values = field.range
            case (13, .bytes): if entries.count < 64 { entries.append(field.range) }
            case (14, .varint): isExternal = field.value == 1
            case (16, .bytes): if metadata.count <= ONNXWalk.kept { metadata.append(field.range) }
            default: break
            }
        }
    }
}
