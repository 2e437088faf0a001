import AssayCore
import ByteParsing
import Fixtures
import Provenance
import Testing

@Suite struct VerificationEvidenceTests {
    private func report(
        _ model: Fixture, _ bundle: [UInt8], _ key: SigningKey,
        _ change: (inout ModelVerifier.Options) -> Void = { _ in }
    ) -> VerificationReport {
        var options = ModelVerifier.Options()
        options.measuresSubjects = true
        change(&options)
        return ModelVerifier(trust: .publicKey(Array(key.publicKey.pem.utf8)), options: options)
            .verify(model.path, signature: bundle)
    }

    private func sign(
        _ model: Fixture, _ key: SigningKey, _ change: (inout ModelSigner.Options) -> Void = { _ in }
    ) throws -> [UInt8] {
        var options = ModelSigner.Options()
        change(&options)
        return try ModelSigner(.key(pem: Array(key.pem.utf8), password: nil), options: options).sign(model.path).bundle
    }

    /// The statement, read back through the door that every reader of evidence uses.
    private func statement(_ report: VerificationReport) throws -> Statement {
        let writer = VerificationEvidence(toolVersion: "1", time: "2026-11-26T12:00:00Z")
        let evidence = try EvidenceFile(#require(writer.statement(about: report)))
        try evidence.checkPredicate()
        return evidence.statement
    }

    @Test(arguments: HashAlgorithm.allCases, [Manifest.Method.files, .shards(size: 4)])
    func subjectsAreTheFilesWhateverWasSigned(algorithm: HashAlgorithm, method: Manifest.Method) throws {
        let model = try Fixture(["a.bin": "0123456789", "b/c.bin": "abc"])
        let key = SigningKey(generating: .p256)
        let bundle = try sign(model, key) {
            $0.algorithm = algorithm
            $0.method = method
        }
        let found = try statement(report(model, bundle, key))
        #expect(found.predicateType == "https://assay.dev/evidence/signature-verification/v1")
        #expect(found.predicate["outcome"]?.string == "verified")
        #expect(found.predicate["method"]?.string == "key")
        #expect(found.predicate["signer"]?["key"]?.string == key.publicKey.hint)
        #expect(found.predicate["trust"]?["given"]?[0]?["kind"]?.string == "public-key")
        #expect(found.predicate["files"]?["unchanged"]?.integer == 2)
        let measured = try EvidenceSubject.subjects(of: model.path)
        #expect(Array(found.subjects.prefix(3)) == measured)
        // The signed root digest is among the subjects, also where it is not that of the files' SHA-256.
        let root = try #require(found.predicate["signed"]?["rootDigest"]?["sha256"]?.string)
        #expect(found.subjects.contains { $0.digests["sha256"] == root })
        #expect(
            found.predicate["signature"]?["digest"]?["sha256"]?.string
                == Hexadecimal.encode(HashAlgorithm.sha256.hash(bundle)))
    }

    @Test func refusalIsEvidenceToo() throws {
        let model = try Fixture(["a.bin": "1", "b.bin": "2"])
        let key = SigningKey(generating: .p256)
        let bundle = try sign(model, key)
        try model.write("a.bin", [7])
        try model.write("new", [7])
        try model.remove("b.bin")
        let changed = try statement(report(model, bundle, key))
        #expect(changed.predicate["outcome"]?.string == "not-verified")
        #expect(changed.predicate["files"]?["changed"]?[0]?.string == "a.bin")
        #expect(changed.predicate["files"]?["removed"]?[0]?.string == "b.bin")
        #expect(changed.predicate["files"]?["added"]?[0]?.string == "new")
        let now = try EvidenceSubject.subjects(of: model.path)
        #expect(changed.subjects == now)
        for broken in [Array("{}".utf8), [], Array(bundle.dropLast(20))] {
            let refused = try statement(report(model, broken, key))
            #expect(refused.predicate["outcome"]?.string == "not-verified")
            #expect(refused.predicate["signed"] == nil)
            #expect(refused.predicate["reasons"]?.count == 1)
            #expect(refused.subjects == now)
        }
        let stranger = try statement(report(model, bundle, SigningKey(generating: .p256)))
        #expect(stranger.predicate["signer"]?.count == 0)
        #expect(stranger.subjects == now)
    }

    @Test func whatIsNotCoveredIsTold() throws {
        let model = try Fixture(["a.bin": "1", "cache/x": "2", "unsigned": "3"])
        let key = SigningKey(generating: .p256)
        let bundle = try sign(model, key) { $0.scope.ignored += [ModelPath("cache"), ModelPath("unsigned")] }
        let found = try statement(report(model, bundle, key))
        #expect(found.predicate["notCovered"]?.elements.compactMap(\.string) == ["cache/x", "unsigned"])
        #expect(found.subjects.map(\.name).dropFirst() == ["a.bin"])
    }

    @Test func nothingReadNothingSaid() throws {
        let report = ModelVerifier(trust: .publicKey([])).verify("/nonexistent", signature: [])
        #expect(VerificationEvidence(toolVersion: "1", time: "").statement(about: report) == nil)
    }

    @Test func predicatesOfOtherShapesAreRefused() throws {
        let text =
            #"{"tool":{},"finished":"","outcome":"OUTCOME","signature":{"digest":{}},"trust":{},"notCovered":[]}"#
        func deficiency(_ text: String) throws -> String? {
            PredicateType.signatureVerification.deficiency(
                of: try JSONDocument(ByteRegion(Array(text.utf8)), dialect: .strict).root)
        }
        #expect(try deficiency(text.replacing("OUTCOME", with: "verified")) == nil)
        #expect(try deficiency(text) != nil)
        #expect(try deficiency(text.replacing("\"signature\"", with: "\"other\"")) != nil)
        #expect(PredicateType(named: "urn:assay:thing:1") != nil)
        #expect(PredicateType(named: "thing") == nil && PredicateType(named: ":x") == nil)
    }
}
