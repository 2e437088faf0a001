internal import ByteParsing
internal import CZlib

/// Checksums that formats state of their own headers.
enum Checksum {
    /// The CRC-32 of ZIP, gzip and 7z (ISO 3309).
    static func crc32(_ region: ByteRegion) -> UInt32 {
        unsafe region.bytes.withUnsafeBytes { buffer in
            var sum: uLong = 0
            var at = 0
            while at < buffer.count {
                let step = min(buffer.count - at, 1 << 30)
                guard let base = unsafe buffer.baseAddress?.assumingMemoryBound(to: Bytef.self) else { break }
                sum = unsafe CZlib.crc32(sum, base + at, uInt(step))
                at += step
            }
            return UInt32(truncatingIfNeeded: sum)
        }
    }
}
