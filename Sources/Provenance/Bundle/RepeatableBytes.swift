internal import Crypto

/// Bytes that are too many to be held: they are made, or read, afresh each time they are wanted.
struct RepeatableBytes: Sendable {
    /// Hands all of them out in order, and says whether they were the same as before.
    let forEachPiece: @Sendable (_ body: (RawSpan) -> Void) -> Bool

    /// How many there are; nil when they could not be read.
    var count: Int? {
        var count = 0
        return forEachPiece { count += $0.byteCount } ? count : nil
    }

    /// Their digest; nil when they could not be read.
    func digest<Hash: HashFunction>(_ type: Hash.Type) -> Hash.Digest? {
        var hash = Hash()
        let isWhole = forEachPiece { piece in unsafe piece.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) } }
        return isWhole ? hash.finalize() : nil
    }

    /// All of them at once, for those who cannot do with less; nil when they could not be read.
    var array: [UInt8]? {
        var bytes: [UInt8] = []
        let isWhole = forEachPiece { piece in unsafe piece.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) } }
        return isWhole ? bytes : nil
    }

    /// The same behind others.
    func preceded(by head: [UInt8]) -> RepeatableBytes {
        RepeatableBytes { body in
            body(unsafe head.span.bytes)
            return forEachPiece(body)
        }
    }
}
