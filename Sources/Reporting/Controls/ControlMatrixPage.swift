internal import AssayCore
package import Controls

/// Controls and models in one page: a matrix for each catalogue, and for each model what stands behind its cells.
package struct ControlMatrixPage: Sendable {
    /// Models that one page has columns for.
    static let columns = 60
    /// Models whose evidence is listed one by one.
    static let detailed = 12

    package init() {}

    /// The page.
    package func render(_ assessments: [Assessment]) -> String {
        let shown = Array(assessments.prefix(Self.columns))
        var page = HTMLPage(
            title: "Controls", kind: "Evidence for controls",
            heading: shown.count == 1 ? "\(shown[0].subject.name)" : "\(Humane.count(assessments.count, "model"))")
        page.isWide = shown.count > 8
        page.style = Self.style
        page.introduction = introduction(assessments)
        if let first = shown.first {
            for catalogue in first.catalogues {
                page.sections.append(
                    .init(id: OSCALExport.token(catalogue.id), title: catalogue.title, body: matrix(catalogue, shown)))
            }
        }
        if shown.count <= Self.detailed {
            for (place, assessment) in shown.enumerated() {
                page.sections.append(
                    .init(
                        id: "model-\(place + 1)", title: "Evidence about \(assessment.subject.name)",
                        body: evidence(assessment)))
            }
        }
        let left = assessments.count - shown.count
        page.footer =
            "<p>\(ControlWords.caveat)</p>\(left > 0 ? "<p>\(left) more models are not shown.</p>" as HTML : "")"
        return page.render()
    }

    private static let style = """
        .control { font-weight: 650; }
        .must { color: var(--high); font-weight: 500; font-size: .84em; }
        .attested > .mark { border-radius: .08em; transform: rotate(45deg) scale(.92); }
        .contents a { overflow-wrap: anywhere; }
        """

    private func tone(_ state: Assessment.State) -> Tone {
        switch state {
        case .present: .good
        case .partial: .mixed
        case .missing: .open
        case .attested: .notice
        case .notApplicable: .none
        }
    }

    /// The state's word with its mark; attested has a shape of its own, so that no two states look alike without colour.
    private func badge(_ state: Assessment.State, isHidden: Bool = false) -> HTML {
        let shape = state == .attested ? " attested" : ""
        let word: HTML = isHidden ? "<span class=\"unseen\">\(state.word)</span>" : "\(state.word)"
        return
            "<span class=\"badge \(tone(state).rawValue)\(shape)\" title=\"\(state.word)\"><span class=\"mark\" aria-hidden=\"true\"></span>\(word)</span>"
    }

    private func introduction(_ assessments: [Assessment]) -> HTML {
        guard let first = assessments.first else { return "<p class=\"lede\">No model was given.</p>" }
        var cells: HTML = ""
        for state in Assessment.State.allCases {
            let count = assessments.reduce(0) { $0 + $1.count(state) }
            cells += "<div><dt>\(badge(state))</dt><dd>\(Humane.grouped(count))</dd></div>"
        }
        let must = assessments.reduce(0) { $0 + $1.count(.missing, level: .must) }
        let pieces = assessments.reduce(0) { $0 + $1.evidence.count }
        return """
            <p class="lede">\(Humane.count(pieces, "piece")) of evidence on \(first.day.description), read with the \
            profile \(first.plan.profile.title). \(must) must-haves are without evidence.</p>
            <p class="lede">\(ControlWords.caveat)</p>
            <dl class="strip">\(cells)</dl>
            """
    }

    private func matrix(_ catalogue: Catalogue, _ assessments: [Assessment]) -> HTML {
        var table = HTMLTable(
            caption: "\(catalogue.title), control by control", hidesCaption: true,
            columns: [.init("<span>Control</span>")])
        let isMatrix = assessments.count > 1
        if isMatrix {
            table.style = "matrix"
            for assessment in assessments {
                table.columns.append(.init("<span>\(short(assessment.subject.name))</span>"))
            }
        } else {
            table.columns += [.init("State", .brief), .init("Evidence")]
        }
        guard let first = assessments.first else { return "" }
        for (place, item) in first.plan.items.enumerated()
        where first.plan.catalogues[item.catalogue].id == catalogue.id {
            let level: HTML = item.level == .must ? " <span class=\"must\">must</span>" : ""
            var cells: [HTML] = [
                "<span class=\"control\">\(item.control.id)</span>\(level)<small>\(item.control.title)</small>"
            ]
            for assessment in assessments {
                guard assessment.results.indices.contains(place) else { continue }
                let result = assessment.results[place]
                if isMatrix {
                    cells.append(badge(result.state, isHidden: true))
                } else {
                    cells += [badge(result.state), detail(result, assessment)]
                }
            }
            table.add(cells)
        }
        let note: HTML = catalogue.note.map { "<p class=\"soft small\">\($0)</p>" } ?? ""
        return table.html + note
    }

    private func short(_ name: String) -> String { name.count > 26 ? "…" + name.suffix(25) : name }

    private func detail(_ result: Assessment.Result, _ assessment: Assessment) -> HTML {
        var lines: HTML = ""
        for finding in assessment.findings(of: result) {
            for link in finding.evidence {
                lines += "<p>\(finding.query.kind): \(link.name) <small>\(facts(link))</small></p>"
            }
            for failure in finding.failures {
                lines +=
                    "<p>\(finding.query.kind): \(failure.link.name): \(failure.reason) <small>\(facts(failure.link))</small></p>"
            }
        }
        let none = assessment.findings(of: result).filter { $0.state == .missing }
        if !none.isEmpty {
            let list = none.map { $0.needs }.joined(separator: "; ")
            lines += "<p class=\"soft\">None: \(list)</p>"
        }
        if let word = result.attestation { lines += "<p>Attested by \(word.line)</p>" }
        for remark in result.remarks { lines += "<p class=\"soft\">\(remark)</p>" }
        if result.restsOnUnsigned { lines += "<p>Rests on evidence that nobody signed.</p>" }
        return lines
    }

    private func facts(_ link: EvidenceIndex.Link) -> String {
        [link.standing.word, link.issued?.description, "sha256 \(link.sha256.prefix(16))"].compactMap { $0 }
            .joined(separator: ", ")
    }

    private func evidence(_ assessment: Assessment) -> HTML {
        guard !assessment.evidence.isEmpty else { return "<p>There is no evidence about it.</p>" }
        var table = HTMLTable(
            caption: "Evidence about \(assessment.subject.name)", hidesCaption: true,
            columns: [
                .init("File"), .init("Kind"), .init("Signature", .brief), .init("Made on", .brief), .init("SHA-256"),
            ])
        for link in assessment.evidence {
            var tone = Tone.unknown
            if case .verified = link.standing { tone = .good }
            table.add([
                "\(link.name)", "\(link.kind)", HTML.badge(link.standing.word, tone),
                "\(link.issued?.description ?? "not said")", "<code>\(link.sha256)</code>",
            ])
        }
        return table.html
    }
}
