internal import AssayCore
package import Controls

extension ControlTerminalReport {
    /// What is missing or partial, the must-haves first, and what would answer it.
    package func gap(_ assessment: Assessment) -> String {
        var lines = heading(assessment)
        for level in ControlProfile.Level.allCases {
            let open = assessment.results.filter {
                ($0.state == .missing || $0.state == .partial) && assessment.item(of: $0).level == level
            }
            guard !open.isEmpty else { continue }
            lines.append(style.bold(level == .must ? "Must-haves: \(open.count) open" : "Others: \(open.count) open"))
            for result in level == .must || isVerbose ? open : [] { lines += gapEntry(result, assessment) }
            if level == .should, !isVerbose {
                lines.append(style.dim("  --verbose lists them one by one"))
            }
            lines.append("")
        }
        let answers = self.answers(assessment)
        if !answers.isEmpty {
            lines.append(style.bold("What would answer the most"))
            for (kind, count, how) in answers {
                lines += indented("\(kind) (\(Humane.count(count, "control"))): \(how)", by: 2)
            }
            lines.append("")
        }
        lines += TextWrapping.wrap(ControlWords.caveat, columns: columns).map { style.dim($0) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func gapEntry(_ result: Assessment.Result, _ assessment: Assessment) -> [String] {
        let item = assessment.item(of: result)
        var lines = [
            "  " + coloured(result.state, "\(result.state.mark) \(result.state.word)".padded(to: 11))
                + style.bold(item.control.id) + "  " + Printable.line(item.control.title)
        ]
        lines += indented("needs \(item.requirement.text(assessment.plan.parameters))", by: 6)
        let findings = assessment.findings(of: result)
        let there = findings.filter { $0.state == .present }.map(\.query.kind)
        if !there.isEmpty { lines += indented(there.joined(separator: ", "), by: 6, mark: "✓ ") }
        for finding in findings {
            for failure in finding.failures {
                lines += indented("\(finding.query.kind): \(failure.link.name): \(failure.reason)", by: 6, mark: "~ ")
            }
        }
        for remark in result.remarks { lines += indented(remark, by: 6, mark: "· ") }
        return lines
    }

    private func answers(_ assessment: Assessment) -> [(String, Int, String)] {
        var counts: [String: (Int, String)] = [:]
        for result in assessment.results where result.state == .missing || result.state == .partial {
            var seen: Set<String> = []
            for finding in assessment.findings(of: result)
            where finding.state != .present && seen.insert(finding.query.kind).inserted {
                counts[finding.query.kind, default: (0, finding.answeredBy)].0 += 1
            }
        }
        return counts.map { ($0.key, $0.value.0, $0.value.1) }
            .sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }.prefix(8).map { $0 }
    }
}
