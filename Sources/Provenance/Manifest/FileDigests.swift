internal import Crypto

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Digests of one file's bytes, taken in one pass.
struct FileDigests: Sendable {
    let sha256: SHA256.Digest
    let sha384: SHA384.Digest?
    let sha512: SHA512.Digest?

    /// - Parameter hashes: what is wanted beside SHA-256.
    /// - Throws: `TreeError` when the file cannot be read, or is another one at the end than at the beginning.
    init(
        _ root: ModelRoot, _ hashes: Set<LogEntryBody.Hash>, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(TreeError) {
        var first = SHA256()
        var second = hashes.contains(.sha384) ? SHA384() : nil
        var third = hashes.contains(.sha512) ? SHA512() : nil
        let size = root.identity.size
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { unsafe buffer.deallocate() }
        var position = 0
        while position < size {
            let wanted = min(buffer.count, size - position)
            let count = unsafe pread(root.descriptor.raw, buffer.baseAddress, wanted, off_t(position))
            if count < 0 {
                if errno == EINTR { continue }
                throw TreeError.system(root.name, errno)
            }
            guard count > 0 else { throw TreeError(.changed, root.name) }
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
            unsafe first.update(bufferPointer: bytes)
            unsafe second?.update(bufferPointer: bytes)
            unsafe third?.update(bufferPointer: bytes)
            position += count
            progress(position, size)
        }
        guard try root.descriptor.identity(root.name) == root.identity else { throw TreeError(.changed, root.name) }
        sha256 = first.finalize()
        sha384 = second?.finalize()
        sha512 = third?.finalize()
    }
}
