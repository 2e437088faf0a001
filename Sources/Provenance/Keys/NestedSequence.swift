internal import SwiftASN1

extension DER {
    /// Reads the next node as a SEQUENCE.
    static func sequence<T>(
        next nodes: inout ASN1NodeCollection.Iterator,
        _ builder: (inout ASN1NodeCollection.Iterator) throws -> T
    ) throws -> T {
        guard let node = nodes.next() else { throw ASN1Error.truncatedASN1Field() }
        return try sequence(node, identifier: .sequence, builder)
    }
}
