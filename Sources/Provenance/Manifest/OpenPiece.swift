internal import ByteParsing

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A file or shard that is being read and hashed by one thread.
///
/// Its buffer lives at least as long as it does: the thread that lends it keeps both.
@safe final class OpenPiece {
    /// The place of the piece among the pieces of its tree.
    let index: Int
    private let piece: TreeHasher.Piece
    private let file: Descriptor
    private let buffer: UnsafeMutableRawBufferPointer
    /// What was read into the buffer and is not hashed yet.
    private var ready = 0..<0
    private var position: Int
    private var stream: StreamingHash?
    private var blocks: PairableSHA256?

    /// - Parameters:
    ///   - buffer: room for what is read, a multiple of a block; used by nobody else until the piece is finished.
    ///   - isPaired: whether the piece is hashed beside another one, with SHA-256.
    /// - Throws: `TreeError` when the file cannot be opened or is not the one that was listed.
    init(
        _ piece: TreeHasher.Piece, index: Int, of root: ModelRoot, _ algorithm: HashAlgorithm, isPaired: Bool,
        _ buffer: UnsafeMutableRawBufferPointer
    ) throws(TreeError) {
        self.piece = piece
        self.index = index
        unsafe self.buffer = buffer
        file = try root.open(piece.file)
        position = piece.range.lowerBound
        blocks = isPaired ? PairableSHA256() : nil
        stream = blocks == nil ? StreamingHash(algorithm) : nil
        #if os(Linux)
            posix_fadvise(file.raw, off_t(position), off_t(piece.range.count), POSIX_FADV_SEQUENTIAL)
        #endif
    }

    /// A piece that is read into other memory, and hashed alone.
    convenience init(_ piece: TreeHasher.Piece, of root: ModelRoot, _ algorithm: HashAlgorithm) throws(TreeError) {
        try unsafe self.init(
            piece, index: 0, of: root, algorithm, isPaired: false,
            UnsafeMutableRawBufferPointer(start: nil, count: 0))
    }

    /// Bytes of the piece.
    var count: Int { piece.range.count }

    /// Whether there is something to hash before more is read.
    var hasWork: Bool { ready.count >= (blocks == nil ? 1 : PairableSHA256.block) }

    /// Whether the file was read to the end of the piece.
    var isRead: Bool { position == piece.range.upperBound }

    /// Reads on into the buffer, behind what is not hashed yet.
    /// - Throws: `TreeError` when the system refuses, or the file has become shorter.
    func read() throws(TreeError) {
        if ready.lowerBound > 0 {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[ready])
            unsafe buffer.copyMemory(from: rest)
            ready = 0..<ready.count
        }
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[ready.count...])
        ready = 0..<ready.count + (try unsafe read(into: room))
    }

    /// Reads on into other memory than the piece's own.
    /// - Returns: how many bytes, at least one.
    /// - Throws: `TreeError` when the system refuses, or the file has become shorter.
    func read(into room: UnsafeMutableRawBufferPointer) throws(TreeError) -> Int {
        let wanted = min(room.count, piece.range.upperBound - position)
        while true {
            let count = unsafe pread(file.raw, room.baseAddress, wanted, off_t(position))
            if count < 0 {
                if errno == EINTR { continue }
                throw TreeError.system(piece.file.path, errno)
            }
            guard count > 0 else { throw TreeError(.changed, piece.file.path) }
            position += count
            return count
        }
    }

    /// Hashes bytes that were read into other memory.
    func hash(_ bytes: UnsafeRawBufferPointer) { unsafe stream?.update(bytes) }

    /// Hashes what was read of one piece.
    func hash() {
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[ready])
        unsafe stream?.update(bytes)
        let done = unsafe blocks?.update(bytes) ?? bytes.count
        ready = ready.lowerBound + done..<ready.upperBound
    }

    /// Hashes what was read of two pieces, as far as both have it.
    static func hash(_ first: OpenPiece, _ second: OpenPiece) {
        guard var hash = first.blocks, var other = second.blocks else {
            first.hash()
            second.hash()
            return
        }
        let done = unsafe PairableSHA256.update(
            &hash, UnsafeRawBufferPointer(rebasing: first.buffer[first.ready]),
            &other, UnsafeRawBufferPointer(rebasing: second.buffer[second.ready]))
        (first.blocks, second.blocks) = (hash, other)
        first.ready = first.ready.lowerBound + done..<first.ready.upperBound
        second.ready = second.ready.lowerBound + done..<second.ready.upperBound
    }

    /// The digest of the piece, after all of it was read and hashed but for the last block.
    /// - Throws: `TreeError` when the file is no longer the one that was listed.
    func digest() throws(TreeError) -> [UInt8] {
        guard try file.identity(piece.file.path) == piece.file.identity else {
            throw TreeError(.changed, piece.file.path)
        }
        if let blocks { return unsafe blocks.finalize(UnsafeRawBufferPointer(rebasing: buffer[ready])) }
        return stream?.finalize() ?? []
    }
}
