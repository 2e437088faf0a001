internal import AssayCore
internal import Scanning

/// The report as a comment on a pull request: the verdict, a table, and the findings folded away.
package struct MarkdownReport: Sendable {
    /// Findings that are listed: a comment on GitHub holds 65,536 characters.
    private static let limit = 100

    package init() {}

    /// The text of a comment.
    package func render(_ report: ScanReport) -> String {
        var lines = ["## \(Self.headline(report))", ""]
        lines.append("| critical | high | medium | low | files | incomplete | errors | suppressed |")
        lines.append("|---:|---:|---:|---:|---:|---:|---:|---:|")
        let counts = [.critical, .high, .medium, .low].map { report.count($0) }
        let rest = [report.files.count, report.count(.incomplete), report.count(.error), report.suppressedCount]
        lines.append("| " + (counts + rest).map(Humane.grouped).joined(separator: " | ") + " |")
        lines.append("")
        var left = Self.limit
        for file in report.ranked where file.outcome != .clean {
            guard left > 0 else { break }
            lines += Self.file(file, threshold: report.threshold, left: &left)
        }
        let listed = Self.limit - left
        if listed < report.findingCount {
            lines += ["_\(Humane.grouped(report.findingCount - listed)) more findings are in the full report._", ""]
        }
        lines += Self.remedies(report)
        for notice in report.notices { lines += ["> " + Markup.markdown(notice), ""] }
        lines.append("<sub>assay \(Markup.markdown(report.version)) · threshold \(report.threshold.name)</sub>")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func headline(_ report: ScanReport) -> String {
        switch report.verdict {
        case .passed: "✅ Assay: \(Humane.count(report.files.count, "file")), \(report.reason)"
        case .failed: "❌ Assay: \(report.reason)"
        case .error, .incomplete: "⚠️ Assay: \(report.reason)"
        }
    }

    private static func file(_ entry: ScanReport.File, threshold: Severity, left: inout Int) -> [String] {
        let word = entry.standing(threshold: threshold)
        let file = entry.report
        let open = file.severity >= threshold ? " open" : ""
        var lines = [
            "<details\(open)><summary><b>\(word)</b> <code>\(Markup.escape(file.path))</code> "
                + "(\(Markup.escape(file.format)), \(Humane.size(file.size)))</summary>", "",
        ]
        if let error = file.error { lines += ["Could not be read: " + Markup.markdown(error), ""] }
        if !file.findings.isEmpty {
            lines += ["| severity | rule | what | where |", "|---|---|---|---|"]
            for finding in file.findings.prefix(left) {
                let place = finding.location.text
                let times = finding.occurrences > 1 ? " ×\(Humane.grouped(finding.occurrences))" : ""
                lines.append(
                    "| \(finding.severity.name) | `\(finding.rule)` | \(Markup.markdownMessage(finding.message, limit: 300))\(times) | "
                        + (place.isEmpty ? "" : Markup.code(place, limit: 200)) + " |")
            }
            left -= min(left, file.findings.count)
            lines.append("")
        }
        for reason in file.incomplete { lines += ["- not covered: " + Markup.markdown(reason)] }
        for one in entry.suppressed.prefix(left) {
            lines.append(
                "- suppressed by the \(one.source.rawValue) until \(one.expires): \(one.finding.severity.name) "
                    + "`\(one.finding.rule)` \(Markup.markdown(one.reason))")
        }
        left -= min(left, entry.suppressed.count)
        if !file.incomplete.isEmpty || !entry.suppressed.isEmpty { lines.append("") }
        return lines + ["</details>", ""]
    }

    private static func remedies(_ report: ScanReport) -> [String] {
        let rules = report.rulesFound
        guard !rules.isEmpty else { return [] }
        var lines = ["<details><summary>What to do</summary>", ""]
        for rule in rules { lines.append("- `\(rule.id)` **\(rule.title).** \(rule.remedy)") }
        return lines + ["", "</details>", ""]
    }
}

extension ScanReport {
    /// The rules with findings that count, the worst first.
    var rulesFound: [Rule] {
        var worst: [String: Severity] = [:]
        for file in files {
            for finding in file.report.findings {
                worst[finding.rule] = max(worst[finding.rule] ?? .none, finding.severity)
            }
        }
        return worst.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
            .compactMap { catalogue[$0.key] }
    }
}
