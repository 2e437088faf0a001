import AssayCore

extension Printable {
    /// JSON text as it is, but for characters that do not show as themselves, which JSON's own notation names (RFC 8259,
    /// section 7): it means the same, and says nothing to a terminal.
    static func json(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where "\n\r\t".unicodeScalars.contains(scalar): result.append(scalar)
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars
                }
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
