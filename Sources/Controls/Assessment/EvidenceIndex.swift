package import AssayCore
internal import ByteParsing
internal import Documents

/// Evidence, judged by every query of a plan while it was read and then let go: what is kept is small, so that folders
/// of any size can be assessed.
package struct EvidenceIndex: Sendable {
    /// Where a piece of evidence is found again.
    package struct Link: Sendable, Hashable {
        /// File name, relative to the evidence folder.
        package let name: String
        /// SHA-256 of the file, in lower-case hexadecimal.
        package let sha256: String
        /// Short name or URI of the predicate type.
        package let kind: String
        /// Whether a trusted key signed it.
        package let standing: EvidenceRecord.Standing
        /// The day that it bears; nil when it bears none, and then it has no age.
        package let issued: CalendarDate?
    }

    /// What a query made of a piece of evidence.
    enum Verdict: Sendable {
        case satisfies
        case fails(String)
    }

    struct Entry: Sendable {
        let link: Link
        /// The queries that it is a candidate for.
        let verdicts: [(query: Int, verdict: Verdict)]
        let attestation: Attestation?
        /// Digests of datasets that training provenance names.
        let datasets: [String]
        /// What a Security Model Card among the evidence says.
        let facts: CardFacts?
    }

    let plan: QueryPlan
    let today: CalendarDate
    private(set) var entries: [Entry] = []
    private(set) var byDigest: [String: [Int]] = [:]

    /// Pieces of evidence that were read, whoever they are about.
    package var count: Int { entries.count }

    /// - Parameter today: the day that ages are counted to.
    package init(_ plan: QueryPlan, today: CalendarDate) {
        self.plan = plan
        self.today = today
    }

    /// Judges a piece of evidence and remembers what came out.
    package mutating func add(_ record: EvidenceRecord) {
        var verdicts: [(query: Int, verdict: Verdict)] = []
        for route in plan.routes[record.kind] ?? [] {
            guard let base = verdict(of: record, route) else { continue }
            for place in route.queries {
                let compiled = plan.queries[place]
                if let selection = compiled.query.selection, failure(selection, record) != nil { continue }
                switch base {
                case .fails: verdicts.append((place, base))
                case .satisfies:
                    let reason = compiled.refinement.flatMap { failure($0, record) }
                    verdicts.append((place, reason.map { .fails($0) } ?? .satisfies))
                }
            }
        }
        let link = Link(
            name: record.name, sha256: record.sha256, kind: record.kind, standing: record.standing,
            issued: record.issued)
        let place = entries.count
        entries.append(
            Entry(
                link: link, verdicts: verdicts, attestation: Attestation(record),
                datasets: Self.datasets(of: record), facts: Self.facts(of: record)))
        var seen: Set<String> = []
        for subject in record.statement.subjects {
            guard let digest = subject.digests["sha256"]?.lowercased(), seen.insert(digest).inserted else { continue }
            byDigest[digest, default: []].append(place)
        }
    }

    private func failure(_ condition: Condition, _ record: EvidenceRecord) -> String? {
        condition.failure(in: record, today: today, parameters: plan.parameters)
    }

    /// What the kind itself makes of the evidence; nil when it is not a candidate.
    private func verdict(of record: EvidenceRecord, _ route: QueryPlan.Route) -> Verdict? {
        var reason: String?
        for answer in route.answers {
            if let selection = answer.selection, failure(selection, record) != nil { continue }
            guard let failure = failure(answer.condition, record) else { return .satisfies }
            reason = reason ?? failure
        }
        return reason.map { .fails($0) }
    }

    /// Datasets among the resolved dependencies of SLSA provenance, by the role that `assay attest train` gives them.
    private static func datasets(of record: EvidenceRecord) -> [String] {
        guard record.kind == "slsa-provenance" else { return [] }
        let dependencies = record.statement.predicate["buildDefinition"]?["resolvedDependencies"]
        return dependencies?.elements.prefix(1000).compactMap { dependency in
            guard dependency["annotations"]?["role"]?.string == "dataset" else { return nil }
            return dependency["digest"]?["sha256"]?.string?.lowercased()
        } ?? []
    }

    private static func facts(of record: EvidenceRecord) -> CardFacts? {
        guard record.kind == "security-card",
            let card = try? DocumentReader.json(record.statement.bytes)["predicate"]
        else { return nil }
        return CardFacts(card)
    }

    /// Places of the evidence about one of the digests, in the order it was added.
    func places(_ digests: Set<String>) -> [Int] {
        guard digests.count > 1 else { return digests.first.flatMap { byDigest[$0] } ?? [] }
        var places: Set<Int> = []
        for digest in digests { places.formUnion(byDigest[digest] ?? []) }
        return places.sorted()
    }
}
