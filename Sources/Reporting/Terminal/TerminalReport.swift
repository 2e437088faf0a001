internal import AssayCore
internal import Scanning

/// The report for people at a terminal: the worst file first, what each finding is and where, then once a rule why it
/// matters and what to do, then what was not covered and what it all comes to.
package struct TerminalReport: Sendable {
    /// How wide, how colourful and how talkative it is.
    package struct Options: Sendable {
        /// Columns of the terminal.
        package var columns = 100
        /// Whether colours are written (ECMA-48).
        package var isColoured = false
        /// Only what reaches the threshold, and the summary.
        package var isQuiet = false
        /// Every finding, and the clean files as well.
        package var isVerbose = false
        package init() {}
    }

    /// Findings shown for one file unless all are asked for.
    private static let shown = 12

    private let options: Options
    private let style: TerminalStyle
    private let columns: Int

    package init(options: Options = Options()) {
        self.options = options
        style = TerminalStyle(isColoured: options.isColoured)
        columns = min(max(options.columns, 40), 110)
    }

    /// The lines, with a newline behind the last.
    package func render(_ report: ScanReport) -> String {
        var lines: [String] = []
        for file in report.ranked where isShown(file, report) { lines += section(file, report) }
        if !options.isQuiet {
            lines += advice(report)
            lines += suppressions(report)
        }
        lines += notCovered(report)
        if lines.last?.isEmpty == false { lines.append("") }
        lines += summary(report)
        return lines.joined(separator: "\n") + "\n"
    }

    private func isShown(_ file: ScanReport.File, _ report: ScanReport) -> Bool {
        switch file.outcome {
        case .error: true
        case .clean: options.isVerbose
        case .flagged where file.report.findings.isEmpty: options.isVerbose
        case .flagged, .incomplete:
            !file.report.findings.isEmpty && (!options.isQuiet || file.report.severity >= report.threshold)
        }
    }

    // MARK: Files

    private func section(_ file: ScanReport.File, _ report: ScanReport) -> [String] {
        let one = file.report
        let isError = one.outcome == .error
        let word = file.standing(threshold: report.threshold)
        let badge = style.badge(isError ? .high : word == "incomplete" ? .medium : one.severity, word)
        let facts = isError ? "" : "\(Printable.line(one.format, limit: 40)) · \(Humane.size(one.size))"
        let shown = Printable.line(one.path, limit: 4_096)
        let room = columns - word.count - 4
        var lines: [String] = []
        if !facts.isEmpty, TextWrapping.width(shown) + facts.count + 2 <= room {
            let gap = String(repeating: " ", count: room - TextWrapping.width(shown) - facts.count)
            lines.append(badge + "  " + style.bold(shown) + gap + style.dim(facts))
        } else {
            lines.append(badge + "  " + style.bold(TextWrapping.tail(shown, columns: room)))
            if !facts.isEmpty { lines.append("    " + style.dim(facts)) }
        }
        if let error = one.error { lines += indented(Printable.line(error), by: 4) }
        let wanted = options.isQuiet ? one.findings.filter { $0.severity >= report.threshold } : one.findings
        let limit = options.isVerbose ? wanted.count : Self.shown
        let sorted = wanted.enumerated().sorted {
            $0.element.severity == $1.element.severity
                ? $0.offset < $1.offset : $0.element.severity > $1.element.severity
        }.map(\.element)
        for finding in sorted.prefix(limit) { lines += entry(finding, report.catalogue) }
        if wanted.count > limit {
            lines += ["", "    " + style.dim("and \(Humane.grouped(wanted.count - limit)) more: --verbose shows all")]
        }
        return one.outcome == .clean ? lines : lines + [""]
    }

    private func entry(_ finding: Finding, _ catalogue: RuleCatalogue) -> [String] {
        let bar = "  " + style.severity(finding.severity, "┃") + " "
        let title = catalogue[finding.rule]?.title ?? finding.rule
        let times = finding.occurrences > 1 ? " ×\(Humane.grouped(finding.occurrences))" : ""
        let head = finding.severity.name.count + 2
        let gap = columns - 4 - head - TextWrapping.width(title) - times.count - finding.rule.count
        var lines = [""]
        let word = style.severity(finding.severity, finding.severity.name) + "  "
        if gap >= 2 {
            let space = String(repeating: " ", count: gap)
            lines.append(bar + word + style.bold(title) + times + space + style.dim(finding.rule))
        } else {
            let parts = TextWrapping.wrap(title + times, columns: columns - 4 - head)
            for (index, part) in parts.enumerated() {
                lines.append(bar + (index == 0 ? word : String(repeating: " ", count: head)) + style.bold(part))
            }
            lines.append(bar + style.dim(finding.rule))
        }
        lines += TextWrapping.wrap(Printable.line(finding.message, limit: 600), columns: columns - 4).map { bar + $0 }
        let place = finding.location.text
        if !place.isEmpty {
            lines += TextWrapping.wrap(
                place.hasPrefix("@ ") ? "at " + place.dropFirst(2) : "at " + place, columns: columns - 4
            ).map { bar + style.dim($0) }
        }
        let label = min(finding.details.map { TextWrapping.width($0.name) }.max() ?? 0, 20)
        for detail in finding.details.prefix(options.isVerbose ? finding.details.count : 6) {
            let name = Printable.line(detail.name, limit: 20)
            let pad = String(repeating: " ", count: max(0, label - TextWrapping.width(name)) + 2)
            let value = TextWrapping.wrap(
                Printable.line(detail.value, limit: options.isVerbose ? 4_000 : 240), columns: columns - 8 - label)
            for (index, part) in value.enumerated() {
                let lead = index == 0 ? style.dim(name) + pad : String(repeating: " ", count: label + 2)
                lines.append(bar + "  " + lead + part)
            }
        }
        return lines
    }

    // MARK: What to know and what to do

    private func advice(_ report: ScanReport) -> [String] {
        let rules = report.rulesFound
        guard !rules.isEmpty else { return [] }
        var lines = [heading("Why, and what to do")]
        for rule in rules {
            let isOneLine = rule.id.count + TextWrapping.width(rule.title) + 4 <= columns
            lines += ["", "  " + style.bold(rule.id) + (isOneLine ? style.dim("  " + rule.title) : "")]
            if !isOneLine { lines += indented(rule.title, by: 2, style.dim) }
            lines += labelled("why", rule.explanation)
            lines += labelled("do", rule.remedy)
            lines += labelled("see", (rule.cwe + rule.atlas + rule.cve).joined(separator: ", "))
        }
        return lines + [""]
    }

    private func labelled(_ label: String, _ text: String) -> [String] {
        TextWrapping.wrap(text, columns: columns - 9).enumerated().map { index, line in
            "    " + (index == 0 ? style.dim(label.padded(to: 5)) : "     ") + line
        }
    }

    private func suppressions(_ report: ScanReport) -> [String] {
        guard report.suppressedCount > 0 else { return [] }
        var lines = [heading("Suppressed"), ""]
        for file in report.files {
            for one in file.suppressed {
                lines += indented(
                    "\(one.finding.severity.name) \(one.finding.rule) in \(Printable.line(file.report.path, limit: 400)): "
                        + "\(Printable.line(one.reason)) (\(one.source.rawValue), until \(one.expires))", by: 2)
            }
        }
        return lines + [""]
    }

    private func notCovered(_ report: ScanReport) -> [String] {
        let files = report.files.filter { !$0.report.incomplete.isEmpty }
        guard !files.isEmpty || !report.notices.isEmpty else { return [] }
        var lines: [String] = []
        if !files.isEmpty {
            lines += [heading("Not covered"), ""]
            for file in files.prefix(options.isVerbose ? files.count : 20) {
                lines += indented(Printable.line(file.report.path, limit: 4_096), by: 2)
                for reason in file.report.incomplete { lines += indented(Printable.line(reason), by: 4, style.warning) }
            }
            if !options.isVerbose, files.count > 20 {
                lines.append(
                    "  " + style.dim("and \(Humane.count(files.count - 20, "more file")): --verbose shows all"))
            }
            lines.append("")
        }
        if !report.notices.isEmpty {
            lines += [heading("Notices"), ""]
            for notice in report.notices { lines += indented(Printable.line(notice), by: 2, style.warning) }
            lines.append("")
        }
        return lines
    }

    // MARK: Summary

    private func summary(_ report: ScanReport) -> [String] {
        let word =
            switch report.verdict {
            case .passed: style.badge(.none, "passed")
            case .failed: style.badge(.critical, "failed")
            case .error: style.badge(.high, "error")
            case .incomplete: style.badge(.medium, "incomplete")
            }
        var counts: [(text: String, severity: Severity?)] = []
        counts.append((Humane.count(report.files.count, "file") + " (\(Humane.size(report.size)))", nil))
        for severity in [Severity.critical, .high, .medium, .low] where report.count(severity) > 0 {
            counts.append(("\(Humane.grouped(report.count(severity))) \(severity.name)", severity))
        }
        if report.findingCount == 0, !report.files.isEmpty { counts.append(("no findings", nil)) }
        for (count, word) in [
            (report.count(.clean), "clean"), (report.count(.incomplete), "incomplete"),
            (report.count(.error), "unreadable"), (report.suppressedCount, "suppressed"),
            (report.excluded, "excluded"),
        ] where count > 0 { counts.append(("\(Humane.grouped(count)) \(word)", nil)) }
        var lines = [word + "  " + style.bold(report.reason)]
        var line = ""
        var used = 0
        for item in counts {
            let painted = item.severity.map { style.severity($0, item.text) } ?? item.text
            if used > 0, used + 3 + item.text.count > columns {
                lines.append(line)
                (line, used) = ("", 0)
            }
            line += (used > 0 ? style.dim(" · ") : "") + painted
            used += (used > 0 ? 3 : 0) + item.text.count
        }
        return lines + [line]
    }

    private func heading(_ text: String) -> String {
        style.dim("── ") + style.bold(text) + " "
            + style.dim(String(repeating: "─", count: max(3, columns - text.count - 4)))
    }

    private func indented(
        _ text: String, by count: Int, _ paint: (String) -> String = { $0 }
    ) -> [String] {
        let space = String(repeating: " ", count: count)
        return TextWrapping.wrap(text, columns: columns - count).map { space + paint($0) }
    }
}

extension String {
    /// The text, followed by spaces up to that many characters.
    func padded(to count: Int) -> String { self + String(repeating: " ", count: max(0, count - self.count)) }
}
