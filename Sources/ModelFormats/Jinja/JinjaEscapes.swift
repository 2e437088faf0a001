internal import ByteParsing

/// Backslash escapes in template strings: jinja2 decodes them with Python's `unicode-escape` codec.
enum JinjaEscapes {
    /// The value of a string literal's content.
    /// - Throws: `malformed` for escapes that the codec refuses.
    static func decode(_ raw: ArraySlice<Unicode.Scalar>, at offset: Int) throws(ParseError) -> String {
        var result = String.UnicodeScalarView()
        var index = raw.startIndex
        func number(_ from: Int, _ length: Int) throws(ParseError) -> Unicode.Scalar {
            guard raw.endIndex - from >= length else { throw .malformed(at: offset, reading: "string escape") }
            var value: UInt32 = 0
            for scalar in raw[from..<(from + length)] {
                guard scalar.isHexadecimalDigit, let digit = Character(scalar).hexDigitValue else {
                    throw .malformed(at: offset, reading: "string escape")
                }
                value = value << 4 | UInt32(digit)
            }
            guard value <= 0x10FFFF else { throw .malformed(at: offset, reading: "string escape") }
            // A lone surrogate is a value in Python; it cannot be one here and names nothing that matters.
            return Unicode.Scalar(value) ?? "\u{FFFD}"
        }
        while index < raw.endIndex {
            let scalar = raw[index]
            guard scalar == "\\", index + 1 < raw.endIndex else {
                result.append(scalar)
                index += 1
                continue
            }
            let next = raw[index + 1]
            index += 2
            switch next {
            case "\n": break
            case "\\", "'", "\"": result.append(next)
            case "a": result.append("\u{7}")
            case "b": result.append("\u{8}")
            case "f": result.append("\u{C}")
            case "n": result.append("\n")
            case "r": result.append("\r")
            case "t": result.append("\t")
            case "v": result.append("\u{B}")
            case "x":
                result.append(try number(index, 2))
                index += 2
            case "u":
                result.append(try number(index, 4))
                index += 4
            case "U":
                result.append(try number(index, 8))
                index += 8
            case "N":
                guard index < raw.endIndex, raw[index] == "{",
                    let end = raw[index...].firstIndex(of: "}"), end > index + 1
                else { throw .malformed(at: offset, reading: "string escape (character name)") }
                var name = String.UnicodeScalarView()
                name.append(contentsOf: raw[(index + 1)..<end])
                result.append(named(String(name).uppercased()))
                index = end + 1
            case "0"..."7":
                var value = next.value - 0x30
                for _ in 0..<2 {
                    guard index < raw.endIndex, ("0"..."7").contains(raw[index]) else { break }
                    value = value << 3 | (raw[index].value - 0x30)
                    index += 1
                }
                result.append(Unicode.Scalar(value) ?? "\u{FFFD}")
            default:
                result.append("\\")
                result.append(next)
            }
        }
        return String(result)
    }

    /// The character of that Unicode name among the first 0x250; others become U+FFFD, as no name that a template
    /// could misuse is spelled with them.
    private static func named(_ name: String) -> Unicode.Scalar {
        if name == "UNDERSCORE" || name == "SPACING UNDERSCORE" { return "_" }
        for value in UInt32(0x20)..<0x250 {
            if let scalar = Unicode.Scalar(value), scalar.properties.name == name { return scalar }
        }
        return "\u{FFFD}"
    }
}
