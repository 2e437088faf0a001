/// Builds protocol buffer messages for tests.
struct Wire {
    var bytes: [UInt8] = []

    static func varint(_ value: UInt64) -> [UInt8] {
        var rest = value
        var result: [UInt8] = []
        while rest >= 0x80 {
            result.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return result + [UInt8(rest)]
    }

    func number(_ field: UInt64, _ value: UInt64) -> Wire {
        Wire(bytes: bytes + Wire.varint(field << 3) + Wire.varint(value))
    }
    func data(_ field: UInt64, _ value: [UInt8]) -> Wire {
        Wire(bytes: bytes + Wire.varint(field << 3 | 2) + Wire.varint(UInt64(value.count)) + value)
    }
    func text(_ field: UInt64, _ value: String) -> Wire { data(field, Array(value.utf8)) }
    func message(_ field: UInt64, _ value: Wire) -> Wire { data(field, value.bytes) }
    func messages(_ field: UInt64, _ values: [Wire]) -> Wire { values.reduce(self) { $0.message(field, $1) } }
}
