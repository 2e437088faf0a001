/// Text encodings of bytes, as Python's decoders take them.
enum EncodedText {
    /// The six bits that a letter of base64 stands for, in the standard or the URL alphabet.
    static func sextet(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte - 0x41)
        case 0x61...0x7A: UInt32(byte - 0x61 + 26)
        case 0x30...0x39: UInt32(byte - 0x30 + 52)
        case 0x2B, 0x2D: 62
        case 0x2F, 0x5F: 63
        default: nil
        }
    }

    /// Base64 in the standard or the URL alphabet, as CPython's `binascii.a2b_base64` reads it: characters outside of both
    /// are passed over, and so is padding where none can be; the first padding that fills a group ends the text.
    static func base64(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(min(text.count, 1 << 22) / 4 * 3)
        var buffer: UInt32 = 0
        var letters = 0
        var pads = 0
        for byte in text {
            guard let value = sextet(byte) else {
                guard byte == UInt8(ascii: "="), letters & 3 >= 2 else { continue }
                pads += 1
                if letters & 3 + pads >= 4 { return result }
                continue
            }
            pads = 0
            buffer = buffer << 6 | value
            // Of four letters, the first alone gives no byte.
            if letters & 3 != 0 { result.append(UInt8(truncatingIfNeeded: buffer >> UInt32(6 - 2 * (letters & 3)))) }
            letters &+= 1
        }
        return result
    }

    /// Pairs of hexadecimal digits; spaces between them pass.
    static func hexadecimal(_ text: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var high: UInt8?
        for byte in text {
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x37
            case 0x61...0x66: digit = byte - 0x57
            case 0x20, 0x0A, 0x0D, 0x09: continue
            default: return nil
            }
            if let first = high {
                result.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return high == nil ? result : nil
    }

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

    /// ASCII letters moved by half the alphabet; everything else stays.
    static func rot13(_ text: [UInt8]) -> [UInt8] {
        text.map { byte in
            switch byte {
            case 0x41...0x5A: (byte - 0x41 + 13) % 26 + 0x41
            case 0x61...0x7A: (byte - 0x61 + 13) % 26 + 0x61
            default: byte
            }
        }
    }
}
