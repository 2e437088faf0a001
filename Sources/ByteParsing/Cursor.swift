/// A bounded reading position over bytes it cannot outlive.
///
/// Every read is checked against the end; nothing is allocated; a failed read leaves the position where it was.
public struct Cursor: ~Escapable {
    /// The bytes being read.
    public let bytes: RawSpan
    /// The position of the next read, from the start of `bytes`.
    @inlinable public var offset: Int { position }
    @usableFromInline var position: Int

    @_lifetime(copy bytes)
    @inlinable
    public init(_ bytes: RawSpan) {
        self.bytes = bytes
        self.position = 0
    }

    /// Bytes left to read.
    @inlinable public var remaining: Int { bytes.byteCount &- offset }
    /// Whether nothing is left.
    @inlinable public var isAtEnd: Bool { offset >= bytes.byteCount }

    /// Moves to `position`, which may be the end but not past it.
    /// - Throws: `truncated` when `position` lies outside of the bytes.
    @inlinable
    public mutating func seek(to position: Int, reading what: @autoclosure () -> String = "offset") throws(ParseError) {
        guard position >= 0, position <= bytes.byteCount else { throw .truncated(at: offset, reading: what()) }
        self.position = position
    }

    /// Passes over `count` bytes.
    /// - Throws: `truncated` when fewer are left.
    @inlinable
    public mutating func skip(_ count: Int, reading what: @autoclosure () -> String = "bytes") throws(ParseError) {
        guard count >= 0, count <= remaining else { throw .truncated(at: offset, reading: what()) }
        position &+= count
    }

    /// The next byte without passing over it, or nil at the end.
    @inlinable
    public func peek() -> UInt8? {
        guard !isAtEnd else { return nil }
        return unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Reads a fixed-width integer, little-endian.
    /// - Throws: `truncated` at the end of the bytes.
    @inlinable
    public mutating func little<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type = T.self, reading what: @autoclosure () -> String = "integer"
    ) throws(ParseError) -> T {
        guard remaining >= MemoryLayout<T>.size else { throw .truncated(at: offset, reading: what()) }
        // Bounds were checked in the line above; T is a plain integer, for which every bit pattern is a value.
        let value = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self)
        position &+= MemoryLayout<T>.size
        return T(littleEndian: value)
    }

    /// Reads a fixed-width integer, big-endian.
    /// - Throws: `truncated` at the end of the bytes.
    @inlinable
    public mutating func big<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type = T.self, reading what: @autoclosure () -> String = "integer"
    ) throws(ParseError) -> T {
        T(bigEndian: T(littleEndian: try little(type, reading: what())))
    }

    /// Reads one byte.
    /// - Throws: `truncated` at the end of the bytes.
    @inlinable
    public mutating func byte(reading what: @autoclosure () -> String = "byte") throws(ParseError) -> UInt8 {
        try little(UInt8.self, reading: what())
    }

    /// Reads `count` bytes without copying them.
    /// - Throws: `truncated` when fewer are left.
    @inlinable
    @_lifetime(copy self)
    public mutating func span(
        _ count: Int, reading what: @autoclosure () -> String = "bytes"
    ) throws(ParseError) -> RawSpan {
        guard count >= 0, count <= remaining else { throw .truncated(at: offset, reading: what()) }
        let result = bytes.extracting(offset..<(offset &+ count))
        position &+= count
        return result
    }

    /// Reads `count` bytes into an array: for small values only, the caller has capped `count`.
    /// - Throws: `truncated` when fewer are left.
    @inlinable
    public mutating func array(
        _ count: Int, reading what: @autoclosure () -> String = "bytes"
    ) throws(ParseError) -> [UInt8] {
        try span(count, reading: what()).array()
    }

    /// Reads up to and including the byte `terminator`; the result leaves it out.
    /// - Throws: `truncated` when it does not occur, `limit` when it lies more than `limit` bytes ahead.
    @inlinable
    @_lifetime(copy self)
    public mutating func span(
        upTo terminator: UInt8, limit: Int, reading what: @autoclosure () -> String = "line"
    ) throws(ParseError) -> RawSpan {
        let window = bytes.extracting(offset..<(offset &+ min(remaining, limit)))
        guard let length = window.firstOffset(of: terminator) else {
            if remaining > limit { throw .limit(at: offset, reading: what()) }
            throw .truncated(at: offset, reading: what())
        }
        let result = window.extracting(0..<length)
        position &+= length &+ 1
        return result
    }
}

extension RawSpan {
    /// A copy of the bytes.
    @inlinable
    public func array() -> [UInt8] {
        unsafe withUnsafeBytes { unsafe [UInt8]($0) }
    }

    /// The byte at `offset`, or nil outside of the span.
    @inlinable
    public func byte(at offset: Int) -> UInt8? {
        guard offset >= 0, offset < byteCount else { return nil }
        return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Whether the span begins with `prefix`.
    @inlinable
    public func starts(with prefix: [UInt8]) -> Bool {
        guard byteCount >= prefix.count else { return false }
        for index in prefix.indices where byte(at: index) != prefix[index] { return false }
        return true
    }
}
