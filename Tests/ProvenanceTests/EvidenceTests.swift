import AssayCore
import ByteParsing
import Provenance
import Testing

@Suite struct EvidenceTests {
    private func statement(_ subjects: [Statement.Subject], _ predicate: String = #"{"a": 1}"#) -> [UInt8] {
        Statement.write(subjects: subjects, predicateType: "https://example.com/x/v1") { $0.raw(predicate) }
    }

    private func pem(_ key: SigningKey) -> [UInt8] { Array(key.publicKey.pem.utf8) }

    @Test func preAuthenticationEncoding() {
        // The DSSE specification's own example.
        let envelope = Envelope(payload: Array("hello world".utf8), payloadType: "http://example.com/HelloWorld")
        #expect(
            String(decoding: envelope.preAuthenticationEncoding, as: UTF8.self)
                == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
    }

    @Test func thresholdsCountKeysNotSignatures() throws {
        let model = try Fixture(["a": "1", "b/c": "2"])
        let keys = [SigningKey(generating: .p256), SigningKey(generating: .p384), SigningKey(generating: .p521)]
        let subjects = try EvidenceSubject.subjects(of: model.path)
        #expect(subjects.count == 3)
        let bare = try EvidenceFile(statement(subjects))
        #expect(throws: EvidenceError.self) { try bare.verify(keys: [pem(keys[0])], threshold: 1) }
        let one = try EvidenceFile(
            EvidenceFile.json(bare.signed(with: .key(pem: Array(keys[0].pem.utf8), password: nil))))
        #expect(try one.verify(keys: [pem(keys[0])], threshold: 1).count == 1)
        #expect(throws: EvidenceError.self) { try one.verify(keys: [pem(keys[0]), pem(keys[0])], threshold: 2) }
        #expect(throws: EvidenceError.self) { try one.verify(keys: [pem(keys[1])], threshold: 1) }
        let two = try EvidenceFile(
            EvidenceFile.json(one.signed(with: .key(pem: Array(keys[1].pem.utf8), password: nil))))
        #expect(try two.verify(keys: keys.map { pem($0) }, threshold: 2).count == 2)
        #expect(throws: EvidenceError.self) { try two.verify(keys: keys.map { pem($0) }, threshold: 3) }
        try two.checkSubject(subjects)
        try model.write("a", [9])
        let changed = try EvidenceSubject.subjects(of: model.path)
        #expect(throws: EvidenceError.self) { try two.checkSubject(changed) }
    }

    @Test(arguments: [
        "\u{FEFF}{}", "[]", "{}", #"{"_type":"https://in-toto.io/Statement/v1"}"#,
        #"{"_type":"https://in-toto.io/Statement/v1","_type":"x","subject":[],"predicateType":"x","predicate":{}}"#,
        #"{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"x","predicate":{}}"#,
        #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{}}],"predicateType":"x","predicate":{}}"#,
        #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"\ud800","digest":{"a":"b"}}],"predicateType":"x","predicate":{}}"#,
    ])
    func looseJSONIsRefused(text: String) {
        #expect(throws: EvidenceError.self) { try Statement(Array(text.utf8)) }
    }

    @Test func predicatesOfKnownTypesAreChecked() throws {
        let bytes = Statement.write(
            subjects: [.init(name: "a", sha256: "00")], predicateType: PredicateType.slsaProvenance.uri
        ) { $0.raw("{}") }
        #expect(throws: EvidenceError.self) { try EvidenceFile(bytes).checkPredicate() }
    }

    @Test func trainingIsRecorded() throws {
        let work = try Fixture(["data/train.txt": "examples"])
        let run = TrainingRun(
            command: ["cp", work.path + "/data/train.txt", work.path + "/model.bin"],
            inputs: [.init(role: .dataset, path: work.path + "/data")], outputs: [work.path + "/model.bin"],
            parameters: Array(#"{"epochs": 3}"#.utf8))
        guard case .recorded(let bytes) = try run.run() else {
            Issue.record("the command failed")
            return
        }
        let evidence = try EvidenceFile(bytes)
        try evidence.checkPredicate()
        #expect(evidence.statement.subjects.map(\.name) == ["model.bin"])
        let definition = evidence.statement.predicate["buildDefinition"]
        #expect(definition?["externalParameters"]?["parameters"]?["epochs"]?.integer == 3)
        #expect(definition?["resolvedDependencies"]?[0]?["annotations"]?["role"]?.string == "dataset")
        var failing = run
        failing.command = ["false"]
        guard case .failed(let status) = try failing.run() else {
            Issue.record("a failed command was recorded")
            return
        }
        #expect(status == 1)
    }
}
