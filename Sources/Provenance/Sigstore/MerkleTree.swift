internal import Crypto

/// The hash tree of a transparency log (RFC 6962, section 2.1).
enum MerkleTree {
    static func leafHash(_ entry: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: [0] + entry)) }

    private static func parentHash(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: [1] + left + right))
    }

    /// The root that an inclusion proof leads to, or nil when the proof has the wrong length for the place and size.
    ///
    /// - Parameters:
    ///   - index: place of the leaf, from 0.
    ///   - size: leaves in the tree.
    ///   - proof: hashes of the siblings, from the leaf up, 32 bytes each.
    static func root(leaf: [UInt8], index: UInt64, size: UInt64, proof: [[UInt8]]) -> [UInt8]? {
        guard index < size, proof.allSatisfy({ $0.count == 32 }) else { return nil }
        // RFC 9162, section 2.1.3.2.
        var node = index
        var last = size - 1
        var hash = leaf
        for sibling in proof {
            guard last != 0 else { return nil }
            if node & 1 == 1 || node == last {
                hash = parentHash(sibling, hash)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = parentHash(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 ? hash : nil
    }
}
