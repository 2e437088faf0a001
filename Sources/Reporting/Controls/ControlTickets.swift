internal import AssayCore
internal import ByteParsing
package import Controls

/// Open controls as tickets: plain JSON for a webhook.
///
/// A ticket's id is the same in every run for the same model and control, so that a receiver can tell a new ticket from
/// one that it has; its state and text may change under it.
package struct ControlTickets: Sendable {
    /// Names the layout; it changes when a reader of the old one would break.
    package static let schema = "urn:assay:control-tickets:1"

    package init() {}

    /// The id of a model's control: of the model's digest (or its name when it has none), the catalogue and the control.
    static func id(_ assessment: Assessment, _ result: Assessment.Result) -> String {
        let subject = assessment.subject
        return NameBasedIdentifier.uuid(
            "control-ticket", subject.digest.isEmpty ? subject.name : subject.digest,
            assessment.catalogue(of: result).id, assessment.item(of: result).control.id)
    }

    /// - Parameter all: those that are no must-haves as well.
    package func render(_ assessments: [Assessment], all: Bool) -> [UInt8] {
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member("schema", Self.schema)
            writer.array("tickets") { writer in
                for assessment in assessments {
                    for result in assessment.results where result.state == .missing || result.state == .partial {
                        guard all || assessment.item(of: result).level == .must else { continue }
                        Self.ticket(assessment, result, into: &writer)
                    }
                }
            }
        }
        return writer.bytes + [0x0A]
    }

    private static func ticket(
        _ assessment: Assessment, _ result: Assessment.Result, into writer: inout JSONWriter
    ) {
        let item = assessment.item(of: result)
        let catalogue = assessment.catalogue(of: result)
        writer.object { writer in
            writer.member("id", id(assessment, result))
            writer.member("title", "\(assessment.subject.name): \(item.control.id) \(item.control.title)")
            writer.member("state", result.state.rawValue)
            writer.member("level", item.level.rawValue)
            writer.member("catalogue", catalogue.id)
            writer.member("control", item.control.id)
            writer.object("subject") { writer in
                writer.member("name", assessment.subject.name)
                writer.member("sha256", assessment.subject.digests.sorted())
            }
            writer.member("date", assessment.day.description)
            writer.member("labels", ["assay", catalogue.id, item.level.rawValue])
            var lines = [item.control.summary ?? item.control.title]
            var answers: [String] = []
            for finding in assessment.findings(of: result) where finding.state != .present {
                for failure in finding.failures {
                    lines.append("\(finding.query.kind): \(failure.link.name): \(failure.reason)")
                }
                if finding.failures.isEmpty {
                    lines.append("\(finding.needs): none")
                }
                let answer = "\(finding.query.kind): \(finding.answeredBy)"
                if !answers.contains(answer) { answers.append(answer) }
            }
            writer.member("body", (lines + result.remarks).joined(separator: "\n"))
            writer.member("answeredBy", answers)
        }
    }
}
