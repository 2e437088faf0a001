internal import AssayCore
internal import Crypto
internal import SwiftASN1
internal import X509

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A time-stamp response (RFC 3161) with its CMS signed data (RFC 5652): an authority's word on when it saw some bytes.
///
/// Read as DER only; countersignatures, unsigned attributes and accuracy are not.
struct TimestampToken: Sendable {
    private let content: [UInt8]
    private let imprintAlgorithm: ASN1ObjectIdentifier
    private let imprint: [UInt8]
    private let time: Date
    private let certificates: [[UInt8]]
    private let digestAlgorithm: ASN1ObjectIdentifier
    private let signedAttributes: [UInt8]
    private let attributeDigest: [UInt8]
    private let signature: [UInt8]
    private let signatureAlgorithm: ASN1ObjectIdentifier
    private let signerIdentifier: [UInt8]

    /// - Throws: `EvidenceError` when the response was refused or is malformed.
    init(response bytes: [UInt8]) throws(EvidenceError) {
        do {
            let token = try DER.sequence(try DER.parse(bytes), identifier: .sequence) { nodes -> ASN1Node in
                let status = try DER.sequence(next: &nodes) { inner in
                    let status = try Int(derEncoded: &inner)
                    while inner.next() != nil {}
                    return status
                }
                guard status == 0, let token = nodes.next() else {
                    throw EvidenceError("the timestamp authority granted no timestamp")
                }
                return token
            }
            let signed = try SignedData(contentInfo: token)
            guard signed.contentType == .timestampInfo else {
                throw EvidenceError("the signed timestamp holds something else")
            }
            let info = try Info(signed.content)
            content = signed.content
            imprintAlgorithm = info.algorithm
            imprint = info.imprint
            time = info.time
            certificates = signed.certificates
            digestAlgorithm = signed.signer.digestAlgorithm
            signedAttributes = signed.signer.signedAttributes
            attributeDigest = signed.signer.messageDigest
            signature = signed.signer.signature
            signatureAlgorithm = signed.signer.signatureAlgorithm
            signerIdentifier = signed.signer.identifier
            guard signed.signer.contentType == .timestampInfo else {
                throw EvidenceError("the timestamp's signed attributes are about something else")
            }
        } catch let error as EvidenceError {
            throw error
        } catch {
            throw EvidenceError("a signed timestamp is malformed")
        }
    }

    /// Proves that one of the authorities stamped `message`.
    /// - Returns: When, and who.
    func verify(
        over message: [UInt8], _ authorities: [SigstoreTrustedRoot.Authority]
    ) throws(EvidenceError) -> (time: Date, authority: String) {
        guard let expected = imprintAlgorithm.digest(of: message), expected == imprint else {
            throw EvidenceError("a signed timestamp is about another signature")
        }
        guard digestAlgorithm.digest(of: content) == attributeDigest else {
            throw EvidenceError("a signed timestamp's attributes are about other contents")
        }
        var embedded: [Certificate] = []
        for der in certificates { embedded.append(try CertificateTrust.parse(der)) }
        var reason = "a signed timestamp is from an authority that the trusted root does not name"
        for authority in authorities where authority.validity.contains(time) {
            for leaf in authority.chain.prefix(1) + embedded where isSigned(by: leaf) {
                guard let extended = try? leaf.extensions.extendedKeyUsage, extended.contains(.timeStamping) else {
                    reason = "the timestamp authority's certificate is not meant for timestamps"
                    continue
                }
                let trust = CertificateTrust(anchors: authority.anchors, intermediates: authority.intermediates)
                do throws(EvidenceError) {
                    let chain = try trust.validate(
                        leaf, through: embedded, at: time, as: "when it stamped", purpose: .timeStamping)
                    guard embedded.allSatisfy({ chain.contains($0) || authority.chain.contains($0) }) else {
                        throw EvidenceError("a signed timestamp carries a certificate that does not belong to it")
                    }
                    return (time, authority.name)
                } catch {
                    reason = error.reason
                }
            }
        }
        throw EvidenceError(reason)
    }

    private func isSigned(by leaf: Certificate) -> Bool {
        guard let (algorithm, identifiers) = leaf.publicKey.signatureAlgorithm(digestAlgorithm),
            identifiers.contains(signatureAlgorithm), leaf.signerIdentifiers.contains(signerIdentifier)
        else { return false }
        return leaf.publicKey.isValidSignature(signature, for: signedAttributes, signatureAlgorithm: algorithm)
    }
}
