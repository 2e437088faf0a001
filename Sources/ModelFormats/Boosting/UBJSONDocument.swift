package import ByteParsing

/// UBJSON (Draft 12) as XGBoost writes it: an outline of member names, texts and array sizes.
///
/// Read iteratively. Numbers are passed over, typed arrays in one step; nothing is converted.
package struct UBJSONDocument: Sendable {
    package struct Entry: Sendable, Hashable {
        /// Member names from the root, joined by dots; arrays add nothing.
        package let path: String
        /// A text, or the number of elements of a typed array.
        package let value: String
    }

    package private(set) var entries: [Entry] = []
    /// Offset after the value.
    package private(set) var end = 0

    /// Whether the bytes start as an object with a plausible first name.
    package static func isLikely(_ region: ByteRegion) -> Bool {
        guard region[0] == UInt8(ascii: "{") else { return false }
        var at = 1
        if region[at] == UInt8(ascii: "$") { at += 2 }
        if region[at] == UInt8(ascii: "#") { return region.prefix(256).firstOffset(of: Array("learner".utf8)) != nil }
        guard let type = region[at], [UInt8(ascii: "L"), UInt8(ascii: "i"), UInt8(ascii: "U")].contains(type) else {
            return false
        }
        return region.prefix(256).firstOffset(of: Array("learner".utf8)) != nil
            || region.prefix(256).firstOffset(of: Array("version".utf8)) != nil
    }

    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        var reader = Reader(region)
        repeat {
            try budget.spend(operations: 1, reading: "UBJSON values")
            try reader.step()
        } while !reader.frames.isEmpty
        entries = reader.entries
        end = reader.at
    }
}

/// Reads value after value.
private struct Reader {
    private let region: ByteRegion
    private(set) var at = 0
    private(set) var frames: [Frame] = []
    private(set) var entries: [UBJSONDocument.Entry] = []

    struct Frame {
        let isObject: Bool
        /// Element type when all elements share one, or 0.
        let type: UInt8
        /// Elements left where a count was given.
        var left: Int?
        var key: String
    }

    private static let entryLimit = 10_000

    init(_ region: ByteRegion) { self.region = region }

    /// Reads the next value of the innermost container, or its end.
    mutating func step() throws(ParseError) {
        var type: UInt8 = 0
        if let last = frames.indices.last {
            if let left = frames[last].left {
                guard left > 0 else {
                    frames.removeLast()
                    return
                }
                frames[last].left = left - 1
            } else if region[at] == (frames[last].isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                at += 1
                frames.removeLast()
                return
            }
            if frames[last].isObject { frames[last].key = try text() }
            type = frames[last].type
        }
        if type == 0 { type = try byte() }
        switch type {
        case UInt8(ascii: "S"), UInt8(ascii: "H"): record(try text())
        case UInt8(ascii: "["): try open(isObject: false)
        case UInt8(ascii: "{"): try open(isObject: true)
        default:
            guard let width = Self.width(type), width <= region.count - at else {
                throw ParseError(Self.width(type) == nil ? .malformed : .truncated, at: at, reading: "UBJSON value")
            }
            at += width
        }
    }

    /// A container whose bracket was read; an array of numbers is passed over.
    private mutating func open(isObject: Bool) throws(ParseError) {
        var element: UInt8 = 0
        var count: Int?
        if region[at] == UInt8(ascii: "$") {
            at += 1
            element = try byte()
        }
        if region[at] == UInt8(ascii: "#") {
            at += 1
            count = try integer(try byte())
        }
        if let count {
            guard count >= 0 else { throw .malformed(at: at, reading: "UBJSON count") }
            if element != 0, !isObject, let width = Self.width(element) {
                guard let length = count.multiplied(checked: width), length <= region.count - at else {
                    throw .truncated(at: at, reading: "UBJSON array")
                }
                at += length
                return record("\(count) numbers")
            }
            guard count <= region.count - at else { throw .truncated(at: at, reading: "UBJSON container") }
        } else if element != 0 {
            throw .malformed(at: at, reading: "UBJSON type without a count")
        }
        guard frames.count < 1 << 16 else { throw .limit(at: at, reading: "UBJSON nesting") }
        frames.append(Frame(isObject: isObject, type: element, left: count, key: ""))
    }

    private mutating func record(_ value: String) {
        guard entries.count < Self.entryLimit else { return }
        let path = frames.filter(\.isObject).prefix(32).map(\.key).joined(separator: ".")
        entries.append(UBJSONDocument.Entry(path: path, value: value))
    }

    private mutating func byte() throws(ParseError) -> UInt8 {
        guard let byte = region[at] else { throw .truncated(at: at, reading: "UBJSON value") }
        at += 1
        return byte
    }

    private mutating func text() throws(ParseError) -> String {
        let length = try integer(try byte())
        guard let part = region.slice(at, length) else { throw .truncated(at: at, reading: "UBJSON text") }
        at += length
        return part.text(limit: 4_096)
    }

    /// A length, in one of the types that integers have.
    private mutating func integer(_ type: UInt8) throws(ParseError) -> Int {
        let value: Int? =
            switch type {
            case UInt8(ascii: "i"): region[at].map { Int(Int8(bitPattern: $0)) }
            case UInt8(ascii: "U"): region[at].map { Int($0) }
            case UInt8(ascii: "I"): region.big(Int16.self, at: at).map { Int($0) }
            case UInt8(ascii: "l"): region.big(Int32.self, at: at).map { Int($0) }
            case UInt8(ascii: "L"): region.big(Int64.self, at: at).map { Int($0) }
            default: throw .malformed(at: at, reading: "UBJSON length")
            }
        guard let value else { throw .truncated(at: at, reading: "UBJSON length") }
        at += Self.width(type) ?? 0
        return value
    }

    /// Bytes of a value of that type; nil for texts, containers and what is no type.
    private static func width(_ type: UInt8) -> Int? {
        switch type {
        case UInt8(ascii: "i"), UInt8(ascii: "U"), UInt8(ascii: "C"): 1
        case UInt8(ascii: "I"): 2
        case UInt8(ascii: "l"), UInt8(ascii: "d"): 4
        case UInt8(ascii: "L"), UInt8(ascii: "D"): 8
        case UInt8(ascii: "Z"), UInt8(ascii: "N"), UInt8(ascii: "T"), UInt8(ascii: "F"): 0
        default: nil
        }
    }
}
