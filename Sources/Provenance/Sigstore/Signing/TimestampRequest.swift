internal import AssayCore
internal import Crypto
internal import SwiftASN1

/// Asks a timestamp authority for its word on when it saw a signature (RFC 3161, sections 2.4.1 and 3.4).
struct TimestampRequest: Sendable {
    let message: [UInt8]

    /// - Returns: the response, DER.
    func send(to authority: ServiceAddress, _ transport: any HTTPTransport) throws(EvidenceError) -> [UInt8] {
        let response = try transport.send(
            HTTPRequest(
                address: authority,
                headers: [
                    ("Content-Type", "application/timestamp-query"), ("Accept", "application/timestamp-reply"),
                ], body: try query()))
        guard (200...201).contains(response.status) else {
            throw EvidenceError("the timestamp authority refused: " + ServiceAnswer.reason(response, nil))
        }
        _ = try TimestampToken(response: response.body)
        return response.body
    }

    /// TimeStampReq: the digest, a number used once, and the wish for the authority's certificate.
    private func query() throws(EvidenceError) -> [UInt8] {
        do {
            var serializer = DER.Serializer()
            try serializer.appendConstructedNode(identifier: .sequence) { nodes in
                try nodes.serialize(1)
                try nodes.appendConstructedNode(identifier: .sequence) { imprint in
                    try imprint.appendConstructedNode(identifier: .sequence) { algorithm in
                        try algorithm.serialize([2, 16, 840, 1, 101, 3, 4, 2, 1] as ASN1ObjectIdentifier)
                        try algorithm.serialize(ASN1Null())
                    }
                    try imprint.serialize(ASN1OctetString(contentBytes: Array(SHA256.hash(data: message))[...]))
                }
                try nodes.serialize(Int.random(in: 1...Int.max))
                try nodes.serialize(true)
            }
            return serializer.serializedBytes
        } catch {
            throw EvidenceError("the timestamp request cannot be written: \(error)")
        }
    }
}
