import AssayCore
import Documents
import Testing

@testable import Cards

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct CardCheckTests {
    private static let tests = "/securityConsiderations/integrityViolationsReport/attacks/0/tests/0"
    private static let attack = "/securityConsiderations/integrityViolationsReport/attacks/0"

    @Test func theFixtureIsSound() throws {
        let issues = CardCheck.issues(of: Array(CardFixture.text.utf8), in: try CardFixture.context)
        #expect(issues.isEmpty, "\(issues)")
    }

    @Test func theSchemaIsRead() {
        #expect(SecurityCard.schema != nil && CardEvidence.types.contains("robustness-test"))
    }

    @Test func theProposalsExampleStaysValid() throws {
        guard let folder = Fixtures.shared,
            let bytes = Fixtures.bytes(folder + "/schemas/examples/security-model-card-v1.valid.json")
        else { return }
        let schema = try #require(SecurityCard.schema)
        #expect(schema.violations(of: try DocumentReader.read(bytes)).isEmpty)
    }

    /// What is changed, to what, and the rule that has to notice, at which place.
    @Test(
        arguments: [
            ("/modelDetails/owner", nil, CardIssue.Rule.schema, "/modelDetails"),
            ("/modelDetails/colour", "red", .schema, "/modelDetails/colour"),
            ("/revision", 0, .schema, "/revision"),
            ("/modelDetails/owner", "unknown", .open, "/modelDetails/owner"),
            (
                "/securityConsiderations/aiClassification/class", "unknown", .open,
                "/securityConsiderations/aiClassification/class"
            ),
            ("/securityConsiderations/aiClassification/class", "GenAI", .schema, "/securityConsiderations"),
            (tests + "/evidence", "ev-nowhere", .deadEvidence, tests + "/evidence"),
            (
                "/quantitativeAnalyses/unitary/0/evidence", "ev-gone", .deadEvidence,
                "/quantitativeAnalyses/unitary/0/evidence"
            ),
            (
                "/evidence/0/subjectDigest/sha256", .string(CardFixture.evidenceDigest), .evidenceSubject,
                "/evidence/0/subjectDigest"
            ),
            ("/issued/expires", "2026-11-26", .expired, "/issued/expires"),
            ("/issued/nextReview", "2026-01-01", .expired, "/issued/nextReview"),
            ("/issued/date", "2026-12-24", .date, "/issued/date"),
            ("/issued/expires", "2026-11-19", .date, "/issued/expires"),
            (
                "/securityConsiderations/lifecycle/retentionUntil", "2026-01-01", .expired,
                "/securityConsiderations/lifecycle/retentionUntil"
            ),
            (attack + "/acceptedUntil", "2026-01-01", .expired, attack + "/acceptedUntil"),
            ("/evidence/0/expires", "2026-11-01T00:00:00Z", .expired, "/evidence/0/expires"),
            (tests + "/outcome", "pass", .test, tests + "/outcome"),
            (tests + "/threshold", nil, .test, tests + "/outcome"),
            (tests + "/comparison", nil, .test, tests + "/outcome"),
            (tests + "/interval", [0.32, 0.4], .sample, tests + "/interval"),
            (tests + "/interval", [0.34, 0.28], .sample, tests + "/interval"),
            (tests + "/interval", [0.309, 0.311], .sample, tests + "/interval"),
            (tests + "/interval", [0.28, 0.52], .test, tests + "/outcome"),
            (tests + "/n", 12, .sample, tests + "/n"),
            (tests + "/n", nil, .sample, tests + "/interval"),
            (attack + "/tests", [], .claim, "/securityConsiderations/integrityViolationsReport/status"),
            (
                attack + "/mitigations", [["description": "x", "status": "verified"]], .claim,
                attack + "/mitigations/0/status"
            ),
            (attack + "/acceptedBy", "Jo", .claim, attack + "/acceptedBy"),
            ("/quantitativeAnalyses/unitary/0/evidence", nil, .claim, "/quantitativeAnalyses/unitary/0"),
            (
                "/securityConsiderations/operationalControls",
                [["control": "D001", "catalog": "a-mlsg", "status": "met"]], .claim,
                "/securityConsiderations/operationalControls/0/status"
            ),
            (
                "/securityConsiderations/threatModel/attackPaths/0/actor", "nobody", .reference,
                "/securityConsiderations/threatModel/attackPaths/0/actor"
            ),
            (
                "/securityConsiderations/integrityViolationsReport/attacks/-",
                ["id": "NISTAML.022", "applicable": "no", "rationale": "x"], .repeated,
                "/securityConsiderations/integrityViolationsReport/attacks/1/id"
            ),
            ("/schema", "security-model-card/v9", .syntax, "/schema"),
        ] as [(String, DocumentValue?, CardIssue.Rule, String)])
    func notices(_ pointer: String, _ value: DocumentValue?, _ rule: CardIssue.Rule, _ place: String) throws {
        let issues = CardCheck.issues(of: try CardFixture.changed(pointer, value), in: try CardFixture.context)
        #expect(issues.contains { $0.rule == rule && $0.pointer.description == place }, "\(issues)")
    }

    @Test func saysTheLine() throws {
        let text = CardFixture.text.replacing("outcome: fail", with: "outcome: pass")
        let line = try #require(
            text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains("outcome: pass") })
        let issues = CardCheck.issues(of: Array(text.utf8), in: try CardFixture.context)
        #expect(issues.map(\.line) == [line + 1])
    }

    @Test func holdsTheModelAtHandAgainstIt() throws {
        var context = try CardFixture.context
        context.subject = [Statement.Subject(name: "toy", sha256: CardFixture.evidenceDigest)]
        #expect(CardCheck.issues(of: SecurityCard(try CardFixture.document), in: context).map(\.rule) == [.subject])
    }

    @Test func holdsEvidenceFilesAgainstIt() throws {
        var context = try CardFixture.context
        context.evidence = [:]
        let card = try CardFixture.changed("/evidence/0/standing", "verified")
        #expect(CardCheck.issues(of: card, in: context).map(\.rule) == [.evidenceFile])
        let record = try CardFixture.record("check-result", "{kind: robustness-test}")
        context.evidence = [CardFixture.evidenceDigest: record]
        #expect(CardCheck.issues(of: card, in: context).map(\.pointer.description) == ["/evidence/0/standing"])
        let other = try CardFixture.record("check-result", "{kind: robustness-test}", about: CardFixture.evidenceDigest)
        context.evidence = [CardFixture.evidenceDigest: other]
        let plain = SecurityCard(try CardFixture.document)
        #expect(CardCheck.issues(of: plain, in: context).map(\.rule) == [.evidenceSubject])
    }

    @Test func checksExtensionsByTheirSchema() throws {
        var context = try CardFixture.context
        context.extensionSchema = try JSONSchema(["required": ["costCentre"]])
        let card = try CardFixture.changed("/extensions", ["x": 1])
        #expect(CardCheck.issues(of: card, in: context).map(\.pointer.description) == ["/extensions"])
        #expect(CardCheck.issues(of: try CardFixture.changed("/x-own", 5), in: try CardFixture.context).isEmpty)
    }

    /// Every truncation and every flipped byte ends in issues with a line, or in a card; nothing traps.
    @Test func brokenTextsEndInMessages() throws {
        let context = try CardFixture.context
        let bytes = Array(CardFixture.text.utf8)
        let json = DocumentWriter.json(try CardFixture.document)
        for text in [bytes, json] {
            for end in stride(from: 0, to: text.count, by: 23) {
                let issues = CardCheck.issues(of: Array(text[..<end]), in: context)
                // Cut within its last word, it is another card.
                #expect(!issues.isEmpty || end > text.count - 60, "cut at \(end)")
                #expect(issues.allSatisfy { $0.line > 0 }, "cut at \(end)")
            }
            for position in stride(from: 0, to: text.count, by: 61) {
                for bit in [0x01, 0x20, 0x80] as [UInt8] {
                    var broken = text
                    broken[position] ^= bit
                    let issues = CardCheck.issues(of: broken, in: context)
                    #expect(issues.allSatisfy { $0.line > 0 }, "flipped at \(position): \(issues)")
                }
            }
        }
    }
}

/// Test data beside the repository, when it is there.
enum Fixtures {
    static let shared: String? = {
        let root = "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
            separator: "/")
        return bytes(root + "/../shared/README.md") == nil ? nil : root + "/../shared"
    }()

    static func bytes(_ path: String) -> [UInt8]? {
        guard let file = unsafe fopen(path, "rb") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        while true {
            let byte = unsafe fgetc(file)
            guard byte >= 0 else { return bytes }
            bytes.append(UInt8(truncatingIfNeeded: byte))
        }
    }
}
