package import ByteParsing

/// Text in one of the Unicode encodings, told apart by its first bytes.
package enum UnicodeText {
    package enum Encoding: Sendable { case utf8, utf16Little, utf16Big, utf32Little, utf32Big }

    /// The encoding by byte order mark or by where the zero bytes of the first two ASCII characters stand
    /// (RFC 4627, section 3; Python's `json.detect_encoding` and XML 1.0, appendix F, do the same).
    package static func encoding(of region: ByteRegion) -> Encoding {
        guard let a = region[0], let b = region[1] else { return .utf8 }
        if let c = region[2], let d = region[3] {
            if (a, b, c, d) == (0xFF, 0xFE, 0, 0) { return .utf32Little }
            if (a, b, c, d) == (0, 0, 0xFE, 0xFF) { return .utf32Big }
            if a == 0, b == 0, c == 0, d != 0 { return .utf32Big }
            if a != 0, b == 0, c == 0, d == 0 { return .utf32Little }
        }
        if (a, b) == (0xFF, 0xFE) { return .utf16Little }
        if (a, b) == (0xFE, 0xFF) { return .utf16Big }
        if a == 0, b != 0 { return .utf16Big }
        if a != 0, b == 0 { return .utf16Little }
        return .utf8
    }

    /// The text as UTF-8: the region itself when it is that already. The caller has bounded its size.
    package static func utf8(_ region: ByteRegion) -> ByteRegion {
        let encoding = encoding(of: region)
        let width: Int
        switch encoding {
        case .utf8: return region
        case .utf16Little, .utf16Big: width = 2
        case .utf32Little, .utf32Big: width = 4
        }
        let isBig = encoding == .utf16Big || encoding == .utf32Big
        var text = ""
        var at = 0
        var units: [UInt16] = []
        while at + width <= region.count {
            defer { at += width }
            if width == 2 {
                units.append((isBig ? region.big(UInt16.self, at: at) : region.little(UInt16.self, at: at)) ?? 0)
            } else {
                let value = (isBig ? region.big(UInt32.self, at: at) : region.little(UInt32.self, at: at)) ?? 0
                text.unicodeScalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
            }
        }
        if width == 2 { text = String(decoding: units, as: UTF16.self) }
        var bytes = Array(text.utf8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        return ByteRegion(bytes)
    }
}

/// Base64 (RFC 4648), standard or URL alphabet, line breaks and missing padding allowed.
package enum Base64Text {
    /// The bytes, or nil when a character is none of the alphabet's.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for byte in text {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte + 4
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            case UInt8(ascii: "="), 0x0A, 0x0D, 0x20: continue
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
                bits &= (1 << UInt32(count)) - 1
            }
        }
        return bytes
    }
}
