internal import AssayCore
package import Controls

/// Tables of controls as comma-separated values (RFC 4180).
package struct ControlCSV: Sendable {
    package init() {}

    /// One line for each control of each model.
    package func render(_ assessments: [Assessment]) -> String {
        var text = CSV.line([
            "model", "sha256", "catalogue", "control", "title", "level", "state", "evidence", "failed conditions",
            "attested by", "expires", "remarks", "date",
        ])
        for assessment in assessments {
            for result in assessment.results {
                let item = assessment.item(of: result)
                let findings = assessment.findings(of: result)
                let evidence = findings.flatMap { finding in
                    finding.evidence.map { "\(finding.query.kind) \($0.name) sha256:\($0.sha256)" }
                }
                let failures = findings.flatMap { finding in
                    finding.failures.map { "\(finding.query.kind) \($0.link.name): \($0.reason)" }
                }
                text += CSV.line([
                    assessment.subject.name, assessment.subject.digest, assessment.catalogue(of: result).id,
                    item.control.id, item.control.title, item.level.rawValue, result.state.rawValue,
                    evidence.joined(separator: "; "), failures.joined(separator: "; "),
                    result.attestation?.by ?? "", result.attestation?.expires?.description ?? "",
                    result.remarks.joined(separator: "; "), assessment.day.description,
                ])
            }
        }
        return text
    }
}

/// Comma-separated values that a spreadsheet opens without running anything.
enum CSV {
    /// Cells in quotes; a text that a spreadsheet would take for a formula begins with an apostrophe.
    static func line(_ cells: [String]) -> String {
        cells.map { cell in
            let text = Printable.line(cell, limit: 30_000)
            let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
            return "\"" + (isFormula ? "'" : "") + text.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",") + "\r\n"
    }
}
