internal import ByteParsing

/// Scalars: quoted, plain and in blocks.
extension YAMLScanner {
    /// Longer scalars are no names or addresses: their aliases are not judged again.
    private static let longestShared = 1024

    /// Takes a scalar that was read for a key or a value.
    mutating func finish(_ value: String, _ column: Int, isPlain: Bool) throws(ParseError) {
        var next = at
        while byte(next) == 0x20 || byte(next) == 0x09 { next += 1 }
        let isKey = byte(next) == UInt8(ascii: ":") && (isBlank(byte(next + 1)) || !flow.isEmpty)
        guard isKey || keyColumn != nil else { return try scalar(value, isPlain: isPlain) }
        // The colon of a key that was announced stands on a line of its own.
        if isKey { at = next + 1 }
        let column = keyColumn ?? column
        keyColumn = nil
        nextAnchor = nil
        let name = value.utf8.count > 120 ? String(value.prefix(80)) : value
        if flow.isEmpty {
            guard keys.count < 256 else { throw .limit(at: at, reading: "YAML nesting") }
            keys.removeAll { $0.indent >= column }
            keys.append((column, name))
            flowKey = ""
        } else {
            flowKey = name
        }
    }

    mutating func scalar(_ value: String, isPlain: Bool) throws(ParseError) {
        grow(by: 1)
        if let anchor = nextAnchor, value.utf8.count <= Self.longestShared { scalars[anchor] = value }
        nextAnchor = nil
        var names = keys.suffix(8).map(\.name)
        if !flow.isEmpty { names += flow.suffix(6).filter { !$0.isEmpty } }
        if !flowKey.isEmpty { names.append(flowKey) }
        try add(.scalar(value, key: names.last ?? "", path: names.joined(separator: "."), isPlain: isPlain))
    }

    mutating func readQuoted(_ quote: UInt8) -> String {
        var result: [UInt8] = []
        at += 1
        while let next = byte(at) {
            at += 1
            if next == quote {
                guard quote == UInt8(ascii: "'"), byte(at) == quote else { break }
                at += 1
                result.append(quote)
                continue
            }
            if next == 0x0A {
                line += 1
                // A line end folds into a space, with the indentation after it.
                while byte(at) == 0x20 || byte(at) == 0x09 { at += 1 }
                result.append(0x20)
                continue
            }
            guard next == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), let escape = byte(at) else {
                result.append(next)
                continue
            }
            at += 1
            readEscape(escape, into: &result)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func readEscape(_ escape: UInt8, into result: inout [UInt8]) {
        let digits: Int
        switch escape {
        case UInt8(ascii: "n"): return result.append(0x0A)
        case UInt8(ascii: "t"): return result.append(0x09)
        case UInt8(ascii: "r"): return result.append(0x0D)
        case UInt8(ascii: "0"): return result.append(0)
        case UInt8(ascii: "e"): return result.append(0x1B)
        case 0x0A:
            line += 1
            while byte(at) == 0x20 || byte(at) == 0x09 { at += 1 }
            return
        case UInt8(ascii: "x"): digits = 2
        case UInt8(ascii: "u"): digits = 4
        case UInt8(ascii: "U"): digits = 8
        default: return result.append(escape)
        }
        guard at + digits <= text.count, let value = UInt32(string(at..<(at + digits)), radix: 16),
            let scalar = Unicode.Scalar(value)
        else { return }
        at += digits
        result.append(contentsOf: Array(String(Character(scalar)).utf8))
    }

    /// A literal or folded block; nil when the header is not one.
    mutating func readBlock(_ style: UInt8) -> String? {
        var end = at + 1
        while let next = byte(end), "+-0123456789".utf8.contains(next) { end += 1 }
        while byte(end) == 0x20 || byte(end) == 0x09 { end += 1 }
        guard isBreak(byte(end)) || byte(end) == UInt8(ascii: "#") else { return nil }
        while !isBreak(byte(end)) { end += 1 }
        let parent = keys.last?.indent ?? -1
        var result: [UInt8] = []
        var indent: Int?
        at = end
        while at < text.count {
            // At the end of a line: look at the next one.
            var start = at
            if byte(start) == 0x0D { start += 1 }
            if byte(start) == 0x0A { start += 1 }
            guard start < text.count else { break }
            var ink = start
            while byte(ink) == 0x20 { ink += 1 }
            var stop = ink
            while !isBreak(byte(stop)) { stop += 1 }
            if stop > ink {
                if indent == nil { indent = ink - start }
                guard ink - start >= (indent ?? 0), ink - start > parent || keys.isEmpty && ink > start else { break }
                let from = min(start + (indent ?? 0), stop)
                result.append(contentsOf: text[from..<stop])
            }
            result.append(style == UInt8(ascii: ">") ? 0x20 : 0x0A)
            line += 1
            at = stop
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// A plain scalar to the end of its line: `: `, ` #` and, in flow collections, their indicators end it.
    mutating func readPlain() -> String {
        let start = at
        var end = at
        while let next = byte(end), !isBreak(next) {
            if next == UInt8(ascii: ":"), isBlank(byte(end + 1)) { break }
            if next == UInt8(ascii: "#"), end > start, isBlank(byte(end - 1)) { break }
            if !flow.isEmpty, ",]}[{".utf8.contains(next) { break }
            end += 1
        }
        at = max(end, min(start + 1, text.count))
        var last = at
        while last > start, isBlank(byte(last - 1)) { last -= 1 }
        return string(start..<last)
    }
}
