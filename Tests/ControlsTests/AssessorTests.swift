import AssayCore
import Controls
import Documents
import Testing

@Suite struct AssessorTests {
    private let owner = #"{"schema": "data-card/v1", "owner": "w"}"#
    private let filter = #"{"kind": "input-filter", "enforced": true, "outcome": "passed", "date": "2026-11-20"}"#
    private let limit = #"{"kind": "rate-limit", "enforced": true, "outcome": "passed", "date": "2026-11-20"}"#

    private func check(
        _ predicate: String, name: String = "evidence.json",
        standing: EvidenceRecord.Standing = .verified(signers: ["key"])
    ) throws -> EvidenceRecord {
        try Fixture.record("check-result", predicate, name: name, standing: standing)
    }

    @Test func statesFollowFromWhatIsThere() throws {
        let both = "{all: [input-filter, rate-limit]}"
        #expect(try Fixture.state(needs: both, [check(filter), check(limit)]).1.state == .present)
        #expect(try Fixture.state(needs: both, [check(filter)]).1.state == .partial)
        #expect(try Fixture.state(needs: both, []).1.state == .missing)
        let one = "{any: [input-filter, rate-limit]}"
        #expect(try Fixture.state(needs: one, [check(limit)]).1.state == .present)
        #expect(try Fixture.state(needs: one, []).1.state == .missing)
    }

    @Test func evidenceIsLinkedByNameAndDigest() throws {
        let record = try check(filter, name: "gateway/filter.json")
        let (assessment, result) = try Fixture.state(needs: "input-filter", [record])
        let link = try #require(assessment.findings(of: result).first?.evidence.first)
        #expect(link.name == "gateway/filter.json" && link.sha256 == record.sha256)
        #expect(link.issued == CalendarDate("2026-11-20"))
    }

    @Test func evidenceAboutAnotherModelDoesNotCount() throws {
        let record = try Fixture.record("check-result", filter, subject: Fixture.dataset)
        #expect(try Fixture.state(needs: "input-filter", [record]).1.state == .missing)
    }

