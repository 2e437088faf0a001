package import ByteParsing

/// A MessagePack document as Flax and others write it, walked without building values.
///
/// Not read: the numbers. Extension types are counted, binary values handed out by their place.
///
/// Source: the MessagePack specification; Flax' extension types 1 (array), 2 (complex) and 3 (scalar).
package struct MessagePack: Sendable {
    package struct Value: Sendable {
        /// Last text before the value: in a map, its key.
        package let name: String
        package let range: Range<Int>
        /// Extension type, or nil for binary and text.
        package let type: Int8?
    }

    /// Binary values, extensions, and texts that are long enough to be something else.
    package private(set) var values: [Value] = []
    /// Texts that are long enough to say something.
    package private(set) var texts: [Value] = []
    package private(set) var extensions: [Int8: Int] = [:]
    /// Values of all kinds.
    package private(set) var count = 0
    /// Where the first document ends.
    package private(set) var end = 0

    /// Values that are kept.
    private static let kept = 200_000
    private static let keptTexts = 20_000

    /// Walks one value from the start.
    /// - Parameter limit: values after which the walk ends without an error; `end` is then where it stopped.
    /// - Throws: `truncated`, `malformed` (the unused byte 0xC1), or `limit` for nesting over 512.
    package init(_ region: ByteRegion, budget: Budget, limit: Int = .max) throws(ParseError) {
        var cursor = Cursor(region.bytes)
        /// Values that are still to come, for each open container.
        var open = [1]
        var name = ""
        while let left = open.last {
            guard left > 0 else {
                open.removeLast()
                continue
            }
            guard count < limit else { break }
            open[open.count - 1] -= 1
            count += 1
            try budget.spend(operations: 1, reading: "values")
            let start = cursor.offset
            let tag = try cursor.byte(reading: "value")
            var children = 0
            switch tag {
            case 0x00...0x7F, 0xE0...0xFF, 0xC0, 0xC2, 0xC3: break
            case 0x80...0x8F: children = 2 * Int(tag & 0x0F)
            case 0x90...0x9F: children = Int(tag & 0x0F)
            case 0xDC: children = Int(try cursor.big(UInt16.self, reading: "array"))
            case 0xDD: children = Int(try cursor.big(UInt32.self, reading: "array"))
            case 0xDE: children = 2 * Int(try cursor.big(UInt16.self, reading: "map"))
            case 0xDF: children = 2 * Int(try cursor.big(UInt32.self, reading: "map"))
            case 0xA0...0xBF, 0xD9, 0xDA, 0xDB:
                let range = try Self.text(tag, &cursor)
                if range.count >= 12, texts.count < Self.keptTexts {
                    texts.append(Value(name: name, range: range, type: nil))
                }
                if range.count <= 256 {
                    name = region.slice(range.lowerBound, range.count)?.text() ?? ""
                } else {
                    keep(Value(name: name, range: range, type: nil))
                }
            case 0xC4, 0xC5, 0xC6:
                let length = try Self.length(tag - 0xC4, &cursor)
                let from = cursor.offset
                try cursor.skip(length, reading: "binary value")
                keep(Value(name: name, range: from..<cursor.offset, type: nil))
            case 0xC7, 0xC8, 0xC9:
                let length = try Self.length(tag - 0xC7, &cursor)
                try addExtension(length, name, &cursor)
            case 0xD4...0xD8: try addExtension(1 << Int(tag - 0xD4), name, &cursor)
            case 0xCA, 0xCE, 0xD2: try cursor.skip(4, reading: "number")
            case 0xCB, 0xCF, 0xD3: try cursor.skip(8, reading: "number")
            case 0xCC, 0xD0: try cursor.skip(1, reading: "number")
            case 0xCD, 0xD1: try cursor.skip(2, reading: "number")
            default: throw .malformed(at: start, reading: "value")
            }
            guard children > 0 else { continue }
            guard children <= cursor.remaining else { throw .truncated(at: start, reading: "container") }
            guard open.count < 512 else { throw .limit(at: start, reading: "nested containers") }
            open.append(children)
        }
        end = cursor.offset
    }

    private static func length(_ width: UInt8, _ cursor: inout Cursor) throws(ParseError) -> Int {
        switch width {
        case 0: Int(try cursor.byte(reading: "length"))
        case 1: Int(try cursor.big(UInt16.self, reading: "length"))
        default: Int(try cursor.big(UInt32.self, reading: "length"))
        }
    }

    private static func text(_ tag: UInt8, _ cursor: inout Cursor) throws(ParseError) -> Range<Int> {
        let length = tag < 0xC0 ? Int(tag & 0x1F) : try length(tag - 0xD9, &cursor)
        let from = cursor.offset
        try cursor.skip(length, reading: "text")
        return from..<cursor.offset
    }

    private mutating func addExtension(_ length: Int, _ name: String, _ cursor: inout Cursor) throws(ParseError) {
        let type = Int8(bitPattern: try cursor.byte(reading: "extension type"))
        let from = cursor.offset
        try cursor.skip(length, reading: "extension")
        extensions[type, default: 0] += 1
        keep(Value(name: name, range: from..<cursor.offset, type: type))
    }

    private mutating func keep(_ value: Value) {
        if values.count < Self.kept { values.append(value) }
    }
}
