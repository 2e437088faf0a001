import AssayCore
import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

@testable import Provenance

/// What is read of Fulcio's certificates: who signed, and who vouches for that.
@Suite struct FulcioCertificateTests {
    private static let older: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 57264, 1, 1]
    private static let newer: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 57264, 1, 8]
    private static let user: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 57264, 1, 7]

    private func certificate(_ extensions: [Certificate.Extension]) throws -> Certificate {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName { CommonName("x") }
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey, notValidBefore: Date(),
            notValidAfter: Date().addingTimeInterval(600), issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256, extensions: Certificate.Extensions(extensions),
            issuerPrivateKey: key)
    }

    private func utf8(_ text: String) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(ASN1UTF8String(text))
        return serializer.serializedBytes
    }

    private func provider(newer: [UInt8]?, older: String?) throws -> String? {
        var extensions: [Certificate.Extension] = []
        if let newer { extensions.append(.init(oid: Self.newer, critical: false, value: newer[...])) }
        if let older { extensions.append(.init(oid: Self.older, critical: false, value: Array(older.utf8)[...])) }
        return SigstoreVerifier.provider(try certificate(extensions))
    }

    @Test func providers() throws {
        #expect(try provider(newer: utf8("https://a"), older: "https://a") == "https://a")
        #expect(try provider(newer: utf8("https://a"), older: nil) == "https://a")
        #expect(try provider(newer: nil, older: "https://a") == "https://a")
        // One that says two things says nothing.
        #expect(try provider(newer: utf8("https://a"), older: "https://b") == nil)
        #expect(try provider(newer: Array("https://a".utf8), older: "https://a") == nil)
        #expect(try provider(newer: utf8("https://a") + [0], older: "https://a") == nil)
    }

    @Test func names() throws {
        func names(_ list: [GeneralName]) throws -> [String] {
            let value = try Certificate.Extension(SubjectAlternativeNames(list), critical: true)
            return try SigstoreVerifier.names(certificate([value]))
        }
        let name = try GeneralName.otherName(
            .init(typeID: Self.user, value: ASN1Any(erasing: ASN1UTF8String("me!example.com"))))
        #expect(try names([name, .rfc822Name("a@b")]) == ["me!example.com", "a@b"])
        let number = try GeneralName.otherName(.init(typeID: Self.user, value: ASN1Any(erasing: 7)))
        let foreign = try GeneralName.otherName(
            .init(typeID: Self.newer, value: ASN1Any(erasing: ASN1UTF8String("me!example.com"))))
        #expect(try names([number, foreign, .uniformResourceIdentifier("https://a/b")]) == ["https://a/b"])
    }
}
