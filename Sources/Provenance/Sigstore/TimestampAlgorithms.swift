internal import Crypto
internal import SwiftASN1
internal import X509

extension ASN1ObjectIdentifier {
    static let signedData: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 2]
    static let timestampInfo: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 16, 1, 4]
    static let contentType: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 3]
    static let messageDigest: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 4]
    static let sha256Digest: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 1]
    static let sha384Digest: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 2]
    static let sha512Digest: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 3]

    /// Reads an AlgorithmIdentifier and passes over its parameters.
    static func algorithm(_ nodes: inout ASN1NodeCollection.Iterator) throws -> ASN1ObjectIdentifier {
        try DER.sequence(next: &nodes) { inner in
            let identifier = try ASN1ObjectIdentifier(derEncoded: &inner)
            while inner.next() != nil {}
            return identifier
        }
    }

    /// The digest that this identifier names; nil for SHA-1 and everything else.
    func digest(of bytes: [UInt8]) -> [UInt8]? {
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
    func signatureAlgorithm(
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
    var signerIdentifiers: [[UInt8]] {
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
