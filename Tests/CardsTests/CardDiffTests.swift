import AssayCore
import ByteParsing
import Documents
import Testing

@testable import Cards

@Suite struct CardDiffTests {
    private func changes(_ pointer: String, _ value: DocumentValue?) throws -> [CardDiff.Change] {
        CardDiff(from: SecurityCard(try CardFixture.document), to: try CardFixture.changed(pointer, value)).changes
    }

    @Test func nothingChangedIsNothing() throws {
        let card = SecurityCard(try CardFixture.document)
        #expect(CardDiff(from: card, to: card).changes.isEmpty)
    }

    @Test(
        arguments: [
            (
                "/securityConsiderations/integrityViolationsReport/attacks/0/tests/0/value", 0.2, CardDiff.Topic.test,
                CardDiff.Direction.worse
            ),
            ("/securityConsiderations/integrityViolationsReport/attacks/0/tests/0/value", 0.4, .test, .better),
            ("/securityConsiderations/integrityViolationsReport/attacks/0/tests/0/outcome", "pass", .test, .better),
            ("/securityConsiderations/integrityViolationsReport/attacks/0/tests", [], .test, .worse),
            ("/securityConsiderations/integrityViolationsReport/attacks/0/residualRisk", "high", .risk, .worse),
            ("/securityConsiderations/availabilityBreakdownReport/status", "partial", .report, .better),
            ("/securityConsiderations/integrityViolationsReport/attacks/0/acceptedBy", "Jo", .acceptance, .neutral),
            ("/issued/expires", "2028-01-01", .expiry, .neutral), ("/evidence", [], .evidence, .worse),
            ("/evidence/0/standing", "verified", .evidence, .neutral), ("/subject/version", "2", .subject, .neutral),
            ("/securityConsiderations/aiClassification/class", "GenAI", .classification, .neutral),
            ("/modelDetails/overview", "Else.", .other, .neutral),
            ("/securityConsiderations/threatModel/attackPaths/0/residualRisk", "low", .risk, .better),
        ] as [(String, DocumentValue, CardDiff.Topic, CardDiff.Direction)])
    func judges(_ pointer: String, _ value: DocumentValue, _ topic: CardDiff.Topic, _ direction: CardDiff.Direction)
        throws
    {
        let found = try changes(pointer, value)
        #expect(found.map(\.topic) == [topic] && found.map(\.direction) == [direction], "\(found)")
    }

    /// An attack is found by its id: one more before it moves nothing.
    @Test func placesDoNotMatter() throws {
        var document = try CardFixture.document
        let pointer = DocumentPointer(["securityConsiderations", "integrityViolationsReport", "attacks"])
        let attack = try #require(document.at(pointer)?[0])
        document.set([["id": "NISTAML.025", "applicable": "no", "rationale": "x"], attack], at: pointer)
        let found = CardDiff(from: SecurityCard(try CardFixture.document), to: SecurityCard(document)).changes
        #expect(
            found.map(\.path) == [["securityConsiderations", "integrityViolationsReport", "attacks", "NISTAML.025"]])
    }
}

@Suite struct CardRedactionTests {
    private func redact(
        _ document: DocumentValue, _ audience: CardRedaction.Audience
    ) throws -> CardRedaction {
        try CardRedaction(
            SecurityCard(document), for: audience, rules: CardRedaction.rules(CardRedaction.shippedBytes),
            originalDigest: CardFixture.digest)
    }

    @Test(arguments: CardRedaction.Audience.allCases)
    func whatIsLeftFitsTheSchema(_ audience: CardRedaction.Audience) throws {
        let redaction = try redact(CardFixture.document, audience)
        let schema = try #require(SecurityCard.schema)
        #expect(schema.violations(of: redaction.card.document).isEmpty)
        #expect(redaction.withheld.isEmpty == (audience == .internal))
        let issues = CardCheck.issues(of: redaction.card, in: try CardFixture.context).filter { $0.level == .error }
        #expect(issues.isEmpty, "\(issues)")
    }

