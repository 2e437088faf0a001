internal import Documents

/// The kinds of evidence that catalogues ask for by name, and what answers each.
package struct EvidenceVocabulary: Sendable {
    /// The kind that only a person can give.
    package static let person = "person"

    /// A number that profiles may change: a maximum age, a minimum number of samples.
    package struct Parameter: Sendable, Hashable {
        package let id: String
        /// Its value where no profile says another.
        package let standard: Double
        /// What it counts: `days`, `samples`.
        package let unit: String
        package let meaning: String
    }

    /// What evidence of a kind is about.
    package enum Subject: String, Sendable, CaseIterable {
        case model
        /// Data that the model's card or provenance names by digest.
        case data
        case either
    }

    /// One way to answer a kind: a predicate type and what has to hold of the predicate.
    package struct Answer: Sendable {
        /// Short name or URI of the predicate type.
        package let type: String
        /// Which predicates of the type are meant at all.
        package let selection: Condition?
        /// What has to hold of a predicate for it to answer.
        package let condition: Condition
    }

    /// A kind of evidence that controls ask for, with its answers.
    package struct Kind: Sendable {
        package let id: String
        package let meaning: String
        package let subject: Subject
        /// Any one of them will do.
        package let answers: [Answer]
        /// What a user does to get it.
        package let answeredBy: String
    }

    /// In the order of the files.
    package private(set) var parameters: [Parameter]
    /// In the order of the files.
    package private(set) var kinds: [Kind]
    private var places: [String: Int]

    init() { (parameters, kinds, places) = ([], [], [:]) }

    /// The kind with that id.
    package subscript(kind: String) -> Kind? { places[kind].map { kinds[$0] } }

    /// The number of that name, which profiles may change.
    package func parameter(_ id: String) -> Parameter? { parameters.first { $0.id == id } }

    /// Takes the parameters and kinds of a file; what is there already cannot be said anew.
    mutating func add(_ root: DataFields) throws(ControlDataError) {
        for fields in try root.objects("parameters", of: "a parameter") {
            try fields.expect(only: ["id", "default", "unit", "meaning"], in: "a parameter")
            let id = try fields.text("id")
            guard parameter(id) == nil else { throw fields.error("the parameter \(id) stands here twice") }
            guard let standard = fields["default"]?.double else { throw fields.error("default is no number") }
            parameters.append(
                Parameter(
                    id: id, standard: standard, unit: try fields.text("unit"), meaning: try fields.text("meaning")))
        }
        for fields in try root.objects("types", of: "a kind of evidence") {
            try fields.expect(only: ["id", "meaning", "about", "accepts", "answered-by"], in: "a kind of evidence")
            let id = try fields.text("id")
            guard places[id] == nil else { throw fields.error("the kind \(id) stands here twice") }
            let reader = ConditionReader(parameters: parameters, file: root.file)
            var answers: [Answer] = []
            for answer in try fields.objects("accepts", of: "an answer") {
                try answer.expect(only: ["type", "when", "where"], in: "an answer")
                guard let written = answer["where"] else { throw answer.error("where is missing") }
                answers.append(
                    Answer(
                        type: try answer.text("type"),
                        selection: try answer["when"].map { value throws(ControlDataError) in try reader.read(value) },
                        condition: try reader.read(written)))
            }
            guard !answers.isEmpty || id == Self.person else { throw fields.error("nothing answers \(id)") }
            let subject = try fields.word("about", of: Subject.allCases.map(\.rawValue), default: "model")
            places[id] = kinds.count
            kinds.append(
                Kind(
                    id: id, meaning: try fields.text("meaning"), subject: Subject(rawValue: subject) ?? .model,
                    answers: answers, answeredBy: try fields.text("answered-by")))
        }
    }
}
