import AssayCore
import ByteParsing
import Documents
import Testing

@testable import Cards

@Suite struct CardBuildTests {
    private static let run = """
        kind: robustness-test
        finished: 2026-11-21T10:00:00Z
        samples: 500
        tool: {name: assay, version: '1'}
        results:
          - {attack: NISTAML.022, metric: accuracy under noise, value: 0.4, threshold: 0.3, comparison: '>=', n: 500, interval: [0.35, 0.45]}
          - {attack: NISTAML.025, metric: flips, value: 3}
          - {attack: NISTAML.051, metric: x, value: 1}
        """

    private func options() throws -> CardBuild.Options { CardBuild.Options(today: try CardFixture.day("2026-11-26")) }

    private func build(_ card: SecurityCard, _ records: EvidenceRecord...) throws -> CardBuild {
        CardBuild(card, records, try options())
    }

    @Test func measuredTestsGoWhereTheyBelong() throws {
        let record = try CardFixture.record("check-result", Self.run, sha256: String(repeating: "c", count: 64))
        let built = try build(SecurityCard(try CardFixture.document), record)
        let document = built.card.document
        let attacks = "/securityConsiderations/integrityViolationsReport/attacks"
        let test = try #require(document.at(pointer: attacks + "/0/tests/1"))
        #expect(test["evidence"] == "ev-robustness-test-cccccccc" && test["outcome"] == "pass" && test["n"] == 500)
        #expect(test["measured"] == "2026-11-21")
        // What nobody has judged is unknown, in the report of its objective.
        #expect(document.at(pointer: attacks + "/1/id") == "NISTAML.025")
        #expect(document.at(pointer: attacks + "/1/applicable") == "unknown")
        #expect(document.at(pointer: attacks + "/1/tests/0/outcome") == "no-threshold")
        #expect(document.at(pointer: "/evidence/1/created") == "2026-11-21T10:00:00Z")
        #expect(document.at(pointer: "/evidence/1/tool/name") == "assay")
        #expect(document.at(pointer: "/evidence/1/standing") == "unsigned")
        #expect(built.notes.contains { $0.kind == .unplaced && $0.text.contains("NISTAML.051") })
        let errors = CardCheck.issues(of: built.card, in: try CardFixture.context).filter { $0.level == .error }
        #expect(errors.isEmpty, "\(errors)")
    }

    @Test func buildingTwiceChangesNothing() throws {
        let record = try CardFixture.record("check-result", Self.run, sha256: String(repeating: "c", count: 64))
        let once = try build(SecurityCard(try CardFixture.document), record)
        let twice = try build(once.card, record)
        #expect(twice.card.document == once.card.document)
    }

    /// A person's entry for the same file keeps its words and its id; the test that it measured keeps its value.
    @Test func peoplesWordsStay() throws {
        let predicate = """
            {kind: privacy-test, date: 2026-11-25, results: [{attack: NISTAML.022, metric: robust accuracy, value: 0.99}]}
            """
        let record = try CardFixture.record("check-result", predicate, standing: .verified(signers: ["k"]))
        let before = try CardFixture.document
        let built = try build(SecurityCard(before), record)
        let document = built.card.document
        #expect(document.at(pointer: "/evidence/0/type") == "robustness-test")
        #expect(document.at(pointer: "/evidence/0/created") == "2026-11-20T10:00:00Z")
        #expect(document.at(pointer: "/evidence/0/signers") == ["k"])
        #expect(document["securityConsiderations"] == before["securityConsiderations"])
        #expect(built.notes.contains { $0.kind == .kept && $0.text.contains("robust accuracy") })
    }

    @Test func metricsBecomeAnalyses() throws {
        let predicate = """
            metrics: [{name: accuracy, value: 0.910}, {name: recall, value: 0.8, n: 10, slice: small}, {name: bad, value: x}]
            data: []
            """
        let record = try CardFixture.record("evaluation", predicate, sha256: String(repeating: "d", count: 64))
        var document = try CardFixture.document
        document.remove(at: DocumentPointer(["quantitativeAnalyses", "unitary", "0", "evidence"]))
        let built = try build(SecurityCard(document), record).card.document
        let results = try #require(built.at(pointer: "/quantitativeAnalyses/unitary"))
        #expect(results.elements.count == 2)
        #expect(results[0]?["evidence"] == "ev-evaluation-report-dddddddd" && results[0]?["value"]?.number == "0.91")
        #expect(results[1]?["slice"] == ["name": "small"])
        #expect(
            built.at(pointer: "/evidence/1/created") == nil && built.at(pointer: "/evidence/1/recorded") == "2026-11-26"
        )
    }

    @Test func evidenceAboutAFileNamesIt() throws {
        let file = String(repeating: "e", count: 64)
        let record = try CardFixture.record(
            "scan", "{tool: {name: assay}, files: []}", about: file, sha256: String(repeating: "f", count: 64))
        #expect(try build(SecurityCard(try CardFixture.document), record).notes.map(\.kind) == [.skipped])
        var options = try options()
        options.subject = [
            Statement.Subject(name: "toy", sha256: CardFixture.digest), Statement.Subject(name: "w.bin", sha256: file),
        ]
        let built = CardBuild(SecurityCard(try CardFixture.document), [record], options).card
        #expect(built.document.at(pointer: "/evidence/1/about/0/digest/sha256") == .string(file))
        #expect(built.document.at(pointer: "/evidence/1/subjectDigest") == nil)
        #expect(CardCheck.issues(of: built, in: try CardFixture.context).isEmpty)
    }

    @Test func draftsSayUnknownAndWhereFrom() throws {
        let facts = [
            CardDraft.Fact("modelDetails", "license", value: "mit", source: "README.md"),
            CardDraft.Fact("modelDetails", "license", value: "other", source: "elsewhere"),
            CardDraft.Fact("trainingData", "0", value: ["name": "d", "sensitivity": "unknown"], source: "README.md"),
        ]
        var draft = CardDraft(
            name: "toy", digest: CardFixture.digest, digestSource: "root digest", facts: facts,
            today: try CardFixture.day("2026-11-26"))
        _ = draft.join([try CardFixture.record("check-result", Self.run)], try options())
        let text = String(decoding: draft.yaml(), as: UTF8.self)
        #expect(text.contains("  license: mit  # README.md\n"))
        #expect(text.contains("  owner: unknown  # the person or role accountable for the model\n"))
        #expect(text.contains("    sha256: \(CardFixture.digest)  # root digest\n"))
        #expect(text.contains("id: urn:uuid:aaaaaaaa-aaaa-8aaa-aaaa-aaaaaaaaaaaa  # from the digest\n"))
        #expect(text.contains("run.json"))
        let issues = CardCheck.issues(of: draft.yaml(), in: try CardFixture.context)
        #expect(issues.filter { $0.level == .error }.isEmpty, "\(issues)")
        #expect(
            issues.contains {
                $0.level == .open && $0.pointer.description == "/securityConsiderations/aiClassification/class"
            })
    }

    @Test func statementsCarryTheCard() throws {
        let statement = try Statement(SecurityCard(try CardFixture.document).statement())
        #expect(statement.subjects == [Statement.Subject(name: "toy", sha256: CardFixture.digest)])
        let type = try #require(PredicateType(named: statement.predicateType))
        #expect(type.name == "security-card" && type.deficiency(of: statement.predicate) == nil)
        #expect(try DocumentValue(statement.predicate) == CardFixture.document)
    }
}
