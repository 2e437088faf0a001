internal import Documents

/// What a control needs: kinds of evidence, put together with all and any.
package indirect enum Requirement: Sendable, Hashable {
    case all([Requirement])
    case any([Requirement])
    case evidence(EvidenceQuery)
    /// A person has to say so: an attestation.
    case person

    /// Every query in it, in the order of the text.
    package var queries: [EvidenceQuery] {
        switch self {
        case .all(let inner), .any(let inner): inner.flatMap(\.queries)
        case .evidence(let query): [query]
        case .person: []
        }
    }

    /// Whether a person has to say something, in one of its branches.
    package var needsPerson: Bool {
        switch self {
        case .all(let inner), .any(let inner): inner.contains(where: \.needsPerson)
        case .evidence: false
        case .person: true
        }
    }
}

/// Evidence of a kind, with what else has to hold of it.
package struct EvidenceQuery: Sendable, Hashable {
    /// Id of a kind of the vocabulary.
    package let kind: String
    /// Which evidence of the kind is meant at all.
    package var selection: Condition?
    /// What has to hold beyond what the kind demands.
    package var condition: Condition?
    /// Oldest that counts, in days.
    package var maximumAge: Quantity?
    /// How many pieces are needed.
    package var count: Int

    init(kind: String) {
        self.kind = kind
        count = 1
    }

    /// What has to hold beyond the kind's own conditions, as one condition.
    var refinement: Condition? {
        switch (condition, maximumAge) {
        case (nil, nil): nil
        case (let condition?, nil): condition
        case (nil, let age?): .age(atMost: age)
        case (let condition?, let age?): .all([condition, .age(atMost: age)])
        }
    }

    /// The query in words: the kind and what refines it.
    package func text(_ parameters: [String: Double]) -> String {
        let number = count > 1 ? "\(count) × " : ""
        let conditions = [selection, refinement].compactMap { $0?.text(parameters) }
        return number + kind + (conditions.isEmpty ? "" : " where " + conditions.joined(separator: " and "))
    }
}

extension Requirement {
    /// The requirement in words, with the numbers of a profile.
    package func text(_ parameters: [String: Double]) -> String {
        switch self {
        case .all(let inner): inner.map { $0.inner(parameters) }.joined(separator: " and ")
        case .any(let inner): inner.map { $0.inner(parameters) }.joined(separator: " or ")
        case .evidence(let query): query.text(parameters)
        case .person: "a person's attestation"
        }
    }

    private func inner(_ parameters: [String: Double]) -> String {
        switch self {
        case .all(let inner) where inner.count > 1, .any(let inner) where inner.count > 1: "(\(text(parameters)))"
        default: text(parameters)
        }
    }
}

/// Reads `needs`: the name of a kind, `{kind: …}` with refinements, `{all: […]}` or `{any: […]}`.
struct RequirementReader {
    static let depth = 6

    let vocabulary: EvidenceVocabulary
    let file: String

    func read(_ value: DocumentValue, depth: Int = 0) throws(ControlDataError) -> Requirement {
        if let name = value.string { return try leaf(name, value) }
        let fields = try DataFields(value, file: file, of: "needs")
        guard depth < Self.depth else { throw fields.error("needs is nested more than \(Self.depth) deep") }
        for word in ["all", "any"] {
            guard let inner = fields[word] else { continue }
            try fields.expect(only: [word], in: "needs")
            guard !inner.elements.isEmpty, inner.elements.count <= ConditionReader.breadth else {
                throw fields.error("\(word) takes a list of 1 to \(ConditionReader.breadth)", at: inner)
            }
            var list: [Requirement] = []
            for element in inner.elements { list.append(try read(element, depth: depth + 1)) }
            return word == "all" ? .all(list) : .any(list)
        }
        try fields.expect(only: ["kind", "when", "where", "max-age", "count"], in: "a need")
        let name = try fields.text("kind")
        guard case .evidence(var query) = try leaf(name, value) else {
            throw fields.error("nothing can be asked of a person's word")
        }
        let reader = ConditionReader(parameters: vocabulary.parameters, file: file)
        query.selection = try fields["when"].map { value throws(ControlDataError) in try reader.read(value) }
        query.condition = try fields["where"].map { value throws(ControlDataError) in try reader.read(value) }
        query.maximumAge = try fields["max-age"].map { value throws(ControlDataError) in try reader.quantity(value) }
        if let count = fields["count"] {
            guard let number = count.integer, (1...1000).contains(number) else {
                throw fields.error("count is a number from 1 to 1000", at: count)
            }
            query.count = number
        }
        return .evidence(query)
    }

    private func leaf(_ name: String, _ value: DocumentValue) throws(ControlDataError) -> Requirement {
        guard vocabulary[name] != nil else {
            throw ControlDataError(file: file, line: value.line, message: "\(name) is no kind of evidence")
        }
        return name == EvidenceVocabulary.person ? .person : .evidence(EvidenceQuery(kind: name))
    }
}
