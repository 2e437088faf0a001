import AssayCore
import Cards
import Documents
import Reporting
import Testing

/// Cards for the tests of pages.
enum CardFixture {
    /// Text that wants out of wherever it is put.
    static let hostile =
        #"<script>alert(1)</script><img src=x onerror=alert(2)>"' ]]> {{x}} [a](javascript:alert(3)) ![p](https://e.example/p.png) <https://ok.example/?a=1&b=2> | @team `c`"#

    static let security = """
        schema: security-model-card/v1
        id: urn:uuid:00000000-0000-4000-8000-000000000001
        revision: 2
        subject:
          name: toy-classifier
          version: "1.0"
          digest: {sha256: "0000000000000000000000000000000000000000000000000000000000000001"}
          signature: toy.sig
        issued: {date: "2026-11-21", expires: "2026-12-01", author: Jo Example, nextReview: "2026-11-01"}
        modelDetails: {overview: "Toy *classifier*.", owner: Vision team, type: network}
        intendedUse: {primaryUses: [Demonstration], outOfScope: [Safety functions]}
        factors: {relevant: [light, rain], evaluation: [light], notEvaluatedReason: No rain fell.}
        metrics: {measures: [accuracy]}
        evaluationData: [{name: toy-eval, sensitivity: public}]
        trainingData: [{name: toy-train, sensitivity: unknown}]
        quantitativeAnalyses:
          unitary:
            - {metric: accuracy, value: 0.91, interval: [0.89, 0.93], n: 1000, evidence: ev-one}
            - {metric: accuracy, value: 0.72, interval: [0.6, 0.8], n: 90, slice: {light: night}}
        ethicalConsiderations: {}
        securityConsiderations:
          taxonomy: {name: NIST AI 100-2, edition: E2025}
          aiClassification: {class: PredAI, rationale: Predicts one label.}
          availabilityBreakdownReport: {status: not-assessed, summary: None yet., reason: Planned for spring.}
          integrityViolationsReport:
            status: assessed
            summary: Evasion was measured.
            assessed: "2026-11-20"
            limitations: [One attack only]
            attacks:
              - id: NISTAML.022
                applicable: "yes"
                rationale: Anybody can ask.
                residualRisk: high
                acceptedBy: Head of things
                acceptedUntil: "2027-01-01"
                tests:
                  - {evidence: ev-one, metric: robust accuracy, value: 0.31, threshold: 0.5, comparison: ">=", outcome: fail, n: 1000, interval: [0.28, 0.34]}
              - {id: NISTAML.023, applicable: "yes", rationale: Base model., residualRisk: unknown, mitigations: [{description: Scan, status: planned}]}
              - {id: NISTAML.024, applicable: unknown, rationale: unknown}
              - {id: NISTAML.012, applicable: "no", rationale: Own labels.}
          privacyCompromiseReport: {status: partial, summary: Some., assessed: "2026-11-20", limitations: [], attacks: []}
        caveatsAndRecommendations: {furtherTesting: [Rain]}
        evidence:
          - {id: ev-one, type: robustness-test, title: PGD run, created: "2026-11-20T10:00:00Z", digest: {sha256: "0000000000000000000000000000000000000000000000000000000000000002"}, subjectDigest: {sha256: "0000000000000000000000000000000000000000000000000000000000000003"}}
        extensions: {approvals: {council: agreed}}
        x-register: {number: 7}
        """

    static let data = """
        schema: data-card/v1
        subject: {name: toy-data}
        issued: {date: "2026-11-21", author: unknown}
        motivation: {purpose: Demonstration}
        sensitivity: {class: personal}
        retention: {rule: A year, until: "2026-01-01"}
        statistics:
          source: {name: toy.csv, sha256: "00", format: csv}
          rows: 100
          duplicates: 3
          columns: [{name: x, type: number, missing: 1, minimum: 0, maximum: 2, mean: 1}]
          classes: {column: y, values: [{value: a, count: 90, share: 0.9}, {value: b, count: 10, share: 0.1}], smallestToLargest: 0.111}
          labellers: {column: who, count: 2, largest: {labeller: L1, count: 60, share: 0.6}}
          limits: [Something was not counted]
        x-own: {a: b}
        """

    static let hub = """
        ---
        license: mit
        language: no
        model-index:
        - name: toy
          results:
          - task: {type: t}
            dataset: {type: d, name: D}
            metrics: [{type: accuracy, value: 0.9}]
        ---
        # Toy

        Text with `code`.
        """

    static var context: CardContext {
        var context = CardContext(version: "0.1.0", today: CalendarDate("2026-11-22"))
        context.source = ("card.yaml", String(repeating: "ab", count: 32))
        return context
    }

    static func read(_ text: String) throws -> DocumentValue { try DocumentReader.read(Array(text.utf8)) }

    static func render(_ card: CardReport.Card, _ format: CardReport.Format, _ context: CardContext = context) -> String
    {
        String(decoding: CardReport(card, context).render(format), as: UTF8.self)
    }

    /// The same document with hostile text in place of every text, names of members and schema left alone.
    static func poisoned(_ value: DocumentValue, keeping names: Set<String> = ["schema", "status", "applicable"])
        -> DocumentValue
    {
        switch value.content {
        case .string(let text): return .string(hostile + text)
        case .array(let elements): return .array(elements.map { poisoned($0) })
        case .object(let members):
            return DocumentValue(
                .object(
                    members.map { member in
                        names.contains(member.name)
                            ? member : DocumentValue.Member(name: member.name, value: poisoned(member.value))
                    } + [DocumentValue.Member(name: hostile, value: .string(hostile))]))
        default: return value
        }
    }
}
