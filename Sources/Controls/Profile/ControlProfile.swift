/// What an organisation selects of the catalogues, and how strictly it reads evidence.
package struct ControlProfile: Sendable {
    /// What unsigned evidence, and signed evidence that no trusted key signed, is worth.
    package enum UnsignedEvidence: String, Sendable, CaseIterable {
        /// It counts, and is marked.
        case count
        /// It makes a control partial.
        case partial
        /// It is not looked at.
        case refuse
    }

    /// How much a control matters.
    package enum Level: String, Sendable, CaseIterable, Comparable {
        case must, should

        package static func < (left: Level, right: Level) -> Bool { left == .must && right == .should }
    }

    /// Controls by id and group; `*` and `?` stand for any text and any letter.
    package struct Selection: Sendable, Hashable {
        package var ids: [String] = []
        package var groups: [String] = []
        /// Whether it names nothing: then it selects no control.
        package var isEmpty: Bool { ids.isEmpty && groups.isEmpty }

        package init(ids: [String] = [], groups: [String] = []) { (self.ids, self.groups) = (ids, groups) }

        func contains(_ control: Control) -> Bool {
            ids.contains { Self.matches($0, control.id) }
                || groups.contains { pattern in control.groups.contains { Self.matches(pattern, $0) } }
        }

        private static func matches(_ pattern: String, _ text: String) -> Bool {
            TextPattern.matches(Array(pattern.utf8), Array(text.utf8))
        }
    }

    /// What a profile demands beyond the catalogue.
    struct Demand: Sendable {
        /// The controls that need more, or empty when it is about a kind of evidence.
        var controls = Selection()
        var needs: Requirement?
        var kind: String?
        var condition: Condition?
    }

    package var id = "default"
    package var title = "All catalogues, as they are"
    /// Catalogues that are looked at, by id; all when empty.
    package var catalogues: [String] = []
    /// What is looked at; everything when empty.
    package var include = Selection()
    /// What is left out of that.
    package var exclude = Selection()
    /// Must-haves; what is neither here nor in `should` is a must when its catalogue says do or don't.
    package var must = Selection()
    /// What is no must-have, whatever its catalogue says.
    package var should = Selection()
    /// What evidence is worth that no trusted key signed.
    package var unsigned = UnsignedEvidence.partial
    /// Values of parameters that differ from the vocabulary's.
    package var parameters: [String: Double] = [:]
    var demands: [Demand] = []

    package init() {}

    func selects(_ control: Control, of catalogue: Catalogue) -> Bool {
        (catalogues.isEmpty || catalogues.contains(catalogue.id)) && (include.isEmpty || include.contains(control))
            && !exclude.contains(control)
    }

    func level(of control: Control) -> Level {
        if must.contains(control) { return .must }
        if should.contains(control) { return .should }
        return control.kind == .do || control.kind == .dont ? .must : .should
    }
}
