import AssayCore
import Controls
import Testing

/// For each kind of evidence a predicate that answers it, and one that all but does: a query that changes its meaning
/// changes one of them.
@Suite struct KindQueryTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let kind: String
        let type: String
        let good: String
        let poor: String
        /// A part of the reason.
        let reason: String
        var testDescription: String { "\(kind) by \(type)" }

        init(_ kind: String, _ type: String, _ good: String, _ poor: String, _ reason: String) {
            (self.kind, self.type, self.good, self.poor, self.reason) = (kind, type, good, poor, reason)
        }

        /// A check result of that kind; the members of `more` are added, or replace others.
        static func check(_ kind: String, _ good: String, _ poor: String, _ reason: String) -> Sample {
            Sample(
                kind, "check-result", #"{"kind": "\#(kind)", "tool": {"name": "t"}, \#(good)}"#,
                #"{"kind": "\#(kind)", "tool": {"name": "t"}, \#(poor)}"#, reason)
        }
    }

    private static let passed = #""outcome": "passed", "date": "2026-11-20""#
    private static let month = #""period": {"start": "2026-10-20", "end": "2026-11-20"}"#
    private static let card = #"""
        {"schema": "security-model-card/v1", "subject": {"name": "m"}, "issued": {"date": "2026-11-01", "author": "a"},
         "modelDetails": {"overview": "o", "owner": "w", "type": "t"},
         "intendedUse": {"primaryUses": ["u"], "outOfScope": ["x"]}, "trainingData": [{"name": "d"}],
         "evaluationData": [{"name": "e"}], "quantitativeAnalyses": {"unitary": [{"metric": "m", "value": 1}]},
         "caveatsAndRecommendations": {"caveats": ["c"]},
         "securityConsiderations": {"aiClassification": {"class": "PredAI"},
          "availabilityBreakdownReport": {"status": "assessed"}, "integrityViolationsReport": {"status": "partial"},
          "privacyCompromiseReport": {"status": "not-applicable"},
          "threatModel": {"attackerKnowledge": "black-box", "reviewed": "2026-10-01"},
          "lifecycle": {"retentionUntil": "2028-01-01", "destruction": "erase"}, "disclosurePolicy": "SECURITY.md"}}
        """#

    private static func broken(_ part: String, _ replacement: String) -> String {
        card.replacing(part, with: replacement)
    }

    static let samples: [Sample] = [
        Sample(
            "signature", "signature-verification", #"{"outcome": "verified"}"#, #"{"outcome": "not-verified"}"#,
            "outcome is not-verified"),
        Sample(
            "dataset-signature", "signature-verification", #"{"outcome": "verified"}"#, #"{"outcome": "failed"}"#,
            "outcome is failed"),
        Sample(
            "provenance", "slsa-provenance",
            #"{"runDetails": {"builder": {"id": "b"}}, "buildDefinition": {"resolvedDependencies": [{"digest": {"sha256": "x"}}]}}"#,
            #"{"runDetails": {"builder": {"id": "b"}}, "buildDefinition": {"resolvedDependencies": [{"name": "x"}]}}"#,
            "sha256 is missing"),
        Sample(
            "provenance", "link", #"{"name": "s", "materials": [{"a": "b"}]}"#, #"{"name": "s", "materials": []}"#,
            "materials/* is missing"),
        Sample(
            "ml-bom", "cyclonedx",
            #"{"metadata": {"component": {"type": "machine-learning-model", "hashes": [{"content": "x"}]}}}"#,
            #"{"metadata": {"component": {"type": "application", "hashes": [{"content": "x"}]}}}"#,
            "type is application"),
        Sample(
            "ml-bom", "spdx", #"{"@graph": [{"type": "ai_AIPackage"}]}"#,
            #"{"@graph": [{"type": "software_Package"}]}"#, "software_Package"),
        Sample(
            "artefact-scan", "scan", #"{"summary": {"verdict": "passed"}, "finished": "2026-11-01T00:00:00Z"}"#,
            #"{"summary": {"verdict": "passed"}, "finished": "2026-08-01T00:00:00Z"}"#, "117 days ago"),
        Sample(
            "artefact-scan", "scan", #"{"summary": {"verdict": "passed"}, "finished": "2026-11-01T00:00:00Z"}"#,
            #"{"summary": {"verdict": "incomplete"}, "finished": "2026-11-01T00:00:00Z"}"#, "verdict is incomplete"),
        Sample(
            "dependency-scan", "vulns",
            #"{"metadata": {"scanFinishedOn": "2026-11-20T00:00:00Z"}, "scanner": {"result": [{"severity": [{"score": "5.0"}]}]}}"#,
            #"{"metadata": {"scanFinishedOn": "2026-11-20T00:00:00Z"}, "scanner": {"result": [{"severity": [{"score": "9.8"}]}]}}"#,
            "must not"),
        .check("dependency-scan", passed, #""outcome": "passed", "date": "2026-10-20""#, "37 days ago"),
        Sample(
            "model-card", "security-card", card, broken(#""outOfScope": ["x"]"#, #""outOfScope": []"#),
            "outOfScope/* is missing"),
        Sample(
            "model-card", "model-card", #"{"schema": "s", "subject": {"name": "m"}}"#, #"{"schema": "s"}"#,
            "subject is missing"),
        Sample("data-card", "data-card", #"{"schema": "data-card/v1"}"#, "{}", "schema is missing"),
        Sample(
            "security-card", "security-card", card,
            broken(
                #""integrityViolationsReport": {"status": "partial"}"#,
                #""integrityViolationsReport": {"status": "not-assessed"}"#), "is not-assessed"),
        Sample(
            "security-card", "security-card", card,
            broken(#""author": "a""#, #""author": "a", "expires": "2026-11-25""#), "gone by"),
        Sample(
            "threat-model", "security-card", card, broken(#""reviewed": "2026-10-01""#, #""reviewed": "2025-10-01""#),
            "421 days ago"),
        .check(
            "threat-model", #""reference": "r", "date": "2026-11-20""#, #""date": "2026-11-20""#, "reference is missing"
        ),
        .check(
            "access-policy", #"\#(passed), "enforced": true"#, #"\#(passed), "enforced": false"#, "enforced is false"),
        .check("audit-log", #"\#(passed), \#(month)"#, #"\#(passed), "period": {"end": "2026-10-01"}"#, "56 days ago"),
        .check("version-history", #"\#(passed), "reference": "r""#, passed, "reference is missing"),
        Sample(
            "review-approval", "approval", #"{"decision": "approved", "approver": "a", "reason": "r"}"#,
            #"{"decision": "rejected", "approver": "a", "reason": "r"}"#, "decision is rejected"),
        Sample(
            "review-approval", "approval",
            #"{"decision": "approved", "approver": "a", "expires": "2026-12-01T00:00:00Z"}"#,
            #"{"decision": "approved", "approver": "a", "expires": "2026-11-01T00:00:00Z"}"#, "gone by"),
        .check("red-team-run", #"\#(passed), "samples": 1000"#, #"\#(passed), "samples": 999"#, "at least 1000"),
        .check(
            "red-team-run", #"\#(passed), "samples": 1000"#,
            #""outcome": "passed", "date": "2026-05-01", "samples": 1000"#, "209 days ago"),
        .check(
            "robustness-test", #"\#(passed), "samples": 100, "metrics": [{"value": 1}]"#,
            #"\#(passed), "samples": 100, "metrics": []"#, "missing"),
        .check("backdoor-test", passed, #""outcome": "failed", "date": "2026-11-20""#, "outcome is failed"),
        .check(
            "privacy-test", #"\#(passed), "samples": 100, "metrics": [{"value": 1}]"#,
            #"\#(passed), "samples": 99, "metrics": [{"value": 1}]"#, "at least 100"),
        .check(
            "fairness-report", #"\#(passed), "metrics": [{"value": 1, "group": "g"}]"#,
            #"\#(passed), "metrics": [{"value": 1}]"#, "group is missing"),
        Sample(
            "evaluation-report", "evaluation", #"{"metrics": [{"value": 1}], "data": [{"digest": {"sha256": "x"}}]}"#,
            #"{"metrics": [{"value": 1}], "data": [{"name": "x"}]}"#, "sha256 is missing"),
        .check("evaluation-report", #"\#(passed), "metrics": [{"value": 1}]"#, passed, "missing"),
        Sample(
            "data-validation", "dataset-check", #"{"check": "sample-size", "outcome": "passed"}"#,
            #"{"check": "sample-size", "outcome": "inconclusive"}"#, "inconclusive"),
        .check("data-validation", passed, #""outcome": "failed", "date": "2026-11-20""#, "failed"),
        .check("feature-report", #""metrics": [{"value": 1}]"#, #""metrics": []"#, "missing"),
        .check(
            "anonymisation-report", #"\#(passed), "metrics": [{"name": "epsilon"}]"#,
            #"\#(passed), "metrics": [{"name": "loss"}]"#, "is loss"),
        Sample(
            "unit-tests", "test-result", #"{"result": "PASSED", "configuration": []}"#,
            #"{"result": "FAILED", "configuration": []}"#, "FAILED"),
        .check("unit-tests", passed, #""outcome": "failed""#, "failed"),
        .check(
            "drift-monitor", #""active": true, "baseline": "b", \#(month)"#, #""active": true, \#(month)"#,
            "baseline is missing"),
        .check("ood-monitor", #""active": true, \#(month)"#, #""active": false, \#(month)"#, "active is false"),
        .check(
            "usage-monitor", #""active": true, "alerting": true, \#(month)"#,
            #""active": true, "alerting": false, \#(month)"#, "alerting is false"),
        .check("rate-limit", #"\#(passed), "enforced": true"#, passed, "enforced is missing"),
        .check(
            "input-filter", #"\#(passed), "enforced": true"#,
            #""outcome": "failed", "enforced": true, "date": "2026-11-20""#, "failed"),
        .check(
            "output-filter", #"\#(passed), "enforced": true"#,
            #""outcome": "passed", "enforced": true, "date": "2025-11-20""#, "371 days ago"),
        .check("tool-policy", #"\#(passed), "enforced": true"#, #"\#(passed), "enforced": false"#, "enforced is false"),
        .check("encryption", passed, #""outcome": "failed", "date": "2026-11-20""#, "failed"),
        .check("hardening", passed, #""outcome": "passed""#, "does not say when"),
        Sample("retention", "security-card", card, broken("2028-01-01", "2026-01-01"), "gone by"),
        Sample(
            "retention", "dataset-check", #"{"check": "retention", "outcome": "passed"}"#,
            #"{"check": "retention", "outcome": "failed"}"#, "failed"),
        .check("retention", passed, #""outcome": "failed""#, "failed"),
        .check("deletion-record", #"\#(passed), "reference": "r""#, passed, "reference is missing"),
        .check(
            "incident-record", #""date": "2026-11-20", "reference": "r""#, #""date": "2026-11-20""#,
            "reference is missing"),
        Sample(
            "disclosure-policy", "security-card", card, broken(#", "disclosurePolicy": "SECURITY.md""#, ""), "missing"),
        .check("disclosure-policy", #""reference": "r""#, #""reference": """#, "reference is missing"),
        Sample("owner", "security-card", card, broken(#""owner": "w""#, #""owner": """#), "owner is missing"),
        Sample(
            "owner", "data-card", #"{"schema": "data-card/v1", "maintenance": {"owner": "w"}}"#,
            #"{"schema": "data-card/v1"}"#,
            "owner is missing"),
    ]

    @Test(arguments: samples) func answersTheKind(_ sample: Sample) throws {
        let (_, result) = try Fixture.state(
            needs: sample.kind, [try record(sample, sample.good)], subject: subject(sample))
        #expect(result.state == .present)
    }

    @Test(arguments: samples) func allButAnswersTheKind(_ sample: Sample) throws {
        let (assessment, result) = try Fixture.state(
            needs: sample.kind, [try record(sample, sample.poor)], subject: subject(sample))
        #expect(result.state == .partial)
        let reason = try #require(assessment.findings(of: result).first?.failures.first?.reason)
        #expect(reason.contains(sample.reason), "\(reason)")
    }

    @Test func everyKindAndEveryAnswerHasASample() throws {
        let covered = Set(Self.samples.map { "\($0.kind) \($0.type)" })
        for kind in try ControlLibrary.shipped().vocabulary.kinds {
            for answer in kind.answers { #expect(covered.contains("\(kind.id) \(answer.type)")) }
        }
    }

    @Test func evidenceOfAnotherKindIsNotLookedAt() throws {
        let record = try Fixture.record("check-result", #"{"kind": "rate-limit", "outcome": "failed"}"#)
        #expect(try Fixture.state(needs: "input-filter", [record]).1.state == .missing)
        let check = try Fixture.record("dataset-check", #"{"check": "retention", "outcome": "passed"}"#)
        #expect(try Fixture.state(needs: "data-validation", [check]).1.state == .missing)
    }

    /// Evidence about data is found through the data that the model's card names, and not as evidence about the model.
    @Test func aboutDataIsNotAboutTheModel() throws {
        let record = try Fixture.record("signature-verification", #"{"outcome": "verified"}"#)
        #expect(try Fixture.state(needs: "dataset-signature", [record]).1.state == .missing)
        let other = try Fixture.record("signature-verification", #"{"outcome": "verified"}"#, subject: Fixture.dataset)
        let subject = AssessmentSubject(name: "m", digests: [Fixture.model], data: [Fixture.dataset])
        #expect(try Fixture.state(needs: "signature", [other], subject: subject).1.state == .missing)
        #expect(try Fixture.state(needs: "dataset-signature", [other], subject: subject).1.state == .present)
    }

    private func needsData(_ sample: Sample) -> Bool { ["dataset-signature", "data-card"].contains(sample.kind) }

    private func record(_ sample: Sample, _ predicate: String) throws -> EvidenceRecord {
        try Fixture.record(sample.type, predicate, subject: needsData(sample) ? Fixture.dataset : Fixture.model)
    }

    private func subject(_ sample: Sample) -> AssessmentSubject {
        AssessmentSubject(name: "m", digests: [Fixture.model], data: needsData(sample) ? [Fixture.dataset] : [])
    }
}
