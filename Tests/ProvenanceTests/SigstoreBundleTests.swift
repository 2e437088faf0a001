import AssayCore
import ByteParsing
import Foundation
import Testing

@testable import Provenance

/// Bundles that `Tests/Interop/identities.py` recorded from its instance on loopback: Rekor 1, Rekor 1 with a timestamp,
/// and Rekor 2. They are verified at the times that were signed, so they do not age.
@Suite struct SigstoreBundleTests {
    private static let folder =
        "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        + "/Fixtures/sigstore/"
    static let kinds = ["rekor1", "rekor1-tsa", "rekor2-tsa"]

    private func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: Self.folder + name)))
    }

    private func verify(
        _ bundle: [UInt8], identity: String = "signer@example.com", issuer: String = "https://issuer.example",
        root: [UInt8]? = nil
    ) throws -> VerificationReport {
        let trust = ModelVerifier.Trust.sigstore(
            root: try root ?? read("trusted-root.json"), identity: identity, issuer: issuer)
        return ModelVerifier(trust: trust).verify(Self.folder + "model", signature: bundle)
    }

    @Test(arguments: kinds)
    func verifies(kind: String) throws {
        let report = try verify(read(kind + ".sig.json"))
        #expect(report.outcome == .verified, "\(report.reasons)")
        #expect(report.method == "sigstore")
        #expect(report.signer.contains(.init("identity", "signer@example.com")))
        #expect(report.comparison?.unchanged == 2)
    }

    @Test(arguments: kinds)
    func identityAndProviderAreExact(kind: String) throws {
        let bundle = try read(kind + ".sig.json")
        for identity in ["", "Signer@example.com", "signer@example.co", "signer@example.com ", "*"] {
            #expect(try verify(bundle, identity: identity).outcome == .notVerified)
        }
        for issuer in ["", "https://issuer.example/", "http://issuer.example"] {
            #expect(try verify(bundle, issuer: issuer).outcome == .notVerified)
        }
    }

    /// One byte after another of everything between the outer braces: the change is refused, or what was signed, who
    /// signed and when are still the same.
    @Test(arguments: kinds)
    func everyChangedByteIsRefusedOrMeansTheSame(kind: String) throws {
        let bundle = try read(kind + ".sig.json")
        let before = try verify(bundle)
        var accepted: [Int] = []
        // A step that shares no factor with the length of Base64's groups meets all their places.
        for index in stride(from: 0, to: bundle.count, by: 7) {
            var changed = bundle
            changed[index] ^= 1 << UInt8(index % 7)
            let after = try verify(changed)
            guard after.outcome == .verified else { continue }
            accepted.append(index)
            #expect(after.signer == before.signer && after.signed == before.signed, "byte \(index)")
        }
        // What may pass is the empty key id's place, and JSON's white space and spellings.
        #expect(accepted.count <= 6, "\(accepted)")
    }

    @Test(arguments: [
        ("tlogs", "tlogs_"), ("ctlogs", "ctlogs_"), ("certificateAuthorities", "authorities_"),
    ])
    func nothingIsTrustedThatTheRootDoesNotName(member: String, other: String) throws {
        let root = String(decoding: try read("trusted-root.json"), as: UTF8.self)
            .replacing("\"\(member)\"", with: "\"\(other)\"")
        let report = try verify(read("rekor1.sig.json"), root: Array(root.utf8))
        #expect(report.outcome == .notVerified)
    }

    @Test func timestampsNeedTheirAuthority() throws {
        let root = Array(
            String(decoding: try read("trusted-root.json"), as: UTF8.self)
                .replacing("\"timestampAuthorities\"", with: "\"nobody\"").utf8)
        #expect(try verify(read("rekor1.sig.json"), root: root).outcome == .verified)
        #expect(try verify(read("rekor1-tsa.sig.json"), root: root).outcome == .notVerified)
        #expect(try verify(read("rekor2-tsa.sig.json"), root: root).outcome == .notVerified)
    }

    @Test(arguments: ["2021-01-01T00:00:00Z", "not a time", ""])
    func rootsThatEndedBeforeAreNotTrusted(end: String) throws {
        let root = String(decoding: try read("trusted-root.json"), as: UTF8.self)
            .replacing(
                "\"start\": \"2020-01-01T00:00:00Z\"", with: "\"start\": \"2020-01-01T00:00:00Z\", \"end\": \"\(end)\"")
        for kind in Self.kinds {
            #expect(try verify(read(kind + ".sig.json"), root: Array(root.utf8)).outcome == .notVerified)
        }
    }

    @Test func validitiesNeedAStart() throws {
        let root = String(decoding: try read("trusted-root.json"), as: UTF8.self)
            .replacing("\"start\": \"2020-01-01T00:00:00Z\"", with: "")
        #expect(try verify(read("rekor1.sig.json"), root: Array(root.utf8)).outcome == .notVerified)
    }
}

@Suite struct LogEntryBodyTests {
    private func base64(_ text: String) -> String { Base64.encode(Array(text.utf8)) }

    /// The log's form of an in-toto entry: digests in hexadecimal, the signature in Base64 twice, the certificate as PEM.
    @Test func inTotoEntries() throws {
        let pem = PEM.write("CERTIFICATE", [1, 2, 3])
        let body = """
            {"apiVersion": "0.0.2", "kind": "intoto", "spec": {"content": {
              "envelope": {"payloadType": "application/vnd.in-toto+json", "signatures": [
                {"publicKey": "\(base64(pem))", "sig": "\(base64(Base64.encode([7, 8, 9])))"}]},
              "hash": {"algorithm": "sha256", "value": "00"},
              "payloadHash": {"algorithm": "sha256", "value": "0a0b"}}}}
            """
        let entry = try LogEntryBody(Array(body.utf8), kind: "intoto", version: "0.0.2")
        guard case .payload = entry.subject else {
            Issue.record("the digest is the payload's")
            return
        }
        #expect(entry.digest == [10, 11])
        #expect(entry.signatures.map(\.signature) == [[7, 8, 9]])
        #expect(entry.signatures.map(\.certificate) == [[1, 2, 3]])
        #expect(throws: EvidenceError.self) { try LogEntryBody(Array(body.utf8), kind: "dsse", version: "0.0.2") }
        #expect(throws: EvidenceError.self) {
            try LogEntryBody(Array(body.replacing("0.0.2", with: "0.0.1").utf8), kind: "intoto", version: "0.0.1")
        }
    }
}
