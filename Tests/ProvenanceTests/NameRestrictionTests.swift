import AssayCore
import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

@testable import Provenance

/// Name constraints of authorities (RFC 5280, section 4.2.1.10).
@Suite struct NameRestrictionTests {
    @Test(arguments: [
        // A mailbox, a host, and what lies below a domain.
        ("u@example.com", "u@example.com", true), ("u@EXAMPLE.com", "u@example.com", true),
        ("U@example.com", "u@example.com", false), ("u@example.com", "example.com", true),
        ("u@a.example.com", "example.com", false), ("u@a.example.com", ".example.com", true),
        ("u@example.com", ".example.com", false), ("u@xexample.com", ".example.com", false),
        ("u@xexample.com", "example.com", false), ("u@", "example.com", nil), ("u", "example.com", nil),
        ("a@b@example.com", "example.com", nil), ("\"a b\"@example.com", "example.com", nil),
        ("u@example.com", "", nil), ("u@example.com", "@", nil), ("u@example..com", "example.com", nil),
    ])
    func addresses(name: String, base: String, isInside: Bool?) {
        #expect(MailAddress.isInside(name, base) == isInside)
    }

    @Test(arguments: [
        ("example.com", "example.com", true), ("a.b.example.com", "example.com", true),
        ("xexample.com", "example.com", false), ("example.com", ".example.com", false),
        ("a.example.com", ".example.com", true), ("EXAMPLE.com", "example.COM", true), ("example.com", "", true),
        ("*.example.com", "example.com", true), ("*.example.com", ".example.com", true),
        ("*.example.com", "a.example.com", nil), ("*.example.com", "example.org", false),
        ("example.com.", "example.com", nil), ("a..com", "com", nil), ("", "com", nil), ("-a.com", "com", nil),
        ("b.*.com", "com", nil), ("bücher.com", "com", nil), ("com", "example.com", false),
    ])
    func hosts(name: String, base: String, isInside: Bool?) {
        #expect(DomainName.isInside(name, base) == isInside)
    }

    @Test(arguments: [
        ("https://example.com/m", "example.com", true), ("https://u:p@example.com:8443?q", "example.com", nil),
        ("https://a.example.com", "example.com", false), ("https://a.example.com", ".example.com", true),
        ("https://example.com", ".example.com", false), ("https://example.com@example.org", "example.com", nil),
        ("https://example.org#@example.com", "example.com", false), ("urn:example:com", "example.com", nil),
        ("https://10.0.0.1/", "example.com", nil), ("https://[::1]/", "example.com", nil),
        ("//example.com", "example.com", nil),
        ("https://example.com", "", nil),
    ])
    func uris(name: String, base: String, isInside: Bool?) {
        let answer = NameRestriction.answer(.uniformResourceIdentifier(name), in: .uniformResourceIdentifier(base))
        switch answer {
        case .inside: #expect(isInside == true)
        case .outside: #expect(isInside == false)
        case .unknown: #expect(isInside == nil)
        }
    }

    @Test(
        arguments: [
            ([10, 1, 2, 3], [10, 0, 0, 0, 255, 0, 0, 0], true), ([11, 1, 2, 3], [10, 0, 0, 0, 255, 0, 0, 0], false),
            ([10, 1, 2, 3], [0, 0, 0, 0, 0, 0, 0, 0], true), ([10, 1, 2, 3], [10, 1, 2, 3, 255, 255, 255, 255], true),
            ([10, 1, 2, 3], [10, 0, 0, 0, 255, 0, 255, 0], nil), ([10, 1, 2, 3], [10, 0, 0, 0, 254, 0, 0, 0], true),
            ([11, 1, 2, 3], [10, 0, 0, 0, 254, 0, 0, 0], true), ([12, 1, 2, 3], [10, 0, 0, 0, 254, 0, 0, 0], false),
            ([10, 1, 2, 3], [10, 0, 0, 0, 253, 0, 0, 0], nil), ([10, 1, 2], [10, 0, 0, 0, 255, 0, 0, 0], nil),
            ([10, 1, 2, 3], [10, 0, 0, 0], nil),
            ([10, 1, 2, 3], [UInt8](repeating: 0, count: 32), false),
        ] as [([UInt8], [UInt8], Bool?)])
    func networks(address: [UInt8], range: [UInt8], isInside: Bool?) {
        let answer = NameRestriction.answer(
            .ipAddress(ASN1OctetString(contentBytes: address[...])),
            in: .ipAddress(ASN1OctetString(contentBytes: range[...])))
        switch answer {
        case .inside: #expect(isInside == true)
        case .outside: #expect(isInside == false)
        case .unknown: #expect(isInside == nil)
        }
    }

