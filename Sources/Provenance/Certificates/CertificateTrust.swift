internal import AssayCore
internal import Crypto
internal import SwiftASN1
@_spi(FixedExpiryValidationTime) internal import X509

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Judges the certificate chain of a signature against trust anchors.
///
/// The chain has to be valid now and when the leaf was issued: without a trusted time stamp nobody knows when the
/// signature was made, so a certificate that has expired since proves nothing any more.
struct CertificateTrust: Sendable {
    /// Self-signed certificates that chains may end in.
    let anchors: [Certificate]
    /// Certificates that may stand between.
    let intermediates: [Certificate]
    /// Whether the anchors are those of the operating system.
    let usesSystemAnchors: Bool

    /// What is known about a signer after its chain was judged.
    struct Signer: Sendable {
        let leaf: Certificate
        let key: VerificationKey
        let chain: [Certificate]
        /// Subjects of certificates in the bundle that the path to the anchor did without.
        let unneeded: [String]
    }

    /// Reads PEM files of certificates: those that are self-signed become anchors, the others may stand between.
    /// - Parameter files: contents of PEM files; empty for the anchors of the operating system.
    init(_ files: [[UInt8]]) throws(EvidenceError) {
        var anchors: [Certificate] = []
        var intermediates: [Certificate] = []
        for file in files {
            let blocks = try PEM.blocks(in: file).filter { $0.label == "CERTIFICATE" || $0.label == "X509 CERTIFICATE" }
            guard !blocks.isEmpty else { throw EvidenceError("there is no PEM certificate in the file") }
            for block in blocks {
                let certificate = try Self.parse(block.bytes)
                if certificate.isSelfSigned { anchors.append(certificate) } else { intermediates.append(certificate) }
            }
        }
        if !files.isEmpty, anchors.isEmpty {
            throw EvidenceError("none of the trusted certificates is a root: they all are signed by another one")
        }
        self.anchors = anchors
        self.intermediates = intermediates
        usesSystemAnchors = files.isEmpty
    }

    init(anchors: [Certificate], intermediates: [Certificate]) {
        self.anchors = anchors
        self.intermediates = intermediates
        usesSystemAnchors = false
    }

    static func parse(_ der: [UInt8]) throws(EvidenceError) -> Certificate {
        do {
            return try Certificate(derEncoded: der)
        } catch {
            throw EvidenceError("a certificate is malformed")
        }
    }

    /// Judges a chain as it stands in a bundle, the leaf first.
    /// - Throws: `EvidenceError` with the reason why it is not trusted.
    func judge(_ chain: [[UInt8]], at now: Date) throws(EvidenceError) -> Signer {
        var certificates: [Certificate] = []
        for der in chain { certificates.append(try Self.parse(der)) }
        guard let leaf = certificates.first else { throw EvidenceError("the certificate chain is empty") }
        let key = try VerificationKey(leaf)
        try ModelSigningUse.check(leaf)
        let path = try validate(leaf, through: Array(certificates.dropFirst()), at: now, as: "now")
        _ = try validate(leaf, through: Array(certificates.dropFirst()), at: leaf.notValidBefore, as: "at signing")
        let unneeded = certificates.filter { !path.contains($0) }.map { $0.subject.description }
        return Signer(leaf: leaf, key: key, chain: path, unneeded: unneeded)
    }

    /// Builds a path from the leaf to an anchor that is valid at one time.
    func validate(
        _ leaf: Certificate, through given: [Certificate], at time: Date, as when: String
    ) throws(EvidenceError) -> [Certificate] {
        let store = usesSystemAnchors ? CertificateStore.systemTrustRoots : CertificateStore(anchors)
        let between = CertificateStore(given + intermediates)
        let result = Blocking.wait {
            var verifier = Verifier(rootCertificates: store) {
                RFC5280Policy(fixedExpiryValidationTime: time)
                KnownExtensions()
            }
            return await verifier.validate(leaf: leaf, intermediates: between)
        }
        switch result {
        case .validCertificate(let chain): return Array(chain)
        case .couldNotValidate(let failures):
            let reason = failures.first.map { ": \($0.policyFailureReason)" } ?? ": no path to a trusted root"
            throw EvidenceError("the certificate of \(leaf.subject) is not trusted \(when)\(reason)")
        }
    }
}

/// What a leaf certificate must be allowed to do.
enum ModelSigningUse {
    /// Key usage (RFC 5280, 4.2.1.3) has to include digital signatures where it is stated, extended key usage (4.2.1.12)
    /// has to include code signing where it is stated, and one of the two has to be stated: a server's certificate
    /// signs no models.
    static func check(_ leaf: Certificate) throws(EvidenceError) {
        let usage: KeyUsage?
        let extended: ExtendedKeyUsage?
        do {
            usage = try leaf.extensions.keyUsage
            extended = try leaf.extensions.extendedKeyUsage
        } catch {
            throw EvidenceError("the certificate's key usage is malformed")
        }
        guard usage != nil || extended != nil else {
            throw EvidenceError("the certificate states no key usage: it is not meant for signing")
        }
        if let usage, !usage.digitalSignature {
            throw EvidenceError("the certificate's key usage does not include digital signatures")
        }
        if let extended, !extended.contains(.codeSigning), !extended.contains(.any) {
            throw EvidenceError("the certificate's extended key usage does not include code signing")
        }
    }
}

/// Names the extensions that this program judges itself, so that they may be marked critical.
private struct KnownExtensions: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [
        .X509ExtensionID.extendedKeyUsage, .X509ExtensionID.subjectAlternativeName, .certificatePolicies,
    ]

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult {
        // A certificate that signs another needs the right to: RFC5280Policy leaves key usage to us.
        for certificate in chain.dropFirst() {
            guard let usage = try? certificate.extensions.keyUsage else { continue }
            if !usage.keyCertSign { return .failsToMeetPolicy(reason: "an issuer may not sign certificates") }
        }
        return .meetsPolicy
    }
}

extension ASN1ObjectIdentifier {
    /// RFC 5280, 4.2.1.4. Any policy will do, and none is asked for: nothing is left to check. Constraints on policies are
    /// other extensions, which are not known here.
    fileprivate static let certificatePolicies: ASN1ObjectIdentifier = [2, 5, 29, 32]
}

extension VerificationKey {
    /// The key that a certificate certifies.
    init(_ certificate: Certificate) throws(EvidenceError) {
        if let key = P256.Signing.PublicKey(certificate.publicKey) {
            self.init(key)
        } else if let key = P384.Signing.PublicKey(certificate.publicKey) {
            self.init(key)
        } else if let key = P521.Signing.PublicKey(certificate.publicKey) {
            self.init(key)
        } else {
            throw EvidenceError("unsupported key: only elliptic-curve keys on P-256, P-384 and P-521 sign models")
        }
    }
}

extension Certificate {
    var isSelfSigned: Bool { issuer == subject && publicKey.isValidSignature(signature, for: self) }

    /// SHA-256 of the DER form, lower-case hexadecimal.
    var fingerprint: String {
        var serializer = DER.Serializer()
        guard (try? serializer.serialize(self)) != nil else { return "" }
        return Hexadecimal.encode(HashAlgorithm.sha256.hash(serializer.serializedBytes))
    }
}
