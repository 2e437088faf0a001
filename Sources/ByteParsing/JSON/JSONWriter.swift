/// Writes JSON text member by member into a byte buffer: an order of magnitude faster than an encoder, and in the
/// order in which it is called.
public struct JSONWriter: Sendable {
    /// What was written so far, in UTF-8.
    public private(set) var bytes: [UInt8] = []
    private let indentation: Int
    private var depth = 0
    private var needsComma = false
    private var afterKey = false

    /// - Parameter indentation: spaces a level; 0 writes one line.
    public init(indentation: Int = 0) { self.indentation = indentation }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Hands over the bytes written so far and starts afresh at the same place: for streaming.
    public mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func prepare() {
        if afterKey {
            afterKey = false
            return
        }
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        newLine()
    }

    private mutating func newLine() {
        guard indentation > 0, depth > 0 else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: indentation * depth))
    }

    private mutating func open(_ bracket: UInt8) {
        prepare()
        bytes.append(bracket)
        depth += 1
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        depth -= 1
        if needsComma {
            if indentation > 0 {
                bytes.append(0x0A)
                bytes.append(contentsOf: repeatElement(0x20, count: indentation * depth))
            }
        }
        bytes.append(bracket)
        needsComma = true
    }

    /// Writes an object whose members `body` writes.
    public mutating func object<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        open(UInt8(ascii: "{"))
        try body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array whose elements `body` writes.
    public mutating func array<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        open(UInt8(ascii: "["))
        try body(&self)
        close(UInt8(ascii: "]"))
    }

    /// Writes a member that is an object.
    public mutating func object<E: Error>(
        _ name: String, _ body: (inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        key(name)
        try object(body)
    }

    /// Writes a member that is an array.
    public mutating func array<E: Error>(_ name: String, _ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        key(name)
        try array(body)
    }

    /// Writes a member that is an array with one object for each element.
    public mutating func objects<Elements: Sequence, E: Error>(
        _ name: String, of elements: Elements, _ body: (inout JSONWriter, Elements.Element) throws(E) -> Void
    ) throws(E) {
        key(name)
        open(UInt8(ascii: "["))
        for element in elements {
            open(UInt8(ascii: "{"))
            try body(&self, element)
            close(UInt8(ascii: "}"))
        }
        close(UInt8(ascii: "]"))
    }

    /// Writes a member name; the next call writes its value.
    public mutating func key(_ name: String) {
        prepare()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        if indentation > 0 { bytes.append(0x20) }
        afterKey = true
        needsComma = false
    }

    /// Writes a text in quotes.
    public mutating func string(_ value: String) {
        prepare()
        quote(value)
        needsComma = true
    }

    /// Writes a number.
    public mutating func integer(_ value: some BinaryInteger) { raw(String(value)) }
    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }
    /// Writes `null`.
    public mutating func null() { raw("null") }

    /// Writes the shortest text that reads back as the same double; what is not finite becomes null.
    public mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        raw(value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)")
    }

    /// Goes on with the text that `raw` began: for values that come in pieces.
    public mutating func extend(_ json: some Sequence<UInt8>) { bytes.append(contentsOf: json) }

    /// Writes text that is already JSON.
    public mutating func raw(_ json: String) {
        prepare()
        bytes.append(contentsOf: json.utf8)
        needsComma = true
    }

    /// Writes a member; nothing for nil.
    public mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    /// Writes a member; nothing for nil.
    public mutating func member(_ name: String, _ value: (some BinaryInteger)?) {
        guard let value else { return }
        key(name)
        integer(value)
    }

    /// Writes a member.
    public mutating func member(_ name: String, _ value: Bool) {
        key(name)
        bool(value)
    }

    /// Writes a member that is an array of texts.
    public mutating func member(_ name: String, _ values: [String]) {
        key(name)
        array { writer in for value in values { writer.string(value) } }
    }

    /// Writes a string in quotes. What can act on a terminal or turn text around (control characters, bidirectional
    /// and invisible format characters) is escaped too: it reads back the same, and does nothing where it is shown.
    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        // Most text needs no escape and goes in whole.
        if Self.isPlain(text) {
            bytes.append(contentsOf: text.utf8)
            bytes.append(UInt8(ascii: "\""))
            return
        }
        var left = text.utf8.makeIterator()
        while let byte = left.next() {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: [0x5C, 0x22])
            case UInt8(ascii: "\\"): bytes.append(contentsOf: [0x5C, 0x5C])
            case 0x0A: bytes.append(contentsOf: [0x5C, 0x6E])
            case 0x0D: bytes.append(contentsOf: [0x5C, 0x72])
            case 0x09: bytes.append(contentsOf: [0x5C, 0x74])
            case 0..<0x20, 0x7F: escape(UInt16(byte))
            case 0xC2:
                guard let next = left.next() else { return }
                if next < 0xA0 { escape(UInt16(next)) } else { bytes.append(contentsOf: [byte, next]) }
            case 0xE2:
                guard let second = left.next(), let third = left.next() else { return }
                let unit = 0x2000 | UInt16(second & 0x3F) << 6 | UInt16(third & 0x3F)
                switch unit {
                case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: escape(unit)
                default: bytes.append(contentsOf: [byte, second, third])
                }
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Printable ASCII without quotes and backslashes; false as well where the text does not lie in one piece.
    private static func isPlain(_ text: String) -> Bool {
        unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
        } ?? false
    }

    private mutating func escape(_ unit: UInt16) {
        bytes.append(contentsOf: [0x5C, 0x75])
        for shift in [12, 8, 4, 0] { bytes.append(Self.digits[Int(unit >> UInt16(shift) & 15)]) }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
