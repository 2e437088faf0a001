internal import AssayCore
internal import Crypto
internal import SwiftASN1
internal import X509

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
        let certificate: Certificate
        do {
            certificate = try Certificate(derEncoded: der)
        } catch {
            throw EvidenceError("a certificate is malformed")
        }
        guard hasOneAlgorithm(der) else {
            throw EvidenceError("a certificate is malformed: it names two signature algorithms")
        }
        return certificate
    }

    /// Whether the algorithm beside the signature is the one that was signed (RFC 5280, 4.1.1.2).
    private static func hasOneAlgorithm(_ der: [UInt8]) -> Bool {
        guard let root = try? DER.parse(der), case .constructed(let parts) = root.content else { return false }
        var outer = parts.makeIterator()
        guard let signed = outer.next(), let algorithm = outer.next(), case .constructed(let members) = signed.content
        else { return false }
        // The version, if it is named, and the serial number stand before it.
        let inner = members.first { $0.identifier == .sequence }
        return inner?.encodedBytes == algorithm.encodedBytes
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
    /// - Parameter purpose: what authorities that state a purpose have to be for.
    func validate(
        _ leaf: Certificate, through given: [Certificate], at time: Date, as when: String,
        purpose: ExtendedKeyUsage.Usage = .codeSigning
    ) throws(EvidenceError) -> [Certificate] {
        let roots = usesSystemAnchors ? SystemRoots.certificates : anchors
        guard !roots.isEmpty else {
            throw EvidenceError("this system has no certificate authorities of its own: give --certificate-chain")
        }
        let path = CertificatePath(anchors: roots, intermediates: given + intermediates, time: time, purpose: purpose)
        do throws(EvidenceError) {
            return try path.find(from: leaf)
        } catch {
            throw EvidenceError(
                "the certificate of \(Printable.line(leaf.subject.description)) is not trusted \(when): \(error.reason)"
            )
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
    var isSelfSigned: Bool { isSelfIssued && names(self) && publicKey.isValidSignature(signature, for: self) }

    /// SHA-256 of the DER form, lower-case hexadecimal.
    var fingerprint: String {
        var serializer = DER.Serializer()
        guard (try? serializer.serialize(self)) != nil else { return "" }
        return Hexadecimal.encode(HashAlgorithm.sha256.hash(serializer.serializedBytes))
    }
}
