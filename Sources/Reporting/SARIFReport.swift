internal import AssayCore
internal import ByteParsing
internal import Scanning

/// SARIF 2.1.0 (OASIS Standard, 27 March 2020), as code-scanning services take it.
///
/// Every finding has line 1 beside its byte offset: models have no lines, and GitHub refuses a region without one. The
/// offset is given only where it is one into the file itself; that into a member stands in the properties.
package struct SARIFReport: Sendable {
    package init() {}

    /// The log, as JSON.
    package func render(_ report: ScanReport) -> String {
        let catalogue = report.catalogue
        var positions: [String: Int] = [:]
        for rule in catalogue.rules { positions[rule.id] = positions.count }
        let writer = SARIFLog.write(
            version: report.version,
            rules: { writer in
                for rule in catalogue.rules {
                    writer.object { writer in Self.write(rule, into: &writer) }
                }
            },
            run: { writer in
                writer.array("invocations") { writer in
                    writer.object { writer in Self.invocation(report, into: &writer) }
                }
                writer.member("columnKind", "unicodeCodePoints")
                writer.array("artifacts") { writer in
                    for file in report.files {
                        writer.object { writer in Self.artifact(file, into: &writer) }
                    }
                }
                writer.array("results") { writer in
                    for (index, file) in report.files.enumerated() {
                        for finding in file.report.findings {
                            writer.object { writer in
                                Self.result(
                                    finding, of: file.report, at: index, rule: positions[finding.rule],
                                    into: &writer)
                            }
                        }
                        for one in file.suppressed {
                            writer.object { writer in
                                Self.result(
                                    one.finding, of: file.report, at: index, rule: positions[one.finding.rule],
                                    into: &writer)
                                Self.suppression(one, into: &writer)
                            }
                        }
                    }
                }
            })
        return writer.text + "\n"
    }

    private static func write(_ rule: Rule, into writer: inout JSONWriter) {
        writer.member("id", rule.id)
        writer.member(
            "name",
            rule.id.split(separator: "-").map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined())
        text("shortDescription", rule.title, into: &writer)
        text("fullDescription", rule.explanation, into: &writer)
        writer.object("help") { writer in
            writer.member("text", rule.explanation + "\n\nWhat to do: " + rule.remedy)
            writer.member("markdown", help(rule))
        }
        writer.object("defaultConfiguration") { writer in writer.member("level", level(rule.severity)) }
        writer.object("properties") { writer in
            writer.member("precision", "high")
            writer.member("problem.severity", problem(rule.severity))
            writer.member("security-severity", score(rule.severity))
            let weaknesses = rule.cwe.map { "external/cwe/" + $0.lowercased() }
            writer.member("tags", ["security", "machine-learning"] + weaknesses + rule.atlas + rule.cve)
        }
    }

    private static func help(_ rule: Rule) -> String {
        var text = "**\(rule.title)**\n\n\(rule.explanation)\n\n**What to do.** \(rule.remedy)\n"
        let references = References.of(rule)
        if !references.isEmpty { text += "\n" }
        for reference in references { text += "- [\(reference.name)](\(reference.address))\n" }
        return text
    }

    private static func invocation(_ report: ScanReport, into writer: inout JSONWriter) {
        writer.member(
            "executionSuccessful", report.count(.error) + report.count(.incomplete) == 0 && !report.files.isEmpty)
        writer.member("exitCode", Int(report.verdict.rawValue))
        writer.member("exitCodeDescription", report.verdict.name)
        writer.array("toolExecutionNotifications") { writer in
            for notice in report.notices {
                writer.object { writer in
                    writer.member("level", "warning")
                    text("message", notice, into: &writer)
                }
            }
            if report.files.isEmpty {
                writer.object { writer in
                    writer.member("level", "error")
                    text("message", report.reason, into: &writer)
                }
            }
            for (index, file) in report.files.enumerated() {
                for reason in file.report.incomplete + (file.report.error.map { [$0] } ?? []) {
                    writer.object { writer in
                        writer.member("level", file.report.error == nil ? "warning" : "error")
                        text("message", Printable.line(reason), into: &writer)
                        writer.array("locations") { writer in
                            writer.object { writer in
                                writer.object("physicalLocation") { writer in
                                    location(of: file.report, at: index, into: &writer)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private static func artifact(_ entry: ScanReport.File, into writer: inout JSONWriter) {
        let file = entry.report
        writer.object("location") { writer in writer.member("uri", Address.of(path: file.path)) }
        if file.error == nil { writer.member("length", file.size) }
        if let digest = file.digest {
            writer.object("hashes") { writer in writer.member("sha-256", digest.description) }
        }
        writer.object("properties") { writer in
            writer.member("format", file.format)
            writer.member("outcome", entry.outcome.rawValue)
        }
    }

    private static func location(of file: FileReport, at index: Int, into writer: inout JSONWriter) {
        writer.object("artifactLocation") { writer in
            writer.member("uri", Address.of(path: file.path))
            writer.member("index", index)
        }
    }

    private static func result(
        _ finding: Finding, of file: FileReport, at index: Int, rule: Int?, into writer: inout JSONWriter
    ) {
        writer.member("ruleId", finding.rule)
        writer.member("ruleIndex", rule)
        writer.member("level", level(finding.severity))
        let place = finding.location.text
        text(
            "message", Printable.line(finding.message, limit: 2_000) + (place.isEmpty ? "" : " (at \(place))"),
            into: &writer)
        writer.array("locations") { writer in
            writer.object { writer in
                writer.object("physicalLocation") { writer in
                    location(of: file, at: index, into: &writer)
                    writer.object("region") { writer in
                        writer.member("startLine", 1)
                        if finding.location.members.isEmpty { writer.member("byteOffset", finding.location.offset) }
                    }
                }
                if !finding.location.members.isEmpty {
                    writer.array("logicalLocations") { writer in
                        writer.object { writer in
                            let names = finding.location.members.map { Printable.line($0, limit: 400) }
                            writer.member("name", names.last)
                            writer.member("fullyQualifiedName", names.joined(separator: " › "))
                            writer.member("kind", "member")
                        }
                    }
                }
            }
        }
        writer.object("partialFingerprints") { writer in writer.member("assayFinding/v1", finding.fingerprint) }
        writer.member("occurrenceCount", finding.occurrences)
        writer.object("properties") { writer in
            writer.member("severity", finding.severity.name)
            writer.member("security-severity", score(finding.severity))
            if !finding.location.members.isEmpty { writer.member("memberOffset", finding.location.offset) }
            for detail in finding.details {
                writer.member("detail." + detail.name, Printable.line(detail.value, limit: 2_000))
            }
        }
    }

    private static func suppression(_ one: SuppressedFinding, into writer: inout JSONWriter) {
        writer.array("suppressions") { writer in
            writer.object { writer in
                writer.member("kind", "external")
                writer.member("status", "accepted")
                writer.member("justification", "\(one.reason) (\(one.source.rawValue), until \(one.expires))")
            }
        }
    }

    private static func text(_ name: String, _ value: String, into writer: inout JSONWriter) {
        writer.object(name) { writer in writer.member("text", value) }
    }

    private static func level(_ severity: Severity) -> String {
        switch severity {
        case .critical, .high: "error"
        case .medium: "warning"
        case .low: "note"
        case .none: "none"
        }
    }

    private static func problem(_ severity: Severity) -> String {
        switch severity {
        case .critical, .high: "error"
        case .medium: "warning"
        case .low, .none: "recommendation"
        }
    }

    /// A number in the band that code-scanning services name as this severity.
    private static func score(_ severity: Severity) -> String {
        switch severity {
        case .critical: "9.5"
        case .high: "8.0"
        case .medium: "5.5"
        case .low: "2.0"
        case .none: "0.0"
        }
    }
}
