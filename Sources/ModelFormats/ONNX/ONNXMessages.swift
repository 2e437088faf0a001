internal import ByteParsing

/// The small messages of an ONNX model that are read at once; what cannot be read of them is left out.
struct ONNXMessages {
    let region: ByteRegion

    init(_ region: ByteRegion) { self.region = region }

    func text(_ range: Range<Int>, limit: Int = 4_096) -> String {
        region.slice(range.lowerBound, range.count)?.text(limit: limit) ?? ""
    }

    /// Reads an OperatorSetIdProto.
    func operatorSet(_ range: Range<Int>) -> (domain: String, version: Int) {
        var reader = ProtobufReader(region.bytes, range)
        var domain = ""
        var version = 0
        while let field = try? reader.next() {
            if field.number == 1, field.wire == .bytes { domain = text(field.range) }
            if field.number == 2, field.wire == .varint { version = field.integer }
        }
        return (domain, version)
    }

    /// Reads a StringStringEntryProto.
    func pair(_ range: Range<Int>) -> (key: String, value: Range<Int>) {
        var reader = ProtobufReader(region.bytes, range)
        var key = ""
        var value = range.lowerBound..<range.lowerBound
        while let field = try? reader.next() {
            if field.number == 1, field.wire == .bytes { key = text(field.range) }
            if field.number == 2, field.wire == .bytes { value = field.range }
        }
        return (key, value)
    }

    /// The name of a ValueInfoProto.
    func name(_ range: Range<Int>) -> String {
        var reader = ProtobufReader(region.bytes, range)
        while let field = try? reader.next() {
            if field.number == 1, field.wire == .bytes { return text(field.range, limit: 256) }
        }
        return ""
    }

    /// Packed integers, 64 at most.
    func packed(_ range: Range<Int>) -> [Int] {
        var cursor = Cursor(region.bytes)
        var result: [Int] = []
        guard (try? cursor.seek(to: range.lowerBound)) != nil else { return [] }
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while cursor.offset < range.upperBound, result.count < 64, let byte = try? cursor.byte() {
            if shift < 64 { value |= UInt64(byte & 0x7F) << shift }
            shift &+= 7
            if byte < 0x80 {
                result.append(Int(truncatingIfNeeded: value))
                value = 0
                shift = 0
            }
        }
        return result
    }
}