    @Test func unsignedEvidenceCountsAsTheProfileSays() throws {
        for standing in [EvidenceRecord.Standing.unsigned, .notVerified(reason: "another key")] {
            let records = [try check(filter, standing: standing)]
            let (_, counted) = try Fixture.state(
                needs: "input-filter", records, profile: Fixture.profile(unsigned: .count))
            #expect(counted.state == .present && counted.restsOnUnsigned)
            let (assessment, partial) = try Fixture.state(needs: "input-filter", records)
            #expect(partial.state == .partial && !partial.restsOnUnsigned)
            #expect(assessment.findings(of: partial).first?.failures.count == 1)
            #expect(
                try Fixture.state(needs: "input-filter", records, profile: Fixture.profile(unsigned: .refuse)).1.state
                    == .missing)
        }
        let (_, signed) = try Fixture.state(
            needs: "input-filter", [check(filter)], profile: Fixture.profile(unsigned: .count))
        #expect(signed.state == .present && !signed.restsOnUnsigned)
    }

    @Test func severalPiecesHaveToDiffer() throws {
        let needs = "{kind: input-filter, count: 2}"
        let other = filter.replacing("2026-11-20", with: "2026-11-21")
        #expect(try Fixture.state(needs: needs, [check(filter), check(other)]).1.state == .present)
        #expect(try Fixture.state(needs: needs, [check(filter), check(filter)]).1.state == .partial)
        #expect(try Fixture.state(needs: needs, [check(filter)]).1.state == .partial)
    }

    @Test func refinementsAreOnTopOfTheKind() throws {
        let needs = "{kind: input-filter, where: {path: reference, exists: true}, max-age: 3}"
        let (assessment, result) = try Fixture.state(needs: needs, [check(filter)])
        #expect(result.state == .partial)
        #expect(assessment.findings(of: result).first?.failures.first?.reason == "reference is missing")
        let fresh =
            #"{"kind": "input-filter", "enforced": true, "outcome": "passed", "date": "2026-11-24", "reference": "r"}"#
        #expect(try Fixture.state(needs: needs, [check(fresh)]).1.state == .present)
        let old = fresh.replacing("2026-11-24", with: "2026-11-22")
        #expect(try Fixture.state(needs: needs, [check(old)]).1.state == .partial)
    }

    private static let word = """
        schema: control-attestations/v1
        attestations:
        - {control: C1, by: Ada, role: CISO, date: 2026-01-10, expires: 2026-12-31}
        """

    @Test func aPersonsWordAttests() throws {
        let (_, result) = try Fixture.state(needs: "person", [], attestations: Self.word)
        #expect(result.state == .attested && result.attestation?.by == "Ada")
        #expect(try Fixture.state(needs: "person", []).1.state == .missing)
        // A word on top of evidence that is there, and in place of evidence that is not.
        let needs = "{all: [input-filter, person]}"
        #expect(try Fixture.state(needs: needs, [check(filter)], attestations: Self.word).1.state == .present)
        #expect(try Fixture.state(needs: needs, [], attestations: Self.word).1.state == .attested)
        let (_, half) = try Fixture.state(needs: needs, [check(filter)])
        #expect(half.state == .partial && half.remarks == ["a person's attestation is missing"])
    }

    @Test func anExpiredWordCountsNoMore() throws {
        let text = Self.word.replacing("2026-12-31", with: "2026-11-25")
        let (_, result) = try Fixture.state(needs: "person", [], attestations: text)
        #expect(result.state == .missing)
        #expect(result.remarks.contains("the attestation by Ada expired on 2026-11-25"))
        #expect(result.attestation?.expires == CalendarDate("2026-11-25"))
        let ends = Self.word.replacing("2026-12-31", with: "2026-11-26")
        #expect(try Fixture.state(needs: "person", [], attestations: ends).1.state == .attested)
        let early = Self.word.replacing("2026-01-10", with: "2026-11-27")
        #expect(try Fixture.state(needs: "person", [], attestations: early).1.state == .missing)
    }

    @Test func whatDoesNotApplyHasAReasonAndAName() throws {
        let text = """
            schema: control-attestations/v1
            not-applicable:
            - {control: C*, catalogue: own, by: Ada, reason: No user data}
            """
        let (_, result) = try Fixture.state(needs: "input-filter", [check(filter)], attestations: text)
        #expect(result.state == .notApplicable && result.remarks == ["Ada: No user data"])
    }

    @Test(arguments: [("[m]", true), ("[x]", false), ("[m*]", true), ("['\(Fixture.model)']", true)])
    func wordsAreAboutTheModelsThatTheyName(_ subjects: String, _ counts: Bool) throws {
        let text = Self.word.replacing("by: Ada", with: "by: Ada, subjects: \(subjects)")
        #expect(try Fixture.state(needs: "person", [], attestations: text).1.state == (counts ? .attested : .missing))
    }

    @Test func approvalsThatNameControlsAreWords() throws {
        let approval = #"""
            {"decision": "approved", "approver": "Bo", "reason": "seen", "controls": ["C1"], "date": "2026-11-01", "expires": "2027-01-01"}
            """#
        let (_, result) = try Fixture.state(needs: "person", [try Fixture.record("approval", approval)])
        #expect(result.state == .attested && result.attestation?.by == "Bo" && result.attestation?.evidence != nil)
        let unsigned = try Fixture.record("approval", approval, standing: .unsigned)
        #expect(try Fixture.state(needs: "person", [unsigned]).1.state == .missing)
        #expect(
            try Fixture.state(needs: "person", [unsigned], profile: Fixture.profile(unsigned: .count)).1.state
                == .attested)
        let rejected = approval.replacing("\"approved\"", with: "\"rejected\"")
        #expect(try Fixture.state(needs: "person", [try Fixture.record("approval", rejected)]).1.state == .missing)
    }

    @Test(arguments: [
        ("- {control: C1, date: 2026-01-01, expires: 2027-01-01}", 3, "by is missing"),
        ("- {control: C9, by: Ada, date: 2026-01-01, expires: 2027-01-01}", 3, "no control C9"),
        ("- {control: C1, by: Ada, expires: 2027-01-01}", 3, "date is missing"),
        ("- {control: C1, by: Ada, date: 2026-01-01}", 3, "expires is missing"),
        ("- {control: C1, by: Ada, date: 2026-02-30, expires: 2027-01-01}", 3, "no day"),
        ("- {control: C1, by: Ada, date: 2026-01-01, expires: 2027-01-01, until: x}", 3, "no member until"),
        ("- {control: C1, catalogue: x, by: Ada, date: 2026-01-01, expires: 2027-01-01}", 3, "no catalogue x"),
    ])
    func errorsInWordsHaveLines(_ entry: String, _ line: Int, _ message: String) throws {
        let text = "schema: control-attestations/v1\nattestations:\n" + entry
        let error = #expect(throws: ControlDataError.self) {
            try Fixture.state(needs: "person", [], attestations: text)
        }
        #expect(error?.line == line && error?.message.contains(message) == true, "\(String(describing: error))")
    }

    @Test func theCardsClassificationDecidesWhatApplies() throws {
        let card = """
            subject: {name: m, digest: {sha256: \(Fixture.model)}}
            issued: {author: Cy}
            securityConsiderations: {aiClassification: {class: PredAI, rationale: a classifier}}
            """
        let facts = CardFacts(try DocumentReader.yaml(Array(card.utf8)))
        let plan = QueryPlan(try ControlLibrary.shipped(), only: ["nist-ai-100-2e2025"])
        let index = EvidenceIndex(plan, today: try #require(Fixture.today))
        let subject = AssessmentSubject(name: "m", digests: [Fixture.model], facts: facts)
        let assessment = Assessor(index).assess(subject)
        let exempt = assessment.results.filter { $0.state == .notApplicable }
        #expect(!exempt.isEmpty)
        for result in exempt {
            #expect(assessment.item(of: result).control.systems == ["GenAI"])
            #expect(
                result.remarks.first?.contains("the card by Cy says that the model is PredAI: a classifier") == true)
        }
        #expect(assessment.count(.missing) + exempt.count == 25)
    }

    @Test func aCardAmongTheEvidenceSpeaksWhenItCounts() throws {
        let card = #"""
            {"schema": "security-model-card/v1", "subject": {"name": "m"}, "trainingData":
              [{"name": "d", "digest": {"sha256": "\#(Fixture.dataset)"}}],
             "securityConsiderations": {"aiClassification": {"class": "PredAI", "rationale": "r"}}}
            """#
        let signature = try Fixture.record(
            "signature-verification", #"{"outcome": "verified"}"#, subject: Fixture.dataset)
        let signed = try Fixture.record("security-card", card)
        #expect(try Fixture.state(needs: "dataset-signature", [signed, signature]).1.state == .present)
        #expect(try Fixture.state(needs: "owner", [signed]).0.subject.facts?.classes == ["PredAI"])
        let unsigned = try Fixture.record("security-card", card, standing: .unsigned)
        #expect(try Fixture.state(needs: "dataset-signature", [unsigned, signature]).1.state == .missing)
    }

    @Test func datasetsAreTakenFromTrainingProvenance() throws {
        let training = #"""
            {"buildDefinition": {"resolvedDependencies": [
              {"digest": {"sha256": "\#(Fixture.dataset)"}, "annotations": {"role": "dataset"}}]},
             "runDetails": {"builder": {"id": "b"}}}
            """#
        let records = [
            try Fixture.record("slsa-provenance", training),
            try Fixture.record("signature-verification", #"{"outcome": "verified"}"#, subject: Fixture.dataset),
        ]
        #expect(try Fixture.state(needs: "dataset-signature", records).1.state == .present)
        #expect(try Fixture.state(needs: "dataset-signature", Array(records.dropFirst())).1.state == .missing)
    }
}

@Suite struct ProfileTests {
    private func profile(_ text: String) throws -> ControlProfile {
        try ControlProfile(
            Array("schema: control-profile/v1\nid: p\n\(text)".utf8), file: "p.yaml",
            library: try ControlLibrary.shipped())
    }

    @Test func selectsByIdAndGroup() throws {
        let library = try ControlLibrary.shipped()
        func ids(_ text: String) throws -> [String] {
            QueryPlan(library, profile: try profile(text)).items.map(\.control.id)
        }
        #expect(try ids("catalogues: [slsa]").count == 8)
        #expect(try ids("include: {ids: ['NCSC-4.2-*']}") == ["NCSC-4.2-a", "NCSC-4.2-b", "NCSC-4.2-c"])
        #expect(
            try ids("include: {groups: [A-MLSG-003]}\nexclude: ['*-C00?']") == [
                "A-MLSG-003-D001", "A-MLSG-003-D002", "A-MLSG-003-D003",
            ])
    }

    @Test func levelsAreTheCataloguesOrTheProfiles() throws {
        let plan = QueryPlan(
            try ControlLibrary.shipped(),
            profile: try profile("catalogues: [a-mlsg]\nmust: [A-MLSG-001-C001]\nshould: [A-MLSG-004-D*]"))
        let must = Set(plan.items.filter { $0.level == .must }.map(\.control.id))
        #expect(must.contains("A-MLSG-001-C001") && must.contains("A-MLSG-001-N002"))
        #expect(!must.contains("A-MLSG-004-D001") && !must.contains("A-MLSG-001-C002"))
    }

    @Test func parametersAndConditionsTailorQueries() throws {
        let run = #"{"kind": "red-team-run", "outcome": "passed", "samples": 200, "date": "2026-11-20"}"#
        let records = [try Fixture.record("check-result", run)]
        #expect(try Fixture.state(needs: "red-team-run", records).1.state == .partial)
        #expect(
            try Fixture.state(needs: "red-team-run", records, profile: profile("parameters: {red-team-samples: 200}")).1
                .state
                == .present)
        let demand =
            "parameters: {red-team-samples: 200}\nconditions:\n- {kind: red-team-run, where: {path: tool/name, exists: true}}"
        #expect(try Fixture.state(needs: "red-team-run", records, profile: profile(demand)).1.state == .partial)
    }

    @Test func conditionsOnControlsAddNeeds() throws {
        let library = try ControlLibrary.shipped()
        let tailored = try profile("conditions:\n- {controls: [A-MLSG-003-D002], needs: dependency-scan}")
        let item = try #require(
            QueryPlan(library, profile: tailored).items.first { $0.control.id == "A-MLSG-003-D002" })
        #expect(item.requirement.queries.map(\.kind) == ["unit-tests", "dependency-scan"])
    }

    @Test(arguments: [
        ("catalogues: [x]", "no catalogue x"), ("include: [X-1]", "selects no control"),
        ("exclude: {groups: [nowhere]}", "selects no control"), ("parameters: {x: 1}", "no parameter x"),
        ("parameters: {scan-age: old}", "no number"), ("unsigned: maybe", "unsigned is maybe"),
        ("conditions:\n- {kind: x, where: {path: a, exists: true}}", "no kind of evidence"),
        ("conditions:\n- {kind: owner}", "where is missing"), ("conditions:\n- {controls: [SLSA-*]}", "has needs"),
        ("musts: [a]", "no member musts"),
    ])
    func mistakesAreRefused(_ text: String, _ message: String) throws {
        let error = #expect(throws: ControlDataError.self) { try profile(text) }
        #expect(error?.message.contains(message) == true && (error?.line ?? 0) > 0, "\(String(describing: error))")
    }
}
