internal import AssayCore
internal import SwiftASN1

/// The curves that OMS signatures may use, each with the hash that goes with it.
package enum EllipticCurve: String, Sendable, Hashable, CaseIterable {
    case p256 = "P-256"
    case p384 = "P-384"
    case p521 = "P-521"

    /// Why a key that describes its curve, which could be any, is not read.
    static let unnamed = EvidenceError(
        "the key gives its curve's numbers instead of its name: convert it with openssl ec -param_enc named_curve")

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

extension ASN1ObjectIdentifier {
    static let ecPublicKey: ASN1ObjectIdentifier = [1, 2, 840, 10045, 2, 1]
}
