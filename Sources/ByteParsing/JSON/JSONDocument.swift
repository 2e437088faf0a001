/// A JSON text (RFC 8259) as a flat list of nodes over its own bytes.
///
/// The list takes 16 bytes a node whatever the nesting, is built without recursion, keeps member order and duplicate
/// names (they are a finding, not something to merge), and decodes a string only when it is asked for.
public final class JSONDocument: Sendable {
    /// What is accepted beside RFC 8259.
    public struct Dialect: Sendable {
        /// A byte order mark before the text.
        public var allowsByteOrderMark = false
        /// `NaN`, `Infinity` and `-Infinity`, which Python's `json` writes.
        public var allowsNonFinite = false
        /// Bytes that are not UTF-8 inside strings (decoded with replacement characters).
        public var allowsInvalidUTF8 = false
        /// Bytes after the value; `end` says where it stopped.
        public var allowsTrailingBytes = false
        /// The same member name twice in one object.
        public var allowsDuplicateNames = true
        /// A `\u` escape of half a surrogate pair (decoded as U+FFFD, so that two names can become one).
        public var allowsLoneSurrogates = true
        /// Nesting that is still followed.
        public var depth = 512
        /// Nodes that are still recorded.
        public var nodes = 2_000_000

        /// What other programs write: for configuration, headers and metadata of models.
        public static let tolerant: Dialect = {
            var dialect = Dialect()
            dialect.allowsByteOrderMark = true
            dialect.allowsNonFinite = true
            dialect.allowsInvalidUTF8 = true
            return dialect
        }()
        /// Exactly RFC 8259 with unique names: for everything that is signed.
        public static let strict: Dialect = {
            var dialect = Dialect()
            dialect.allowsDuplicateNames = false
            dialect.allowsLoneSurrogates = false
            dialect.depth = 128
            return dialect
        }()
        public init() {}
    }

    /// The kinds of values (RFC 8259, section 3).
    public enum Kind: UInt8, Sendable { case object, array, string, number, `true`, `false`, null }

    struct Node: Sendable {
        var kind: Kind
        var escaped: Bool
        /// Byte offset: of the first byte inside the quotes, of the number, or of the bracket.
        var offset: UInt32
        /// Bytes of a string or number; children of a container (an object's names and values both count).
        var length: UInt32
        /// Index of the first node after this one's subtree.
        var end: UInt32
    }

    let region: ByteRegion
    let nodes: [Node]
    /// Offset of the first byte after the value.
    public let end: Int
    /// Bytes of the text, what lies after the value included.
    public var count: Int { region.count }

    /// Reads the whole of `region`.
    /// - Throws: `malformed` or `truncated` where the text stops being JSON, `limit` when it is too deep or too large.
    public init(_ region: ByteRegion, dialect: Dialect = .tolerant) throws(ParseError) {
        // Nodes hold offsets of 32 bits.
        guard region.count < Int(UInt32.max) else { throw .limit(at: 0, reading: "JSON text") }
        var scanner = JSONScanner(dialect: dialect)
        try scanner.scan(region)
        self.region = region
        self.nodes = scanner.nodes
        self.end = scanner.end
        if !dialect.allowsDuplicateNames, let duplicate = root.firstDuplicateName() {
            throw .malformed(at: duplicate.offset, reading: "object with a repeated name")
        }
    }

    public var root: JSONValue { JSONValue(document: self, index: 0) }
}

/// One value of a `JSONDocument`.
public struct JSONValue: Sendable {
    let document: JSONDocument
    let index: Int

    private var node: JSONDocument.Node { document.nodes[index] }
    public var kind: JSONDocument.Kind { node.kind }
    /// Byte offset of the value in the text.
    public var offset: Int { Int(node.offset) }
    public var isObject: Bool { kind == .object }
    public var isArray: Bool { kind == .array }
    public var isNull: Bool { kind == .null }

    /// Members of an object or elements of an array.
    public var count: Int { kind == .object ? Int(node.length) / 2 : kind == .array ? Int(node.length) : 0 }

    /// The text of a string, decoded.
    public var string: String? {
        guard kind == .string else { return nil }
        return String(decoding: stringBytes, as: UTF8.self)
    }

    /// The bytes of a string, decoded: what names are compared by.
    public var stringBytes: [UInt8] {
        guard kind == .string, let raw = document.region.slice(offset, Int(node.length)) else { return [] }
        return node.escaped ? JSONScanner.unescape(raw.bytes) : raw.array()
    }

