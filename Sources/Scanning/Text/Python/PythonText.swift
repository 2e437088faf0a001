internal import ByteParsing

/// Operations on constant texts, by code points as Python's and within ``PythonValue/longestText``: nil when the result
/// would be longer.
enum PythonText {
    static func joined(_ texts: [String], separator: String = "") -> String? {
        let separators = max(0, texts.count - 1).multipliedReportingOverflow(by: separator.utf8.count)
        guard !separators.overflow else { return nil }
        var size = separators.partialValue
        for text in texts {
            size = size &+ text.utf8.count
            guard size <= PythonValue.longestText else { return nil }
        }
        return texts.joined(separator: separator)
    }

    /// `text.replace(old, new)`.
    static func replacing(_ old: String, with new: String, in text: String) -> String? {
        let pieces = split(text, at: old)
        return pieces.count == 1 ? text : joined(pieces, separator: new)
    }

    static func reversed(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: text.unicodeScalars.reversed())
        return String(result)
    }

    /// `format % values` with nothing but `%s` in it, or nil when it is anything else.
    static func formatted(_ format: String, _ values: [String?]) -> String? {
        let pieces = split(format, at: "%s")
        guard pieces.count == values.count + 1, pieces.count > 1 else { return nil }
        var texts = [pieces[0]]
        for (piece, value) in zip(pieces.dropFirst(), values) {
            guard let value else { return nil }
            texts += [value, piece]
        }
        return joined(texts)
    }

    /// `format.format(values…)` with nothing but `{}` in it, or nil when it is anything else.
    static func filled(_ format: String, _ values: [String?]) -> String? {
        let pieces = split(format, at: "{}")
        guard pieces.count == values.count + 1,
            !pieces.contains(where: { $0.utf8.contains(UInt8(ascii: "{")) || $0.utf8.contains(UInt8(ascii: "}")) })
        else { return nil }
        var texts = [pieces[0]]
        for (piece, value) in zip(pieces.dropFirst(), values) {
            guard let value else { return nil }
            texts += [value, piece]
        }
        return joined(texts)
    }

    static func swappingCase(_ text: String) -> String {
        String(text.flatMap { $0.isLowercase ? $0.uppercased() : $0.lowercased() })
    }

    /// The text without the white space at its ends.
    static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// The value of an integer literal; nil for one that is too large, and for what is none.
    static func integer(_ text: String) -> Int? {
        let plain = text.filter { $0 != "_" }.lowercased()
        if plain.hasPrefix("0x") { return Int(plain.dropFirst(2), radix: 16) }
        if plain.hasPrefix("0o") { return Int(plain.dropFirst(2), radix: 8) }
        if plain.hasPrefix("0b") { return Int(plain.dropFirst(2), radix: 2) }
        return Int(plain)
    }

    /// The parts between the places where `separator` stands, compared as bytes.
    static func split(_ text: String, at separator: String) -> [String] {
        let (bytes, mark) = (Array(text.utf8), Array(separator.utf8))
        guard !mark.isEmpty else { return [text] }
        var pieces: [String] = []
        var start = 0
        while let hit = unsafe bytes.span.bytes.firstOffset(of: mark, from: start) {
            pieces.append(String(decoding: bytes[start..<hit], as: UTF8.self))
            start = hit + mark.count
        }
        pieces.append(String(decoding: bytes[start...], as: UTF8.self))
        return pieces
    }
}
