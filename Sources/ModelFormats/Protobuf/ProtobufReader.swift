package import ByteParsing

/// One field of a protocol buffer message.
package struct ProtobufField: Sendable {
    package enum Wire: UInt8, Sendable { case varint, fixed64, bytes, group, endGroup, fixed32 }
    package let number: Int
    package let wire: Wire
    /// The value of a number; 0 for bytes and groups.
    package let value: UInt64
    /// Where the payload is in the region: a string's bytes, a message, the inside of a group.
    package let range: Range<Int>

    /// A number read as a signed 64-bit integer.
    package var integer: Int { Int(truncatingIfNeeded: value) }
}

/// Walks the fields of one message of the protocol buffer wire format, without a schema and without copying.
///
/// Messages inside are not entered: their range is handed out, and a payload of any size costs one step. Unknown
/// fields come out like all others. Groups, which old writers used, are passed over to their matching end by counting.
///
/// Source: the encoding chapter of the protocol buffer documentation.
package struct ProtobufReader: ~Escapable {
    private let bytes: RawSpan
    private var at: Int
    private let end: Int

    /// - Parameter range: the message in `bytes`; what lies outside of them is cut off.
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, _ range: Range<Int>) {
        self.bytes = bytes
        at = min(max(0, range.lowerBound), bytes.byteCount)
        end = min(max(0, range.upperBound), bytes.byteCount)
    }

    /// Offset of the next field.
    package var offset: Int { at }

    /// The next field, or nil at the end of the message.
    /// - Throws: `malformed` for a tag that cannot be, `truncated` when the message ends inside of a field.
    package mutating func next() throws(ParseError) -> ProtobufField? {
        guard at < end else { return nil }
        let start = at
        let tag = try varint()
        let number = Int(truncatingIfNeeded: tag >> 3)
        guard tag <= UInt64(UInt32.max), number > 0, let wire = ProtobufField.Wire(rawValue: UInt8(tag & 7)),
            wire != .endGroup
        else { throw .malformed(at: start, reading: "protobuf tag") }
        var value: UInt64 = 0
        var range = at..<at
        switch wire {
        case .varint:
            value = try varint()
            range = range.lowerBound..<at
        case .fixed64, .fixed32:
            let size = wire == .fixed64 ? 8 : 4
            guard end &- at >= size else { throw .truncated(at: at, reading: "protobuf number") }
            for index in (0..<size).reversed() { value = value << 8 | UInt64(byte(at &+ index)) }
            at &+= size
            range = range.lowerBound..<at
        case .bytes:
            let declared = try varint()
            guard declared <= UInt64(end &- at) else { throw .truncated(at: at, reading: "protobuf field") }
            range = at..<(at &+ Int(declared))
            at = range.upperBound
        case .group, .endGroup:
            let inside = at
            range = inside..<(try skipGroup(number))
        }
        return ProtobufField(number: number, wire: wire, value: value, range: range)
    }

    /// Passes over a group; returns where its end tag begins.
    private mutating func skipGroup(_ number: Int) throws(ParseError) -> Int {
        var depth = 1
        while true {
            let start = at
            guard at < end else { throw .truncated(at: at, reading: "protobuf group") }
            let tag = try varint()
            switch tag & 7 {
            case 0: _ = try varint()
            case 1, 5:
                let size = tag & 7 == 1 ? 8 : 4
                guard end &- at >= size else { throw .truncated(at: at, reading: "protobuf group") }
                at &+= size
            case 2:
                let declared = try varint()
                guard declared <= UInt64(end &- at) else { throw .truncated(at: at, reading: "protobuf group") }
                at &+= Int(declared)
            case 3: depth += 1
            case 4:
                depth -= 1
                if depth == 0 {
                    guard Int(truncatingIfNeeded: tag >> 3) == number else {
                        throw .malformed(at: start, reading: "protobuf group")
                    }
                    return start
                }
            default: throw .malformed(at: start, reading: "protobuf group")
            }
        }
    }

    private func byte(_ position: Int) -> UInt8 {
        // Callers have checked that the position lies before `end`, which is within the bytes.
        unsafe bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
    }

    private mutating func varint() throws(ParseError) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while at < end {
            let next = byte(at)
            at &+= 1
            result |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return result }
            shift &+= 7
            guard shift < 64 else { throw .malformed(at: at, reading: "protobuf number") }
        }
        throw .truncated(at: at, reading: "protobuf number")
    }
}

/// What a message's top level looks like: how formats without a magic number are told apart.
///
/// Parsers pass over fields that they don't know or that come with another wire type, and merge messages that come
/// twice. Neither must be a way out of being recognised, so a shape asks only whether the fields that a format needs
/// are there, and judges messages by their longest and texts by their last occurrence.
package struct ProtobufShape: Sendable {
    /// What was seen of one field number.
    private struct Field {
        let number: Int
        /// Bits of the wire types.
        var wires: UInt8 = 0
        var longest: Range<Int>?
        var last: Range<Int>?
        var value: UInt64?
    }
    private var fields: [Field] = []
    /// Where a number's field is, once there are too many to look through.
    private var places: [Int: Int] = [:]
    private static let few = 16
    /// Whether the message was walked to its end, or as far as the limit, without an error.
    package private(set) var isWhole = false

    /// Walks at most `limit` fields.
    package init(_ region: ByteRegion, _ range: Range<Int>? = nil, limit: Int = 4_096) {
        var reader = ProtobufReader(region.bytes, range ?? 0..<region.count)
        do throws(ParseError) {
            for _ in 0..<limit {
                guard let field = try reader.next() else { break }
                let place = place(of: field.number)
                fields[place].wires |= 1 << field.wire.rawValue
                if field.wire == .bytes {
                    if fields[place].longest.map({ $0.count < field.range.count }) ?? true {
                        fields[place].longest = field.range
                    }
                    fields[place].last = field.range
                }
                if field.wire == .varint { fields[place].value = field.value }
            }
            isWhole = true
        } catch {
            isWhole = false
        }
    }

    private mutating func place(of number: Int) -> Int {
        if let known = known(number) { return known }
        fields.append(Field(number: number))
        if fields.count == Self.few + 1 {
            for index in fields.indices { places[fields[index].number] = index }
        } else if fields.count > Self.few {
            places[number] = fields.count - 1
        }
        return fields.count - 1
    }

    private func known(_ number: Int) -> Int? {
        if fields.count > Self.few { return places[number] }
        for index in fields.indices where fields[index].number == number { return index }
        return nil
    }

    /// Range of the longest bytes field of that number.
    package func longest(_ number: Int) -> Range<Int>? { known(number).flatMap { fields[$0].longest } }
    /// Range of the last bytes field of that number.
    package func last(_ number: Int) -> Range<Int>? { known(number).flatMap { fields[$0].last } }
    /// The last number of that varint field.
    package func value(_ number: Int) -> UInt64? { known(number).flatMap { fields[$0].value } }

    /// Numbers of the fields seen.
    package var numbers: some Collection<Int> { fields.lazy.map(\.number) }

    /// Whether the field was seen with that wire type.
    package func has(_ number: Int, _ wire: ProtobufField.Wire) -> Bool {
        known(number).map { fields[$0].wires & (1 << wire.rawValue) != 0 } ?? false
    }

    /// Whether each field of `schema` that was seen also came with the wire type it should have.
    package func fits(_ schema: KeyValuePairs<Int, ProtobufField.Wire>) -> Bool {
        schema.allSatisfy { number, wire in known(number) == nil || has(number, wire) }
    }
}
