internal import CBlake
internal import Crypto

/// The digests that the OpenSSF Model Signing registry names for file contents.
package enum HashAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// SHA-256 (FIPS 180-4).
    case sha256
    /// BLAKE2b with 64 bytes of output (RFC 7693).
    case blake2b
    /// BLAKE3 with 32 bytes of output.
    case blake3

    /// Bytes of a digest.
    package var length: Int { self == .blake2b ? 64 : 32 }
}

/// A digest being computed over bytes that come piece by piece.
struct StreamingHash {
    private enum State {
        case sha256(SHA256)
        case blake2b(assay_blake2b)
        case blake3(assay_blake3)
    }
    private var state: State

    init(_ algorithm: HashAlgorithm) {
        switch algorithm {
        case .sha256: state = .sha256(SHA256())
        case .blake2b:
            var blake = assay_blake2b()
            unsafe assay_blake2b_init(&blake)
            state = .blake2b(blake)
        case .blake3:
            var blake = assay_blake3()
            unsafe assay_blake3_init(&blake)
            state = .blake3(blake)
        }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        switch state {
        case .sha256(var hash):
            unsafe hash.update(bufferPointer: bytes)
            state = .sha256(hash)
        case .blake2b(var hash):
            unsafe assay_blake2b_update(&hash, base, bytes.count)
            state = .blake2b(hash)
        case .blake3(var hash):
            unsafe assay_blake3_update(&hash, base, bytes.count)
            state = .blake3(hash)
        }
    }

    consuming func finalize() -> [UInt8] {
        switch state {
        case .sha256(let hash): return Array(hash.finalize())
        case .blake2b(var hash):
            var digest = [UInt8](repeating: 0, count: 64)
            unsafe digest.withUnsafeMutableBufferPointer { buffer in
                if let base = buffer.baseAddress { unsafe assay_blake2b_final(&hash, base) }
            }
            return digest
        case .blake3(var hash):
            var digest = [UInt8](repeating: 0, count: 32)
            unsafe digest.withUnsafeMutableBufferPointer { buffer in
                if let base = buffer.baseAddress { unsafe assay_blake3_final(&hash, base) }
            }
            return digest
        }
    }
}

extension HashAlgorithm {
    /// The digest of bytes in memory.
    package func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hash = StreamingHash(self)
        unsafe bytes.withUnsafeBytes { unsafe hash.update($0) }
        return hash.finalize()
    }
}
