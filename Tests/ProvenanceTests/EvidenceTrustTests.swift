import AssayCore
import ByteParsing
import Foundation
import Provenance
import Testing
import X509

@Suite struct EvidenceTrustTests {
    private let bare = Statement.write(
        subjects: [.init(name: "a", sha256: String(repeating: "0", count: 64))],
        predicateType: "https://example.com/x/v1"
    ) { $0.raw("{}") }

    private func signed(_ key: SigningKey) throws -> [UInt8] {
        try EvidenceFile(bare).signed(with: .key(pem: Array(key.pem.utf8), password: nil)).bytes
    }

    @Test func standingSaysWhoSigned() throws {
        let (trusted, other) = (SigningKey(generating: .p256), SigningKey(generating: .p384))
        let keys = try EvidenceTrust(keys: [Array(trusted.publicKey.pem.utf8), Array(trusted.publicKey.pem.utf8)])
        #expect(
            try keys.records(name: "a", signed(trusted))[0].standing == .verified(signers: [trusted.publicKey.hint]))
        guard case .notVerified = try keys.records(name: "a", signed(other))[0].standing else {
            Issue.record("another key's signature counted")
            return
        }
        #expect(try keys.records(name: "a", bare)[0].standing == .unsigned)
    }

    @Test func aChangedPayloadIsNotVerified() throws {
        let key = SigningKey(generating: .p256)
        let keys = try EvidenceTrust(keys: [Array(key.publicKey.pem.utf8)])
        var envelope = try #require(try EvidenceFile(signed(key)).envelope)
        envelope.payload = Array(String(decoding: bare, as: UTF8.self).replacing("{}", with: "{ }").utf8)
        guard case .notVerified = try keys.records(name: "a", EvidenceFile.json(envelope))[0].standing else {
            Issue.record("a changed payload counted as signed")
            return
        }
    }

    @Test func withoutKeysNothingIsVerified() throws {
        guard
            case .notVerified = try EvidenceTrust().records(name: "a", signed(SigningKey(generating: .p256)))[0]
                .standing
        else {
            Issue.record("a signature counted that no key verified")
            return
        }
    }

    @Test func theDigestIsOfTheFile() throws {
        let record = try EvidenceTrust().records(name: "folder/a.json", bare)[0]
        #expect(record.name == "folder/a.json")
        #expect(record.sha256 == Digest(sha256: ByteRegion(bare)).description)
        #expect(throws: EvidenceError.self) { try EvidenceTrust().records(name: "a", Array("{}".utf8)) }
    }
}

/// Evidence in bundles with certificates and Sigstore identities, and thresholds over several files.
@Suite struct EvidenceSetTests {
    private static let folder =
        "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        + "/Fixtures/sigstore/"

    private let statement = Statement.write(
        subjects: [.init(name: "a", sha256: String(repeating: "0", count: 64))],
        predicateType: "https://example.com/x/v1"
    ) { $0.raw("{}") }

    private func signed(_ method: ModelSigner.Method, _ evidence: EvidenceFile? = nil) throws -> EvidenceFile {
        try EvidenceFile(try (evidence ?? EvidenceFile(statement)).signed(with: method, isNewFile: true).bytes)
    }

    private func key(_ key: SigningKey) -> ModelSigner.Method { .key(pem: Array(key.pem.utf8), password: nil) }

    private func certificate(_ person: TestCertificate) -> ModelSigner.Method {
        .certificate(pem: Array(person.key.pem.utf8), password: nil, certificate: person.pem, chain: [])
    }

    private func refusals(_ evidence: [EvidenceFile], _ trust: EvidenceTrust, _ threshold: Int = 1) -> [String?] {
        EvidenceSet(evidence, trust: trust, threshold: threshold).verify().map(\.refusal)
    }

