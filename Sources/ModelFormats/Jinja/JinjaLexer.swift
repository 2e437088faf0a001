package import ByteParsing

/// Splits a Jinja template into tokens as jinja2 3.1's lexer with its default delimiters does.
///
/// Comments and white space inside of tags are passed over, raw blocks become data, white-space control (`-`) is
/// applied. Line statements and other delimiters are not read: no loader of model templates turns them on.
/// `trim_blocks` and `lstrip_blocks` change white space in data alone and are left out for that reason.
package struct JinjaLexer {
    /// Tokens that are read, more than ten times those of the longest templates of models.
    static let mostTokens = 1 << 17

    let text: [Unicode.Scalar]
    let budget: Budget
    var at = 0
    var tokens: [JinjaToken] = []

    /// Reads all tokens of `source`; the last one is `end`.
    /// - Throws: `malformed` where jinja2 raises a syntax error, `limit` when the budget is used up.
    package static func tokens(of source: String, budget: Budget) throws(ParseError) -> [JinjaToken] {
        var lexer = JinjaLexer(source, budget: budget)
        try lexer.readTemplate()
        return lexer.tokens
    }

    private init(_ source: String, budget: Budget) {
        self.budget = budget
        var text: [Unicode.Scalar] = []
        text.reserveCapacity(source.utf8.count)
        var afterReturn = false
        for scalar in source.unicodeScalars {
            // All line ends become \n.
            if scalar == "\n", afterReturn {
                afterReturn = false
                continue
            }
            afterReturn = scalar == "\r"
            text.append(afterReturn ? "\n" : scalar)
        }
        if text.last == "\n" { text.removeLast() }
        self.text = text
    }

    func scalar(_ position: Int) -> Unicode.Scalar? {
        position >= 0 && position < text.count ? text[position] : nil
    }

    private func matches(_ word: String, at position: Int) -> Bool {
        var index = position
        for wanted in word.unicodeScalars {
            guard scalar(index) == wanted else { return false }
            index += 1
        }
        return true
    }

    private func skippingSpace(_ position: Int) -> Int {
        var index = position
        while let scalar = scalar(index), Self.isSpace(scalar) { index += 1 }
        return index
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }

    mutating func append(_ kind: JinjaToken.Kind, _ range: Range<Int>) {
        var value = String.UnicodeScalarView()
        value.append(contentsOf: text[range])
        tokens.append(JinjaToken(kind, String(value), at: range.lowerBound))
    }

    private mutating func appendData(_ range: Range<Int>, stripped: Bool) {
        var end = range.upperBound
        if stripped {
            while end > range.lowerBound, let last = scalar(end - 1), Self.isSpace(last) { end -= 1 }
        }
        if end > range.lowerBound { append(.data, range.lowerBound..<end) }
    }

    private mutating func readTemplate() throws(ParseError) {
        while at < text.count {
            let start = at
            while at < text.count, !(text[at] == "{" && isOpening(scalar(at + 1))) { at += 1 }
            try budget.spend(operations: at - start + 1, reading: "template")
            guard at < text.count, let second = scalar(at + 1) else {
                appendData(start..<text.count, stripped: false)
                break
            }
            let sign = scalar(at + 2)
            let isSigned = sign == "-" || sign == "+"
            appendData(start..<at, stripped: sign == "-")
            let inside = at + (isSigned ? 3 : 2)
            switch second {
            case "#": try skipComment(from: inside)
            case "{":
                tokens.append(JinjaToken(.variableBegin, at: at))
                at = inside
                try readTag(closing: .variableEnd)
            default:
                if let content = rawContent(from: inside) {
                    try readRaw(from: content)
                } else {
                    tokens.append(JinjaToken(.blockBegin, at: at))
                    at = inside
                    try readTag(closing: .blockEnd)
                }
            }
        }
        tokens.append(JinjaToken(.end, at: text.count))
    }

    private func isOpening(_ scalar: Unicode.Scalar?) -> Bool { scalar == "{" || scalar == "%" || scalar == "#" }

    private mutating func skipComment(from inside: Int) throws(ParseError) {
        // jinja2 takes a tag that opens at the very end of a template for the end.
        guard inside < text.count else { return at = text.count }
        var end = inside
        while end < text.count, !matches("#}", at: end) { end += 1 }
        try budget.spend(operations: end - inside, reading: "template comment")
        guard end < text.count else { throw .malformed(at: at, reading: "template comment (no end)") }
        at = end > inside && scalar(end - 1) == "-" ? skippingSpace(end + 2) : end + 2
    }

    /// Where the content of a raw block starts whose tag opens before `inside`, or nil.
    private func rawContent(from inside: Int) -> Int? {
        let word = skippingSpace(inside)
        guard matches("raw", at: word) else { return nil }
        let end = skippingSpace(word + 3)
        if matches("-%}", at: end) { return skippingSpace(end + 3) }
        return matches("%}", at: end) ? end + 2 : nil
    }

    private mutating func readRaw(from content: Int) throws(ParseError) {
        guard content < text.count else { return at = text.count }
        var end = content
        while end < text.count {
            try budget.spend(operations: 1, reading: "raw block")
            if matches("{%", at: end) {
                let sign = scalar(end + 2)
                let word = skippingSpace(end + (sign == "-" || sign == "+" ? 3 : 2))
                if matches("endraw", at: word) {
                    let close = skippingSpace(word + 6)
                    let next =
                        matches("-%}", at: close)
                        ? skippingSpace(close + 3)
                        : matches("+%}", at: close) ? close + 3 : matches("%}", at: close) ? close + 2 : nil
                    if let next {
                        appendData(content..<end, stripped: sign == "-")
                        at = next
                        return
                    }
                }
            }
            end += 1
        }
        throw .malformed(at: content, reading: "raw block (no end)")
    }

    /// Reads the tokens of a variable or block tag up to and including its end.
    private mutating func readTag(closing: JinjaToken.Kind) throws(ParseError) {
        let start = at
        var brackets: [Unicode.Scalar] = []
        while let first = scalar(at) {
            try budget.spend(operations: 1, reading: "template tag")
            guard tokens.count < Self.mostTokens else { throw .limit(at: at, reading: "template tokens") }
            if brackets.isEmpty {
                if closing == .variableEnd {
                    if matches("-}}", at: at) { return close(closing, skippingSpace(at + 3)) }
                    if matches("}}", at: at) { return close(closing, at + 2) }
                } else {
                    if matches("-%}", at: at) { return close(closing, skippingSpace(at + 3)) }
                    if matches("+%}", at: at) { return close(closing, at + 3) }
                    if matches("%}", at: at) { return close(closing, at + 2) }
                }
            }
            let afterSpace = skippingSpace(at)
            if afterSpace > at {
                at = afterSpace
            } else if (0x30...0x39).contains(first.value) {
                readNumber()
            } else if first.properties.isXIDContinue {
                try readName(first)
            } else if first == "'" || first == "\"" {
                try readString(first)
            } else {
                try readSymbol(first, &brackets)
            }
        }
        throw .malformed(at: start, reading: "template tag (no end)")
    }

    private mutating func close(_ kind: JinjaToken.Kind, _ next: Int) {
        tokens.append(JinjaToken(kind, at: at))
        at = next
    }

    private mutating func readSymbol(
        _ first: Unicode.Scalar, _ brackets: inout [Unicode.Scalar]
    ) throws(ParseError) {
        let second = scalar(at + 1)
        let isDouble =
            switch first {
            case "/": second == "/"
            case "*": second == "*"
            case "=", "!", "<", ">": second == "="
            default: false
            }
        if isDouble {
            append(.symbol, at..<(at + 2))
            at += 2
            return
        }
        switch first {
        case "(": brackets.append(")")
        case "[": brackets.append("]")
        case "{": brackets.append("}")
        case ")", "]", "}":
            guard brackets.popLast() == first else { throw .malformed(at: at, reading: "template tag (brackets)") }
        case "+", "-", "/", "*", "%", "~", ">", "<", "=", ".", ":", "|", ",", ";": break
        default: throw .malformed(at: at, reading: "template tag (unexpected character)")
        }
        append(.symbol, at..<(at + 1))
        at += 1
    }
}

extension Unicode.Scalar {
    var isHexadecimalDigit: Bool {
        (0x30...0x39).contains(value) || (0x41...0x46).contains(value) || (0x61...0x66).contains(value)
    }
}
