internal import AssayCore
internal import ByteParsing
internal import Crypto
internal import SwiftASN1
internal import X509

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Signed certificate timestamps (RFC 6962, section 3): proof that a certificate was shown to a public log.
enum CertificateTransparency {
    private static let identifier: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2]

    private struct SignedTimestamp {
        let logID: [UInt8]
        let milliseconds: UInt64
        let extensions: [UInt8]
        let signature: [UInt8]
    }

    /// Proves that one of the logs signed the certificate as it was before the timestamps were put in.
    /// - Parameters:
    ///   - leaf: DER of the certificate.
    ///   - issuer: The certificate that signed it.
    /// - Returns: The log's name.
    static func verify(
        _ leaf: Certificate, issuer: Certificate, _ logs: [SigstoreTrustedRoot.Log]
    ) throws(EvidenceError) -> String {
        guard let list = leaf.extensions[oid: identifier] else {
            throw EvidenceError("the certificate has no signed certificate timestamp")
        }
        let timestamps: [SignedTimestamp]
        let preCertificate: [UInt8]
        let issuerKey: [UInt8]
        do {
            timestamps = try parse(Array(try ASN1OctetString(derEncoded: Array(list.value)).bytes))
            preCertificate = try withoutTimestamps(leaf)
            issuerKey = try subjectPublicKeyInfo(of: issuer)
        } catch {
            throw EvidenceError("the signed certificate timestamps are malformed")
        }
        for timestamp in timestamps {
            guard let log = logs.first(where: { $0.id == timestamp.logID }),
                log.validity.contains(Date(timeIntervalSince1970: Double(timestamp.milliseconds) / 1000)),
                let message = message(timestamp, preCertificate, issuerKey)
            else { continue }
            if log.signed(message, timestamp.signature) { return log.name }
        }
        throw EvidenceError("no trusted log signed the certificate's timestamp")
    }

    /// The structure that a timestamp's signature is over (section 3.2), for a pre-certificate.
    private static func message(
        _ timestamp: SignedTimestamp, _ preCertificate: [UInt8], _ issuerKey: [UInt8]
    ) -> [UInt8]? {
        guard preCertificate.count < 1 << 24, timestamp.extensions.count < 1 << 16 else { return nil }
        var bytes: [UInt8] = [0, 0]
        bytes += big(timestamp.milliseconds, 8)
        bytes += [0, 1]
        bytes += Array(SHA256.hash(data: issuerKey))
        bytes += big(UInt64(preCertificate.count), 3) + preCertificate
        bytes += big(UInt64(timestamp.extensions.count), 2) + timestamp.extensions
        return bytes
    }

    private static func big(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    private static func parse(_ bytes: [UInt8]) throws -> [SignedTimestamp] {
        let region = ByteRegion(bytes)
        guard let total = region.big(UInt16.self, at: 0), Int(total) == bytes.count - 2 else {
            throw ParseError.malformed(reading: "timestamp list")
        }
        var result: [SignedTimestamp] = []
        var at = 2
        while at < bytes.count {
            guard let length = region.big(UInt16.self, at: at), let one = region.slice(at + 2, Int(length)),
                one[0] == 0, let logID = one.slice(1, 32), let time = one.big(UInt64.self, at: 33),
                let extensionLength = one.big(UInt16.self, at: 41),
                let extensions = one.slice(43, Int(extensionLength)),
                let signatureLength = one.big(UInt16.self, at: 45 + Int(extensionLength)),
                let signature = one.slice(47 + Int(extensionLength), Int(signatureLength)), result.count < 16
            else { throw ParseError.malformed(at: at, reading: "signed certificate timestamp") }
            result.append(
                SignedTimestamp(
                    logID: logID.array(), milliseconds: time, extensions: extensions.array(),
                    signature: signature.array()))
            at += 2 + Int(length)
        }
        return result
    }

    /// The certificate's to-be-signed part without the extension that holds the timestamps.
    private static func withoutTimestamps(_ leaf: Certificate) throws -> [UInt8] {
        let root = try DER.parse(Array(leaf.tbsCertificateBytes))
        guard case .constructed(let parts) = root.content else { throw ASN1Error.truncatedASN1Field() }
        let tag = ASN1Identifier(tagWithNumber: 3, tagClass: .contextSpecific)
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { outer in
            for part in parts {
                guard part.identifier == tag, case .constructed(let wrapped) = part.content else {
                    outer.serialize(part)
                    continue
                }
                try outer.appendConstructedNode(identifier: tag) { explicit in
                    for list in wrapped {
                        guard case .constructed(let extensions) = list.content else {
                            throw ASN1Error.truncatedASN1Field()
                        }
                        try explicit.appendConstructedNode(identifier: .sequence) { inner in
                            for one in extensions where try objectIdentifier(of: one) != identifier {
                                inner.serialize(one)
                            }
                        }
                    }
                }
            }
        }
        return serializer.serializedBytes
    }

    private static func objectIdentifier(of node: ASN1Node) throws -> ASN1ObjectIdentifier {
        try DER.sequence(node, identifier: .sequence) { nodes in
            let identifier = try ASN1ObjectIdentifier(derEncoded: &nodes)
            while nodes.next() != nil {}
            return identifier
        }
    }

    /// The SubjectPublicKeyInfo as it stands in the certificate.
    private static func subjectPublicKeyInfo(of certificate: Certificate) throws -> [UInt8] {
        let root = try DER.parse(Array(certificate.tbsCertificateBytes))
        return try DER.sequence(root, identifier: .sequence) { nodes in
            // [0] version, then serial, signature algorithm, issuer, validity, subject: the key is the seventh.
            var parts: [ASN1Node] = []
            while let node = nodes.next() { parts.append(node) }
            let version = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
            let place = parts.first?.identifier == version ? 6 : 5
            guard parts.count > place else { throw ASN1Error.truncatedASN1Field() }
            return Array(parts[place].encodedBytes)
        }
    }
}
