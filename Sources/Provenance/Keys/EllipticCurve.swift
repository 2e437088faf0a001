internal import SwiftASN1

/// The curves that OMS signatures may use, each with the hash that goes with it.
package enum EllipticCurve: String, Sendable, Hashable, CaseIterable {
    case p256 = "P-256"
    case p384 = "P-384"
    case p521 = "P-521"

    init?(_ identifier: ASN1ObjectIdentifier) {
        switch identifier {
        case [1, 2, 840, 10045, 3, 1, 7]: self = .p256
        case [1, 3, 132, 0, 34]: self = .p384
        case [1, 3, 132, 0, 35]: self = .p521
        default: return nil
        }
    }

    /// Bytes of a coordinate.
    var coordinateLength: Int {
        switch self {
        case .p256: 32
        case .p384: 48
        case .p521: 66
        }
    }
}

extension EllipticCurve {
    /// Whether a private key names no curve but one of these: PKCS 8 (RFC 5958) in its algorithm, SEC 1 (RFC 5915) in its
    /// parameters, and either may hold the other. A key that names none is one of the length that it has.
    static func isKnown(inPrivateKey der: [UInt8], isInner: Bool = false) -> Bool {
        guard let root = try? DER.parse(der), case .constructed(let nodes) = root.content else { return false }
        let members = Array(nodes)
        // Only PKCS 8, which names its algorithm second, has another structure in its octets: those of SEC 1 are a number, which
        // may begin with any byte.
        let mayHoldOther = !isInner && members.count > 1 && members[1].identifier == .sequence
        for member in members {
            switch member.content {
            case .constructed(let inner):
                // The algorithm with its curve, or the parameters; a public key beside them is a bit string.
                for node in inner where node.identifier == .objectIdentifier {
                    guard let identifier = try? ASN1ObjectIdentifier(derEncoded: node) else { return false }
                    if identifier != .ecPublicKey, EllipticCurve(identifier) == nil { return false }
                }
            case .primitive(let bytes):
                if member.identifier == .octetString, mayHoldOther, bytes.first == 0x30,
                    !isKnown(inPrivateKey: Array(bytes), isInner: true)
                {
                    return false
                }
            }
        }
        return true
    }
}

extension ASN1ObjectIdentifier {
    static let ecPublicKey: ASN1ObjectIdentifier = [1, 2, 840, 10045, 2, 1]
}
