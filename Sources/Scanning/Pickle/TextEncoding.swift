/// Encodings by which bytes stand in text, as Python's modules `base64`, `binascii` and `codecs` undo them.
enum TextEncoding: CaseIterable {
    case base64, hexadecimal, base85, ascii85, base32, rot13

    /// Characters of a text that tell whether the rest is worth decoding: a multiple of every encoding's group.
    static let telling = 120
    /// Characters that are looked at first: a multiple of every group too.
    private static let glance = 40
    /// Texts shorter than this are no encoded content.
    private static let shortest = 8

    /// The name in findings.
    var name: String {
        switch self {
        case .base64: "base64"
        case .hexadecimal: "hexadecimal"
        case .base85: "base85"
        case .ascii85: "ASCII85"
        case .base32: "base32"
        case .rot13: "ROT13"
        }
    }

    func decode(_ text: [UInt8]) -> [UInt8]? {
        switch self {
        case .base64: EncodedText.base64(text)
        case .hexadecimal: EncodedText.hexadecimal(text)
        case .base85: EncodedText.base85(text)
        case .ascii85: EncodedText.ascii85(text)
        case .base32: EncodedText.base32(text)
        case .rot13: EncodedText.rot13(text)
        }
    }

    /// Whether undoing up to `depth` encodings of a text's beginning leads to what `isContent` takes.
    static func leads(_ start: [UInt8], depth: Int, to isContent: ([UInt8]) -> Bool) -> Bool {
        guard depth > 0, start.count >= shortest else { return false }
        return allCases.contains { encoding in
            let first = Array(start.prefix(glance))
            guard let glimpse = encoding.decode(first), glimpse.count >= 4, glimpse != first else { return false }
            if isContent(glimpse) { return true }
            // What is encoded again is text without spaces.
            guard glimpse.count >= shortest, glimpse.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
                let decoded = encoding.decode(encoding.groups(of: start))
            else { return false }
            return leads(decoded, depth: encoding == .rot13 ? min(1, depth - 1) : depth - 1, to: isContent)
        }
    }

    /// The bytes behind up to `depth` encodings that `isContent` takes, and the encodings' names, the outermost last.
    static func undone(
        _ bytes: [UInt8], depth: Int, isContent: ([UInt8]) -> Bool
    ) -> (bytes: [UInt8], names: [String])? {
        let start = Array(bytes.prefix(telling))
        if isContent(start) { return (bytes, []) }
        guard depth > 0, bytes.count >= shortest else { return nil }
        for encoding in allCases {
            guard let head = encoding.decode(encoding.groups(of: start)), head.count >= 4, head != start,
                isContent(head) || leads(head, depth: depth - 1, to: isContent),
                let decoded = encoding.decode(bytes),
                let found = undone(decoded, depth: depth - 1, isContent: isContent)
            else { continue }
            return (found.bytes, found.names + [encoding.name])
        }
        return nil
    }

    /// The text up to the end of a group, so that a beginning decodes as the whole does.
    private func groups(of text: [UInt8]) -> [UInt8] {
        let group: Int
        switch self {
        case .base64: group = 4
        case .hexadecimal: group = 2
        case .base85, .ascii85: group = 5
        case .base32: group = 8
        case .rot13: group = 1
        }
        return text.count < Self.telling ? text : Array(text.prefix(text.count / group * group))
    }
}

extension EncodedText {
    private static let alphabet85 = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~".utf8)
    private static let digits85: [UInt8?] = {
        var digits = [UInt8?](repeating: nil, count: 256)
        for (digit, letter) in alphabet85.enumerated() { digits[Int(letter)] = UInt8(digit) }
        return digits
    }()

    /// `base64.b85decode`; nil for a character outside of the alphabet.
    static func base85(_ text: [UInt8]) -> [UInt8]? {
        var values: [UInt8] = []
        values.reserveCapacity(text.count)
        for byte in text {
            guard let digit = digits85[Int(byte)] else { return nil }
            values.append(digit)
        }
        return groups85(values)
    }

    /// `base64.a85decode`, with or without the marks around it; nil for a character outside of the alphabet.
    static func ascii85(_ text: [UInt8]) -> [UInt8]? {
        var rest = text[...]
        if rest.starts(with: Array("<~".utf8)) { rest = rest.dropFirst(2) }
        var values: [UInt8] = []
        values.reserveCapacity(rest.count)
        for byte in rest {
            switch byte {
            case 0x21...0x75: values.append(byte - 0x21)
            case UInt8(ascii: "z"):
                guard values.count % 5 == 0 else { return nil }
                values += [0, 0, 0, 0, 0]
            case UInt8(ascii: "~"): return groups85(values)
            case 0x20, 0x09, 0x0A, 0x0B, 0x0D: continue
            default: return nil
            }
        }
        return groups85(values)
    }

    /// Five digits are four bytes; a shorter group at the end is filled up and gives as many fewer.
    private static func groups85(_ digits: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(digits.count / 5 * 4 + 4)
        for start in stride(from: 0, to: digits.count, by: 5) {
            var value: UInt64 = 0
            for index in start..<(start + 5) { value = value * 85 + UInt64(index < digits.count ? digits[index] : 84) }
            guard value <= UInt64(UInt32.max) else { return nil }
            let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt64($0)) }
            result += bytes.prefix(min(4, digits.count - start - 1))
        }
        return result
    }

    /// Base32 in either case; nil for a character outside of the alphabet.
    static func base32(_ text: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count / 8 * 5 + 5)
        var buffer: UInt32 = 0
        var bits = 0
        for byte in text {
            let value: UInt32
            switch byte {
            case 0x41...0x5A: value = UInt32(byte - 0x41)
            case 0x61...0x7A: value = UInt32(byte - 0x61)
            case 0x32...0x37: value = UInt32(byte - 0x32) + 26
            case 0x3D: return result
            default: return nil
            }
            buffer = (buffer << 5 | value) & 0xFFFF
            bits += 5
            if bits >= 8 {
                bits -= 8
                result.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return result
    }

    /// Letters moved by half the alphabet; nil for bytes that are no ASCII text.
    static func rot13(_ text: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for byte in text {
            switch byte {
            case 0x41...0x5A: result.append((byte - 0x41 + 13) % 26 + 0x41)
            case 0x61...0x7A: result.append((byte - 0x61 + 13) % 26 + 0x61)
            case 0x0A, 0x0D, 0x09, 0x20..<0x7F: result.append(byte)
            default: return nil
            }
        }
        return result
    }
}
