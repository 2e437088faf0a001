internal import ByteParsing

/// Reads GGUF's primitives in the file's byte order and width.
struct GGUFCursor: ~Escapable {
    var cursor: Cursor
    let isBigEndian: Bool
    /// Version 1 has 32-bit counts and lengths.
    let isWide: Bool

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, isBigEndian: Bool, isWide: Bool) {
        cursor = Cursor(bytes)
        self.isBigEndian = isBigEndian
        self.isWide = isWide
    }

    var offset: Int { cursor.offset }

    mutating func word(reading what: @autoclosure () -> String) throws(ParseError) -> UInt32 {
        isBigEndian ? try cursor.big(UInt32.self, reading: what()) : try cursor.little(UInt32.self, reading: what())
    }

    mutating func long(reading what: @autoclosure () -> String) throws(ParseError) -> UInt64 {
        isBigEndian ? try cursor.big(UInt64.self, reading: what()) : try cursor.little(UInt64.self, reading: what())
    }

    /// A count or length; it must be one that the file could hold if each thing counted took `unit` bytes.
    /// - Throws: `overflow` when it could not: a loader that trusts the number would leave its memory.
    mutating func size(unit: Int, reading what: @autoclosure () -> String) throws(ParseError) -> Int {
        let start = offset
        let value = isWide ? try long(reading: what()) : UInt64(try word(reading: what()))
        guard let count = Int(exactly: value), let bytes = count.multiplied(checked: unit),
            bytes <= cursor.bytes.byteCount
        else { throw .overflow(at: start, reading: what()) }
        return count
    }

    /// Passes over a string; returns where its bytes are.
    mutating func string(reading what: @autoclosure () -> String) throws(ParseError) -> Range<Int> {
        let count = try size(unit: 1, reading: what())
        let start = offset
        try cursor.skip(count, reading: what())
        return start..<(start &+ count)
    }
}
