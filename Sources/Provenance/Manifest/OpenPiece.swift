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
/// Its buffer lives at least as long as it does: the thread that lends it keeps both. Long pieces that are hashed with
/// `PairableSHA256` are mapped instead of read, window by window.
@safe final class OpenPiece {
    /// How long pieces are mapped.
    struct Mapping: Sendable {
        /// Bytes that are mapped at a time.
        var window = 4 << 20
        /// Bytes that a copy is cheaper for.
        var least = 1 << 20
    }

    /// The place of the piece among the pieces of its tree.
    let index: Int
    private let piece: TreeHasher.Piece
    private let file: Descriptor
    private let buffer: UnsafeMutableRawBufferPointer
    private let mapping: Mapping
    /// What is hashed next; without one, the buffer is.
    private var window: FileWindow?
    /// What of the buffer or window is not hashed yet.
    private var ready = 0..<0
    /// The place in the file behind it.
    private var position: Int
    private var stream: StreamingHash?
    private var blocks: PairableSHA256?
    /// Whether the file became shorter while it was hashed.
    private var isLost = false

    /// - Parameters:
    ///   - buffer: room for what is read, a multiple of a block; used by nobody else until the piece is finished.
    ///   - isPairable: whether the piece is hashed by whole blocks of SHA-256, alone or beside another one.
    /// - Throws: `TreeError` when the file cannot be opened or is not the one that was listed.
    init(
        _ piece: TreeHasher.Piece, index: Int, of root: ModelRoot, _ algorithm: HashAlgorithm, isPairable: Bool,
        _ mapping: Mapping, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(TreeError) {
        self.piece = piece
        self.index = index
        self.mapping = mapping
        unsafe self.buffer = buffer
        file = try root.open(piece.file)
        position = piece.range.lowerBound
        blocks = isPairable ? PairableSHA256() : nil
        stream = blocks == nil ? StreamingHash(algorithm) : nil
        #if os(Linux)
            posix_fadvise(file.raw, off_t(position), off_t(piece.range.count), POSIX_FADV_SEQUENTIAL)
        #endif
    }

    /// A piece that is read into other memory, and hashed alone.
    convenience init(_ piece: TreeHasher.Piece, of root: ModelRoot, _ algorithm: HashAlgorithm) throws(TreeError) {
        try unsafe self.init(
            piece, index: 0, of: root, algorithm, isPairable: false, Mapping(),
            UnsafeMutableRawBufferPointer(start: nil, count: 0))
    }

    /// Bytes of the piece.
    var count: Int { piece.range.count }

    /// Whether there is something to hash before more is read.
    var hasWork: Bool { !isLost && ready.count >= (blocks == nil ? 1 : PairableSHA256.block) }

    /// Whether the file was read to the end of the piece.
    var isRead: Bool { position == piece.range.upperBound }

    private var unhashed: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(
            rebasing: window.map { unsafe $0.bytes[ready] } ?? UnsafeRawBufferPointer(buffer)[ready])
    }

    /// Reads on behind what is not hashed yet.
    /// - Throws: `TreeError` when the system refuses, or the file has become shorter.
    func read() throws(TreeError) {
        guard !isLost else { throw TreeError(.changed, piece.file.path) }
        let next = position - ready.count
        let left = piece.range.upperBound - next
        if blocks != nil, left >= mapping.least {
            let end = next + min(left, mapping.window)
            if let window = FileWindow(file.raw, next..<end) {
                (self.window, ready, position) = (window, 0..<end - next, end)
                return
            }
        }
        dropWindow()
        if ready.lowerBound > 0 {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[ready])
            unsafe buffer.copyMemory(from: rest)
            ready = 0..<ready.count
        }
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[ready.count...])
        ready = 0..<ready.count + (try unsafe read(into: room))
    }

    /// Goes on in the buffer: what of the window is not hashed yet is read once more.
    private func dropWindow() {
        guard window != nil else { return }
        (window, position, ready) = (nil, position - ready.count, 0..<0)
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
        guard let outcome = unsafe blocks?.update(unhashed) else {
            unsafe stream?.update(unhashed)
            ready = ready.upperBound..<ready.upperBound
            return
        }
        take(outcome, isSecond: false)
    }

    /// Hashes what was read of two pieces, as far as both have it.
    static func hash(_ first: OpenPiece, _ second: OpenPiece) {
        guard var hash = first.blocks, var other = second.blocks else {
            first.hash()
            second.hash()
            return
        }
        let outcome = unsafe PairableSHA256.update(&hash, first.unhashed, &other, second.unhashed)
        (first.blocks, second.blocks) = (hash, other)
        first.take(outcome, isSecond: false)
        second.take(outcome, isSecond: true)
    }

    private func take(_ outcome: HashOutcome, isSecond: Bool) {
        switch outcome {
        case .taken(let count): ready = ready.lowerBound + count..<ready.upperBound
        case .lostFirst: isLost = isLost || !isSecond
        case .lostSecond: isLost = isLost || isSecond
        }
    }

    /// The digest of the piece, after all of it was read and hashed but for the last block.
    /// - Throws: `TreeError` when the file is no longer the one that was listed.
    func digest() throws(TreeError) -> [UInt8] {
        guard !isLost else { throw TreeError(.changed, piece.file.path) }
        dropWindow()
        while !isRead { try read() }
        guard try file.identity(piece.file.path) == piece.file.identity else {
            throw TreeError(.changed, piece.file.path)
        }
        if let blocks { return unsafe blocks.finalize(UnsafeRawBufferPointer(rebasing: buffer[ready])) }
        return stream?.finalize() ?? []
    }
}
