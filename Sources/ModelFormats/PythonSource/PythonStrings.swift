internal import ByteParsing

/// Strings, with the fields of formatted ones.
extension PythonTokenizer {
    mutating func readString(prefix: String, from start: Int) {
        let quote = peek()
        let firstLine = line
        let isTriple = peek(1) == quote && peek(2) == quote
        position += isTriple ? 3 : 1
        let content = position
        var end = bytes.count
        var isClosed = false
        while position < bytes.count {
            let byte = peek()
            if byte == UInt8(ascii: "\\") {
                if peek(1) == UInt8(ascii: "\n") { line += 1 }
                position += 2
                continue
            }
            if byte == UInt8(ascii: "\n") {
                if !isTriple { break }
                line += 1
            }
            if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                end = position
                position += isTriple ? 3 : 1
                isClosed = true
                break
            }
            position += 1
        }
        position = min(position, bytes.count)
        if !isClosed { end = min(end, position) }
        let raw = bytes[min(content, end)..<end]
        // What stands side by side is one text; a formatted one is no operand of its own then.
        if joinsFormatted { add(.symbol, "+", at: start, line: firstLine) }
        let isFormatted = prefix.contains("f") || prefix.contains("t")
        let isRaw = prefix.contains("r")
        guard isFormatted, let field = nextField(raw, from: raw.startIndex) else {
            add(.string, value(of: raw, isRaw: isRaw, isFormatted: isFormatted), at: start, line: firstLine)
            return
        }
        if !joinsFormatted, tokens.last?.kind == .string { add(.symbol, "+", at: start, line: firstLine) }
        readFormatted(raw, isRaw: isRaw, firstField: field, at: start, line: firstLine)
    }

    /// Whether the token before is the end of a formatted string.
    private var joinsFormatted: Bool { formattedEnd == tokens.count && formattedEnd > 0 }

    private func value(of raw: ArraySlice<UInt8>, isRaw: Bool, isFormatted: Bool) -> String {
        let literal = (isFormatted ? withoutDoubledBraces(raw) : raw).prefix(Self.literalLimit)
        return isRaw ? String(decoding: literal, as: UTF8.self) : PythonEscapes.decode(literal)
    }

    /// Tokens of a formatted string: the sum of its texts and of its fields, in brackets.
    private mutating func readFormatted(
        _ raw: ArraySlice<UInt8>, isRaw: Bool, firstField: Int, at start: Int, line first: Int
    ) {
        add(.symbol, "(", at: start, line: first)
        add(.string, value(of: raw[..<firstField], isRaw: isRaw, isFormatted: true), at: start, line: first)
        var field = firstField
        while field < raw.endIndex {
            let end = fieldEnd(raw, from: field)
            readField(raw[(field + 1)..<max(field + 1, end - 1)])
            let next = nextField(raw, from: end) ?? raw.endIndex
            if next > end {
                add(.symbol, "+", at: position, line: line)
                add(
                    .string, value(of: raw[end..<next], isRaw: isRaw, isFormatted: true), at: position, line: line)
            }
            field = next
        }
        add(.symbol, ")", at: position, line: line)
        formattedEnd = tokens.count
    }

    /// Where the next replacement field begins.
    private func nextField(_ raw: ArraySlice<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < raw.endIndex {
            guard raw[index] == UInt8(ascii: "{") else {
                index += 1
                continue
            }
            guard index + 1 < raw.endIndex, raw[index + 1] == UInt8(ascii: "{") else { return index }
            index += 2
        }
        return nil
    }

    private func withoutDoubledBraces(_ raw: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var result: [UInt8] = []
        var index = raw.startIndex
        while index < raw.endIndex {
            let byte = raw[index]
            let isBrace = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")
            result.append(byte)
            index += isBrace && index + 1 < raw.endIndex && raw[index + 1] == byte ? 2 : 1
        }
        return result[...]
    }

    /// The index after the replacement field that begins at `start`.
    private func fieldEnd(_ raw: ArraySlice<UInt8>, from start: Int) -> Int {
        var depth = 0
        var index = start
        while index < raw.endIndex {
            if raw[index] == UInt8(ascii: "{") { depth += 1 }
            if raw[index] == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return index + 1 }
            }
            index += 1
        }
        return raw.endIndex
    }

    /// Tokens of a replacement field, as `+ ( … )`. A field that is shown in a way of its own, and not as its text, is a pair
    /// of the value and of what its format is made of, which is no text.
    private mutating func readField(_ field: ArraySlice<UInt8>) {
        guard nesting < Self.mostNesting else {
            add(.symbol, "+", at: position, line: line)
            add(.name, PythonConstantRun.elided, at: position, line: line)
            return
        }
        let end = Self.endOfExpression(field)
        var format = field[end...]
        if format.elementsEqual("!s".utf8) || format.elementsEqual(":".utf8) || format.elementsEqual(":s".utf8) {
            format = []
        }
        add(.symbol, "+", at: position, line: line)
        add(.symbol, "(", at: position, line: line)
        readInner(field[..<end])
        if !format.isEmpty {
            add(.symbol, ",", at: position, line: line)
            let colon = format.firstIndex(of: UInt8(ascii: ":")) ?? format.endIndex
            readInner(format[colon...].dropFirst())
        }
        add(.symbol, ")", at: position, line: line)
    }

    private mutating func readInner(_ source: ArraySlice<UInt8>) {
        guard !source.isEmpty else { return }
        var inner = PythonTokenizer(Array(source), budget: budget)
        inner.nesting = nesting + 1
        inner.brackets = 1
        inner.line = line
        inner.run()
        for token in inner.tokens where token.kind != .newline {
            add(token.kind, token.text, at: position, line: line)
        }
    }

    /// Where a field's conversion, format or equals sign begins.
    private static func endOfExpression(_ field: ArraySlice<UInt8>) -> Int {
        var depth = 0
        var quote: UInt8?
        for index in field.indices {
            let byte = field[index]
            let next = index + 1 < field.endIndex ? field[index + 1] : 0
            if let open = quote {
                if byte == open { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ":") where depth == 0: return index
            case UInt8(ascii: "!") where depth == 0 && next != UInt8(ascii: "="): return index
            case UInt8(ascii: "=") where depth == 0 && next == 0: return index
            default: break
            }
        }
        return field.endIndex
    }
}
