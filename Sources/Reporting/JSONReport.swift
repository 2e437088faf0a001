internal import AssayCore
internal import ByteParsing
internal import Scanning

/// The report for programs: `Schemas/scan-report-v1.schema.json` describes it, and adding members is no break.
package struct JSONReport: Sendable {
    package init() {}

    /// One JSON object, indented.
    package func render(_ report: ScanReport) -> String {
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in Self.write(report, into: &writer) }
        return writer.text + "\n"
    }

    /// The members of the report's object: also what the in-toto statement has as its predicate.
    static func write(_ report: ScanReport, into writer: inout JSONWriter) {
        writer.member("schema", ScanReport.schema)
        writer.object("tool") { writer in
            writer.member("name", "assay")
            writer.member("version", report.version)
            writer.member("rules", report.catalogue.rules.count)
        }
        writer.array("files") { writer in
            for file in report.files { writer.object { writer in write(file, report.catalogue, into: &writer) } }
        }
        writer.member("notices", report.notices)
        writer.object("summary") { writer in summarise(report, into: &writer) }
    }

    private static func write(_ file: ScanReport.File, _ catalogue: RuleCatalogue, into writer: inout JSONWriter) {
        let report = file.report
        writer.member("path", report.path)
        writer.member("format", report.format)
        writer.member("size", report.size)
        writer.member("outcome", file.outcome.rawValue)
        writer.member("severity", report.severity.name)
        writer.member("sha256", report.digest?.description)
        writer.array("findings") { writer in
            for finding in report.findings { writer.object { writer in write(finding, catalogue, into: &writer) } }
        }
        writer.member("incomplete", report.incomplete)
        writer.member("error", report.error)
        if !file.suppressed.isEmpty {
            writer.objects("suppressed", of: file.suppressed) { writer, one in
                write(one.finding, catalogue, into: &writer)
                writer.object("suppression") { writer in
                    writer.member("source", one.source.rawValue)
                    writer.member("reason", one.reason)
                    writer.member("expires", one.expires.description)
                }
            }
        }
    }

    private static func write(_ finding: Finding, _ catalogue: RuleCatalogue, into writer: inout JSONWriter) {
        let rule = catalogue[finding.rule]
        writer.member("rule", finding.rule)
        writer.member("severity", finding.severity.name)
        writer.member("title", rule?.title ?? finding.rule)
        writer.member("message", finding.message)
        writer.member("where", finding.location.text)
        writer.object("location") { writer in
            writer.member("members", finding.location.members)
            writer.member("offset", finding.location.offset)
            writer.member("detail", finding.location.detail)
        }
        writer.objects("details", of: finding.details) { writer, detail in
            writer.member("name", detail.name)
            writer.member("value", detail.value)
        }
        writer.member("occurrences", finding.occurrences)
        writer.member("explanation", rule?.explanation)
        writer.member("remedy", rule?.remedy)
        writer.member("cwe", rule?.cwe ?? [])
        writer.member("atlas", rule?.atlas ?? [])
        writer.member("nist", rule?.nist ?? [])
        writer.member("cve", rule?.cve ?? [])
    }

    private static func summarise(_ report: ScanReport, into writer: inout JSONWriter) {
        writer.member("verdict", report.verdict.name)
        writer.member("exitCode", Int(report.verdict.rawValue))
        writer.member("threshold", report.threshold.name)
        writer.member("severity", report.severity.name)
        writer.member("files", report.files.count)
        writer.member("bytes", report.size)
        writer.object("outcomes") { writer in
            for outcome in FileReport.Outcome.allCases { writer.member(outcome.rawValue, report.count(outcome)) }
        }
        writer.member("findings", report.findingCount)
        writer.object("severities") { writer in
            for severity in Severity.allCases.reversed() where severity > .none {
                writer.member(severity.name, report.count(severity))
            }
        }
        writer.member("suppressed", report.suppressedCount)
        writer.member("excluded", report.excluded)
    }
}
