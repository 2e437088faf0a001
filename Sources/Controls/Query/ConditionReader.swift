internal import Documents

/// Reads conditions from data files; everything that is not understood is an error.
struct ConditionReader {
    /// Conditions inside of conditions.
    static let depth = 8
    /// Conditions in one `all` or `any`.
    static let breadth = 64

    let parameters: [EvidenceVocabulary.Parameter]
    let file: String

    private static let tests = [
        "exists", "equals", "one-of", "at-least", "at-most", "more-than", "less-than", "matches", "age-at-most",
        "expired", "count-at-least", "is-digest-of-subject", "has",
    ]

    func read(_ value: DocumentValue, depth: Int = 0) throws(ControlDataError) -> Condition {
        let fields = try DataFields(value, file: file, of: "a condition")
        guard depth < Self.depth else { throw fields.error("conditions are nested more than \(Self.depth) deep") }
        guard let first = value.members.first else { throw fields.error("the condition is empty") }
        switch first.name {
        case "all", "any":
            try fields.expect(only: [first.name], in: "the condition")
            let inner = try list(first.value, depth)
            return first.name == "all" ? .all(inner) : .any(inner)
        case "not":
            try fields.expect(only: ["not"], in: "the condition")
            return .not(try read(first.value, depth: depth + 1))
        case "age-at-most" where fields["path"] == nil:
            try fields.expect(only: ["age-at-most"], in: "the condition")
            return .age(atMost: try quantity(first.value))
        case "undated":
            try fields.expect(only: ["undated"], in: "the condition")
            return try truth(first.value) ? .undated : .not(.undated)
        case "standing":
            try fields.expect(only: ["standing"], in: "the condition")
            guard first.value.string == "verified" else {
                throw fields.error("standing can only be verified", at: first.value)
            }
            return .verified
        default: return try overPath(fields, depth)
        }
    }

    private func list(_ value: DocumentValue, _ depth: Int) throws(ControlDataError) -> [Condition] {
        let elements = value.elements
        guard !elements.isEmpty, elements.count <= Self.breadth else {
            throw ControlDataError(
                file: file, line: value.line, message: "all and any take a list of 1 to \(Self.breadth) conditions")
        }
        var inner: [Condition] = []
        for element in elements { inner.append(try read(element, depth: depth + 1)) }
        return inner
    }

    private func overPath(_ fields: DataFields, _ depth: Int) throws(ControlDataError) -> Condition {
        try fields.expect(only: ["path", "every"] + Self.tests, in: "a condition over a path")
        let text = try fields.text("path")
        guard let path = QueryPath(text) else {
            throw fields.error(
                "\(text) is no path: names separated by /, at most \(QueryPath.limit), \(QueryPath.wildcards) of them *",
                at: fields["path"])
        }
        let given = fields.value.members.filter { Self.tests.contains($0.name) }
        guard given.count == 1, let given = given.first else {
            throw fields.error("a path takes exactly one of \(Self.tests.joined(separator: ", "))")
        }
        let isEvery = try fields["every"].map { value throws(ControlDataError) in try truth(value) } ?? false
        let value = given.value
        switch given.name {
        case "exists": return try truth(value) ? .exists(path) : .missing(path)
        case "has": return .has(path, try read(value, depth: depth + 1))
        case "count-at-least": return .count(path, atLeast: try quantity(value))
        case "is-digest-of-subject": return try truth(value) ? .digestOfSubject(path) : .not(.digestOfSubject(path))
        default: break
        }
        let test = try test(given.name, value)
        return isEvery ? .every(path, test) : .some(path, test)
    }

    private func test(_ name: String, _ value: DocumentValue) throws(ControlDataError) -> ValueTest {
        switch name {
        case "equals": return .equals(try scalar(value))
        case "one-of":
            guard value.isArray, !value.elements.isEmpty else { throw failure("one-of takes a list", value) }
            var scalars: [Scalar] = []
            for element in value.elements { scalars.append(try scalar(element)) }
            return .oneOf(scalars)
        case "at-least": return .atLeast(try quantity(value))
        case "at-most": return .atMost(try quantity(value))
        case "more-than": return .moreThan(try quantity(value))
        case "less-than": return .lessThan(try quantity(value))
        case "age-at-most": return .age(atMost: try quantity(value))
        case "expired": return .expired(try truth(value))
        case "matches":
            guard let text = value.string, !text.isEmpty else { throw failure("matches takes a pattern", value) }
            return .matches(text)
        default: throw failure("\(name) is no test", value)
        }
    }

    func quantity(_ value: DocumentValue) throws(ControlDataError) -> Quantity {
        if let number = value.double, number.isFinite { return .number(number) }
        if value.isObject {
            let fields = try DataFields(value, file: file, of: "a number")
            try fields.expect(only: ["parameter"], in: "a number")
            let id = try fields.text("parameter")
            guard parameters.contains(where: { $0.id == id }) else {
                throw fields.error("there is no parameter \(id)")
            }
            return .parameter(id)
        }
        throw failure("a number or {parameter: NAME} is wanted", value)
    }

    private func scalar(_ value: DocumentValue) throws(ControlDataError) -> Scalar {
        if let text = value.string { return .text(text) }
        if let truth = value.boolean { return .boolean(truth) }
        if let number = value.double, number.isFinite { return .number(number) }
        throw failure("a text, number, true or false is wanted", value)
    }

    private func truth(_ value: DocumentValue) throws(ControlDataError) -> Bool {
        guard let truth = value.boolean else { throw failure("true or false is wanted", value) }
        return truth
    }

    private func failure(_ message: String, _ value: DocumentValue) -> ControlDataError {
        ControlDataError(file: file, line: value.line, message: message)
    }
}
