internal import Documents

/// When attacks and techniques apply to a model, as data (`threat-rules/v1`).
package struct ThreatRules: Sendable {
    /// Facts put together; a fact that the card does not speak about is neither true nor false.
    indirect enum When: Sendable {
        case fact(String)
        case all([When])
        case any([When])
    }

    struct Rule: Sendable {
        let ids: [String]
        let when: When
        let because: String
    }

    /// The facts that rules may name, with their meaning.
    package private(set) var facts: [(id: String, meaning: String)] = []
    private(set) var rules: [Rule] = []

    /// - Throws: `ControlDataError`; a test reads the shipped file, so that it never does.
    package static func shipped() throws(ControlDataError) -> ThreatRules {
        let file = "catalogs/threat-rules.yaml"
        return try ThreatRules(try ControlLibrary.resource(file), file: file)
    }

    init(_ bytes: [UInt8], file: String) throws(ControlDataError) {
        let root = try DataFields.document(bytes, file: file, schema: "threat-rules/v1")
        try root.expect(only: ["schema", "note", "facts", "rules"], in: "threat rules")
        for fields in try root.objects("facts", of: "a fact") {
            try fields.expect(only: ["id", "meaning"], in: "a fact")
            facts.append((try fields.text("id"), try fields.text("meaning")))
        }
        for fields in try root.objects("rules", of: "a rule") {
            try fields.expect(only: ["ids", "when", "because"], in: "a rule")
            guard let written = fields["when"] else { throw fields.error("when is missing") }
            rules.append(
                Rule(
                    ids: try fields.texts("ids"), when: try when(written, file, 0),
                    because: try fields.text("because")))
        }
    }

    private func when(_ value: DocumentValue, _ file: String, _ depth: Int) throws(ControlDataError) -> When {
        func failure(_ message: String) -> ControlDataError {
            ControlDataError(file: file, line: value.line, message: message)
        }
        if let fact = value.string {
            guard facts.contains(where: { $0.id == fact }) else { throw failure("there is no fact \(fact)") }
            return .fact(fact)
        }
        guard depth < 4, value.members.count == 1, let member = value.members.first,
            ["all", "any"].contains(member.name), !member.value.elements.isEmpty
        else { throw failure("when is a fact, all or any of a list") }
        var inner: [When] = []
        for element in member.value.elements { inner.append(try when(element, file, depth + 1)) }
        return member.name == "all" ? .all(inner) : .any(inner)
    }

    /// The rule that decides about an id: the first that names it.
    func rule(_ id: String) -> Rule? {
        let bytes = Array(id.utf8)
        return rules.first { $0.ids.contains { TextPattern.matches(Array($0.utf8), bytes) } }
    }
}

extension ThreatRules.When {
    /// True, false, or nil when the card does not say.
    func holds(_ facts: CardFacts) -> Bool? {
        switch self {
        case .fact(let fact): return facts.says(fact)
        case .all(let inner):
            let parts = inner.map { $0.holds(facts) }
            return parts.contains(false) ? false : parts.contains(nil) ? nil : true
        case .any(let inner):
            let parts = inner.map { $0.holds(facts) }
            return parts.contains(true) ? true : parts.contains(nil) ? nil : false
        }
    }

    /// The facts that the card does not speak about.
    func open(_ facts: CardFacts) -> [String] {
        switch self {
        case .fact(let fact): facts.says(fact) == nil ? [fact] : []
        case .all(let inner), .any(let inner): inner.flatMap { $0.open(facts) }
        }
    }

    /// The facts that are true of the card.
    func established(_ facts: CardFacts) -> [String] {
        switch self {
        case .fact(let fact): facts.says(fact) == true ? [fact] : []
        case .all(let inner), .any(let inner): inner.flatMap { $0.established(facts) }
        }
    }
}

extension CardFacts {
    /// What the card says about a fact of the rules; nil when it does not speak about it.
    func says(_ fact: String) -> Bool? {
        switch fact {
        case "PredAI", "GenAI": return classes.isEmpty ? nil : classes.contains(fact)
        case "white-box", "gray-box", "black-box": return knowledge.map { $0 == fact }
        case "base-model":
            if !baseModels.isEmpty { return true }
            if traits.contains("fine-tuned") { return true }
            return saysBaseModels ? false : nil
        case "unpinned-base-model":
            return saysBaseModels ? baseModels.contains { !$0.hasDigest } : nil
        case "training-data": return hasTrainingData ? true : nil
        case "unpinned-data": return hasTrainingData ? !unpinnedTrainingData.isEmpty : nil
        case "sensitive-data":
            let known = sensitivities.subtracting(["unknown"])
            if !known.isDisjoint(with: ["personal", "special-category", "internal", "classified"]) { return true }
            return sensitivities.isEmpty || sensitivities.contains("unknown") ? nil : false
        default: return traits.contains(fact) ? true : saysTraits ? false : nil
        }
    }
}
