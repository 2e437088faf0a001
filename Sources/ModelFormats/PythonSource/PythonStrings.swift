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
        let isFormatted = prefix.contains("f") || prefix.contains("t")
        let literal = isFormatted ? withoutFields(raw) : Array(raw)
        let kept = literal.prefix(Self.literalLimit)
        let value =
            prefix.contains("r")
            ? String(decoding: kept, as: UTF8.self)
            : PythonEscapes.decode(kept)
        add(.string, value, at: start, line: firstLine)
        if isFormatted { readFields(of: raw) }
    }

    /// The literal text of an f-string.
    private func withoutFields(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = raw.startIndex
        while index < raw.endIndex {
            let byte = raw[index]
            if byte == UInt8(ascii: "{"), index + 1 < raw.endIndex, raw[index + 1] != UInt8(ascii: "{") {
                index = fieldEnd(raw, from: index)
                continue
            }
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}"), index + 1 < raw.endIndex, raw[index + 1] == byte
            {
                index += 1
            }
            result.append(byte)
            index += 1
        }
        return result
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

    /// Tokens of the replacement fields, each as `+ ( … )` after the literal.
    private mutating func readFields(of raw: ArraySlice<UInt8>) {
        guard nesting < Self.mostNesting else { return }
        var index = raw.startIndex
        while index < raw.endIndex {
            guard raw[index] == UInt8(ascii: "{") else {
                index += 1
                continue
            }
            if index + 1 < raw.endIndex, raw[index + 1] == UInt8(ascii: "{") {
                index += 2
                continue
            }
            let end = fieldEnd(raw, from: index)
            var inner = PythonTokenizer(Array(raw[(index + 1)..<max(index + 1, end - 1)]), budget: budget)
            inner.nesting = nesting + 1
            inner.brackets = 1
            inner.line = line
            inner.run()
            add(.symbol, "+", at: position, line: line)
            add(.symbol, "(", at: position, line: line)
            for token in inner.tokens where token.kind != .newline {
                add(token.kind, token.text, at: position, line: line)
            }
            add(.symbol, ")", at: position, line: line)
            index = end
        }
    }
}
