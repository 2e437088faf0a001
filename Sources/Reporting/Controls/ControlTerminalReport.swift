internal import AssayCore
package import Controls

/// Assessments for people at a terminal.
package struct ControlTerminalReport: Sendable {
    let style: TerminalStyle
    let columns: Int
    let isVerbose: Bool

    package init(columns: Int = 100, isColoured: Bool = false, isVerbose: Bool = false) {
        style = TerminalStyle(isColoured: isColoured)
        self.columns = min(max(columns, 60), 120)
        self.isVerbose = isVerbose
    }

    // MARK: Assessment

    /// Controls of a catalogue that are shown unless all are asked for.
    private static let shown = 12

    /// One model in full: a table of the catalogues, the evidence, what keeps it from counting, and the controls that it
    /// says something about.
    package func assessment(_ assessment: Assessment) -> String {
        var lines = heading(assessment) + table(assessment) + evidence(assessment) + obstacles(assessment)
        for catalogue in assessment.catalogues {
            let known = assessment.results.filter {
                assessment.catalogue(of: $0).id == catalogue.id && isShown($0)
            }
            guard !known.isEmpty else { continue }
            lines += ["", style.bold(Printable.line(catalogue.title))]
            for result in isVerbose ? known : Array(known.prefix(Self.shown)) {
                lines += isVerbose ? entry(result, assessment) : brief(result, assessment)
            }
            if !isVerbose, known.count > Self.shown {
                lines.append(style.dim("  and \(known.count - Self.shown) more: --verbose shows all"))
            }
        }
        let missing = assessment.count(.missing)
        if missing > 0, !isVerbose {
            lines += ["", "\(Humane.count(missing, "control")) without evidence: assay controls gap lists them"]
        }
        lines += [""] + TextWrapping.wrap(ControlWords.caveat, columns: columns).map { style.dim($0) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One line for a model, when there are many.
    package func line(_ assessment: Assessment) -> String {
        let counts = Assessment.State.allCases.map {
            $0.mark + " " + String(assessment.count($0)).leftPadded(to: 4)
        }
        let must = assessment.count(.missing, level: .must)
        let name = TextWrapping.tail(Printable.line(assessment.subject.name), columns: columns - 58)
        return counts.joined(separator: "  ") + "  " + String(must).leftPadded(to: 4) + " must-haves missing  "
            + style.bold(name) + "\n"
    }

    /// What the marks of `line` stand for.
    package var legend: String {
        Assessment.State.allCases.map { "\($0.mark) \($0.word)" }.joined(separator: "  ") + "\n"
    }

    private func isShown(_ result: Assessment.Result) -> Bool {
        switch result.state {
        case .present, .partial, .attested: true
        case .notApplicable: isVerbose || result.attestation != nil
        case .missing: isVerbose || result.attestation != nil
        }
    }

    func heading(_ assessment: Assessment) -> [String] {
        let subject = assessment.subject
        var lines = [style.bold(Printable.line(subject.name))]
        if !subject.digest.isEmpty {
            let more = subject.digests.count > 1 ? " and \(subject.digests.count - 1) more digests" : ""
            lines.append(style.dim("sha256 \(subject.digest)\(more)"))
        }
        let signed = assessment.evidence.count { if case .verified = $0.standing { true } else { false } }
        lines.append(
            "\(Humane.count(assessment.evidence.count, "piece")) of evidence, \(signed) signed by a trusted key · "
                + "\(assessment.day) · profile \(Printable.line(assessment.plan.profile.id))")
        return lines + [""]
    }

    private func table(_ assessment: Assessment) -> [String] {
        let states = Assessment.State.allCases
        let words = states.map { $0 == .present ? "present" : $0.word }
        let taken = words.reduce(0) { $0 + $1.count + 2 }
        let width = min(columns - taken, assessment.catalogues.map { TextWrapping.width($0.title) }.max() ?? 0)
        var lines = [
            String(repeating: " ", count: max(0, width)) + words.map { "  " + $0 }.joined()
        ]
        for catalogue in assessment.catalogues {
            let title = TextWrapping.head(Printable.line(catalogue.title), columns: width)
            let cells = zip(states, words).map { state, word in
                let count = assessment.count(state, catalogue: catalogue.id)
                let text = (count == 0 ? "·" : String(count)).leftPadded(to: word.count + 2)
                return count == 0 ? style.dim(text) : coloured(state, text)
            }
            lines.append(title.padded(to: width) + cells.joined())
        }
        return lines
    }

    /// The evidence about the model, once.
    private func evidence(_ assessment: Assessment) -> [String] {
        guard !assessment.evidence.isEmpty else { return [] }
        var lines = ["", style.bold("Evidence")]
        let limit = isVerbose ? assessment.evidence.count : 40
        for link in assessment.evidence.prefix(limit) {
            let day = link.issued?.description ?? "without a date"
            lines += indented(
                "\(link.name): \(link.kind), \(link.standing.word), \(day), sha256 \(link.sha256.prefix(12))", by: 2)
        }
        if assessment.evidence.count > limit {
            lines.append(style.dim("  and \(assessment.evidence.count - limit) more"))
        }
        return lines
    }

    /// What keeps evidence from counting, each reason once, with how many controls wait for it.
    private func obstacles(_ assessment: Assessment) -> [String] {
        var order: [String] = []
        var counts: [String: Int] = [:]
        for result in assessment.results where result.state == .partial {
            for finding in assessment.findings(of: result) {
                for failure in finding.failures {
                    let text = "\(finding.query.kind): \(failure.link.name): \(failure.reason)"
                    if counts[text] == nil { order.append(text) }
                    counts[text, default: 0] += 1
                }
            }
        }
        guard !order.isEmpty else { return [] }
        var lines = ["", style.bold("What keeps evidence from counting")]
        for text in order.sorted(by: { (counts[$0] ?? 0, $1) > (counts[$1] ?? 0, $0) }) {
            lines += indented(
                "\(text) (\(Humane.count(counts[text] ?? 0, "control")))", by: 2, mark: style.warning("~ "))
        }
        return lines
    }

    /// A control in two lines: what it is, and which kinds of evidence are there, not as wanted, or not there.
    private func brief(_ result: Assessment.Result, _ assessment: Assessment) -> [String] {
        let item = assessment.item(of: result)
        let id = item.control.id.padded(to: 17)
        let level = item.level == .must ? "must  " : "should"
        let title = TextWrapping.head(Printable.line(item.control.title), columns: columns - 30)
        var parts: [String] = []
        // Of a control that has what it needs, the alternatives that are not there do not matter.
        let marks: [(Assessment.State, String)] =
            switch result.state {
            case .notApplicable: []
            case .present: [(.present, "✓")]
            default: [(.present, "✓"), (.partial, "~"), (.missing, "○")]
            }
        for (state, mark) in marks {
            var kinds: [String] = []
            for finding in assessment.findings(of: result)
            where finding.state == state && !kinds.contains(finding.query.kind) {
                kinds.append(finding.query.kind)
            }
            if !kinds.isEmpty { parts.append("\(mark) \(kinds.joined(separator: ", "))") }
        }
        if let word = result.attestation, word.statement == .met { parts.append("◇ \(word.line)") }
        parts += result.remarks
        if result.restsOnUnsigned { parts.append("rests on evidence that nobody signed") }
        return [
            "  " + coloured(result.state, result.state.mark) + " " + style.bold(id) + " " + style.dim(level) + " "
                + title
        ] + indented(parts.joined(separator: " · "), by: 4)
    }

    func coloured(_ state: Assessment.State, _ text: String) -> String {
        switch state {
        case .present, .attested: style.good(text)
        case .partial: style.warning(text)
        case .missing: style.severity(.high, text)
        case .notApplicable: style.dim(text)
        }
    }

    private func entry(_ result: Assessment.Result, _ assessment: Assessment) -> [String] {
        let item = assessment.item(of: result)
        let head = coloured(result.state, "\(result.state.mark) \(result.state.word)".padded(to: 19))
        var lines = ["", head + style.bold(item.control.id) + (item.level == .must ? style.dim("  must") : "")]
        lines += indented(item.control.title, by: 2)
        for finding in assessment.findings(of: result) { lines += self.lines(finding) }
        if let word = result.attestation, word.statement == .met {
            lines += indented("\(word.line)", by: 4, mark: "◇ ")
        }
        for remark in result.remarks { lines += indented(remark, by: 4, mark: "· ") }
        if result.restsOnUnsigned { lines += indented("rests on evidence that nobody signed", by: 4, mark: "! ") }
        return lines
    }

    private func lines(_ finding: Assessment.Finding) -> [String] {
        var lines: [String] = []
        for link in finding.evidence {
            lines += indented("\(finding.query.kind): \(self.link(link))", by: 4, mark: style.good("✓ "))
        }
        for failure in finding.failures {
            lines += indented(
                "\(finding.query.kind): \(link(failure.link)): \(failure.reason)", by: 4, mark: style.warning("~ "))
        }
        if finding.state == .missing {
            lines += indented("\(finding.needs): none", by: 4, mark: "○ ")
        }
        return lines
    }

    private func link(_ link: EvidenceIndex.Link) -> String {
        "\(link.name) (\(link.standing.word)\(link.issued.map { ", \($0)" } ?? ""), sha256 \(link.sha256.prefix(12)))"
    }

    func indented(_ text: String, by indent: Int, mark: String = "") -> [String] {
        let space = String(repeating: " ", count: indent)
        let lines = TextWrapping.wrap(Printable.line(text, limit: 2_000), columns: columns - indent - 2)
        let rest = mark.isEmpty ? "" : "  "
        return lines.enumerated().map { space + ($0.offset == 0 ? mark : rest) + $0.element }
    }
}

extension String {
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
