/// The variables of a template, by the scopes that are open, and its namespaces.
struct TemplateVariables {
    /// From the template to the innermost; the template's is always there.
    private var scopes: [[String: TemplateValue]] = [[:]]
    private(set) var namespaces: [[String: TemplateValue]] = []

    private static let mostNamespaces = 256

    mutating func open(_ values: [String: TemplateValue] = [:]) { scopes.append(values) }
    mutating func close() { scopes.removeLast() }

    func value(of name: String) -> TemplateValue {
        for scope in scopes.reversed() {
            if let value = scope[name] { return value }
        }
        return TemplateNames.engineFunctions.contains(name) ? .engine(name) : .data
    }

    mutating func assign(_ name: String, _ value: TemplateValue) {
        scopes[scopes.count - 1][name] = value
    }

    /// Replaces the value of a variable where it is visible.
    mutating func replace(_ name: String, _ value: TemplateValue) {
        for index in scopes.indices.reversed() where scopes[index][name] != nil {
            scopes[index][name] = value
            return
        }
    }

    // MARK: Namespaces

    mutating func makeNamespace(_ members: [String: TemplateValue]) -> TemplateValue {
        guard namespaces.count < Self.mostNamespaces else { return .data }
        namespaces.append(members)
        return .namespace(namespaces.count - 1)
    }

    /// A member of a namespace; one that was made in a branch that is not followed is gone.
    func member(_ name: String, ofNamespace index: Int) -> TemplateValue {
        namespaces.indices.contains(index) ? namespaces[index][name] ?? .data : .data
    }

    mutating func setMember(_ name: String, ofNamespace index: Int, _ value: TemplateValue) {
        if namespaces.indices.contains(index) { namespaces[index][name] = value }
    }

    // MARK: Recursion

    /// What a macro finds when it is called, besides its parameters.
    struct Surroundings: Equatable {
        fileprivate var scopes: [[String: TemplateValue]]
        fileprivate var namespaces: [[String: TemplateValue]]
    }

    var surroundings: Surroundings { Surroundings(scopes: scopes, namespaces: namespaces) }

    /// Whether what was there before is as it was; what came to it since is of no concern.
    func still(_ before: Surroundings) -> Bool {
        scopes.count >= before.scopes.count && namespaces.count >= before.namespaces.count
            && zip(scopes, before.scopes).allSatisfy { $0 == $1 }
            && zip(namespaces, before.namespaces).allSatisfy { $0 == $1 }
    }

    // MARK: Branches

    /// What statements in one place can change: the innermost scope and all namespaces.
    struct State {
        fileprivate var scope: [String: TemplateValue]
        fileprivate var namespaces: [[String: TemplateValue]]
        /// How many variables there are.
        var size: Int { scope.count }
    }

    var state: State {
        get { State(scope: scopes[scopes.count - 1], namespaces: namespaces) }
        set {
            scopes[scopes.count - 1] = newValue.scope
            namespaces = newValue.namespaces
        }
    }

    /// Goes on after branches that end in different states: what they leave behind is one of several where they differ.
    mutating func merge(_ ends: [State]) {
        guard let first = ends.first else { return }
        state = first
        for end in ends.dropFirst() {
            Self.merge(end.scope, into: &scopes[scopes.count - 1])
            mergeNamespaces(with: end.namespaces)
            if end.namespaces.count > namespaces.count { namespaces += end.namespaces[namespaces.count...] }
        }
    }

    mutating func mergeNamespaces(with others: [[String: TemplateValue]]) {
        for index in others.indices where index < namespaces.count {
            Self.merge(others[index], into: &namespaces[index])
        }
    }

    private static func merge(_ others: [String: TemplateValue], into values: inout [String: TemplateValue]) {
        for (name, value) in others where values[name] != value {
            values[name] = .oneOf([values[name] ?? .data, value])
        }
    }
}
