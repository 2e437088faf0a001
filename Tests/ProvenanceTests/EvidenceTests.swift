import AssayCore
import ByteParsing
import Fixtures
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

    private func signed(_ evidence: EvidenceFile, _ key: SigningKey) throws -> EvidenceFile {
        try EvidenceFile(evidence.signed(with: .key(pem: Array(key.pem.utf8), password: nil)).bytes)
    }

    private func refusal(_ evidence: EvidenceFile, _ keys: [SigningKey], _ threshold: Int) throws -> String? {
        let trust = try EvidenceTrust(keys: keys.map { pem($0) })
        return EvidenceSet([evidence], trust: trust, threshold: threshold).verify()[0].refusal
    }

    @Test func thresholdsCountKeysNotSignatures() throws {
        let model = try Fixture(["a": "1", "b/c": "2"])
        let keys = [SigningKey(generating: .p256), SigningKey(generating: .p384), SigningKey(generating: .p521)]
        let subjects = try EvidenceSubject.subjects(of: model.path)
        #expect(subjects.count == 3)
        let bare = try EvidenceFile(statement(subjects))
        #expect(try refusal(bare, [keys[0]], 1) != nil)
        let one = try signed(bare, keys[0])
        #expect(try refusal(one, [keys[0]], 1) == nil)
        #expect(try refusal(one, [keys[0], keys[0]], 2) != nil)
        #expect(try refusal(one, [keys[1]], 1) != nil)
        #expect(throws: EvidenceError.self) { try signed(one, keys[0]) }
        let two = try signed(one, keys[1])
        #expect(try refusal(two, keys, 2) == nil)
        #expect(try refusal(two, keys, 3) != nil)
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

    /// Five million files, each with seven nodes, are what a tree may have: their statement has to be read again.
    @Test func statementsOfLargeTreesAreRead() {
        let least = #"{"name":"","digest":"","algorithm":"sha256"},"#.utf8.count + 64
        #expect(JSONDocument.Dialect.strict(for: 5_000_000 * least).nodes >= 5_000_000 * 7)
        #expect(JSONDocument.Dialect.strict(for: 100).nodes == JSONDocument.Dialect.strict.nodes)
    }

    /// in-toto's Statement v1 lets the predicate be left out; it is then as if it were empty.
    @Test func predicatesMayBeLeftOut() throws {
        let text = """
            {"_type": "https://in-toto.io/Statement/v1", "subject": [{"digest": {"sha256": "00"}}],
             "predicateType": "https://example.com/x/v1"
            """
        let statement = try Statement(Array((text + "}").utf8))
        #expect(statement.predicate.isObject && statement.predicate.count == 0)
        #expect(statement.subjects.map(\.isNamed) == [false])
        for predicate in ["null", "[]", "7", "\"x\""] {
            #expect(throws: EvidenceError.self) {
                try Statement(Array((text + #", "predicate": \#(predicate)}"#).utf8))
            }
        }
    }

    @Test func predicatesOfKnownTypesAreChecked() throws {
        let bytes = Statement.write(
            subjects: [.init(name: "a", sha256: "00")], predicateType: PredicateType.slsaProvenance.uri
        ) { $0.raw("{}") }
        #expect(throws: EvidenceError.self) { try EvidenceFile(bytes).checkPredicate() }
    }

    @Test(arguments: [
        ("https://user:secret@example.org/a/b.git", "git+https://example.org/a/b.git"),
        ("git@example.org:a/b.git", "git+ssh://example.org/a/b.git"),
        ("example.org:b", "git+ssh://example.org/b"), ("/srv/git/a model", "git+file:///srv/git/a%20model"),
        ("../model", "git+file:///./../model"), ("ssh://git@example.org/b", "git+ssh://example.org/b"),
    ])
    func repositoriesAreURIs(remote: String, uri: String) {
        #expect(TrainingRun.repositoryURI(remote) == uri)
    }

    /// Provenance of what the command did not make would be false.
    @Test func whatLaysThereAlreadyIsNotAttested() throws {
        let work = try Fixture(["model/w.bin": "1"])
        let model = work.path + "/model"
        let idle = TrainingRun(command: ["true"], inputs: [], outputs: [model])
        #expect(throws: EvidenceError.self) { try idle.run() }
        // The same bytes, written anew, were made by it.
        let busy = TrainingRun(command: ["touch", model + "/w.bin"], inputs: [], outputs: [model])
        guard case .recorded = try busy.run() else {
            Issue.record("nothing was recorded")
            return
        }
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
