/// What an organisation selects of the catalogues, and how strictly it reads evidence.
public struct ControlProfile: Sendable {
    /// What unsigned evidence, and signed evidence that no trusted key signed, is worth.
    public enum UnsignedEvidence: String, Sendable, CaseIterable {
        /// It counts, and is marked.
        case count
        /// It makes a control partial.
        case partial
        /// It is not looked at.
        case refuse
    }

    /// How much a control matters.
    public enum Level: String, Sendable, CaseIterable, Comparable {
        case must, should

        public static func < (left: Level, right: Level) -> Bool { left == .must && right == .should }
    }

    /// Controls by id and group; `*` and `?` stand for any text and any letter.
    public struct Selection: Sendable, Hashable {
        public var ids: [String] = []
        public var groups: [String] = []
        public var isEmpty: Bool { ids.isEmpty && groups.isEmpty }

        public init(ids: [String] = [], groups: [String] = []) { (self.ids, self.groups) = (ids, groups) }

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

    public var id = "default"
    public var title = "All catalogues, as they are"
    /// Catalogues that are looked at, by id; all when empty.
    public var catalogues: [String] = []
    /// What is looked at; everything when empty.
    public var include = Selection()
    public var exclude = Selection()
    /// Must-haves; what is neither here nor in `should` is a must when its catalogue says do or don't.
    public var must = Selection()
    public var should = Selection()
    public var unsigned = UnsignedEvidence.partial
    /// Values of parameters that differ from the vocabulary's.
    public var parameters: [String: Double] = [:]
    var demands: [Demand] = []

    public init() {}

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
