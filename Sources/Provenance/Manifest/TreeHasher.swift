/// Hashes the files of a tree on several threads, in constant memory.
///
/// A digest is of bytes that were read through one open descriptor, and counts only if the file had the same identity
/// (inode, size, times) when the tree was listed, before the first byte and after the last.
///
/// Where the processor has instructions for SHA-256, each thread hashes two pieces at a time: see `PairableSHA256`. When
/// one of them ends, the next one takes its place. Long pieces are mapped into memory there, and read elsewhere.
/// A long piece of BLAKE3 is spread over all threads: see `ParallelBLAKE3`.
struct TreeHasher: Sendable {
    /// A file, or a range of one, and the name that its digest gets.
    struct Piece: Sendable {
        let file: ModelTree.File
        let name: ModelPath
        let range: Range<Int>
    }

    struct Progress: Sendable {
        var bytes = 0
        var totalBytes = 0
        var path = ""
    }

    let algorithm: HashAlgorithm
    let method: Manifest.Method
    var threads = 2
    /// Whether two pieces may be hashed at a time.
    var allowsPairs = PairableSHA256.isSupported
    var mapping = OpenPiece.Mapping()
    /// Bytes read at a time: those of two pieces stay in the second-level cache between the copy and the hash, or nearly.
    var step = 512 << 10

    /// - Returns: one resource for each file or shard, sorted by name, and what went wrong.
    func hash(
        _ tree: ModelTree, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) -> (resources: ResourceList, problems: [TreeError]) {
        HashingRun(self, tree, tell: progress).hash()
    }
}
