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
                    let chain = try trust.validate(leaf, through: embedded, at: time, as: "when it stamped")
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

extension TimestampToken {
    /// TSTInfo: what was stamped, and when.
    private struct Info {
        let algorithm: ASN1ObjectIdentifier
        let imprint: [UInt8]
        let time: Date

        init(_ bytes: [UInt8]) throws {
            (algorithm, imprint, time) = try DER.sequence(try DER.parse(bytes), identifier: .sequence) { nodes in
                _ = try Int(derEncoded: &nodes)
                _ = try ASN1ObjectIdentifier(derEncoded: &nodes)
                let (algorithm, imprint) = try DER.sequence(next: &nodes) { inner in
                    let algorithm = try ASN1ObjectIdentifier.algorithm(&inner)
                    return (algorithm, Array(try ASN1OctetString(derEncoded: &inner).bytes))
                }
                guard nodes.next() != nil else { throw ASN1Error.truncatedASN1Field() }
                let time = try GeneralizedTime(derEncoded: &nodes)
                while nodes.next() != nil {}
                return (algorithm, imprint, time.date)
            }
        }
    }

    /// CMS SignedData with one signer.
    private struct SignedData {
        let contentType: ASN1ObjectIdentifier
        let content: [UInt8]
        let certificates: [[UInt8]]
        let signer: SignerInfo

        init(contentInfo node: ASN1Node) throws {
            let signed = try DER.sequence(node, identifier: .sequence) { nodes -> ASN1Node in
                guard try ASN1ObjectIdentifier(derEncoded: &nodes) == .signedData else {
                    throw EvidenceError("the signed timestamp is no CMS signed data")
                }
                return try DER.explicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { $0 }
            }
            (contentType, content, certificates, signer) = try DER.sequence(signed, identifier: .sequence) { nodes in
                guard try (1...5).contains(Int(derEncoded: &nodes)), let algorithms = nodes.next() else {
                    throw ASN1Error.truncatedASN1Field()
                }
                let (type, content) = try DER.sequence(next: &nodes) { inner in
                    let type = try ASN1ObjectIdentifier(derEncoded: &inner)
                    let content = try DER.explicitlyTagged(&inner, tagNumber: 0, tagClass: .contextSpecific) {
                        try ASN1OctetString(derEncoded: $0)
                    }
                    return (type, Array(content.bytes))
                }
                var certificates: [[UInt8]] = []
                var signers: [ASN1Node] = []
                while let node = nodes.next() {
                    guard case .constructed(let children) = node.content else { continue }
                    if node.identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific) {
                        certificates = children.map { Array($0.encodedBytes) }
                    } else if node.identifier == .set {
                        signers = Array(children)
                    }
                }
                guard signers.count == 1, let signer = signers.first, certificates.count <= 16 else {
                    throw EvidenceError("the signed timestamp has \(signers.count) signers instead of one")
                }
                let parsed = try SignerInfo(signer)
                guard try TimestampToken.identifiers(algorithms).contains(parsed.digestAlgorithm) else {
                    throw EvidenceError("the signed timestamp's digest algorithms disagree")
                }
                return (type, content, certificates, parsed)
            }
        }
    }

    private static func identifiers(_ set: ASN1Node) throws -> [ASN1ObjectIdentifier] {
        guard set.identifier == .set, case .constructed(let algorithms) = set.content else {
            throw ASN1Error.truncatedASN1Field()
        }
        return try algorithms.map { node in
            try DER.sequence(node, identifier: .sequence) { inner in
                let identifier = try ASN1ObjectIdentifier(derEncoded: &inner)
                while inner.next() != nil {}
                return identifier
            }
        }
    }

    /// CMS SignerInfo with signed attributes, which RFC 3161 demands.
    private struct SignerInfo {
        let digestAlgorithm: ASN1ObjectIdentifier
        /// The attributes as the signature is over them: a SET, whatever tag they stand under.
        let signedAttributes: [UInt8]
        let contentType: ASN1ObjectIdentifier
        let messageDigest: [UInt8]
        let signature: [UInt8]
        let signatureAlgorithm: ASN1ObjectIdentifier
        /// Who signed: issuer and serial number, or a key identifier, as they stand.
        let identifier: [UInt8]

        init(_ node: ASN1Node) throws {
            let (algorithm, attributes, signature, kind, signer) = try DER.sequence(node, identifier: .sequence) {
                nodes in
                let version = try Int(derEncoded: &nodes)
                guard version == 1 || version == 3, let signer = nodes.next() else {
                    throw ASN1Error.truncatedASN1Field()
                }
                let algorithm = try ASN1ObjectIdentifier.algorithm(&nodes)
                guard let attributes = nodes.next(),
                    attributes.identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
                else { throw ASN1Error.truncatedASN1Field() }
                let kind = try ASN1ObjectIdentifier.algorithm(&nodes)
                let signature = Array(try ASN1OctetString(derEncoded: &nodes).bytes)
                while nodes.next() != nil {}
                return (algorithm, attributes, signature, kind, signer)
            }
            signatureAlgorithm = kind
            identifier = Array(signer.encodedBytes)
            digestAlgorithm = algorithm
            self.signature = signature
            var encoded = Array(attributes.encodedBytes)
            if !encoded.isEmpty { encoded[0] = 0x31 }
            signedAttributes = encoded
            guard case .constructed(let list) = attributes.content else { throw ASN1Error.truncatedASN1Field() }
            var types: [ASN1ObjectIdentifier] = []
            var digests: [[UInt8]] = []
            for attribute in list {
                try DER.sequence(attribute, identifier: .sequence) { nodes in
                    let identifier = try ASN1ObjectIdentifier(derEncoded: &nodes)
                    guard let values = nodes.next(), case .constructed(let set) = values.content else {
                        throw ASN1Error.truncatedASN1Field()
                    }
                    for value in set {
                        if identifier == .contentType { types.append(try ASN1ObjectIdentifier(derEncoded: value)) }
                        if identifier == .messageDigest {
                            digests.append(Array(try ASN1OctetString(derEncoded: value).bytes))
                        }
                    }
                }
            }
            guard types.count == 1, digests.count == 1 else { throw ASN1Error.truncatedASN1Field() }
            contentType = types[0]
            messageDigest = digests[0]
        }
    }
}

