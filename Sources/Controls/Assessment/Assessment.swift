package import AssayCore

/// What the evidence about one model says about the selected controls.
package struct Assessment: Sendable {
    /// How a control stands. There is no word here for "all is well": that is for a person to say.
    package enum State: String, Sendable, CaseIterable {
        /// All the evidence that the control asks for is there.
        case present
        /// Some of it is there, or something about it is not as wanted.
        case partial
        /// Nothing that answers is there, or nothing of it is read as evidence.
        case missing
        /// A person said so.
        case attested
        case notApplicable = "not-applicable"
    }

    /// What came of one query.
    package struct Finding: Sendable {
        /// What was asked for.
        package let query: EvidenceQuery
        /// The query in words, with the profile's numbers.
        package let needs: String
        package let state: State
        /// Evidence that satisfies it.
        package let evidence: [EvidenceIndex.Link]
        /// Evidence that does not, with the condition that failed.
        package let failures: [Failure]
        /// What a user does to get the evidence.
        package let answeredBy: String

        /// A piece of evidence that does not answer the query, and why.
        package struct Failure: Sendable, Hashable {
            /// The piece of evidence.
            package let link: EvidenceIndex.Link
            /// The condition that it fails, with the value found.
            package let reason: String
        }
    }

    /// How one control stands.
    package struct Result: Sendable {
        /// Place of the control in the plan.
        package let item: Int
        package let state: State
        /// Why the state is what it is, where the findings do not say.
        package let remarks: [String]
        /// The person's word that was taken, or that no longer counts.
        package let attestation: Attestation?
        /// Evidence counts here that no trusted key signed.
        package let restsOnUnsigned: Bool
        let queries: [Int]
    }

    /// The model.
    package let subject: AssessmentSubject
    /// The day that ages and expiries were counted to.
    package let day: CalendarDate
    /// The controls that were looked at, and what they ask.
    package let plan: QueryPlan
    /// One result a control, in the order of the plan.
    package let results: [Result]
    /// Pieces of evidence about the model and its data.
    package let evidence: [EvidenceIndex.Link]
    let outcomes: [Finding]

    /// The control that the result is about, as planned.
    package func item(of result: Result) -> QueryPlan.Item { plan.items[result.item] }
    /// The catalogue that the result's control stands in.
    package func catalogue(of result: Result) -> Catalogue { plan.catalogues[plan.items[result.item].catalogue] }
    /// What came of each query of the control, in its order.
    package func findings(of result: Result) -> [Finding] { result.queries.map { outcomes[$0] } }

    /// How many controls stand so, in one catalogue or all, on one level or all.
    package func count(_ state: State, catalogue: String? = nil, level: ControlProfile.Level? = nil) -> Int {
        results.count { result in
            let item = plan.items[result.item]
            return result.state == state && (catalogue == nil || plan.catalogues[item.catalogue].id == catalogue)
                && (level == nil || item.level == level)
        }
    }

    /// The catalogues that have results, in the plan's order.
    package var catalogues: [Catalogue] {
        let used = Set(results.map { plan.items[$0.item].catalogue })
        return plan.catalogues.enumerated().filter { used.contains($0.offset) }.map(\.element)
    }
}
