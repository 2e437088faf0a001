internal import Documents

/// Reads catalogues (`control-catalog/v1`): YAML or JSON, shipped and the user's alike.
struct CatalogueReader {
    /// Controls of one catalogue.
    static let limit = 20_000

    let vocabulary: EvidenceVocabulary
    let file: String

    func read(_ root: DataFields) throws(ControlDataError) -> Catalogue {
        try root.expect(
            only: [
                "schema", "id", "title", "version", "source", "licence", "note", "parameters", "types", "groups",
                "controls", "mitigations",
            ], in: "a catalogue")
        var groups: [Catalogue.Group] = []
        for fields in try root.objects("groups", of: "a group") {
            try fields.expect(only: ["id", "title", "phase", "summary", "systems", "report"], in: "a group")
            groups.append(
                .init(
                    id: try fields.text("id"), title: try fields.text("title"),
                    phase: try fields.optionalText("phase"), summary: try fields.optionalText("summary")))
        }
        try unique(groups.map(\.id), root, "group")
        var mitigations: [Catalogue.Mitigation] = []
        for fields in try root.objects("mitigations", of: "a mitigation") {
            try fields.expect(only: ["id", "title", "category", "evidence"], in: "a mitigation")
            mitigations.append(
                .init(
                    id: try fields.text("id"), title: try fields.text("title"),
                    categories: try fields.texts("category"), evidence: try kinds(fields)))
        }
        try unique(mitigations.map(\.id), root, "mitigation")
        let entries = try root.objects("controls", of: "a control")
        guard !entries.isEmpty else { throw root.error("the catalogue has no controls") }
        guard entries.count <= Self.limit else { throw root.error("more than \(Self.limit) controls") }
        var controls: [Control] = []
        var seen: Set<String> = []
        let names = (groups: Set(groups.map(\.id)), mitigations: Set(mitigations.map(\.id)))
        for fields in entries {
            let control = try control(fields)
            guard seen.insert(control.id).inserted else { throw fields.error("\(control.id) stands here twice") }
            if let stray = control.groups.first(where: { !names.groups.contains($0) }) {
                throw fields.error("\(control.id) is in the group \(stray), which the catalogue does not have")
            }
            if let stray = control.mitigations.first(where: { !names.mitigations.contains($0) }) {
                throw fields.error("\(control.id) names the mitigation \(stray), which the catalogue does not have")
            }
            controls.append(control)
        }
        for control in controls {
            if let parent = control.parent, !seen.contains(parent) {
                throw ControlDataError(
                    file: file, line: control.line, message: "the parent \(parent) is not in the catalogue")
            }
        }
        return Catalogue(
            id: try root.text("id"), title: try root.text("title"), version: try root.optionalText("version"),
            source: try root.text("source"), licence: try root.optionalText("licence"),
            note: try root.optionalText("note"), groups: groups, controls: controls, mitigations: mitigations,
            file: file)
    }

    private func control(_ fields: DataFields) throws(ControlDataError) -> Control {
        try fields.expect(
            only: [
                "id", "title", "summary", "kind", "phase", "groups", "evidence", "evidence-basis", "automation",
                "needs", "references", "parent", "maturity", "level", "mitigations", "systems",
            ], in: "a control")
        let evidence = try kinds(fields)
        guard !evidence.isEmpty else { throw fields.error("evidence is missing: at least person") }
        let needs: Requirement
        if let written = fields["needs"] {
            needs = try RequirementReader(vocabulary: vocabulary, file: file).read(written)
        } else {
            needs = .all(
                evidence.map { $0 == EvidenceVocabulary.person ? .person : .evidence(EvidenceQuery(kind: $0)) })
        }
        var references: [Control.Reference] = []
        if let written = fields["references"] {
            let inner = try DataFields(written, file: file, of: "references")
            for member in written.members {
                references.append(.init(publication: member.name, ids: try inner.texts(member.name)))
            }
        }
        let kind = try fields.word("kind", of: Control.Kind.allCases.map(\.rawValue), default: "consider")
        let automation = try fields.word(
            "automation", of: Control.Automation.allCases.map(\.rawValue), default: "partial")
        return Control(
            id: try fields.text("id"), title: try fields.text("title"), summary: try fields.optionalText("summary"),
            kind: Control.Kind(rawValue: kind) ?? .consider, phase: try fields.optionalText("phase"),
            groups: try fields.texts("groups"), evidence: evidence,
            evidenceBasis: try fields.optionalText("evidence-basis"),
            automation: Control.Automation(rawValue: automation) ?? .partial, needs: needs, references: references,
            parent: try fields.optionalText("parent"), mitigations: try fields.texts("mitigations"),
            maturity: try fields.optionalText("maturity"), systems: try fields.texts("systems"),
            line: fields.value.line)
    }

    private func kinds(_ fields: DataFields) throws(ControlDataError) -> [String] {
        let kinds = try fields.texts("evidence")
        for kind in kinds where vocabulary[kind] == nil {
            throw fields.error("\(kind) is no kind of evidence", at: fields["evidence"])
        }
        return kinds
    }

    private func unique(_ ids: [String], _ root: DataFields, _ what: String) throws(ControlDataError) {
        var seen: Set<String> = []
        for id in ids where !seen.insert(id).inserted { throw root.error("the \(what) \(id) stands here twice") }
    }
}