extension ASN1ObjectIdentifier {
    fileprivate static let signedData: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 2]
    fileprivate static let timestampInfo: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 16, 1, 4]
    fileprivate static let contentType: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 3]
    fileprivate static let messageDigest: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 4]
    fileprivate static let sha256Digest: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 1]
    fileprivate static let sha384Digest: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 2]
    fileprivate static let sha512Digest: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 3]

    /// Reads an AlgorithmIdentifier and passes over its parameters.
    fileprivate static func algorithm(_ nodes: inout ASN1NodeCollection.Iterator) throws -> ASN1ObjectIdentifier {
        try DER.sequence(next: &nodes) { inner in
            let identifier = try ASN1ObjectIdentifier(derEncoded: &inner)
            while inner.next() != nil {}
            return identifier
        }
    }

    /// The digest that this identifier names; nil for SHA-1 and everything else.
    fileprivate func digest(of bytes: [UInt8]) -> [UInt8]? {
        switch self {
        case .sha256Digest: Array(SHA256.hash(data: bytes))
        case .sha384Digest: Array(SHA384.hash(data: bytes))
        case .sha512Digest: Array(SHA512.hash(data: bytes))
        default: nil
        }
    }
}

extension Certificate.PublicKey {
    /// The signature algorithm of this kind of key with a digest, and the identifiers that may name it.
    fileprivate func signatureAlgorithm(
        _ digest: ASN1ObjectIdentifier
    ) -> (Certificate.SignatureAlgorithm, [ASN1ObjectIdentifier])? {
        let isElliptic =
            P256.Signing.PublicKey(self) != nil || P384.Signing.PublicKey(self) != nil
            || P521.Signing.PublicKey(self) != nil
        let rsa: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 1]
        switch (digest, isElliptic) {
        case (.sha256Digest, true): return (.ecdsaWithSHA256, [[1, 2, 840, 10045, 4, 3, 2]])
        case (.sha384Digest, true): return (.ecdsaWithSHA384, [[1, 2, 840, 10045, 4, 3, 3]])
        case (.sha512Digest, true): return (.ecdsaWithSHA512, [[1, 2, 840, 10045, 4, 3, 4]])
        case (.sha256Digest, false): return (.sha256WithRSAEncryption, [rsa, [1, 2, 840, 113549, 1, 1, 11]])
        case (.sha384Digest, false): return (.sha384WithRSAEncryption, [rsa, [1, 2, 840, 113549, 1, 1, 12]])
        case (.sha512Digest, false): return (.sha512WithRSAEncryption, [rsa, [1, 2, 840, 113549, 1, 1, 13]])
        default: return nil
        }
    }
}

extension Certificate {
    /// How CMS may name the certificate: by issuer and serial number, or by its subject key identifier.
    fileprivate var signerIdentifiers: [[UInt8]] {
        var found: [[UInt8]] = []
        if let root = try? DER.parse(Array(tbsCertificateBytes)), case .constructed(let parts) = root.content {
            let version = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
            let fields = Array(parts).filter { $0.identifier != version }
            var serializer = DER.Serializer()
            if fields.count > 2 {
                serializer.appendConstructedNode(identifier: .sequence) { inner in
                    inner.serialize(fields[2])
                    inner.serialize(fields[0])
                }
                found.append(serializer.serializedBytes)
            }
        }
        if let identifier = try? extensions.subjectKeyIdentifier {
            var serializer = DER.Serializer()
            serializer.appendPrimitiveNode(identifier: ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)) {
                $0 += identifier.keyIdentifier
            }
            found.append(serializer.serializedBytes)
        }
        return found
    }
}

extension GeneralizedTime {
    /// The moment, to the second: days are counted in the proleptic Gregorian calendar.
    fileprivate var date: Date {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return Date(timeIntervalSince1970: Double(days * 86_400 + hours * 3_600 + minutes * 60 + seconds))
    }
}
