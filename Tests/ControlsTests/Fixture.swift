import AssayCore
import ByteParsing
import Controls
import Testing

/// Evidence and plans that tests are made of.
enum Fixture {
    static let model = String(repeating: "0a", count: 32)
    static let dataset = String(repeating: "0d", count: 32)
    static let today = CalendarDate("2026-11-26")

    static func record(
        _ type: String, _ predicate: String, name: String = "evidence.json", subject: String = model,
        standing: EvidenceRecord.Standing = .verified(signers: ["key"])
    ) throws -> EvidenceRecord {
        let uri =
            type.contains("://")
            ? type : try #require(PredicateType(named: type)?.uri ?? "https://assay.dev/evidence/\(type)/v1")
        let bytes = Statement.write(subjects: [.init(name: "model", sha256: subject)], predicateType: uri) {
            $0.raw(predicate)
        }
        // The digest of a record is what tells two pieces of evidence apart.
        let sha256 = NameBasedIdentifier.uuid(name, type, predicate, subject)
        return EvidenceRecord(name: name, sha256: sha256, statement: try Statement(bytes), standing: standing)
    }

    static func profile(unsigned: ControlProfile.UnsignedEvidence) -> ControlProfile {
        var profile = ControlProfile()
        profile.unsigned = unsigned
        return profile
    }

    /// A library of the shipped vocabulary, and one catalogue of the controls given as YAML.
    static func library(_ controls: String) throws -> ControlLibrary {
        var library = try ControlLibrary.shipped()
        try library.add(Array(catalogue(controls).utf8), file: "own.yaml")
        return library
    }

    static func catalogue(_ controls: String) -> String {
        "schema: control-catalog/v1\nid: own\ntitle: Own\nsource: tests\ncontrols:\n" + controls
    }

    /// What the one control of `needs` comes to.
    static func state(
        needs: String, _ records: [EvidenceRecord], profile: ControlProfile = ControlProfile(),
        attestations: String? = nil, subject: AssessmentSubject = AssessmentSubject(name: "m", digests: [model])
    ) throws -> (Assessment, Assessment.Result) {
        let library = try library(
            "- {id: C1, title: One, kind: do, evidence: [person], needs: \(needs)}\n")
        let plan = QueryPlan(library, profile: profile, only: ["own"])
        var index = EvidenceIndex(plan, today: try #require(today))
        for record in records { index.add(record) }
        var words = Attestations()
        if let attestations { try words.add(Array(attestations.utf8), file: "words.yaml", library: library) }
        let assessment = Assessor(index, attestations: words).assess(subject)
        return (assessment, try #require(assessment.results.first))
    }
}