    /// The text of a string as it is written, escapes and all, without a copy; nil for what is no string.
    public var rawString: ByteRegion? {
        kind == .string ? document.region.slice(offset, Int(node.length)) : nil
    }

    /// The text of a string, decoded, unless it is longer than `limit` bytes: then as it is written.
    public func text(decodedTo limit: Int) -> ByteRegion? {
        guard let raw = rawString, node.escaped, raw.count <= limit else { return rawString }
        return ByteRegion(JSONScanner.unescape(raw.bytes))
    }

    /// The digits of a number as they stand in the text.
    public var numberText: String? {
        guard kind == .number, let raw = document.region.slice(offset, Int(node.length)) else { return nil }
        return raw.text()
    }

    /// A number that is an integer and fits, or nil.
    public var integer: Int? { numberText.flatMap { Int($0) } }
    /// A number that is an unsigned integer and fits 64 bits, or nil.
    public var unsigned: UInt64? { numberText.flatMap { UInt64($0) } }
    /// A number as the nearest double.
    public var double: Double? {
        numberText.flatMap { text in
            switch text {
            case "NaN": .nan
            case "Infinity": .infinity
            case "-Infinity": -.infinity
            default: Double(text)
            }
        }
    }
    public var bool: Bool? { kind == .true ? true : kind == .false ? false : nil }

    /// The elements of an array; empty for anything else.
    public var elements: Children {
        Children(document: document, position: index + 1, end: kind == .array ? Int(node.end) : 0)
    }

    /// The members of an object in order, duplicates included; empty for anything else.
    public var members: Members {
        Members(children: Children(document: document, position: index + 1, end: kind == .object ? Int(node.end) : 0))
    }

    /// The last member of that name, as most readers resolve duplicates.
    public subscript(name: String) -> JSONValue? {
        guard kind == .object else { return nil }
        var wanted = name
        return wanted.withUTF8 { wanted in
            var found: JSONValue?
            for (key, value) in members {
                if unsafe key.matches(UnsafeRawBufferPointer(wanted)) { found = value }
            }
            return found
        }
    }

    public subscript(position: Int) -> JSONValue? {
        guard position >= 0 else { return nil }
        var left = position
        for element in elements {
            if left == 0 { return element }
            left -= 1
        }
        return nil
    }

    /// Whether this string's decoded bytes are exactly `wanted`.
    public func matches(_ wanted: [UInt8]) -> Bool { unsafe wanted.withUnsafeBytes { unsafe matches($0) } }

    @unsafe private func matches(_ wanted: UnsafeRawBufferPointer) -> Bool {
        let node = node
        guard node.kind == .string else { return false }
        let wanted = unsafe RawSpan(_unsafeBytes: wanted)
        if node.escaped {
            let decoded = stringBytes
            return unsafe decoded.count == wanted.byteCount && wanted.equals(decoded.span.bytes)
        }
        let region = document.region
        return Int(node.length) == wanted.byteCount && region.bytes.equals(wanted, at: offset)
    }

    /// The first member name, anywhere below, that its object has already seen.
    public func firstDuplicateName() -> JSONValue? {
        for position in index..<max(index, Int(node.end)) {
            let value = JSONValue(document: document, index: position)
            guard value.kind == .object, value.count > 1 else { continue }
            var seen = Set<[UInt8]>()
            for (key, _) in value.members where !seen.insert(key.stringBytes).inserted { return key }
        }
        return nil
    }

    /// This value and everything below it, in the order of the text, without recursion.
    public var descendants: Descendants { Descendants(document: document, position: index, end: Int(node.end)) }

    /// The elements of an array, in the order of the text.
    public struct Children: Sequence, IteratorProtocol {
        let document: JSONDocument
        var position: Int
        let end: Int
        public mutating func next() -> JSONValue? {
            guard position < end, position < document.nodes.count else { return nil }
            defer { position = Int(document.nodes[position].end) }
            return JSONValue(document: document, index: position)
        }
    }

    /// The members of an object, in the order of the text; names may come again.
    public struct Members: Sequence, IteratorProtocol {
        var children: Children
        public mutating func next() -> (key: JSONValue, value: JSONValue)? {
            guard let key = children.next(), let value = children.next() else { return nil }
            return (key, value)
        }
    }

    /// A value and everything below it, in the order of the text.
    public struct Descendants: Sequence, IteratorProtocol {
        let document: JSONDocument
        var position: Int
        let end: Int
        public mutating func next() -> JSONValue? {
            guard position < end, position < document.nodes.count else { return nil }
            defer { position += 1 }
            return JSONValue(document: document, index: position)
        }
    }
}