    @Test func certificatesAreTrustedThroughTheirRoot() throws {
        let root = try TestCertificate(root: "Root")
        let evidence = try signed(certificate(TestCertificate("Alice", issuedBy: root)))
        #expect(refusals([evidence], try EvidenceTrust(certificates: [root.pem])) == [nil])
        let answer = EvidenceSet([evidence], trust: try EvidenceTrust(certificates: [root.pem])).verify()[0]
        #expect(answer.signers.map(\.name).first?.hasPrefix("CN=Alice (certificate sha256:") == true)
        let other = try TestCertificate(root: "Root")
        #expect(refusals([evidence], try EvidenceTrust(certificates: [other.pem])) != [nil])
        #expect(
            refusals([evidence], try EvidenceTrust(keys: [Array(SigningKey(generating: .p256).publicKey.pem.utf8)]))
                != [nil])
        // What is not yet or no longer valid proves nothing.
        #expect(refusals([evidence], try EvidenceTrust(certificates: [root.pem], time: 0)) != [nil])
        #expect(refusals([evidence], try EvidenceTrust(certificates: [root.pem], time: 5e9)) != [nil])
    }

    @Test func serverCertificatesSignNothing() throws {
        let root = try TestCertificate(root: "Root")
        let server = try TestCertificate("example.com", issuedBy: root, use: .serverAuth)
        #expect(throws: EvidenceError.self) { try signed(certificate(server)) }
    }

    @Test func thresholdsCountDifferentPeopleOverFiles() throws {
        let root = try TestCertificate(root: "Root")
        let alice = try TestCertificate("Alice", issuedBy: root)
        let bob = try TestCertificate("Bob", issuedBy: root)
        let trust = try EvidenceTrust(certificates: [root.pem])
        let (first, second) = (try signed(certificate(alice)), try signed(certificate(bob)))
        #expect(refusals([first, second], trust, 2) == [nil, nil])
        #expect(refusals([first], trust, 2) != [nil])
        // The same person with a new certificate and key, and the same key with another name.
        let renewed = try signed(certificate(TestCertificate("Alice", issuedBy: root)))
        let married = try signed(certificate(TestCertificate("Alice Smith", issuedBy: root, key: alice.key)))
        #expect(refusals([first, renewed], trust, 2).allSatisfy { $0 != nil })
        #expect(refusals([first, married], trust, 2).allSatisfy { $0 != nil })
        #expect(refusals([first, renewed, married, second], trust, 2) == [nil, nil, nil, nil])
        #expect(refusals([first, renewed, married, second], trust, 3).allSatisfy { $0 != nil })
        // A bare key and a certificate for it.
        let pem = Array(alice.key.publicKey.pem.utf8)
        let both = try EvidenceTrust(keys: [pem], certificates: [root.pem])
        #expect(refusals([first, try signed(key(alice.key))], both, 2).allSatisfy { $0 != nil })
        // Signatures over another statement do not count.
        let another = try EvidenceFile(
            Statement.write(
                subjects: [.init(name: "a", sha256: String(repeating: "0", count: 64))],
                predicateType: "https://example.com/x/v1"
            ) { $0.raw(#"{"b": 1}"#) })
        #expect(refusals([first, try signed(certificate(bob), another)], trust, 2).allSatisfy { $0 != nil })
    }

    @Test func bundlesHoldOneSignature() throws {
        let root = try TestCertificate(root: "Root")
        let alice = certificate(try TestCertificate("Alice", issuedBy: root))
        let bundle = try signed(alice)
        let bob = SigningKey(generating: .p384)
        #expect(throws: EvidenceError.self) { try bundle.signed(with: alice) }
        #expect(throws: EvidenceError.self) { try bundle.signed(with: key(bob)) }
        #expect(throws: EvidenceError.self) { try bundle.signed(with: .mac(Array(repeating: 1, count: 32))) }
        let beside = try signed(key(bob), bundle)
        let trust = try EvidenceTrust(keys: [Array(bob.publicKey.pem.utf8)], certificates: [root.pem])
        #expect(refusals([bundle, beside], trust, 2) == [nil, nil])
        // Two keys of bare evidence share an envelope.
        let joined = try signed(key(SigningKey(generating: .p256)), beside)
        #expect(joined.envelope?.signatures.count == 2)
    }

    @Test(arguments: SigstoreBundleTests.kinds)
    func identitiesAreExact(kind: String) throws {
        let root = Array(try Data(contentsOf: URL(fileURLWithPath: Self.folder + "trusted-root.json")))
        let evidence = try EvidenceFile(
            Array(try Data(contentsOf: URL(fileURLWithPath: Self.folder + kind + ".sig.json"))))
        let wanted = EvidenceTrust.Identity(name: "signer@example.com", provider: "https://issuer.example")
        let other = EvidenceTrust.Identity(name: "other@example.com", provider: "https://issuer.example")
        let elsewhere = EvidenceTrust.Identity(name: "signer@example.com", provider: "https://other.example")
        #expect(refusals([evidence], try EvidenceTrust(trustedRoot: root, identities: [other, wanted])) == [nil])
        #expect(refusals([evidence], try EvidenceTrust(trustedRoot: root, identities: [other, elsewhere])) != [nil])
        #expect(refusals([evidence], try EvidenceTrust(trustedRoot: root)) != [nil])
        #expect(evidence.claimedSigners == ["certificate of signer@example.com, by https://issuer.example"])
    }

    @Test func linesAreReadOneByOne() throws {
        let key = SigningKey(generating: .p256)
        let line = try EvidenceFile(statement).signed(with: self.key(key)).bytes
        #expect(try EvidenceFile.all(in: line + line + [0x0A]).count == 2)
        #expect(
            try EvidenceTrust().records(name: "a", line + line).map(\.kind)
                == Array(repeating: "https://example.com/x/v1", count: 2))
        #expect(try EvidenceFile.all(in: statement).count == 1)
        #expect(throws: EvidenceError.self) { try EvidenceFile.all(in: line + Array("{}\n".utf8)) }
    }

    @Test func statementsOfTheOlderVersionAreEvidence() throws {
        let older = String(decoding: statement, as: UTF8.self).replacing("Statement/v1", with: "Statement/v0.1")
        #expect(try EvidenceFile(Array(older.utf8)).statement.subjects.count == 1)
        #expect(throws: EvidenceError.self) { try Statement(Array(older.utf8)) }
        let newer = String(decoding: statement, as: UTF8.self).replacing("Statement/v1", with: "Statement/v2")
        #expect(throws: EvidenceError.self) { try EvidenceFile(Array(newer.utf8)) }
    }
}
