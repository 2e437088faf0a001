/// Backslash escapes of Python's string and bytes literals.
enum PythonEscapes {
    /// The value of a literal's inside. Bytes above 0x7f that escapes make become the Unicode scalars of that number.
    static func decode(_ raw: ArraySlice<UInt8>) -> String {
        guard raw.contains(UInt8(ascii: "\\")) else { return String(decoding: raw, as: UTF8.self) }
        var result = String.UnicodeScalarView()
        var plain: [UInt8] = []
        var index = raw.startIndex

        func flush() {
            guard !plain.isEmpty else { return }
            result.append(contentsOf: String(decoding: plain, as: UTF8.self).unicodeScalars)
            plain.removeAll(keepingCapacity: true)
        }
        func number(_ radix: UInt32, _ most: Int, from start: Int) -> (value: UInt32, end: Int) {
            var value: UInt32 = 0
            var end = start
            while end < raw.endIndex, end - start < most, let digit = digit(raw[end]), digit < radix {
                value = value &* radix &+ digit
                end += 1
            }
            return (value, end)
        }
        while index < raw.endIndex {
            let byte = raw[index]
            guard byte == UInt8(ascii: "\\"), index + 1 < raw.endIndex else {
                plain.append(byte)
                index += 1
                continue
            }
            let escape = raw[index + 1]
            index += 2
            switch escape {
            case UInt8(ascii: "\n"): break
            case UInt8(ascii: "n"): plain.append(0x0a)
            case UInt8(ascii: "t"): plain.append(0x09)
            case UInt8(ascii: "r"): plain.append(0x0d)
            case UInt8(ascii: "a"): plain.append(0x07)
            case UInt8(ascii: "b"): plain.append(0x08)
            case UInt8(ascii: "f"): plain.append(0x0c)
            case UInt8(ascii: "v"): plain.append(0x0b)
            case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): plain.append(escape)
            case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"), UInt8(ascii: "0")...UInt8(ascii: "7"):
                let isOctal = escape < UInt8(ascii: "8")
                let length = isOctal ? 3 : escape == UInt8(ascii: "x") ? 2 : escape == UInt8(ascii: "u") ? 4 : 8
                let (value, end) = number(isOctal ? 8 : 16, length, from: isOctal ? index - 1 : index)
                index = max(index, end)
                flush()
                result.append(Unicode.Scalar(value) ?? "\u{fffd}")
            default:
                plain.append(UInt8(ascii: "\\"))
                plain.append(escape)
            }
        }
        flush()
        return String(result)
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}

/// The part of Unicode's compatibility normalisation that makes other letters into ASCII ones.
///
/// Python reads identifiers in normal form KC; without it `𝐞𝐱𝐞𝐜` would be no name that anybody looks for. Only letters
/// that fold to ASCII matter here: full-width forms and the mathematical alphabets.
enum CompatibilityFolding {
    static func fold(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(fold(scalar)) }
        return String(result)
    }

    private static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let value = scalar.value
        switch value {
        case 0xff01...0xff5e: return Unicode.Scalar(value - 0xff01 + 0x21) ?? scalar
        case 0x1d400...0x1d6a3:
            // Thirteen alphabets of 26 capitals and 26 small letters.
            let index = (value - 0x1d400) % 52
            return Unicode.Scalar(index < 26 ? 0x41 + index : 0x61 + index - 26) ?? scalar
        case 0x1d7ce...0x1d7ff: return Unicode.Scalar(0x30 + (value - 0x1d7ce) % 10) ?? scalar
        case 0x2090: return "a"
        case 0x2091: return "e"
        case 0x2092: return "o"
        case 0x2093: return "x"
        case 0x210a: return "g"
        case 0x210e, 0x2095: return "h"
        case 0x212f: return "e"
        case 0x2134: return "o"
        case 0x2071: return "i"
        case 0x207f: return "n"
        case 0x2c7c: return "j"
        case 0x1d62: return "i"
        case 0x1d63: return "r"
        case 0x1d64: return "u"
        case 0x1d65: return "v"
        case 0x2070: return "0"
        case 0x00aa: return "a"
        case 0x00ba: return "o"
        case 0x017f: return "s"
        default: return scalar
        }
    }
}
