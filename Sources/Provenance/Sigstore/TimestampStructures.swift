internal import AssayCore
internal import SwiftASN1

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension TimestampToken {
    /// TSTInfo: what was stamped, and when.
    struct Info {
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
    struct SignedData {
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
    struct SignerInfo {
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

extension GeneralizedTime {
    /// The moment, to the second: days are counted in the proleptic Gregorian calendar.
    var date: Date {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return Date(timeIntervalSince1970: Double(days * 86_400 + hours * 3_600 + minutes * 60 + seconds))
    }
}
