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
        guard !needle.isEmpty, start >= 0, start <= byteCount, byteCount &- start >= needle.count else { return nil }
        return unsafe withUnsafeBytes { buffer -> Int? in
            guard let base = buffer.baseAddress else { return nil }
            return unsafe needle.withUnsafeBytes { wanted -> Int? in
                guard let first = wanted.baseAddress,
                    let hit = unsafe assay_find(base + start, buffer.count - start, first, wanted.count)
                else { return nil }
                return unsafe hit - base
            }
        }
    }
}
