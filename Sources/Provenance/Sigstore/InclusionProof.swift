internal import AssayCore
internal import ByteParsing

/// The proof that an entry is in a transparency log: the way from the entry to a root that the log signed.
struct InclusionProof: Sendable {
    /// The entry's place in the tree.
    let index: UInt64
    private let size: UInt64
    private let root: [UInt8]
    private let hashes: [[UInt8]]
    private let checkpoint: [UInt8]

    /// - Parameter hashes: the siblings from the leaf up; nil for one that cannot be read.
    /// - Throws: `EvidenceError` when one cannot, or there are too many.
    init(
        index: UInt64, size: UInt64, root: [UInt8], hashes: [[UInt8]?], checkpoint: [UInt8]
    ) throws(EvidenceError) {
        // A tree of 2^64 leaves is 64 levels high.
        let read = hashes.compactMap { $0 }
        guard read.count == hashes.count, read.count <= 64 else {
            throw EvidenceError("an inclusion proof is malformed")
        }
        self.index = index
        self.size = size
        self.root = root
        self.hashes = read
        self.checkpoint = checkpoint
    }

    func verify(entry: [UInt8], _ log: SigstoreTrustedRoot.Log) throws(EvidenceError) {
        let found = MerkleTree.root(leaf: MerkleTree.leafHash(entry), index: index, size: size, proof: hashes)
        guard let found, found == root else {
            throw EvidenceError("the inclusion proof does not prove that the entry is in the log")
        }
        let signed = try LogCheckpoint(checkpoint, log)
        guard signed.root == root, signed.size == size else {
            throw EvidenceError("the inclusion proof and the log's checkpoint are about different trees")
        }
    }

    /// Writes the proof as bundles have it.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("logIndex", String(index))
            writer.member("rootHash", Base64.encode(root))
            writer.member("treeSize", String(size))
            writer.member("hashes", hashes.map { Base64.encode($0) })
            writer.object("checkpoint") { $0.member("envelope", String(decoding: checkpoint, as: UTF8.self)) }
        }
    }
}
