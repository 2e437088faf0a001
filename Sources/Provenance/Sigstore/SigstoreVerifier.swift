internal import AssayCore
internal import Foundation

/// Verifies keyless signatures offline.
struct SigstoreVerifier: Sendable {
    let trustedRoot: SigstoreTrustedRoot

    func authenticate(
        _ bundle: SigstoreBundle, leaf: [UInt8], identity: String, issuer: String
    ) throws(EvidenceError) -> Authenticator.Identity {
        throw EvidenceError("Sigstore signatures cannot be verified yet")
    }
}

/// The keys and certificates of a Sigstore instance.
struct SigstoreTrustedRoot: Sendable {
    init(_ bytes: [UInt8]) throws(EvidenceError) {}
}
