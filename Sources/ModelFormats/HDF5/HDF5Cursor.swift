internal import ByteParsing

/// A reading position in an HDF5 file whose addresses and lengths have the sizes that its superblock states.
///
/// Source: HDF5 File Format Specification 3.0. Addresses are relative to the superblock; all bits set means undefined.
package struct HDF5Cursor {
    let region: ByteRegion
    var offset: Int
    let sizes: HDF5Sizes

    init(_ region: ByteRegion, at offset: Int, sizes: HDF5Sizes) throws(ParseError) {
        guard offset >= 0, offset <= region.count else { throw .truncated(at: offset, reading: "HDF5 address") }
        self.region = region
        self.offset = offset
        self.sizes = sizes
    }

    var remaining: Int { region.count - offset }

    /// A little-endian integer of `size` bytes, at most eight.
    mutating func unsigned(_ size: Int, reading what: @autoclosure () -> String) throws(ParseError) -> UInt64 {
        guard size >= 0, size <= 8 else { throw .unsupported(at: offset, reading: what()) }
        guard size <= remaining else { throw .truncated(at: offset, reading: what()) }
        var value: UInt64 = 0
        let start = offset
        for index in 0..<size {
            value |= UInt64(region[start &+ index] ?? 0) << UInt64(8 &* index)
        }
        offset = start &+ size
        return value
    }

    mutating func byte(_ what: @autoclosure () -> String) throws(ParseError) -> Int {
        Int(try unsigned(1, reading: what()))
    }
    mutating func short(_ what: @autoclosure () -> String) throws(ParseError) -> Int {
        Int(try unsigned(2, reading: what()))
    }
    mutating func word(_ what: @autoclosure () -> String) throws(ParseError) -> Int {
        Int(try unsigned(4, reading: what()))
    }

    /// A file address, or nil when it is the undefined one.
    /// - Throws: `truncated` for an address that no file of this size has.
    mutating func address(_ what: @autoclosure () -> String) throws(ParseError) -> Int? {
        let value = try unsigned(sizes.offset, reading: what())
        if value == sizes.undefined { return nil }
        guard let address = Int(exactly: value) else { throw .truncated(at: offset, reading: what()) }
        return address
    }

    /// A length; what does not fit an `Int` is an overflow.
    mutating func length(_ what: @autoclosure () -> String) throws(ParseError) -> Int {
        try integer(sizes.length, what())
    }

    mutating func integer(_ size: Int, _ what: @autoclosure () -> String) throws(ParseError) -> Int {
        guard let value = Int(exactly: try unsigned(size, reading: what())) else {
            throw .overflow(at: offset, reading: what())
        }
        return value
    }

    mutating func bytes(_ count: Int, _ what: @autoclosure () -> String) throws(ParseError) -> ByteRegion {
        guard let part = region.slice(offset, count) else { throw .truncated(at: offset, reading: what()) }
        offset &+= count
        return part
    }

    mutating func skip(_ count: Int, _ what: @autoclosure () -> String) throws(ParseError) {
        guard count >= 0, count <= remaining else { throw .truncated(at: offset, reading: what()) }
        offset &+= count
    }

    /// Passes over `signature`.
    mutating func expect(_ signature: StaticString, _ what: @autoclosure () -> String) throws(ParseError) {
        let wanted = Array(signature.description.utf8)
        guard remaining >= wanted.count else { throw .truncated(at: offset, reading: what()) }
        guard region.starts(with: wanted, at: offset) else { throw .malformed(at: offset, reading: what()) }
        offset &+= wanted.count
    }

    /// Text up to a zero byte.
    mutating func terminated(limit: Int = 1 << 16, _ what: @autoclosure () -> String) throws(ParseError) -> String {
        let window = region.suffix(from: offset).prefix(limit)
        guard let end = window.bytes.firstOffset(of: 0) else {
            throw ParseError(window.count < limit ? .truncated : .limit, at: offset, reading: what())
        }
        offset &+= end + 1
        return window.prefix(end).text(limit: limit)
    }
}

/// The widths of addresses and lengths, in bytes.
package struct HDF5Sizes: Sendable {
    let offset: Int
    let length: Int

    /// The address that means "none".
    var undefined: UInt64 { offset >= 8 ? .max : (1 << UInt64(8 * offset)) - 1 }
}