    @Test func directoryNamesDifferByNeitherCaseNorSpacesNorType() throws {
        let base = try DistinguishedName {
            CountryName("GB")
            OrganizationName("The Models")
        }
        func inside(_ organisation: RelativeDistinguishedName.Attribute.Value, country: String = "gb") throws -> Bool {
            let name = DistinguishedName([
                RelativeDistinguishedName(
                    .init(type: .RDNAttributeType.countryName, value: try .init(printableString: country))),
                RelativeDistinguishedName(.init(type: .RDNAttributeType.organizationName, value: organisation)),
                RelativeDistinguishedName(.init(type: .RDNAttributeType.commonName, value: .init(utf8String: "leaf"))),
            ])
            return NameRestriction.answer(.directoryName(name), in: .directoryName(base)) == .inside
        }
        #expect(try inside(.init(utf8String: "the  MODELS ")))
        #expect(try inside(.init(printableString: "The Models")))
        // BMPString, two bytes a character.
        let wide: [UInt8] = [0x1E, 20] + Array("The Models".utf8).flatMap { (byte: UInt8) -> [UInt8] in [0, byte] }
        #expect(try inside(.init(asn1Any: ASN1Any(derEncoded: wide))))
        #expect(try !inside(.init(utf8String: "TheModels")))
        #expect(try !inside(.init(utf8String: "The Models"), country: "FR"))
        // What is to be alike is alike in ASCII alone; what must not be, in all of Unicode.
        let umlauts = ["Mödels", "MÖDELS", "Mo\u{308}dels"].map { text in
            DistinguishedName([
                RelativeDistinguishedName(.init(type: .RDNAttributeType.organizationName, utf8String: text))
            ])
        }
        for other in umlauts.dropFirst() {
            #expect(NameRestriction.answer(.directoryName(umlauts[0]), in: .directoryName(other)) == .outside)
            #expect(
                NameRestriction.answer(.directoryName(umlauts[0]), in: .directoryName(other), isWide: true) == .inside)
        }
        #expect(
            !ComparableName(base).isInside(ComparableName(try DistinguishedName { OrganizationName("The Models") })))
        #expect(ComparableName(base).isInside(ComparableName(DistinguishedName())))
    }
}

/// Putting certificates together.
@Suite struct CertificatePathTests {
    private func certificate(
        _ subject: String, _ key: P256.Signing.PrivateKey, _ issuer: String, _ issuerKey: P256.Signing.PrivateKey,
        host: String = "", constraints: NameConstraints? = nil, isAuthority: Bool = true
    ) throws -> Certificate {
        try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSince1970: 0), notValidAfter: Date(timeIntervalSince1970: 4_000_000_000),
            issuer: try DistinguishedName { CommonName(issuer) },
            subject: try DistinguishedName { CommonName(subject) },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                if isAuthority { Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil)) }
                if !host.isEmpty { SubjectAlternativeNames([.rfc822Name(host)]) }
                if let constraints { Critical(constraints) }
            }, issuerPrivateKey: .init(issuerKey))
    }

    private func reason(_ path: CertificatePath, _ leaf: Certificate) -> String? {
        do throws(EvidenceError) {
            _ = try path.find(from: leaf)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func certificatesOfOneKeyDoNotMultiply() throws {
        let (own, root) = (P256.Signing.PrivateKey(), P256.Signing.PrivateKey())
        // Each of them may stand below and above each other one.
        let loop = try (0..<15).map { try certificate("loop", own, "loop", own, host: "u@h\($0).example") }
        let anchor = try certificate("root", root, "root", root)
        let leaf = try certificate("leaf", P256.Signing.PrivateKey(), "loop", own, isAuthority: false)
        let path = CertificatePath(anchors: [anchor], intermediates: loop, time: Date())
        #expect(reason(path, leaf)?.contains("signed by itself") == true)
    }

    @Test func theSearchIsBounded() throws {
        let keys = (0..<6).map { _ in P256.Signing.PrivateKey() }
        // Five levels of six certificates each: 7,776 ways, none of which ends in the root.
        let between = try (0..<5).flatMap { level in
            try (0..<6).map {
                try certificate("a\(level)", keys[level], "a\(level + 1)", keys[level + 1], host: "u@h\($0).example")
            }
        }
        let anchor = try certificate("root", keys[0], "root", keys[0])
        let leaf = try certificate("leaf", P256.Signing.PrivateKey(), "a0", keys[0], isAuthority: false)
        let path = CertificatePath(anchors: [anchor], intermediates: between, time: Date())
        #expect(reason(path, leaf) == "the certificates can be put together in too many ways")
    }

    @Test func constraintsHoldFromTheRootDown() throws {
        let (root, middle) = (P256.Signing.PrivateKey(), P256.Signing.PrivateKey())
        func judged(_ permitted: [String], _ excluded: [String]) throws -> String? {
            let anchor = try certificate(
                "root", root, "root", root,
                constraints: NameConstraints(
                    permittedEmailAddresses: permitted, excludedEmailAddresses: excluded))
            let between = try certificate("middle", middle, "root", root)
            let leaf = try certificate(
                "leaf", P256.Signing.PrivateKey(), "middle", middle, host: "u@example.com", isAuthority: false)
            return reason(CertificatePath(anchors: [anchor], intermediates: [between], time: Date()), leaf)
        }
        #expect(try judged(["example.com"], []) == nil)
        #expect(try judged(["example.org", "example.com"], ["v@example.com"]) == nil)
        #expect(try judged(["example.org"], [])?.contains("u@example.com is not among the names") == true)
        #expect(try judged(["example.com"], ["u@example.com"])?.contains("may not certify") == true)
        #expect(try judged(["example.com"], [""])?.contains("cannot be compared") == true)
    }

    @Test func aRefusalNamesTheCertificateForPeople() throws {
        let (root, other) = (P256.Signing.PrivateKey(), P256.Signing.PrivateKey())
        let anchor = try certificate("root", root, "root", root)
        let leaf = try certificate("leaf", other, "root", root, isAuthority: false)
        var path = CertificatePath(
            anchors: [anchor], intermediates: [], time: Date(timeIntervalSince1970: 5_000_000_000))
        let expired = try #require(reason(path, leaf))
        #expect(expired == "CN=leaf (serial \(leaf.serialNumber), issued by CN=root) expired on 2096-10-02T07:06:40Z")
        path = CertificatePath(
            anchors: [try certificate("root", other, "root", other)], intermediates: [], time: Date())
        #expect(try #require(reason(path, leaf)).contains("was not signed with the key of its issuer"))
        path = CertificatePath(anchors: [], intermediates: [], time: Date())
        #expect(try #require(reason(path, leaf)).hasPrefix("no certificate of CN=root, which issued CN=leaf (serial"))
    }
}
