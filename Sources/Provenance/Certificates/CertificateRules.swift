internal import AssayCore
internal import SwiftASN1
internal import X509

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What a chain of certificates has to be, apart from its signatures (RFC 5280, sections 4.2 and 6.1).
struct CertificateRules {
    let time: Date
    /// What authorities that state a purpose have to be for.
    let purpose: ExtendedKeyUsage.Usage

    /// Extensions that are judged here or by those who ask, so that they may be marked critical.
    ///
    /// Of certificate policies (4.2.1.4) any will do and none is asked for. Constraints on policies are other extensions,
    /// which are not known here; neither are lists of revoked certificates.
    private static let known: Set<ASN1ObjectIdentifier> = [
        .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage, .X509ExtensionID.extendedKeyUsage,
        .X509ExtensionID.nameConstraints, .X509ExtensionID.subjectAlternativeName, [2, 5, 29, 32],
    ]

    /// - Parameter chain: the leaf first, the trusted root last.
    /// - Throws: `EvidenceError` for the first rule that is broken.
    func check(_ chain: [Certificate]) throws(EvidenceError) {
        for certificate in chain {
            try checkTime(certificate)
            try checkExtensions(certificate)
        }
        // Certificates that do not certify themselves count for the length of the path (4.2.1.9).
        var authorities = 0
        for (place, authority) in chain.enumerated().dropFirst() {
            try checkAuthority(authority, isRoot: place == chain.count - 1, below: authorities)
            if !authority.isSelfIssued { authorities += 1 }
        }
        if chain.count > 1 { try checkNames(chain) }
        for certificate in chain.dropLast() { try checkSignature(certificate) }
    }

    private func checkTime(_ certificate: Certificate) throws(EvidenceError) {
        let (start, end) = (certificate.notValidBefore, certificate.notValidAfter)
        guard start <= end else { throw EvidenceError("\(certificate.label) ends before it begins") }
        guard start <= time else {
            throw EvidenceError("\(certificate.label) is not valid before \(Timestamp.text(start))")
        }
        // The last second is a valid one, all of it.
        guard time < end.addingTimeInterval(1) else {
            throw EvidenceError("\(certificate.label) expired on \(Timestamp.text(end))")
        }
    }

    private func checkExtensions(_ certificate: Certificate) throws(EvidenceError) {
        guard certificate.version == .v3 || certificate.extensions.isEmpty else {
            throw EvidenceError("\(certificate.label) has extensions, which its version does not have")
        }
        for one in certificate.extensions where one.critical && !Self.known.contains(one.oid) {
            throw EvidenceError("\(certificate.label) has the critical extension \(one.oid), which is not known")
        }
        // Whatever says who issued whom has to be legible.
        do {
            _ = try certificate.extensions.authorityKeyIdentifier
            _ = try certificate.extensions.subjectKeyIdentifier
        } catch {
            throw EvidenceError("\(certificate.label) has malformed extensions")
        }
    }

    /// - Parameter below: how many authorities stand between this one and the leaf.
    private func checkAuthority(
        _ certificate: Certificate, isRoot: Bool, below: Int
    ) throws(EvidenceError) {
        // Roots of the first version, which has no extensions, are authorities because they are trusted.
        if certificate.version == .v1 {
            guard isRoot else { throw EvidenceError("\(certificate.label) is of version 1 and cannot be an authority") }
            return
        }
        let constraints: BasicConstraints?
        let usage: KeyUsage?
        let extended: ExtendedKeyUsage?
        do {
            constraints = try certificate.extensions.basicConstraints
            usage = try certificate.extensions.keyUsage
            extended = try certificate.extensions.extendedKeyUsage
        } catch {
            throw EvidenceError("\(certificate.label) has malformed extensions")
        }
        guard case .isCertificateAuthority(let limit) = constraints else {
            throw EvidenceError("\(certificate.label) is no certificate authority")
        }
        if let limit, below > limit {
            throw EvidenceError("\(certificate.label) allows \(limit) authorities below it, and there are \(below)")
        }
        if let usage, !usage.keyCertSign {
            throw EvidenceError("\(certificate.label) may not sign certificates by its key usage")
        }
        if let extended, !extended.contains(purpose), !extended.contains(.any) {
            throw EvidenceError("\(certificate.label) is an authority for other uses by its extended key usage")
        }
    }

    /// The names of each certificate against the constraints of every authority above it (6.1.3, b and c).
    private func checkNames(_ chain: [Certificate]) throws(EvidenceError) {
        for (place, authority) in chain.enumerated().dropFirst() {
            guard let restriction = try NameRestriction(authority) else { continue }
            for (below, certificate) in chain[..<place].enumerated() where below == 0 || !certificate.isSelfIssued {
                do throws(EvidenceError) {
                    try restriction.check(certificate, isLeaf: below == 0)
                } catch {
                    throw EvidenceError("\(certificate.label): \(error.reason) (\(authority.label))")
                }
            }
        }
    }

    /// Digests for which two messages can be made alike prove nothing.
    private func checkSignature(_ certificate: Certificate) throws(EvidenceError) {
        if certificate.signatureAlgorithm == .sha1WithRSAEncryption {
            throw EvidenceError("\(certificate.label) was signed over a SHA-1 digest, which can be forged")
        }
    }
}
