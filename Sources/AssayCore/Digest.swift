public import ByteParsing
internal import Crypto

/// A SHA-256 digest (FIPS 180-4): what evidence is about.
public struct Digest: Sendable, Hashable, CustomStringConvertible {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// Hashes the region in constant memory.
    public init(sha256 region: ByteRegion) {
        var hash = SHA256()
        let step = 1 << 20
        var at = 0
        while let part = region.slice(at, min(step, region.count - at)), !part.isEmpty {
            unsafe part.bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
            at += part.count
            region.discard(before: at)
        }
        bytes = Array(hash.finalize())
    }

    /// Reads 64 hexadecimal digits.
    public init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        self.bytes = bytes
    }

    /// Lower-case hexadecimal.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
