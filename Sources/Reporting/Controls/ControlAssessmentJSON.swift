internal import AssayCore
package import ByteParsing
package import Controls

/// A control assessment in JSON: the predicate `control-assessment/v1`, as its schema under `Schemas/` describes it.
package struct ControlAssessmentJSON: Sendable {
    /// The predicate type; `Schemas/control-assessment-v1.schema.json` describes it.
    package static let schema = PredicateType.own + "control-assessment/v1"

    private let version: String

    /// - Parameter version: of the program.
    package init(version: String) { self.version = version }

    /// The in-toto statement about the subject's digests, or nil when it has none.
    package func statement(_ assessment: Assessment) -> [UInt8]? {
        let digests = assessment.subject.digests.sorted()
        guard !digests.isEmpty else { return nil }
        return Statement.write(
            subjects: digests.map { .init(name: assessment.subject.name, sha256: $0) }, predicateType: Self.schema
        ) { write(assessment, into: &$0) }
    }

    /// Writes one assessment as an object.
    package func write(_ assessment: Assessment, into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("schema", Self.schema)
            writer.object("tool") { writer in
                writer.member("name", "assay")
                writer.member("version", version)
            }
            writer.member("date", assessment.day.description)
            let profile = assessment.plan.profile
            writer.object("profile") { writer in
                writer.member("id", profile.id)
                writer.member("title", profile.title)
                writer.member("unsignedEvidence", profile.unsigned.rawValue)
            }
            writer.object("subject") { writer in
                writer.member("name", assessment.subject.name)
                writer.member("sha256", assessment.subject.digests.sorted())
            }
            writer.array("catalogues") { writer in
                for catalogue in assessment.catalogues { summary(of: catalogue, assessment, into: &writer) }
            }
            writer.array("evidence") { writer in
                for link in assessment.evidence { Self.link(link, into: &writer) }
            }
            writer.array("results") { writer in
                for result in assessment.results { Self.result(result, assessment, into: &writer) }
            }
        }
    }

    private func summary(of catalogue: Catalogue, _ assessment: Assessment, into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", catalogue.id)
            writer.member("title", catalogue.title)
            writer.member("version", catalogue.version)
            writer.object("states") { writer in
                for state in Assessment.State.allCases {
                    writer.member(state.rawValue, assessment.count(state, catalogue: catalogue.id))
                }
            }
        }
    }

    private static func link(_ link: EvidenceIndex.Link, into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", link.name)
            writer.member("sha256", link.sha256)
            writer.member("kind", link.kind)
            writer.member("standing", link.standing.name)
            if case .verified(let signers) = link.standing { writer.member("signers", signers) }
            writer.member("issued", link.issued?.description)
        }
    }

    private static func result(
        _ result: Assessment.Result, _ assessment: Assessment, into writer: inout JSONWriter
    ) {
        let item = assessment.item(of: result)
        writer.object { writer in
            writer.member("catalogue", assessment.catalogue(of: result).id)
            writer.member("control", item.control.id)
            writer.member("title", item.control.title)
            writer.member("level", item.level.rawValue)
            writer.member("state", result.state.rawValue)
            if result.restsOnUnsigned { writer.member("restsOnUnsignedEvidence", true) }
            if !result.remarks.isEmpty { writer.member("remarks", result.remarks) }
            if let word = result.attestation {
                writer.key("attestation")
                attestation(word, into: &writer)
            }
            writer.objects("findings", of: assessment.findings(of: result)) { writer, finding in
                writer.member("kind", finding.query.kind)
                writer.member("needs", finding.needs)
                writer.member("state", finding.state.rawValue)
                if !finding.evidence.isEmpty { writer.member("evidence", finding.evidence.map(\.sha256)) }
                if !finding.failures.isEmpty {
                    writer.objects("failures", of: finding.failures) { writer, failure in
                        writer.member("evidence", failure.link.sha256)
                        writer.member("reason", failure.reason)
                    }
                }
            }
        }
    }

    private static func attestation(_ word: Attestation, into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("statement", word.statement.rawValue)
            writer.member("by", word.by)
            writer.member("role", word.role)
            writer.member("date", word.date?.description)
            writer.member("expires", word.expires?.description)
            if !word.reason.isEmpty { writer.member("reason", word.reason) }
            writer.member("reference", word.reference)
            writer.member("place", word.place)
            writer.member("evidence", word.evidence)
        }
    }
}
