internal import ByteParsing

/// Walks structures of Apache Thrift's compact protocol without a schema; what is not asked for is passed over.
///
/// Source: Apache Thrift, `doc/specs/thrift-compact-protocol.md`.
struct ThriftCompactReader {
    enum Kind: UInt8 {
        case `true` = 1
        case `false`, byte, short, int, long, double, binary, list, set, map, structure, uuid
    }

    private let region: ByteRegion
    private let budget: Budget
    private(set) var position = 0

    /// Structures and lists in each other.
    private static let deepest = 64

    init(_ region: ByteRegion, budget: Budget) {
        self.region = region
        self.budget = budget
    }

    private mutating func byte() throws(ParseError) -> UInt8 {
        guard let byte = region[position] else { throw .truncated(at: position, reading: "Thrift structure") }
        position += 1
        return byte
    }

    private mutating func number() throws(ParseError) -> Int {
        var value: UInt64 = 0
        for shift in stride(from: 0 as UInt64, to: 64, by: 7) {
            let byte = try byte()
            value |= UInt64(byte & 0x7F) << shift
            guard byte & 0x80 != 0 else {
                guard let number = Int(exactly: value) else { break }
                return number
            }
        }
        throw .malformed(at: position, reading: "Thrift number")
    }

    /// The next field of the structure at hand, after the one numbered `last`; nil at its end.
    mutating func field(after last: Int) throws(ParseError) -> (number: Int, kind: Kind)? {
        let header = try byte()
        guard header != 0 else { return nil }
        guard let kind = Kind(rawValue: header & 0x0F) else {
            throw .malformed(at: position, reading: "Thrift field")
        }
        if header >> 4 != 0 { return (last + Int(header >> 4), kind) }
        let zigzag = try number()
        return (zigzag >> 1 ^ -(zigzag & 1), kind)
    }

    /// The kind and number of the elements of a list.
    mutating func list() throws(ParseError) -> (kind: Kind, count: Int) {
        let header = try byte()
        guard let kind = Kind(rawValue: header & 0x0F) else {
            throw .malformed(at: position, reading: "Thrift list")
        }
        let count = header >> 4 == 0x0F ? try number() : Int(header >> 4)
        // Each element takes a byte.
        guard count <= region.count - position else { throw .truncated(at: position, reading: "Thrift list") }
        return (kind, count)
    }

    mutating func binary() throws(ParseError) -> ByteRegion {
        let count = try number()
        guard let bytes = region.slice(position, count) else {
            throw .truncated(at: position, reading: "Thrift string")
        }
        position += count
        return bytes
    }

    /// What is still to be passed over, from the outermost.
    private enum Pending {
        case fields(after: Int)
        case elements(Kind, Int)
        case pairs(key: Kind, value: Kind, isKey: Bool, count: Int)
    }

    /// Passes over a value; inside of lists and maps a truth value takes a byte.
    mutating func skip(_ kind: Kind) throws(ParseError) {
        var pending: [Pending] = []
        try pass(kind, isElement: false, &pending)
        while let last = pending.popLast() {
            try budget.spend(operations: 1, reading: "Thrift structure")
            switch last {
            case .fields(let number):
                guard let field = try field(after: number) else { continue }
                pending.append(.fields(after: field.number))
                try pass(field.kind, isElement: false, &pending)
            case .elements(let kind, let count):
                guard count > 0 else { continue }
                pending.append(.elements(kind, count - 1))
                try pass(kind, isElement: true, &pending)
            case .pairs(let key, let value, let isKey, let count):
                guard count > 0 else { continue }
                pending.append(.pairs(key: key, value: value, isKey: !isKey, count: isKey ? count : count - 1))
                try pass(isKey ? key : value, isElement: true, &pending)
            }
            guard pending.count <= Self.deepest else { throw .limit(at: position, reading: "Thrift nesting") }
        }
    }

    private mutating func pass(_ kind: Kind, isElement: Bool, _ pending: inout [Pending]) throws(ParseError) {
        switch kind {
        case .true, .false: if isElement { _ = try byte() }
        case .byte: _ = try byte()
        case .short, .int, .long: while try byte() & 0x80 != 0 {}
        case .double: try pass(8)
        case .uuid: try pass(16)
        case .binary: _ = try binary()
        case .list, .set:
            let list = try list()
            pending.append(.elements(list.kind, list.count))
        case .map:
            let count = try number()
            guard count > 0 else { return }
            let kinds = try byte()
            guard let key = Kind(rawValue: kinds >> 4), let value = Kind(rawValue: kinds & 0x0F),
                count <= region.count - position
            else { throw .malformed(at: position, reading: "Thrift map") }
            pending.append(.pairs(key: key, value: value, isKey: true, count: count))
        case .structure: pending.append(.fields(after: 0))
        }
    }

    private mutating func pass(_ count: Int) throws(ParseError) {
        guard count <= region.count - position else { throw .truncated(at: position, reading: "Thrift value") }
        position += count
    }
}
