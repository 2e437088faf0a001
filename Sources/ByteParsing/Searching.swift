internal import CBytes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// The C library's search functions run at memory speed; a Swift loop is an order of magnitude slower.
extension RawSpan {
    /// Offset of the first `byte`, or nil.
    public func firstOffset(of byte: UInt8) -> Int? {
        unsafe withUnsafeBytes { buffer -> Int? in
            guard let base = buffer.baseAddress, buffer.count > 0,
                let hit = unsafe memchr(base, CInt(byte), buffer.count)
            else { return nil }
            return unsafe UnsafeRawPointer(hit) - base
        }
    }

    /// Offset of the first occurrence of `needle` at or after `start`, or nil.
    public func firstOffset(of needle: [UInt8], from start: Int = 0) -> Int? {
        unsafe needle.withUnsafeBytes { unsafe firstOffset(of: $0, from: start) }
    }

    /// Offset of the first occurrence of a constant text at or after `start`, or nil.
    public func firstOffset(of needle: StaticString, from start: Int = 0) -> Int? {
        needle.withUTF8Buffer { text in unsafe firstOffset(of: UnsafeRawBufferPointer(text), from: start) }
    }

    /// Offset of the first occurrence of `needle`, or nil.
    public func firstOffset(of needle: RawSpan) -> Int? {
        unsafe needle.withUnsafeBytes { unsafe firstOffset(of: $0, from: 0) }
    }

    @unsafe private func firstOffset(of needle: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start >= 0, start <= byteCount, byteCount &- start >= needle.count, let first = needle.baseAddress,
            needle.count > 0
        else { return nil }
        return unsafe withUnsafeBytes { buffer -> Int? in
            guard let base = buffer.baseAddress,
                let hit = unsafe assay_find(base + start, buffer.count - start, first, needle.count)
            else { return nil }
            return unsafe hit - base
        }
    }

    /// Offset of the next place at or after `start` with a program's magic number, or nil.
    public func firstProgram(from start: Int = 0) -> Int? {
        guard start >= 0, start < byteCount else { return nil }
        return unsafe withUnsafeBytes { buffer -> Int? in
            guard let base = buffer.baseAddress, let hit = unsafe assay_find_program(base + start, buffer.count - start)
            else { return nil }
            return unsafe hit - base
        }
    }

    /// Whether the bytes at `offset` are those of `other`.
    public func equals(_ other: RawSpan, at offset: Int = 0) -> Bool {
        unsafe other.withUnsafeBytes { unsafe equals($0, at: offset) }
    }

    /// Whether a constant text stands at `offset`: a magic number or a name, without an array made of it.
    public func starts(with text: StaticString, at offset: Int = 0) -> Bool {
        text.withUTF8Buffer { text in unsafe equals(UnsafeRawBufferPointer(text), at: offset) }
    }

    @unsafe private func equals(_ other: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        guard offset >= 0, offset <= byteCount, other.count <= byteCount &- offset else { return false }
        return unsafe withUnsafeBytes { buffer -> Bool in
            guard let base = buffer.baseAddress, let first = other.baseAddress else {
                return unsafe other.isEmpty
            }
            return unsafe memcmp(base + offset, first, other.count) == 0
        }
    }
}

// Texts are compared as UTF-8 bytes, not by canonical equivalence; the standard library's search goes from character to
// character and takes a thousand times as long.
extension String {
    /// Whether `text` stands in this text.
    public func contains(_ text: String) -> Bool {
        unsafe text.isEmpty || utf8.span.bytes.firstOffset(of: text.utf8.span.bytes) != nil
    }
}

extension Substring {
    /// Whether `text` stands in this text.
    public func contains(_ text: String) -> Bool {
        unsafe text.isEmpty || utf8.span.bytes.firstOffset(of: text.utf8.span.bytes) != nil
    }
}

extension ByteRegion {
    /// Whether every byte is zero: padding, as opposed to something hidden.
    package var isAllZero: Bool {
        let span = bytes
        var at = 0
        while at + 8 <= span.byteCount {
            guard unsafe span.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self) == 0 else {
                return false
            }
            at += 8
        }
        while at < span.byteCount {
            guard span.byte(at: at) == 0 else { return false }
            at += 1
        }
        return true
    }
}