    @Test func thePublicSeesNoWaysIn() throws {
        let redaction = try redact(CardFixture.document, .public)
        let document = redaction.card.document
        #expect(document.at(pointer: "/securityConsiderations/threatModel/attackPaths") == nil)
        #expect(document.at(pointer: "/modelDetails/architecture") == nil)
        #expect(document.at(pointer: "/evidence/0/uri") == nil)
        let attack = "/securityConsiderations/integrityViolationsReport/attacks/0"
        #expect(document.at(pointer: attack + "/rationale") == "withheld")
        #expect(document.at(pointer: attack + "/tests/0/value") == nil)
        #expect(document.at(pointer: attack + "/tests/0/outcome") == "fail")
        #expect(document.at(pointer: "/publication/redactedFrom/sha256") == .string(CardFixture.digest))
        #expect(redaction.withheld.contains { $0.rule.id == "attack-rationale" && $0.action == .replaced })
        #expect(redaction.withheld.contains { $0.rule.id == "architecture" && $0.action == .removed })
        let text = String(decoding: DocumentWriter.json(document), as: UTF8.self)
        for word in ["Follow the score", "Jo Example", "one linear layer", "scraped", "example.org"] {
            #expect(!text.contains(word), "\(word)")
        }
    }

    @Test func theCardsOwnWordGoesFirst() throws {
        var document = try CardFixture.document
        document["publication"] = [
            "restrict": [
                ["path": "/modelDetails/architecture", "audience": "public", "reason": "Published in a paper."],
                ["path": "/modelDetails/overview", "audience": "internal", "reason": "Names a client."],
                [
                    "path": "/securityConsiderations/threatModel/attackPaths/*/title", "audience": "public",
                    "reason": "Known.",
                ],
            ]
        ]
        let shown = try redact(document, .customer).card.document
        #expect(shown.at(pointer: "/modelDetails/overview") == "withheld")
        #expect(shown.at(pointer: "/modelDetails/architecture") == "one linear layer")
        #expect(
            try redact(document, .public).card.document.at(pointer: "/modelDetails/architecture") == "one linear layer")
        // Beside a title that is shown, everything else of a path is withheld, by word where the schema demands it.
        let path = try redact(document, .public).card.document.at(
            pointer: "/securityConsiderations/threatModel/attackPaths/0")
        #expect(
            path?["title"] == "Evasion through the interface" && path?["actor"] == nil && path?["steps"] == ["withheld"]
        )
    }

    @Test func whatCannotBeWithheldIsSaid() throws {
        var document = try CardFixture.document
        document["publication"] = [
            "restrict": [["path": "/revision", "audience": "internal", "reason": "x"]]
        ]
        #expect(throws: EvidenceError.self) { try redact(document, .public) }
        document["publication"] = nil
        document["revision"] = "one"
        #expect(throws: EvidenceError.self) { try redact(document, .public) }
    }

    @Test func theReviewIsEvidence() throws {
        let redaction = try redact(CardFixture.document, .public)
        let review = CardRedaction.Review(
            reviewer: "Kim", date: try CardFixture.day("2026-11-26"), cardDigest: CardFixture.digest,
            redactedDigest: CardFixture.evidenceDigest, rulesDigest: CardFixture.digest)
        let statement = try Statement(redaction.statement(review))
        #expect(statement.subjects.count == 2)
        let type = try #require(PredicateType(named: statement.predicateType))
        #expect(type.deficiency(of: statement.predicate) == nil)
        #expect(statement.predicate["withheld"]?.count == redaction.withheld.count)
    }

    @Test(arguments: [
        ("/a/*/b", ["a", "1", "b"], true), ("/a/*/b", ["a", "b"], false), ("/**/b", ["b"], true),
        ("/**/b", ["a", "c", "b"], true), ("/a/**", ["a"], false), ("/a/**", ["a", "b", "c"], true),
        ("/x-*", ["x-own"], true), ("/x-*", ["y-own"], false), ("/a~1b", ["a/b"], true),
    ])
    func pathsMatch(_ pattern: String, _ tokens: [String], _ expected: Bool) throws {
        #expect(try #require(PathPattern(pattern)).matches(DocumentPointer(tokens)) == expected)
    }
}
