internal import AssayCore
internal import Scanning

/// JUnit XML: one test case a file, which fails when a finding reaches the threshold and errs when it was not read.
package struct JUnitReport: Sendable {
    package init() {}

    /// One XML document.
    package func render(_ report: ScanReport) -> String {
        let failures = report.files.count { Self.outcome($0.report, report.threshold) == .failure }
        // A suite without a case would count as a good one.
        let isEmpty = report.files.isEmpty
        let errors = report.files.count { Self.outcome($0.report, report.threshold) == .error } + (isEmpty ? 1 : 0)
        let totals =
            "tests=\"\(isEmpty ? 1 : report.files.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"0\""
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        lines.append("<testsuites name=\"assay\" \(totals) time=\"0\">")
        lines.append("  <testsuite name=\"assay scan\" \(totals) time=\"0\">")
        lines.append("    <properties>")
        lines.append("      <property name=\"version\" value=\"\(Markup.escape(report.version))\"/>")
        lines.append("      <property name=\"threshold\" value=\"\(report.threshold.name)\"/>")
        lines.append("      <property name=\"suppressed\" value=\"\(report.suppressedCount)\"/>")
        lines.append("      <property name=\"excluded\" value=\"\(report.excluded)\"/>")
        lines.append("    </properties>")
        for file in report.files { lines += Self.testCase(file, report.threshold) }
        if isEmpty {
            lines.append("    <testcase classname=\"assay\" name=\"scan\" time=\"0\">")
            lines.append("      <error type=\"error\" message=\"\(Markup.escape(report.reason))\"/>")
            lines.append("    </testcase>")
        }
        lines += ["  </testsuite>", "</testsuites>"]
        return lines.joined(separator: "\n") + "\n"
    }

    private enum Outcome { case success, failure, error }

    private static func outcome(_ file: FileReport, _ threshold: Severity) -> Outcome {
        if file.error != nil { return .error }
        if file.severity >= threshold, file.severity > .none { return .failure }
        return file.incomplete.isEmpty ? .success : .error
    }

    private static func testCase(_ entry: ScanReport.File, _ threshold: Severity) -> [String] {
        let file = entry.report
        let open =
            "    <testcase classname=\"assay.\(Markup.escape(file.format))\" name=\"\(Markup.escape(file.path))\" time=\"0\""
        let body =
            file.findings.map(line)
            + entry.suppressed.map { one in
                "suppressed by the \(one.source.rawValue) until \(one.expires) (\(Markup.escape(one.reason))): "
                    + line(one.finding)
            }
        var lines = [open + ">"]
        switch outcome(file, threshold) {
        case .failure:
            let worst = file.findings.max { $0.severity < $1.severity }
            lines.append(
                "      <failure type=\"\(worst?.rule ?? "")\" message=\"\(Markup.escape(worst?.message ?? ""))\">"
                    + body.joined(separator: "\n") + "</failure>")
        case .error:
            let reason = file.error ?? file.incomplete.joined(separator: "; ")
            lines.append(
                "      <error type=\"\(file.outcome.rawValue)\" message=\"\(Markup.escape(reason))\">"
                    + body.joined(separator: "\n") + "</error>")
        case .success:
            if body.isEmpty { return [open + "/>"] }
            lines.append("      <system-out>" + body.joined(separator: "\n") + "</system-out>")
        }
        return lines + ["    </testcase>"]
    }

    private static func line(_ finding: Finding) -> String {
        let place = finding.location.text
        return "\(finding.severity.name) \(finding.rule): \(Markup.escape(finding.message))"
            + (place.isEmpty ? "" : " at " + Markup.escape(place))
    }
}
