internal import AssayCore

/// Joins evidence, people's words and controls for one model after the other.
package struct Assessor: Sendable {
    let index: EvidenceIndex
    let attestations: Attestations
    /// For each control of the plan the words that name it, whatever model they are about.
    private let wordsOfItems: [[Int]]

    package init(_ index: EvidenceIndex, attestations: Attestations = Attestations()) {
        self.index = index
        self.attestations = attestations
        wordsOfItems = index.plan.items.map { item in
            let catalogue = index.plan.catalogues[item.catalogue]
            return attestations.all.indices.filter { attestations.all[$0].names(item.control, of: catalogue) }
        }
    }

    /// How far a need is answered.
    private struct Grade {
        /// 2 all of it, 1 some, 0 nothing.
        var height: Int
        var restsOnUnsigned = false
        /// Only a person's word is in it.
        var isPersonal = false
        var queries: [Int] = []
        var lacksPerson = false
    }

    /// What a query came to, and whether that rests on evidence that nobody vouches for.
    private struct Outcome {
        let height: Int
        let restsOnUnsigned: Bool
    }

    /// Holds the evidence about one subject against the plan.
    package func assess(_ named: AssessmentSubject) -> Assessment {
        let plan = index.plan
        let own = index.places(named.digests)
        let subject = described(named, own)
        var data = subject.data
        for place in own { data.formUnion(index.entries[place].datasets) }
        let about = index.places(data)
        let (findings, outcomes) = judge(own, about)
        let approvals = own.compactMap { index.entries[$0].attestation }
        var results: [Assessment.Result] = []
        results.reserveCapacity(plan.items.count)
        for (place, item) in plan.items.enumerated() {
            let catalogue = plan.catalogues[item.catalogue]
            let words =
                wordsOfItems[place].map { attestations.all[$0] }
                + approvals.filter { $0.names(item.control, of: catalogue) }
            results.append(result(place, item, catalogue, subject, outcomes, words.filter { $0.isAbout(subject) }))
        }
        return Assessment(
            subject: subject, day: index.today, plan: plan, results: results,
            evidence: Set(own + about).sorted().map { index.entries[$0].link }, outcomes: findings)
    }

    /// The model with what a card among its evidence says, when no card was given: one that counts as evidence does.
    private func described(_ subject: AssessmentSubject, _ own: [Int]) -> AssessmentSubject {
        let countsUnsigned = index.plan.profile.unsigned == .count
        let card = own.last { place in
            let entry = index.entries[place]
            return entry.facts != nil && (entry.link.standing.isVerified || countsUnsigned)
        }
        guard subject.facts == nil, let card, let facts = index.entries[card].facts else { return subject }
        var subject = subject
        subject.facts = facts
        subject.data.formUnion(facts.data)
        return subject
    }

    /// Evaluates every query over the evidence about the model and its data.
    private func judge(_ own: [Int], _ data: [Int]) -> ([Assessment.Finding], [Outcome]) {
        let plan = index.plan
        var good = [[Int]](repeating: [], count: plan.queries.count)
        var bad = [[(Int, String)]](repeating: [], count: plan.queries.count)
        let (isOwn, isData) = (Set(own), Set(data))
        for place in isOwn.union(isData).sorted() {
            for (query, verdict) in index.entries[place].verdicts {
                let isWanted =
                    switch plan.queries[query].kind.subject {
                    case .model: isOwn.contains(place)
                    case .data: isData.contains(place)
                    case .either: true
                    }
                guard isWanted else { continue }
                switch verdict {
                case .satisfies: good[query].append(place)
                case .fails(let reason): bad[query].append((place, reason))
                }
            }
        }
        var findings: [Assessment.Finding] = []
        var outcomes: [Outcome] = []
        findings.reserveCapacity(plan.queries.count)
        for (place, compiled) in plan.queries.enumerated() {
            let (finding, outcome) = weigh(compiled, good[place], bad[place])
            findings.append(finding)
            outcomes.append(outcome)
        }
        return (findings, outcomes)
    }

    private func weigh(
        _ compiled: QueryPlan.Compiled, _ good: [Int], _ bad: [(Int, String)]
    ) -> (Assessment.Finding, Outcome) {
        let policy = index.plan.profile.unsigned
        var signed = 0
        var counted: [EvidenceIndex.Link] = []
        var failures: [Assessment.Finding.Failure] = []
        var seen: Set<String> = []
        for place in good {
            let link = index.entries[place].link
            // The same bytes under two names are one piece of evidence.
            guard seen.insert(link.sha256).inserted else { continue }
            switch (link.standing, policy) {
            case (.verified, _):
                signed += 1
                counted.append(link)
            case (_, .count): counted.append(link)
            case (.unsigned, _): failures.append(.init(link: link, reason: "nobody signed it"))
            case (.notVerified(let reason), _): failures.append(.init(link: link, reason: reason))
            }
        }
        let isSatisfied = counted.count >= compiled.query.count
        failures += bad.map { .init(link: index.entries[$0.0].link, reason: $0.1) }
        if policy == .refuse { failures.removeAll { $0.link.standing.isVerified == false } }
        if !isSatisfied, !counted.isEmpty {
            failures += counted.map {
                .init(link: $0, reason: "\(counted.count) of \(compiled.query.count) that are wanted")
            }
        }
        let height = isSatisfied ? 2 : failures.isEmpty ? 0 : 1
        let state: Assessment.State = isSatisfied ? .present : failures.isEmpty ? .missing : .partial
        let finding = Assessment.Finding(
            query: compiled.query, needs: compiled.text, state: state, evidence: counted,
            failures: isSatisfied ? [] : failures,
            answeredBy: compiled.kind.answeredBy)
        return (finding, Outcome(height: height, restsOnUnsigned: isSatisfied && signed < compiled.query.count))
    }

    private func result(
        _ place: Int, _ item: QueryPlan.Item, _ catalogue: Catalogue, _ subject: AssessmentSubject,
        _ outcomes: [Outcome], _ relevant: [Attestation]
    ) -> Assessment.Result {
        // An approval counts as evidence does: signed, or as the profile says.
        let countsUnsigned = index.plan.profile.unsigned == .count
        let valid = relevant.filter { $0.deficiency(today: index.today) == nil && ($0.isSigned || countsUnsigned) }
        var remarks: [String] = []
        for word in relevant where !valid.contains(word) {
            remarks.append(
                word.deficiency(today: index.today) ?? "no trusted key signed the approval \(word.place)")
        }
        let met = valid.first { $0.statement == .met }
        let grade = grade(item.needs, outcomes, hasWord: met != nil)
        func standing(_ state: Assessment.State, _ attestation: Attestation?) -> Assessment.Result {
            Assessment.Result(
                item: place, state: state, remarks: remarks, attestation: attestation,
                restsOnUnsigned: state == .present && grade.restsOnUnsigned, queries: grade.queries)
        }
        if let exempt = valid.first(where: { $0.statement == .notApplicable }) {
            remarks.append("\(exempt.by): \(exempt.reason)")
            return standing(.notApplicable, exempt)
        }
        if let facts = subject.facts, !item.control.systems.isEmpty, !facts.classes.isEmpty,
            facts.classes.isDisjoint(with: item.control.systems)
        {
            let systems = item.control.systems.joined(separator: " and ")
            let classes = facts.classes.sorted().joined(separator: " and ")
            remarks.append(
                "It concerns \(systems), and the card\(facts.author.map { " by \($0)" } ?? "") says that the model is"
                    + " \(classes)\(facts.rationale.map { ": \($0)" } ?? "")")
            return standing(.notApplicable, nil)
        }
        for claim in claims(subject, item.control, catalogue) { remarks.append("the card says: \(claim.status)") }
        if grade.lacksPerson { remarks.append("a person's attestation is missing") }
        if grade.height == 2 { return standing(grade.isPersonal ? .attested : .present, met) }
        if met != nil { return standing(.attested, met) }
        return standing(grade.height == 1 ? .partial : .missing, relevant.first { $0.statement == .met })
    }

    private func claims(
        _ subject: AssessmentSubject, _ control: Control, _ catalogue: Catalogue
    ) -> [CardFacts.Claim] {
        subject.facts?.claims.filter {
            $0.control == control.id && ($0.catalogue == catalogue.id || $0.catalogue.isEmpty)
        }
            ?? []
    }

    // The depth is that of the requirement, which its reader bounds.
    private func grade(_ need: QueryPlan.Need, _ outcomes: [Outcome], hasWord: Bool) -> Grade {
        switch need {
        case .person: return Grade(height: hasWord ? 2 : 0, isPersonal: true, lacksPerson: !hasWord)
        case .query(let place):
            let outcome = outcomes[place]
            return Grade(height: outcome.height, restsOnUnsigned: outcome.restsOnUnsigned, queries: [place])
        case .all(let needs):
            var total = Grade(height: 2, isPersonal: true)
            var best = 0
            for need in needs {
                let part = grade(need, outcomes, hasWord: hasWord)
                best = max(best, part.height)
                total.height = min(total.height, part.height)
                total.restsOnUnsigned = total.restsOnUnsigned || part.restsOnUnsigned
                total.isPersonal = total.isPersonal && part.isPersonal
                total.lacksPerson = total.lacksPerson || part.lacksPerson
                total.queries += part.queries
            }
            if total.height < 2 { total.height = best > 0 ? 1 : 0 }
            return total
        case .any(let needs):
            var total = Grade(height: 0, isPersonal: true)
            var restsOnUnsigned: Bool?
            for need in needs {
                let part = grade(need, outcomes, hasWord: hasWord)
                if part.height == 2 { restsOnUnsigned = (restsOnUnsigned ?? true) && part.restsOnUnsigned }
                total.height = max(total.height, part.height)
                total.isPersonal = total.isPersonal && part.isPersonal
                total.queries += part.queries
            }
            total.restsOnUnsigned = restsOnUnsigned ?? false
            return total
        }
    }
}

extension EvidenceRecord.Standing {
    var isVerified: Bool { if case .verified = self { true } else { false } }
}
