/// Turns JSON text into the node list of a `JSONDocument`, iteratively.
struct JSONScanner {
    let dialect: JSONDocument.Dialect
    var nodes: [JSONDocument.Node] = []
    var end = 0
    /// Open containers: index of the node, and whether an object waits for a value.
    private var open: [Int] = []

    init(dialect: JSONDocument.Dialect) { self.dialect = dialect }

    private enum Expecting { case value, valueOrEnd, nameOrEnd, name, commaOrEnd }

    /// Bytes of a mapped file that may stay resident behind the scan.
    private static let window = 4 << 20

    mutating func scan(_ region: ByteRegion) throws(ParseError) {
        let bytes = region.bytes
        guard bytes.byteCount <= Int(UInt32.max) else { throw .limit(reading: "JSON text") }
        // Room that is not used costs address space alone; a list that grows is copied, and is there twice meanwhile.
        nodes.reserveCapacity(
            bytes.byteCount < 1 << 20 ? min(bytes.byteCount / 8, 256) : min(bytes.byteCount / 4, dialect.nodes))
        var at = 0
        var passed = 0
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            guard dialect.allowsByteOrderMark else { throw .malformed(at: 0, reading: "JSON text (byte order mark)") }
            at = 3
        }
        var expecting = Expecting.value
        while true {
            at = Self.skipSpace(bytes, at)
            if at - passed > Self.window {
                region.discard(before: at)
                passed = at
            }
            guard let byte = bytes.byte(at: at) else { throw .truncated(at: at, reading: "JSON text") }
            switch expecting {
            case .nameOrEnd where byte == UInt8(ascii: "}"), .valueOrEnd where byte == UInt8(ascii: "]"):
                at += 1
                close()
            case .commaOrEnd:
                let isObject = open.last.map { nodes[$0].kind == .object } ?? false
                if byte == UInt8(ascii: ",") {
                    at += 1
                    expecting = isObject ? .name : .value
                    continue
                }
                guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw .malformed(at: at, reading: isObject ? "JSON object" : "JSON array")
                }
                at += 1
                close()
            case .name, .nameOrEnd:
                guard byte == UInt8(ascii: "\"") else { throw .malformed(at: at, reading: "JSON member name") }
                at = try string(bytes, at + 1)
                at = Self.skipSpace(bytes, at)
                guard bytes.byte(at: at) == UInt8(ascii: ":") else {
                    throw .malformed(at: at, reading: "JSON member (colon)")
                }
                at += 1
                expecting = .value
                continue
            case .value, .valueOrEnd:
                switch byte {
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    guard open.count < dialect.depth else { throw .limit(at: at, reading: "JSON nesting") }
                    let isObject = byte == UInt8(ascii: "{")
                    try append(isObject ? .object : .array, at, 0)
                    open.append(nodes.count - 1)
                    at += 1
                    expecting = isObject ? .nameOrEnd : .valueOrEnd
                    continue
                case UInt8(ascii: "\""): at = try string(bytes, at + 1)
                default: at = try scalar(bytes, at)
                }
            }
            // A value has just ended.
            guard !open.isEmpty else { break }
            expecting = .commaOrEnd
        }
        end = at
        guard dialect.allowsTrailingBytes || Self.skipSpace(bytes, at) == bytes.byteCount else {
            throw .malformed(at: at, reading: "JSON text (bytes after the value)")
        }
    }

    private mutating func close() {
        guard let index = open.popLast() else { return }
        nodes[index].end = UInt32(nodes.count)
    }

    mutating func append(
        _ kind: JSONDocument.Kind, _ offset: Int, _ length: Int, escaped: Bool = false
    ) throws(ParseError) {
        guard nodes.count < dialect.nodes else { throw .limit(at: offset, reading: "JSON nodes") }
        if let parent = open.last { nodes[parent].length += 1 }
        nodes.append(
            .init(
                kind: kind, escaped: escaped, offset: UInt32(offset), length: UInt32(length),
                end: UInt32(nodes.count + 1)))
    }

    private mutating func scalar(_ bytes: RawSpan, _ start: Int) throws(ParseError) -> Int {
        for (word, kind) in Self.words where bytes.extracting(start..<bytes.byteCount).starts(with: word) {
            try append(kind, start, word.count)
            return start + word.count
        }
        if dialect.allowsNonFinite {
            for word in Self.nonFinite where bytes.extracting(start..<bytes.byteCount).starts(with: word) {
                try append(.number, start, word.count)
                return start + word.count
            }
        }
        var at = start
        if bytes.byte(at: at) == UInt8(ascii: "-") { at += 1 }
        let first = at
        at = Self.skipDigits(bytes, at)
        guard at > first, !(at - first > 1 && bytes.byte(at: first) == UInt8(ascii: "0")) else {
            throw .malformed(at: start, reading: "JSON value")
        }
        if bytes.byte(at: at) == UInt8(ascii: ".") {
            let fraction = at + 1
            at = Self.skipDigits(bytes, fraction)
            guard at > fraction else { throw .malformed(at: start, reading: "JSON number") }
        }
        if let exponent = bytes.byte(at: at), exponent | 0x20 == UInt8(ascii: "e") {
            at += 1
            if let sign = bytes.byte(at: at), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { at += 1 }
            let digits = at
            at = Self.skipDigits(bytes, at)
            guard at > digits else { throw .malformed(at: start, reading: "JSON number") }
        }
        try append(.number, start, at - start)
        return at
    }

    private static let words: [([UInt8], JSONDocument.Kind)] = [
        (Array("true".utf8), .true), (Array("false".utf8), .false), (Array("null".utf8), .null),
    ]
    private static let nonFinite = ["NaN", "Infinity", "-Infinity"].map { Array($0.utf8) }

    private static func skipSpace(_ bytes: RawSpan, _ start: Int) -> Int {
        var at = start
        while let byte = bytes.byte(at: at), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
        return at
    }

    private static func skipDigits(_ bytes: RawSpan, _ start: Int) -> Int {
        var at = start
        while let byte = bytes.byte(at: at), byte >= 0x30, byte <= 0x39 { at += 1 }
        return at
    }
}
