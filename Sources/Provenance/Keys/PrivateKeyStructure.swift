internal import AssayCore
internal import SwiftASN1

/// An elliptic-curve private key as it stands in DER: PKCS 8 (RFC 5958) around SEC 1 (RFC 5915), or the latter alone.
struct PrivateKeyStructure {
    let curve: EllipticCurve
    /// The private number, as long as a coordinate.
    let number: [UInt8]
    /// The point that the key says is its public one.
    let point: [UInt8]?

    private static let unsupported = EvidenceError(
        "unsupported key: only elliptic-curve keys on P-256, P-384 and P-521 sign models")

    /// - Throws: `EvidenceError` for other kinds of keys, other curves, and bytes that are no key.
    init(_ der: [UInt8]) throws(EvidenceError) {
        guard let root = try? DER.parse(der), let members = Self.members(root), members.count >= 2 else {
            throw Self.unsupported
        }
        // Only PKCS 8 names its algorithm second; what may follow the key are attributes and a public key.
        guard members[1].identifier == .sequence else {
            try self.init(members, curve: nil)
            return
        }
        let algorithm = Self.members(members[1]) ?? []
        guard let first = algorithm.first, (try? ASN1ObjectIdentifier(derEncoded: first)) == .ecPublicKey,
            algorithm.count == 2, members.count >= 3, members.count <= 5,
            let inner = try? ASN1OctetString(derEncoded: members[2]), let key = try? DER.parse(Array(inner.bytes)),
            let parts = Self.members(key)
        else { throw Self.unsupported }
        try self.init(parts, curve: try Self.curve(algorithm[1]))
    }

    /// - Parameters:
    ///   - members: those of SEC 1: its version, the number, the curve in `[0]` and the public key in `[1]`.
    ///   - named: the curve that PKCS 8 has named already.
    private init(_ members: [ASN1Node], curve named: EllipticCurve?) throws(EvidenceError) {
        guard members.count >= 2, (try? Int(derEncoded: members[0])) == 1,
            let octets = try? ASN1OctetString(derEncoded: members[1])
        else { throw Self.unsupported }
        var found = named
        var point: [UInt8]?
        for member in members.dropFirst(2) {
            guard let inner = Self.members(member), inner.count == 1 else { throw Self.unsupported }
            switch member.identifier {
            case ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific):
                let curve = try Self.curve(inner[0])
                guard named == nil || curve == named else {
                    throw EvidenceError("the private key names two curves")
                }
                found = curve
            case ASN1Identifier(tagWithNumber: 1, tagClass: .contextSpecific):
                guard let bits = try? ASN1BitString(derEncoded: inner[0]), bits.paddingBits == 0 else {
                    throw Self.unsupported
                }
                point = Array(bits.bytes)
            default: throw Self.unsupported
            }
        }
        let length = octets.bytes.count
        // A key that names no curve is one of the length that it has.
        guard let curve = found ?? EllipticCurve.allCases.first(where: { $0.coordinateLength == length }),
            curve.coordinateLength == length
        else { throw Self.unsupported }
        self.curve = curve
        number = Array(octets.bytes)
        self.point = point
    }

    private static func members(_ node: ASN1Node) -> [ASN1Node]? {
        guard case .constructed(let nodes) = node.content else { return nil }
        return Array(nodes)
    }

    private static func curve(_ node: ASN1Node) throws(EvidenceError) -> EllipticCurve {
        if node.identifier == .sequence { throw EllipticCurve.unnamed }
        guard let identifier = try? ASN1ObjectIdentifier(derEncoded: node), let curve = EllipticCurve(identifier) else {
            throw unsupported
        }
        return curve
    }
}
