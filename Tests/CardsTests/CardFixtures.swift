import AssayCore
import ByteParsing
import Documents

@testable import Cards

/// A complete card; tests change one thing of it and say what has to be noticed.
enum CardFixture {
    static let digest = String(repeating: "a", count: 64)
    static let evidenceDigest = String(repeating: "b", count: 64)
    static let today = CalendarDate("2026-11-26") ?? CalendarDate("2026-01-01")

    static let text = """
        schema: security-model-card/v1
        id: urn:uuid:00000000-0000-4000-8000-000000000001
        revision: 1
        subject:
          name: toy
          digest:
            sha256: \(digest)
        issued:
          date: 2026-11-20
          expires: 2027-05-20
          author: Jo Example
        modelDetails:
          overview: Toy classifier.
          owner: Vision team
          type: logistic regression
          architecture: one linear layer
        intendedUse:
          primaryUses:
            - Demonstration
          outOfScope:
            - Safety functions
        factors: {}
        metrics:
          measures:
            - accuracy
        evaluationData: []
        trainingData:
          - name: toy-train
            sensitivity: public
            collection: scraped
        quantitativeAnalyses:
          unitary:
            - metric: accuracy
              value: 0.91
              n: 1000
              interval: [0.89, 0.93]
              evidence: ev-robust
        ethicalConsiderations: {}
        securityConsiderations:
          taxonomy:
            name: NIST AI 100-2
            edition: E2025
          aiClassification:
            class: PredAI
            rationale: Predicts one label.
          threatModel:
            attackerKnowledge: gray-box
            assets:
              - id: labels
                description: The labels.
            actors:
              - id: user
                description: Whoever may ask.
            attackPaths:
              - id: evade
                title: Evasion through the interface
                actor: user
                asset: labels
                steps: [Ask often, Follow the score]
                atlas: [AML.T0015]
                residualRisk: medium
          availabilityBreakdownReport:
            status: not-assessed
            summary: No test yet.
            reason: Planned.
          integrityViolationsReport:
            status: assessed
            summary: Evasion measured.
            assessed: 2026-11-20
            limitations:
              - One attack only
            attacks:
              - id: NISTAML.022
                applicable: 'yes'
                rationale: Reachable.
                residualRisk: medium
                tests:
                  - evidence: ev-robust
                    metric: robust accuracy
                    value: 0.31
                    threshold: 0.5
                    comparison: '>='
                    outcome: fail
                    n: 1000
                    interval: [0.28, 0.34]
          privacyCompromiseReport:
            status: not-applicable
            summary: Nothing private.
            reason: Public data alone.
          lifecycle:
            retentionUntil: 2030-01-01
            destruction: Overwritten
        caveatsAndRecommendations: {}
        evidence:
          - id: ev-robust
            type: robustness-test
            title: PGD run
            digest:
              sha256: \(evidenceDigest)
            subjectDigest:
              sha256: \(digest)
            created: 2026-11-20T10:00:00Z
            uri: https://example.org/run

        """

    static var document: DocumentValue {
        get throws { try DocumentReader.yaml(Array(text.utf8)) }
    }

    static var context: CardCheck.Context {
        get throws { CardCheck.Context(today: try day("2026-11-26")) }
    }

    static func day(_ text: String) throws -> CalendarDate {
        guard let day = CalendarDate(text) else { throw EvidenceError("no date: \(text)") }
        return day
    }

    /// The card with something else at a place; nil takes away what is there.
    static func changed(_ pointer: String, _ value: DocumentValue?) throws -> SecurityCard {
        var document = try document
        guard let pointer = DocumentPointer(text: pointer) else { throw EvidenceError("no pointer") }
        if let value { document.set(value, at: pointer) } else { document.remove(at: pointer) }
        return SecurityCard(document)
    }

    /// A record about a digest, with a predicate in YAML.
    static func record(
        _ type: String, _ predicate: String, about digest: String = CardFixture.digest, name: String = "run.json",
        standing: EvidenceRecord.Standing = .unsigned, sha256: String = CardFixture.evidenceDigest
    ) throws -> EvidenceRecord {
        guard let kind = PredicateType(named: type) else { throw EvidenceError("no type") }
        let value = try DocumentReader.yaml(Array(predicate.utf8))
        let bytes = Statement.write(
            subjects: [Statement.Subject(name: "toy", sha256: digest)], predicateType: kind.uri
        ) { value.write(to: &$0) }
        return EvidenceRecord(name: name, sha256: sha256, statement: try Statement(bytes), standing: standing)
    }
}
