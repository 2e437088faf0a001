internal import Documents

/// Reads profiles (`control-profile/v1`).
extension ControlProfile {
    /// - Parameters:
    ///   - file: what errors call it.
    ///   - library: the catalogues, kinds and parameters that the profile may name.
    /// - Throws: `ControlDataError` with the line that is wrong: what selects nothing is wrong too.
    package init(_ bytes: [UInt8], file: String, library: ControlLibrary) throws(ControlDataError) {
        let root = try DataFields.document(bytes, file: file, schema: "control-profile/v1")
        try root.expect(
            only: [
                "schema", "id", "title", "catalogues", "include", "exclude", "must", "should", "unsigned",
                "parameters", "conditions",
            ], in: "a profile")
        id = try root.text("id")
        title = try root.optionalText("title") ?? id
        catalogues = try root.texts("catalogues")
        for name in catalogues where library[catalogue: name] == nil {
            throw root.error("there is no catalogue \(name)", at: root["catalogues"])
        }
        include = try Self.selection("include", root, library)
        exclude = try Self.selection("exclude", root, library)
        must = try Self.selection("must", root, library)
        should = try Self.selection("should", root, library)
        let word = try root.word("unsigned", of: UnsignedEvidence.allCases.map(\.rawValue), default: "partial")
        unsigned = UnsignedEvidence(rawValue: word) ?? .partial
        if let written = root["parameters"] {
            for member in try DataFields(written, file: file, of: "parameters").value.members {
                guard library.vocabulary.parameter(member.name) != nil else {
                    throw ControlDataError(
                        file: file, line: member.line, message: "there is no parameter \(member.name)")
                }
                guard let number = member.value.double, number.isFinite else {
                    throw ControlDataError(file: file, line: member.line, message: "\(member.name) is no number")
                }
                parameters[member.name] = number
            }
        }
        for fields in try root.objects("conditions", of: "a condition") {
            demands.append(try Self.demand(fields, library))
        }
    }

    private static func selection(
        _ name: String, _ root: DataFields, _ library: ControlLibrary
    ) throws(ControlDataError) -> Selection {
        guard let written = root[name] else { return Selection() }
        // A list is one of ids.
        if written.isArray { return try checked(Selection(ids: try root.texts(name)), written, root, library) }
        let fields = try DataFields(written, file: root.file, of: name)
        try fields.expect(only: ["ids", "groups"], in: name)
        return try checked(
            Selection(ids: try fields.texts("ids"), groups: try fields.texts("groups")), written, root, library)
    }

    private static func checked(
        _ selection: Selection, _ written: DocumentValue, _ root: DataFields, _ library: ControlLibrary
    ) throws(ControlDataError) -> Selection {
        let parts = selection.ids.map { Selection(ids: [$0]) } + selection.groups.map { Selection(groups: [$0]) }
        for part in parts {
            let isUsed = library.catalogues.contains { $0.controls.contains { part.contains($0) } }
            guard isUsed else {
                throw root.error("\((part.ids + part.groups).joined()) selects no control", at: written)
            }
        }
        return selection
    }

    private static func demand(
        _ fields: DataFields, _ library: ControlLibrary
    ) throws(ControlDataError) -> Demand {
        try fields.expect(only: ["controls", "needs", "kind", "where"], in: "a condition")
        var demand = Demand()
        if fields["controls"] != nil {
            guard let written = fields["needs"], fields["kind"] == nil else {
                throw fields.error("a condition on controls has needs, and no kind")
            }
            demand.controls = try selection("controls", fields, library)
            demand.needs = try RequirementReader(vocabulary: library.vocabulary, file: fields.file).read(written)
            return demand
        }
        let kind = try fields.text("kind")
        guard library.vocabulary[kind] != nil else { throw fields.error("\(kind) is no kind of evidence") }
        guard let written = fields["where"] else { throw fields.error("where is missing") }
        demand.kind = kind
        demand.condition = try ConditionReader(parameters: library.vocabulary.parameters, file: fields.file)
            .read(written)
        return demand
    }
}
