internal import ByteParsing

/// A Python literal of the kinds that NumPy's header holds: what `ast.literal_eval` makes of it.
enum PythonLiteral: Sendable, Hashable {
    case text(String)
    case integer(Int)
    case bool(Bool)
    case none
    /// A list or a tuple.
    case sequence([PythonLiteral])
    case dictionary([Pair])

    struct Pair: Sendable, Hashable {
        var key: PythonLiteral
        var value: PythonLiteral
    }

    /// Reads one literal that fills `bytes`, up to white space.
    ///
    /// Not read: floats, bytes, sets and complex numbers, which no header has. Python compiles no source with a zero in it.
    static func read(_ bytes: [UInt8]) throws(ParseError) -> PythonLiteral {
        if let zero = bytes.firstIndex(of: 0) { throw .malformed(at: zero, reading: "literal") }
        var reader = Reader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.at == bytes.count else { throw .malformed(at: reader.at, reading: "end of the literal") }
        return value
    }

    private struct Reader {
        let bytes: [UInt8]
        var at = 0
        var values = 0

        var current: UInt8? { at < bytes.count ? bytes[at] : nil }

        mutating func skipSpace() {
            // Python's tokenizer takes a form feed for white space, and a vertical tab for none.
            while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte), byte != 0x0B { at += 1 }
        }

        mutating func value(depth: Int) throws(ParseError) -> PythonLiteral {
            skipSpace()
            values += 1
            guard depth < 32, values < 65536 else { throw .limit(at: at, reading: "literal") }
            switch current {
            case UInt8(ascii: "{"): return try dictionary(depth: depth)
            case UInt8(ascii: "["): return .sequence(try sequence(until: UInt8(ascii: "]"), depth: depth).items)
            case UInt8(ascii: "("):
                let (items, isTuple) = try sequence(until: UInt8(ascii: ")"), depth: depth)
                return items.count == 1 && !isTuple ? items[0] : .sequence(items)
            case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try text())
            case let byte? where byte == 0x2B || byte == 0x2D || (0x30...0x39).contains(byte): return try integer()
            default:
                for (word, value) in [("True", PythonLiteral.bool(true)), ("False", .bool(false)), ("None", .none)]
                where bytes[at...].starts(with: word.utf8) {
                    at += word.utf8.count
                    return value
                }
                if let prefix = current, prefix | 0x20 == UInt8(ascii: "u"), at + 1 < bytes.count,
                    bytes[at + 1] == UInt8(ascii: "'") || bytes[at + 1] == UInt8(ascii: "\"")
                {
                    at += 1
                    return .text(try text())
                }
                throw .malformed(at: at, reading: "literal")
            }
        }

        private mutating func dictionary(depth: Int) throws(ParseError) -> PythonLiteral {
            at += 1
            var pairs: [Pair] = []
            while true {
                skipSpace()
                if current == UInt8(ascii: "}") { break }
                let key = try value(depth: depth + 1)
                skipSpace()
                guard current == UInt8(ascii: ":") else { throw .malformed(at: at, reading: "colon") }
                at += 1
                pairs.append(Pair(key: key, value: try value(depth: depth + 1)))
                skipSpace()
                if current == UInt8(ascii: ",") {
                    at += 1
                } else if current != UInt8(ascii: "}") {
                    throw .malformed(at: at, reading: "dictionary")
                }
            }
            at += 1
            return .dictionary(pairs)
        }

        private mutating func sequence(
            until end: UInt8, depth: Int
        ) throws(ParseError) -> (items: [PythonLiteral], hasComma: Bool) {
            at += 1
            var items: [PythonLiteral] = []
            var hasComma = false
            while true {
                skipSpace()
                if current == end { break }
                items.append(try value(depth: depth + 1))
                skipSpace()
                if current == UInt8(ascii: ",") {
                    at += 1
                    hasComma = true
                } else if current != end {
                    throw .malformed(at: at, reading: "sequence")
                }
            }
            at += 1
            return (items, hasComma || items.isEmpty)
        }

        private mutating func text() throws(ParseError) -> String {
            let quote = bytes[at]
            at += 1
            var result: [UInt8] = []
            while let byte = current, byte != quote {
                at += 1
                if byte == UInt8(ascii: "\\"), let escaped = current {
                    at += 1
                    result.append(escaped)
                } else {
                    result.append(byte)
                }
            }
            guard current == quote else { throw .truncated(at: at, reading: "string") }
            at += 1
            return String(decoding: result, as: UTF8.self)
        }

        private mutating func integer() throws(ParseError) -> PythonLiteral {
            let start = at
            if current == UInt8(ascii: "-") || current == UInt8(ascii: "+") { at += 1 }
            while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
            // Python 2 wrote shapes with a trailing L.
            let digits = String(decoding: bytes[start..<at], as: UTF8.self)
            if current == UInt8(ascii: "L") { at += 1 }
            guard let number = Int(digits) else { throw .overflow(at: start, reading: "integer") }
            return .integer(number)
        }
    }
}
