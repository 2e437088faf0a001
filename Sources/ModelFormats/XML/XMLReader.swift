package import ByteParsing

/// A bounded, non-validating pull reader for XML 1.0.
///
/// Names are not split into prefix and local part, nesting is not checked against a grammar, entities are not expanded
/// and nothing outside of the text is ever opened. Comments are passed over. Encodings: UTF-8, UTF-16, UTF-32; others
/// are read as bytes, which is enough for markup in any superset of ASCII.
package struct XMLReader {
    let region: ByteRegion
    let budget: Budget
    var at: Int
    /// Longest value or text that is handed out; the rest of a longer one is cut.
    private let textLimit = 1 << 20

    package var offset: Int { at }

    package init(_ region: ByteRegion, budget: Budget) {
        self.region = UnicodeText.utf8(region)
        self.budget = budget
        at = region.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next event, or nil at the end.
    /// - Throws: `malformed` or `truncated` where the text stops being XML.
    package mutating func next() throws(ParseError) -> XMLEvent? {
        while at < region.count {
            try budget.spend(operations: 1, reading: "XML")
            guard region[at] == UInt8(ascii: "<") else {
                let start = at
                let end = region.suffix(from: start).bytes.firstOffset(of: UInt8(ascii: "<"))
                let length = end ?? (region.count - start)
                at = start + length
                let text = slice(start, length)
                if text.allSatisfy(\.isWhitespace) { continue }
                return .text(XMLReader.decode(text))
            }
            // Most markup is tags of elements: told apart by one byte.
            let mark = region[at + 1]
            guard mark == UInt8(ascii: "!") || mark == UInt8(ascii: "?") || mark == UInt8(ascii: "/") else {
                return try startTag()
            }
            if starts("<!--") {
                at = try after("-->", from: at + 4, "XML comment")
            } else if starts("<![CDATA[") {
                let start = at + 9
                at = try after("]]>", from: start, "XML CDATA section")
                return .text(slice(start, at - 3 - start))
            } else if starts("<?") {
                let start = at + 2
                at = try after("?>", from: start, "XML processing instruction")
                let text = slice(start, at - 2 - start)
                let target = text.prefix { !$0.isWhitespace }
                return .instruction(target: String(target), data: String(text.dropFirst(target.count)))
            } else if starts("<!DOCTYPE") {
                at += 9
                return .doctype(try doctype())
            } else if starts("</") {
                let start = at + 2
                at = try after(">", from: start, "XML end tag")
                let name = slice(start, at - 1 - start)
                return .end(name: String(name.prefix { !$0.isWhitespace }))
            } else {
                throw .malformed(at: at, reading: "XML markup")
            }
        }
        return nil
    }

    private mutating func startTag() throws(ParseError) -> XMLEvent {
        let begin = at
        at += 1
        let name = self.name()
        guard !name.isEmpty else { throw .malformed(at: begin, reading: "XML tag") }
        var attributes: [XMLAttribute] = []
        while true {
            try budget.spend(operations: 1, reading: "XML attributes")
            skipSpace()
            guard let byte = region[at] else { throw .truncated(at: begin, reading: "XML tag") }
            if byte == UInt8(ascii: ">") {
                at += 1
                return .start(name: name, attributes: attributes, isEmpty: false)
            }
            if byte == UInt8(ascii: "/"), region[at + 1] == UInt8(ascii: ">") {
                at += 2
                return .start(name: name, attributes: attributes, isEmpty: true)
            }
            let key = self.name()
            skipSpace()
            guard !key.isEmpty, region[at] == UInt8(ascii: "=") else {
                throw .malformed(at: at, reading: "XML attribute")
            }
            at += 1
            skipSpace()
            let value = try quoted("XML attribute")
            guard attributes.count < 10_000 else { throw .limit(at: at, reading: "XML attributes") }
            attributes.append(XMLAttribute(name: key, value: XMLReader.decode(value)))
        }
    }

    // MARK: Pieces

    func starts(_ text: StaticString) -> Bool { region.starts(with: Array(text.description.utf8), at: at) }

    private func slice(_ start: Int, _ length: Int) -> String {
        region.slice(start, max(0, length))?.text(limit: textLimit) ?? ""
    }

    func after(_ needle: StaticString, from: Int, _ what: String) throws(ParseError) -> Int {
        let wanted = Array(needle.description.utf8)
        guard let found = region.firstOffset(of: wanted, from: from) else { throw .truncated(at: at, reading: what) }
        return found + wanted.count
    }

    mutating func skipSpace() {
        let region = region
        let bytes = region.bytes
        var position = at
        while let byte = bytes.byte(at: position), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            position += 1
        }
        at = position
    }

    mutating func name() -> String {
        let start = at
        let region = region
        let bytes = region.bytes
        var position = start
        while let byte = bytes.byte(at: position), byte > 0x20, !XMLReader.isDelimiter(byte) { position += 1 }
        at = position
        return slice(start, min(position - start, 4_096))
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "/"), UInt8(ascii: "\""),
            UInt8(ascii: "'"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "%"):
            true
        default: false
        }
    }

    mutating func quoted(_ what: String) throws(ParseError) -> String {
        guard let quote = region[at], quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw .malformed(at: at, reading: what)
        }
        let start = at + 1
        guard let length = region.suffix(from: start).bytes.firstOffset(of: quote) else {
            throw .truncated(at: at, reading: what)
        }
        let text = slice(start, length)
        at = start + length + 1
        return text
    }

    /// Puts the predefined entities and character references in.
    static func decode(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var result = ""
        var rest = text[...]
        while let mark = rest.firstIndex(of: "&") {
            result += rest[..<mark]
            rest = rest[mark...]
            guard let end = rest.prefix(12).firstIndex(of: ";") else {
                result += "&"
                rest = rest.dropFirst()
                continue
            }
            let name = rest[rest.index(after: mark)..<end]
            switch name {
            case "lt": result += "<"
            case "gt": result += ">"
            case "amp": result += "&"
            case "quot": result += "\""
            case "apos": result += "'"
            default:
                var scalar: Unicode.Scalar?
                if name.hasPrefix("#x") {
                    scalar = UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
                } else if name.hasPrefix("#") {
                    scalar = UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
                }
                if let scalar {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += rest[mark...end]
                }
            }
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }
}
