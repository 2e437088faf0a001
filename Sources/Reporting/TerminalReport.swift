internal import AssayCore
internal import Scanning

/// The report for people at a terminal.
public struct TerminalReport: Sendable {
    public init() {}

    public func render(_ report: ScanReport) -> String {
        var lines: [String] = []
        for file in report.ranked {
            lines.append(
                "\(file.report.severity.name)\t\(file.report.outcome.rawValue)\t\(file.report.format)\t"
                    + Printable.line(file.report.path, limit: 4096))
            for finding in file.report.findings {
                lines.append(
                    "    \(finding.severity.name) \(finding.rule) \(Printable.line(finding.message)) "
                        + finding.location.text)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
