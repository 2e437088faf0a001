internal import AssayCore
internal import Crypto

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A signature file, or other text about many files, which is read more often than once so that it need not be held.
package struct SignatureSource: Sendable {
    private final class OpenFile: Sendable {
        let descriptor: Descriptor
        init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
    }
    private enum Place: Sendable {
        case memory([UInt8])
        case file(OpenFile)
    }

    /// Bytes of a file that are still read.
    package static let limit = 512 << 20
    /// Bytes that are read at a time.
    private static let step = 1 << 18

    private let place: Place

    package init(_ bytes: [UInt8]) { place = .memory(bytes) }

    /// - Returns: nil for what is not a regular file, or too large: it has to be read in another way, or refused.
    package init?(file path: String) {
        guard let descriptor = try? Descriptor(opening: path), let identity = try? descriptor.identity(ModelPath(path)),
            identity.isRegular, identity.size <= Self.limit
        else { return nil }
        place = .file(OpenFile(descriptor))
    }

    /// Hands out all bytes in order.
    /// - Parameter body: says whether to go on.
    /// - Returns: the SHA-256 of all of them; nil when `body` wanted no more.
    /// - Throws: `EvidenceError` when the file cannot be read.
    func forEachPiece(_ body: (RawSpan) -> Bool) throws(EvidenceError) -> [UInt8]? {
        switch place {
        case .memory(let bytes): return body(unsafe bytes.span.bytes) ? Array(SHA256.hash(data: bytes)) : nil
        case .file(let file):
            var hash = SHA256()
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.step, alignment: 64)
            defer { unsafe buffer.deallocate() }
            var position = 0
            while true {
                let count = unsafe pread(file.descriptor.raw, buffer.baseAddress, buffer.count, off_t(position))
                if count < 0, errno == EINTR { continue }
                guard count >= 0, position + count <= Self.limit else {
                    throw EvidenceError("the signature file cannot be read")
                }
                if count == 0 { return Array(hash.finalize()) }
                position += count
                let piece = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
                unsafe hash.update(bufferPointer: piece)
                guard body(unsafe RawSpan(_unsafeBytes: piece)) else { return nil }
            }
        }
    }

    /// All bytes at once.
    /// - Throws: `EvidenceError` when the file cannot be read.
    func array() throws(EvidenceError) -> [UInt8] {
        if case .memory(let bytes) = place { return bytes }
        var bytes: [UInt8] = []
        _ = try forEachPiece { piece in
            unsafe piece.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
            return true
        }
        return bytes
    }
}
