/// Conditions in words, for pages and reasons.
extension Condition {
    /// - Parameter parameters: the values of parameters; one that is not there is shown by its name.
    package func text(_ parameters: [String: Double]) -> String {
        switch self {
        case .all(let conditions): return conditions.map { $0.inner(parameters) }.joined(separator: " and ")
        case .any(let conditions): return conditions.map { $0.inner(parameters) }.joined(separator: " or ")
        case .not(let condition): return "not (\(condition.text(parameters)))"
        case .some(let path, let test): return "\(path) \(test.text(parameters))"
        case .every(let path, let test): return "every \(path) \(test.text(parameters))"
        case .has(let path, let condition): return "\(path) has \(condition.inner(parameters))"
        case .count(let path, let least): return "at least \(least.text(parameters)) \(path)"
        case .exists(let path): return "\(path) is there"
        case .missing(let path): return "\(path) is not there"
        case .age(let most): return "made in the last \(most.text(parameters)) days"
        case .undated: return "without a date"
        case .verified: return "signed by a trusted key"
        case .digestOfSubject(let path): return "\(path) is the digest of a subject"
        }
    }

    private func inner(_ parameters: [String: Double]) -> String {
        switch self {
        case .all(let conditions) where conditions.count > 1, .any(let conditions) where conditions.count > 1:
            "(\(text(parameters)))"
        default: text(parameters)
        }
    }
}

extension ValueTest {
    func text(_ parameters: [String: Double]) -> String {
        switch self {
        case .equals(let scalar): "is \(scalar)"
        case .oneOf(let scalars): "is one of \(scalars.map(\.description).joined(separator: ", "))"
        case .atLeast(let limit): "is at least \(limit.text(parameters))"
        case .atMost(let limit): "is at most \(limit.text(parameters))"
        case .moreThan(let limit): "is more than \(limit.text(parameters))"
        case .lessThan(let limit): "is less than \(limit.text(parameters))"
        case .matches(let pattern): "is like \(pattern)"
        case .age(let most): "lies in the last \(most.text(parameters)) days"
        case .expired(let wanted): wanted ? "has gone by" : "has not gone by"
        }
    }
}

extension Quantity {
    func text(_ parameters: [String: Double]) -> String {
        switch self {
        case .number(let number): Self.text(number)
        case .parameter(let id): parameters[id].map { Self.text($0) } ?? id
        }
    }
}
