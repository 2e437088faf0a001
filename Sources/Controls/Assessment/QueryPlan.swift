internal import AssayCore

/// The controls that a profile selects, with every query that they ask numbered: each is evaluated once per piece of
/// evidence, however many controls ask it.
package struct QueryPlan: Sendable {
    /// A selected control.
    package struct Item: Sendable {
        /// Place of the catalogue in the plan's list.
        package let catalogue: Int
        /// As it stands in the catalogue.
        package let control: Control
        /// The profile's word, else the catalogue's.
        package let level: ControlProfile.Level
        /// With what the profile demands beyond the catalogue.
        package let requirement: Requirement
        let needs: Need
    }

    /// A requirement over numbered queries.
    indirect enum Need: Sendable {
        case all([Need])
        case any([Need])
        case query(Int)
        case person
    }

    /// A query with its kind, ready to be evaluated.
    struct Compiled: Sendable {
        let query: EvidenceQuery
        let kind: EvidenceVocabulary.Kind
        /// What the query and the profile demand beyond the kind.
        let refinement: Condition?
        /// The query in words.
        let text: String
    }

    /// What evidence of one predicate type can answer.
    struct Route: Sendable {
        let kind: EvidenceVocabulary.Kind
        let answers: [EvidenceVocabulary.Answer]
        /// Places of the queries that ask for the kind.
        let queries: [Int]
    }

    /// All of the library, those without a selected control too.
    package let catalogues: [Catalogue]
    /// What selected the controls.
    package let profile: ControlProfile
    /// The selected controls, in the order of the catalogues.
    package private(set) var items: [Item] = []
    /// Parameters with the profile's values.
    package let parameters: [String: Double]
    let vocabulary: EvidenceVocabulary
    private(set) var queries: [Compiled] = []
    private(set) var routes: [String: [Route]] = [:]
    private var places: [EvidenceQuery: Int] = [:]

    /// - Parameter only: catalogues to look at beside what the profile selects; all when empty.
    package init(_ library: ControlLibrary, profile: ControlProfile = ControlProfile(), only: [String] = []) {
        self.profile = profile
        vocabulary = library.vocabulary
        catalogues = library.catalogues
        var parameters: [String: Double] = [:]
        for parameter in vocabulary.parameters { parameters[parameter.id] = parameter.standard }
        self.parameters = parameters.merging(profile.parameters) { _, new in new }
        for (place, catalogue) in catalogues.enumerated() where only.isEmpty || only.contains(catalogue.id) {
            for control in catalogue.controls where profile.selects(control, of: catalogue) {
                var requirement = control.needs
                let more = profile.demands.filter { $0.controls.contains(control) }.compactMap(\.needs)
                if !more.isEmpty { requirement = .all([requirement] + more) }
                items.append(
                    Item(
                        catalogue: place, control: control, level: profile.level(of: control),
                        requirement: requirement, needs: number(requirement)))
            }
        }
        routes = makeRoutes()
    }

    private mutating func number(_ requirement: Requirement) -> Need {
        switch requirement {
        case .all(let inner): return .all(inner.map { number($0) })
        case .any(let inner): return .any(inner.map { number($0) })
        case .person: return .person
        case .evidence(let query):
            if let place = places[query] { return .query(place) }
            guard let kind = vocabulary[query.kind] else { return .person }
            let more = profile.demands.filter { $0.kind == query.kind }.compactMap(\.condition)
            let conditions = [query.refinement].compactMap { $0 } + more
            places[query] = queries.count
            queries.append(
                Compiled(
                    query: query, kind: kind,
                    refinement: conditions.count > 1 ? .all(conditions) : conditions.first,
                    text: query.text(parameters)))
            return .query(queries.count - 1)
        }
    }

    private func makeRoutes() -> [String: [Route]] {
        var routes: [String: [Route]] = [:]
        for kind in vocabulary.kinds {
            let asked = queries.indices.filter { queries[$0].query.kind == kind.id }
            guard !asked.isEmpty else { continue }
            for type in Set(kind.answers.map(\.type)) {
                let route = Route(kind: kind, answers: kind.answers.filter { $0.type == type }, queries: asked)
                routes[type, default: []].append(route)
            }
        }
        return routes
    }
}
