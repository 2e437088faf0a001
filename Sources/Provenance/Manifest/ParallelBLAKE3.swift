internal import CBlake
internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The BLAKE3 digest of one long piece, spread over threads.
///
/// BLAKE3 is a tree over chunks of 1024 bytes: equal parts of the piece are subtrees, whose values are put together in order.
/// Each part is mapped instead of copied; where it cannot be mapped, it is read.
enum ParallelBLAKE3 {
    /// Bytes of a part, a power of two.
    static let part = 4 << 20
    /// Bytes of the shortest piece that is worth it.
    static let least = 2 * part

    private struct State: Sendable {
        var next = 0
        var failure: TreeError?
    }

    /// - Throws: `TreeError` as `OpenPiece` does.
    static func digest(
        of piece: TreeHasher.Piece, _ root: ModelRoot, threads: Int
    ) throws(TreeError) -> [UInt8] {
        let file = try root.open(piece.file)
        let raw = file.raw
        let path = piece.file.path
        let (start, count) = (piece.range.lowerBound, piece.range.count)
        // The last chunk is the root's: something has to be left behind the last part.
        let parts = max(0, (count - 1) / part)
        let state = Mutex(State())
        let values = Mutex([[UInt32]](repeating: [], count: parts))
        DispatchQueue.concurrentPerform(iterations: min(threads, max(1, parts))) { _ in
            var buffer: UnsafeMutableRawBufferPointer?
            defer { unsafe buffer?.deallocate() }
            while let index = state.withLock({ state -> Int? in
                guard state.failure == nil, state.next < parts else { return nil }
                defer { state.next += 1 }
                return state.next
            }) {
                let range = start + index * part..<start + (index + 1) * part
                do throws(TreeError) {
                    let window = FileWindow(raw, range)
                    if window == nil, unsafe buffer == nil {
                        unsafe buffer = .allocate(byteCount: part, alignment: 64)
                    }
                    let bytes: UnsafeRawBufferPointer
                    if let window {
                        unsafe bytes = window.bytes
                    } else if let room = unsafe buffer {
                        try unsafe fill(room, raw, range.lowerBound, path)
                        unsafe bytes = UnsafeRawBufferPointer(room)
                    } else {
                        continue
                    }
                    let value = try unsafe value(of: bytes, at: index * (part / 1024), path)
                    withExtendedLifetime(window) { values.withLock { $0[index] = value } }
                } catch {
                    state.withLock { $0.failure = $0.failure ?? error }
                }
            }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        let rest = start + parts * part..<start + count
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, rest.count), alignment: 64)
        defer { unsafe room.deallocate() }
        let tail = unsafe UnsafeMutableRawBufferPointer(rebasing: room[..<rest.count])
        try unsafe fill(tail, raw, rest.lowerBound, path)
        guard try file.identity(path) == piece.file.identity else { throw TreeError(.changed, path) }
        return unsafe finish(values.withLock { $0 }, UnsafeRawBufferPointer(tail))
    }

    private static func value(
        of bytes: UnsafeRawBufferPointer, at counter: Int, _ path: ModelPath
    ) throws(TreeError) -> [UInt32] {
        guard let base = bytes.baseAddress else { return [] }
        var value = [UInt32](repeating: 0, count: 8)
        let lost = unsafe value.withUnsafeMutableBufferPointer { value -> CInt in
            guard let out = value.baseAddress else { return 1 }
            return unsafe assay_blake3_subtree_mapped(base, part / 1024, UInt64(counter), out)
        }
        guard lost == 0 else { throw TreeError(.changed, path) }
        return value
    }

    private static func fill(
        _ room: UnsafeMutableRawBufferPointer, _ file: CInt, _ start: Int, _ path: ModelPath
    ) throws(TreeError) {
        var done = 0
        while done < room.count {
            let count = unsafe pread(file, room.baseAddress?.advanced(by: done), room.count - done, off_t(start + done))
            if count < 0 {
                if errno == EINTR { continue }
                throw TreeError.system(path, errno)
            }
            guard count > 0 else { throw TreeError(.changed, path) }
            done += count
        }
    }

    private static func finish(_ values: [[UInt32]], _ rest: UnsafeRawBufferPointer) -> [UInt8] {
        var state = assay_blake3()
        unsafe assay_blake3_init(&state)
        for value in values {
            unsafe value.withUnsafeBufferPointer { value in
                if let base = value.baseAddress { unsafe assay_blake3_push(&state, base, part / 1024) }
            }
        }
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe digest.withUnsafeMutableBufferPointer { digest in
            guard let out = digest.baseAddress else { return }
            if let base = rest.baseAddress { unsafe assay_blake3_update(&state, base, rest.count) }
            unsafe assay_blake3_final(&state, out)
        }
        return digest
    }
}
