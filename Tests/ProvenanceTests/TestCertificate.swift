import Crypto
import Foundation
import Provenance
import SwiftASN1
import X509

/// A certificate and its key, made for a test: a root, or a leaf that may sign code unless told otherwise.
struct TestCertificate {
    let key: SigningKey
    let certificate: Certificate
    var pem: [UInt8] { Array(((try? certificate.serializeAsPEM().pemString) ?? "").utf8) }

    init(root name: String) throws {
        key = SigningKey(generating: .p256)
        let subject = try DistinguishedName { CommonName(name) }
        certificate = try Self.issue(to: subject, key, from: subject, by: key) {
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
            Critical(KeyUsage(keyCertSign: true))
        }
    }

    init(
        _ name: String, issuedBy root: TestCertificate, key: SigningKey = SigningKey(generating: .p256),
        use: ExtendedKeyUsage.Usage = .codeSigning
    ) throws {
        self.key = key
        let subject = try DistinguishedName { CommonName(name) }
        certificate = try Self.issue(to: subject, key, from: root.certificate.subject, by: root.key) {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage([use])
        }
    }

    private static func issue(
        to subject: DistinguishedName, _ key: SigningKey, from issuer: DistinguishedName, by issuerKey: SigningKey,
        @ExtensionsBuilder _ extensions: () throws -> Result<Certificate.Extensions, any Error>
    ) throws -> Certificate {
        let now = Date()
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PrivateKey(try P256.Signing.PrivateKey(pemRepresentation: key.pem)).publicKey,
            notValidBefore: now.addingTimeInterval(-3600), notValidAfter: now.addingTimeInterval(86400), issuer: issuer,
            subject: subject, signatureAlgorithm: .ecdsaWithSHA256, extensions: try extensions().get(),
            issuerPrivateKey: Certificate.PrivateKey(try P256.Signing.PrivateKey(pemRepresentation: issuerKey.pem)))
    }
}
