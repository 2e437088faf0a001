internal import ByteParsing

/// Names as graph formats use them.
enum Identifier {
    /// Whether the bytes are a non-empty text without control characters: names of functions can be any.
    static func isText(_ region: ByteRegion) -> Bool {
        guard !region.isEmpty, region.count <= 512 else { return false }
        let bytes = region.bytes
        for index in 0..<bytes.byteCount {
            guard let byte = bytes.byte(at: index), byte >= 0x20, byte != 0x7F else { return false }
        }
        return true
    }

    /// Whether the bytes are a non-empty name of letters, digits and the marks that operator names have.
    static func isPlain(_ region: ByteRegion) -> Bool {
        guard !region.isEmpty, region.count <= 512 else { return false }
        let bytes = region.bytes
        for index in 0..<bytes.byteCount {
            guard let byte = bytes.byte(at: index) else { return false }
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: ">"), UInt8(ascii: "."),
                UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "<"):
                continue
            default: return false
            }
        }
        return true
    }
}
