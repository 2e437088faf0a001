/// Strings: their escapes, their halves of surrogate pairs, their UTF-8.
extension JSONScanner {
    /// Reads a string whose first byte inside the quotes is at `start`; returns the offset after the closing quote.
    mutating func string(_ bytes: RawSpan, _ start: Int) throws(ParseError) -> Int {
        var at = start
        var escaped = false
        var plain = true
        while let byte = bytes.byte(at: at) {
            if byte == UInt8(ascii: "\"") {
                if !plain, !dialect.allowsInvalidUTF8, !Self.isUTF8(bytes.extracting(start..<at)) {
                    throw .malformed(at: start, reading: "JSON string (UTF-8)")
                }
                try append(.string, start, at - start, escaped: escaped)
                return at + 1
            }
            if byte == UInt8(ascii: "\\") {
                escaped = true
                guard let next = bytes.byte(at: at + 1) else { break }
                switch next {
                case UInt8(ascii: "u"):
                    for position in (at + 2)..<(at + 6) where Self.hexadecimal(bytes.byte(at: position)) == nil {
                        throw .malformed(at: at, reading: "JSON string (\\u escape)")
                    }
                    at += dialect.allowsLoneSurrogates ? 6 : try Self.wholeEscape(bytes, at)
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
                    UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                    at += 2
                default: throw .malformed(at: at, reading: "JSON string (escape)")
                }
                continue
            }
            if byte < 0x20 { throw .malformed(at: at, reading: "JSON string (control character)") }
            if byte >= 0x80 { plain = false }
            at += 1
        }
        throw .truncated(at: at, reading: "JSON string")
    }

    /// The length of the `\u` escape at `at`, which of a surrogate pair is that of both halves.
    /// - Throws: `malformed` for half a pair. The second half is judged with the first alone: what stands before it may look like
    ///   an escape, and be the end of another one (`\\ud83d\ude00`).
    private static func wholeEscape(_ bytes: RawSpan, _ at: Int) throws(ParseError) -> Int {
        func unit(_ position: Int) -> UInt16? {
            guard bytes.byte(at: position) == UInt8(ascii: "\\"), bytes.byte(at: position + 1) == UInt8(ascii: "u")
            else { return nil }
            var value: UInt16 = 0
            for index in (position + 2)..<(position + 6) {
                guard let digit = hexadecimal(bytes.byte(at: index)) else { return nil }
                value = value << 4 | digit
            }
            return value
        }
        guard let value = unit(at), value & 0xF800 == 0xD800 else { return 6 }
        guard value & 0x0400 == 0, let low = unit(at + 6), low & 0xFC00 == 0xDC00 else {
            throw .malformed(at: at, reading: "JSON string (half a surrogate pair)")
        }
        return 12
    }

    private static func hexadecimal(_ byte: UInt8?) -> UInt16? {
        guard let byte else { return nil }
        switch byte {
        case 0x30...0x39: return UInt16(byte - 0x30)
        case 0x41...0x46: return UInt16(byte - 0x41 + 10)
        case 0x61...0x66: return UInt16(byte - 0x61 + 10)
        default: return nil
        }
    }

    private static func isUTF8(_ bytes: RawSpan) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) != nil }
    }

    /// Decodes the escapes of a string; a lone surrogate becomes U+FFFD.
    static func unescape(_ raw: RawSpan) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(raw.byteCount)
        var at = 0
        func unit(_ position: Int) -> UInt16? {
            var value: UInt16 = 0
            for index in position..<(position + 4) {
                guard let digit = hexadecimal(raw.byte(at: index)) else { return nil }
                value = value << 4 | digit
            }
            return value
        }
        while let byte = raw.byte(at: at) {
            guard byte == UInt8(ascii: "\\"), let next = raw.byte(at: at + 1) else {
                result.append(byte)
                at += 1
                continue
            }
            at += 2
            switch next {
            case UInt8(ascii: "b"): result.append(8)
            case UInt8(ascii: "f"): result.append(12)
            case UInt8(ascii: "n"): result.append(10)
            case UInt8(ascii: "r"): result.append(13)
            case UInt8(ascii: "t"): result.append(9)
            case UInt8(ascii: "u"):
                guard let high = unit(at) else { continue }
                at += 4
                var scalar = UInt32(high)
                if high & 0xFC00 == 0xD800, raw.byte(at: at) == UInt8(ascii: "\\"),
                    raw.byte(at: at + 1) == UInt8(ascii: "u"), let low = unit(at + 2), low & 0xFC00 == 0xDC00
                {
                    at += 6
                    scalar = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
                }
                result.append(contentsOf: Array(String(Character(Unicode.Scalar(scalar) ?? "\u{FFFD}")).utf8))
            default: result.append(next)
            }
        }
        return result
    }
}
