/// How a text stands in YAML: bare where nothing could take it for something else, as a block when it has lines, else
/// in quotes.
enum ScalarNotation {
    case plain
    case block(chomping: String)
    case quoted

    init(_ text: String, allowsBlock: Bool) {
        if Self.isPlain(text) {
            self = .plain
        } else if allowsBlock, let chomping = Self.blockChomping(text) {
            self = .block(chomping: chomping)
        } else {
            self = .quoted
        }
    }

    /// Whether every reader of YAML 1.1 and 1.2 takes the bare text for exactly this text.
    static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, first != 0x20, last != 0x20 else { return false }
        guard last != UInt8(ascii: ":"), !startsLikeSyntax(first), !text.hasPrefix("---"), !text.hasPrefix("...") else {
            return false
        }
        var previous: UInt8 = 0
        for byte in bytes {
            if byte < 0x20 || byte == 0x7F { return false }
            if previous == UInt8(ascii: ":"), byte == 0x20 { return false }
            if previous == 0x20, byte == UInt8(ascii: "#") { return false }
            previous = byte
        }
        guard !text.unicodeScalars.contains(where: needsEscape) else { return false }
        for schema in [ScalarSchema.core, .yaml11] where schema.resolve(text) != .text { return false }
        // Words and forms of YAML 1.1 and of readers that take more for a value than PyYAML does.
        switch text {
        case "y", "Y", "n", "N", "=", "<<": return false
        default: break
        }
        return !looksLikeNumber(bytes)
    }

    private static func startsLikeSyntax(_ byte: UInt8) -> Bool {
        "-?:,[]{}#&*!|>'\"%@`=".utf8.contains(byte)
    }

    /// Digits and what goes with them alone, with a digit or a point first: `1e5`, `1_000`, `12:30`, `2024-05-01`.
    private static func looksLikeNumber(_ bytes: String.UTF8View) -> Bool {
        guard let first = bytes.first, (0x30...0x39).contains(first) || first == 0x2E || first == 0x2B else {
            return false
        }
        return bytes.allSatisfy {
            switch $0 {
            case 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"),
                UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
    }

    /// `|` or `|-` when the text reads back exactly from a block; nil when it would not, or has a single line.
    private static func blockChomping(_ text: String) -> String? {
        guard text.utf8.contains(0x0A) else { return nil }
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        let chomping = lines.last?.isEmpty == true ? "|" : "|-"
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard let first = lines.first, let last = lines.last, !first.isEmpty, !last.isEmpty else { return nil }
        guard first.first != 0x20, first.first != 0x09 else { return nil }
        for line in lines where !line.isEmpty && line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
        let isClean = text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || !needsEscape($0) }
        return isClean ? chomping : nil
    }

    /// What YAML does not allow bare, breaks lines, or acts on whoever looks at it (bidirectional and invisible marks).
    static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7F: false
        case 0..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFFE...0xFFFF: true
        default: false
        }
    }

    /// The text in double quotes.
    static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where needsEscape(scalar):
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
