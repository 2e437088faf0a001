package import ByteParsing

/// Splits Python source into tokens, as the language reference's chapter on lexical analysis describes it.
///
/// Lenient where Python is strict, because what one interpreter refuses another runs: Python 2 literals, odd
/// indentation and unknown characters pass. An f-string becomes the sum of its texts and expressions, in parentheses,
/// so that they are read like any other. Not read: encoding declarations (bytes are taken as UTF-8), named
/// Unicode escapes (`\N{…}`), and line numbers inside of f-strings.
package struct PythonTokenizer {
    /// Bytes of one literal that are kept: a longer one is judged by its beginning.
    static let literalLimit = 1 << 16
    /// How deep f-strings nest that are followed.
    static let mostNesting = 4

    /// Tokens that are read of one source.
    package static let mostTokens = 1 << 19

    let bytes: [UInt8]
    let budget: Budget
    var position = 0
    var line = 1
    private var indentation = 0
    var brackets = 0
    var nesting = 0
    var tokens: [PythonToken] = []
    /// Tokens up to the end of the formatted string that was read last.
    var formattedEnd = 0
    private var constants = PythonConstantRun()

    init(_ bytes: [UInt8], budget: Budget) {
        self.bytes = bytes
        self.budget = budget
    }

    /// The tokens of `source`, which the caller has cut to a size fit to hold in memory.
    /// - Throws: `limit` when the budget is used up.
    package static func tokens(of source: ByteRegion, budget: Budget) throws(ParseError) -> [PythonToken] {
        try tokens(of: source.array(), budget: budget)
    }

    package static func tokens(of source: [UInt8], budget: Budget) throws(ParseError) -> [PythonToken] {
        try budget.spend(operations: source.count, reading: "Python source")
        var tokenizer = PythonTokenizer(source, budget: budget)
        // Room is no memory before it is used; growing keeps the tokens twice.
        tokenizer.tokens.reserveCapacity(min(source.count / 2, mostTokens))
        tokenizer.skipByteOrderMark()
        tokenizer.run()
        return tokenizer.tokens
    }

    private mutating func skipByteOrderMark() {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    func peek(_ ahead: Int = 0) -> UInt8 {
        let index = position &+ ahead
        return bytes.indices.contains(index) ? bytes[index] : 0
    }

    mutating func add(_ kind: PythonToken.Kind, _ text: String, at offset: Int, line: Int) {
        let token = PythonToken(kind, text, offset: offset, line: line, indentation: indentation)
        let kept = constants.filter(token, isInBrackets: brackets > 0)
        tokens += kept.before
        if kept.isKept { tokens.append(token) }
    }

    mutating func run() {
        var atLineStart = true
        while position < bytes.count, tokens.count < Self.mostTokens {
            if atLineStart {
                atLineStart = false
                if brackets == 0 { readIndentation() }
            }
            let byte = peek()
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if byte == UInt8(ascii: "\r"), peek(1) == UInt8(ascii: "\n") { position += 1 }
                endLine()
                position += 1
                line += 1
                atLineStart = true
            case UInt8(ascii: "#"):
                while position < bytes.count, peek() != UInt8(ascii: "\n"), peek() != UInt8(ascii: "\r") {
                    position += 1
                }
            case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: "\n") || peek(1) == UInt8(ascii: "\r"):
                position += peek(1) == UInt8(ascii: "\r") && peek(2) == UInt8(ascii: "\n") ? 3 : 2
                line += 1
            case 0...0x20: position += 1
            case UInt8(ascii: ";") where brackets == 0:
                endLine()
                position += 1
            case UInt8(ascii: "'"), UInt8(ascii: "\""): readString(prefix: "", from: position)
            case UInt8(ascii: "0")...UInt8(ascii: "9"): readNumber()
            case UInt8(ascii: ".") where isDigit(peek(1)): readNumber()
            case _ where isNameByte(byte): readName()
            default: readSymbol()
            }
        }
        endLine()
    }

    private mutating func endLine() {
        guard brackets == 0, let last = tokens.last, last.kind != .newline else { return }
        add(.newline, "", at: position, line: line)
    }

    private mutating func readIndentation() {
        var column = 0
        while true {
            switch peek() {
            case UInt8(ascii: " "): column += 1
            case UInt8(ascii: "\t"): column = (column / 8 + 1) * 8
            case 0x0c: column = 0
            default:
                if ![UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "#")].contains(peek()) {
                    indentation = column
                }
                return
            }
            position += 1
        }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            true
        default: false
        }
    }

    private mutating func readName() {
        let start = position
        while isNameByte(peek()) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let quote = peek()
        if quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""), text.utf8.count <= 3 {
            let prefix = text.lowercased()
            if ["r", "b", "u", "f", "t", "br", "rb", "fr", "rf", "tr", "rt", "ur"].contains(prefix) {
                readString(prefix: prefix, from: start)
                return
            }
        }
        // Python compares identifiers in normal form KC: `ｅｘｅｃ` is `exec`.
        add(.name, CompatibilityFolding.fold(text), at: start, line: line)
    }

    private mutating func readNumber() {
        let start = position
        while true {
            let byte = peek()
            if isNameByte(byte) || byte == UInt8(ascii: ".") {
                position += 1
            } else if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"), position > start,
                bytes[position - 1] | 0x20 == UInt8(ascii: "e"), bytes[start] != UInt8(ascii: "0") || peek(-1) != 0x78
            {
                position += 1
            } else {
                break
            }
        }
        add(.number, String(decoding: bytes[start..<position].prefix(64), as: UTF8.self), at: start, line: line)
    }

    private mutating func readSymbol() {
        let start = position
        let three = String(decoding: bytes[start..<min(start + 3, bytes.count)], as: UTF8.self)
        let length: Int
        if ["**=", "//=", ">>=", "<<=", "..."].contains(three) {
            length = 3
        } else if [
            "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=",
            "^=", "@=", ":=", "<>",
        ].contains(String(three.prefix(2))) {
            length = 2
        } else {
            length = 1
        }
        position += length
        let text = String(decoding: bytes[start..<min(position, bytes.count)], as: UTF8.self)
        if text == "(" || text == "[" || text == "{" {
            brackets += 1
        } else if text == ")" || text == "]" || text == "}" {
            brackets = max(0, brackets - 1)
        }
        add(.symbol, text, at: start, line: line)
    }

    // MARK: Strings
}
