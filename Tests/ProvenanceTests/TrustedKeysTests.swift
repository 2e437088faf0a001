import AssayCore
import ByteParsing
import Provenance
import Testing

@Suite struct TrustedKeysTests {
    private let bare = Statement.write(
        subjects: [.init(name: "a", sha256: String(repeating: "0", count: 64))],
        predicateType: "https://example.com/x/v1"
    ) { $0.raw("{}") }

    private func signed(_ key: SigningKey) throws -> [UInt8] {
        try EvidenceFile.json(EvidenceFile(bare).signed(with: .key(pem: Array(key.pem.utf8), password: nil)))
    }

    @Test func standingSaysWhoSigned() throws {
        let (trusted, other) = (SigningKey(generating: .p256), SigningKey(generating: .p384))
        let keys = try TrustedKeys([Array(trusted.publicKey.pem.utf8), Array(trusted.publicKey.pem.utf8)])
        #expect(try keys.record(name: "a", signed(trusted)).standing == .verified(signers: [trusted.publicKey.hint]))
        guard case .notVerified = try keys.record(name: "a", signed(other)).standing else {
            Issue.record("another key's signature counted")
            return
        }
        #expect(try keys.record(name: "a", bare).standing == .unsigned)
    }

    @Test func aChangedPayloadIsNotVerified() throws {
        let key = SigningKey(generating: .p256)
        let keys = try TrustedKeys([Array(key.publicKey.pem.utf8)])
        var envelope = try EvidenceFile(bare).signed(with: .key(pem: Array(key.pem.utf8), password: nil))
        envelope.payload = Array(String(decoding: bare, as: UTF8.self).replacing("{}", with: "{ }").utf8)
        guard case .notVerified = try keys.record(name: "a", EvidenceFile.json(envelope)).standing else {
            Issue.record("a changed payload counted as signed")
            return
        }
    }

    @Test func withoutKeysNothingIsVerified() throws {
        guard case .notVerified = try TrustedKeys([]).record(name: "a", signed(SigningKey(generating: .p256))).standing
        else {
            Issue.record("a signature counted that no key verified")
            return
        }
    }

    @Test func theDigestIsOfTheFile() throws {
        let record = try TrustedKeys([]).record(name: "folder/a.json", bare)
        #expect(record.name == "folder/a.json")
        #expect(record.sha256 == Digest(sha256: ByteRegion(bare)).description)
        #expect(throws: EvidenceError.self) { try TrustedKeys([]).record(name: "a", Array("{}".utf8)) }
    }
}
