/// Base64 (RFC 4648, section 4): the standard alphabet with padding.
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    fileprivate static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, symbol) in alphabet.enumerated() { table[Int(symbol)] = UInt8(value) }
        return table
    }()

    /// The text of the bytes, with padding.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let left = min(3, bytes.count - start)
            let group =
                UInt32(bytes[start]) << 16 | (left > 1 ? UInt32(bytes[start + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[start + 2]) : 0)
            for place in 0..<4 {
                text.append(
                    place <= left ? alphabet[Int(group >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes padded text; line breaks are passed over, as PEM and protobuf's JSON readers do.
    /// - Returns: nil for any other symbol, wrong padding, or bits in the padding that are not zero.
    public static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.underestimatedCount / 4 * 3 + 3)
        var decoder = Decoder()
        for symbol in text {
            if symbol == 0x0A || symbol == 0x0D { continue }
            guard decoder.take(symbol, &bytes) else { return nil }
        }
        return decoder.finish(&bytes) ? bytes : nil
    }

    /// Text that comes in pieces; nothing is passed over.
    public struct Decoder: Sendable {
        private var group: UInt32 = 0
        private var symbols = 0
        private var padding = 0

        public init() {}

        /// Appends what the symbol completes; false when it does not belong there.
        @inline(__always)
        public mutating func take(_ symbol: UInt8, _ bytes: inout [UInt8]) -> Bool {
            if symbol == UInt8(ascii: "=") {
                padding += 1
                return padding <= 2
            }
            let value = Base64.values[Int(symbol)]
            guard value != 255, padding == 0 else { return false }
            group = group << 6 | UInt32(value)
            symbols += 1
            if symbols.isMultiple(of: 4) {
                bytes.append(UInt8(truncatingIfNeeded: group >> 16))
                bytes.append(UInt8(truncatingIfNeeded: group >> 8))
                bytes.append(UInt8(truncatingIfNeeded: group))
                group = 0
            }
            return true
        }

        /// Appends what a piece of the text completes; false when it holds something else.
        public mutating func take(_ piece: RawSpan, _ bytes: inout [UInt8]) -> Bool {
            bytes.reserveCapacity(bytes.count + piece.byteCount / 4 * 3 + 3)
            return unsafe piece.withUnsafeBytes { piece in
                unsafe piece.allSatisfy { symbol in take(symbol, &bytes) }
            }
        }

        /// Appends what is left at the end of the text; false for wrong padding, and for bits in it that are not zero.
        public mutating func finish(_ bytes: inout [UInt8]) -> Bool {
            switch (symbols % 4, padding) {
            case (0, 0): return true
            case (2, 2):
                guard group & 0xF == 0 else { return false }
                bytes.append(UInt8(truncatingIfNeeded: group >> 4))
            case (3, 1):
                guard group & 3 == 0 else { return false }
                bytes.append(UInt8(truncatingIfNeeded: group >> 10))
                bytes.append(UInt8(truncatingIfNeeded: group >> 2))
            default: return false
            }
            return true
        }
    }

    /// Encodes bytes that come in pieces.
    public struct Encoder: Sendable {
        private var left: [UInt8] = []

        public init() {}

        /// The symbols of all whole groups.
        public mutating func take(_ bytes: [UInt8]) -> [UInt8] {
            let all = left + bytes
            let whole = all.count / 3 * 3
            left = Array(all[whole...])
            return Array(Base64.encode(Array(all[..<whole])).utf8)
        }

        /// The symbols of what is left, with padding.
        public mutating func finish() -> [UInt8] {
            defer { left = [] }
            return Array(Base64.encode(left).utf8)
        }
    }
}
