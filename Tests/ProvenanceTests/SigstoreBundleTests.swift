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
    func changedBytesAreRefusedOrMeanTheSame(kind: String) throws {
        let bundle = try read(kind + ".sig.json")
        let before = try verify(bundle)
        var accepted: [Int] = []
        // A step that shares no factor with the length of Base64's groups meets all their places.
        for index in stride(from: 0, to: bundle.count, by: 23) {
            var changed = bundle
            changed[index] ^= 1 << UInt8(index % 7)
            let after = try verify(changed)
            guard after.outcome == .verified else { continue }
            accepted.append(index)
            #expect(after.signer == before.signer && after.signed == before.signed, "byte \(index)")
        }
        // What may pass is the empty key id's place, and JSON's white space and spellings.
        #expect(accepted.count <= 3, "\(accepted)")
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

/// Evidence in bundles of other versions, and of an instance without logs: the recorded bundles, put into those forms.
/// Only the envelope is signed, so that the same signature stands in each.
@Suite struct SigstoreEvidenceTests {
    private static let folder =
        "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        + "/Fixtures/sigstore/"
    private typealias Object = [String: Any]

    private func object(_ name: String) throws -> Object {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: Self.folder + name))
        return try #require(try JSONSerialization.jsonObject(with: bytes) as? Object)
    }

    private func bytes(_ object: Object) throws -> [UInt8] {
        Array(try JSONSerialization.data(withJSONObject: object))
    }

    private func bundle(
        _ name: String, mediaType: String? = nil, _ change: (inout Object) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        var bundle = try object(name)
        if let mediaType { bundle["mediaType"] = mediaType }
        var material = try #require(bundle["verificationMaterial"] as? Object)
        try change(&material)
        bundle["verificationMaterial"] = material
        return try bytes(bundle)
    }

    private func entry(_ material: inout Object, _ change: (inout Object) -> Void) throws {
        var entries = try #require(material["tlogEntries"] as? [Object])
        change(&entries[0])
        material["tlogEntries"] = entries
    }

    private func asChain(_ material: inout Object) {
        material["x509CertificateChain"] = ["certificates": [material.removeValue(forKey: "certificate")]]
    }

    /// nil when the evidence verifies.
    private func refusal(
        _ bundle: [UInt8], root: [UInt8]? = nil, identity: String = "signer@example.com"
    ) throws -> String? {
        let trust = try EvidenceTrust(
            trustedRoot: root ?? bytes(object("trusted-root.json")),
            identities: [.init(name: identity, provider: "https://issuer.example")])
        let evidence = try EvidenceFile(bundle)
        let (signers, reasons) = trust.signers(of: evidence)
        return signers.isEmpty ? reasons.joined(separator: "; ") : nil
    }

    private static let types = ["0.1", "0.2", "0.3"].map { "application/vnd.dev.sigstore.bundle+json;version=\($0)" }

    @Test func everyVersionVerifies() throws {
        for kind in SigstoreBundleTests.kinds {
            #expect(try refusal(bundle(kind + ".sig.json")) == nil)
            #expect(try refusal(bundle(kind + ".sig.json", mediaType: Self.types[2])) == nil)
            #expect(try refusal(bundle(kind + ".sig.json", mediaType: Self.types[1]) { asChain(&$0) }) == nil)
        }
        #expect(try refusal(bundle("rekor1.sig.json", mediaType: Self.types[0]) { asChain(&$0) }) == nil)
    }

    /// Model signatures are of version 0.3 in its one spelling.
    @Test(arguments: types)
    func modelSignaturesOfOtherVersionsAreRefused(type: String) throws {
        let bytes = try bundle("rekor1.sig.json", mediaType: type) { if type != Self.types[2] { asChain(&$0) } }
        #expect(throws: EvidenceError.self) { try SigstoreBundle(bytes) }
        #expect(throws: Never.self) { try SigstoreBundle(bytes, isModelSignature: false) }
    }

    /// In version 0.1 the promise counts, and the proof only where there is one with a checkpoint.
    @Test func promisesStandForProofsInTheFirstVersion() throws {
        func first(_ change: (inout Object) -> Void) throws -> String? {
            try refusal(
                bundle("rekor1.sig.json", mediaType: Self.types[0]) { material in
                    asChain(&material)
                    try entry(&material, change)
                })
        }
        #expect(try first { $0["inclusionProof"] = nil } == nil)
        #expect(
            try first { entry in
                var proof = entry["inclusionProof"] as? Object ?? [:]
                proof["checkpoint"] = nil
                entry["inclusionProof"] = proof
            } == nil)
        #expect(try first { $0["inclusionPromise"] = nil } != nil)
        #expect(
            try first { entry in
                entry["inclusionProof"] = nil
                entry["integratedTime"] = "1700000000"
            } != nil)
        #expect(
            try first { entry in
                var proof = entry["inclusionProof"] as? Object ?? [:]
                proof["rootHash"] = Base64.encode([UInt8](repeating: 0, count: 32))
                entry["inclusionProof"] = proof
            } != nil)
    }

    @Test(arguments: types.dropFirst())
    func laterVersionsNeedProofs(type: String) throws {
        let bytes = try bundle("rekor1.sig.json", mediaType: type) { material in
            if type == Self.types[1] { asChain(&material) }
            try entry(&material) { $0["inclusionProof"] = nil }
        }
        #expect(try refusal(bytes) != nil)
    }

    /// An instance that has no logs vouches by its timestamps; one that has them does not.
    @Test func timestampsStandForLogsWhereThereAreNone() throws {
        var unlogged = try object("trusted-root.json")
        (unlogged["tlogs"], unlogged["ctlogs"]) = ([], [])
        let root = try bytes(unlogged)
        let alone = try bundle("rekor1-tsa.sig.json") { $0["tlogEntries"] = [] }
        #expect(try refusal(alone, root: root) == nil)
        #expect(try refusal(alone, root: root, identity: "other@example.com") != nil)
        #expect(try refusal(alone) == "the signature is in no transparency log")
        // No time, and entries of a log that nobody knows.
        #expect(try refusal(bundle("rekor1.sig.json") { $0["tlogEntries"] = [] }, root: root) != nil)
        #expect(try refusal(bundle("rekor1-tsa.sig.json"), root: root) != nil)
        // Logs with unknown keys, or logs of certificates alone, are logs.
        for member in ["tlogs", "ctlogs"] {
            var some = unlogged
            some[member] = [["publicKey": ["keyDetails": "NEW"]]]
            let trust = try? EvidenceTrust(trustedRoot: bytes(some))
            #expect(try trust == nil || refusal(alone, root: bytes(some)) != nil)
        }
        // A model's signature needs a log.
        let trust = ModelVerifier.Trust.sigstore(
            root: root, identity: "signer@example.com", issuer: "https://issuer.example")
        #expect(ModelVerifier(trust: trust).verify(Self.folder + "model", signature: alone).outcome == .notVerified)
    }

    /// `gh attestation trusted-root` prints the public instance's root and GitHub's own, each on a line.
    @Test func anyOfSeveralRootsCanVouch() throws {
        var unlogged = try object("trusted-root.json")
        (unlogged["tlogs"], unlogged["ctlogs"]) = ([], [])
        let lines = try bytes(object("trusted-root.json")) + [0x0A] + bytes(unlogged) + [0x0A]
        #expect(try refusal(bundle("rekor1-tsa.sig.json") { $0["tlogEntries"] = [] }, root: lines) == nil)
        #expect(try refusal(bundle("rekor1.sig.json"), root: lines) == nil)
        #expect(try refusal(bundle("rekor1.sig.json") { $0["tlogEntries"] = [] }, root: lines) != nil)
    }
}

@Suite struct LogEntryBodyTests {
    @Test func entriesWithKeys() throws {
        let pem = base64(PEM.write("PUBLIC KEY", [1, 2, 3]))
        let body = """
            {"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {
              "data": {"hash": {"algorithm": "sha256", "value": "0a0b"}},
              "signature": {"content": "Bwg=", "publicKey": {"content": "\(pem)"}}}}
            """
        let entry = try LogEntryBody(Array(body.utf8), kind: "hashedrekord", version: "0.0.1")
        #expect(entry.signatures.map(\.signer) == [.key([1, 2, 3])])
    }

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
        #expect(entry.signatures.map(\.signer) == [.certificate([1, 2, 3])])
        #expect(throws: EvidenceError.self) { try LogEntryBody(Array(body.utf8), kind: "dsse", version: "0.0.2") }
        #expect(throws: EvidenceError.self) {
            try LogEntryBody(Array(body.replacing("0.0.2", with: "0.0.1").utf8), kind: "intoto", version: "0.0.1")
        }
    }
}
