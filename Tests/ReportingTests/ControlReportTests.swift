import AssayCore
import ByteParsing
import Controls
import Documents
import Foundation
import Testing

@testable import Reporting

@Suite struct ControlReportTests {
    private static let digest = String(repeating: "0a", count: 32)

    private static func record(
        _ name: String, _ predicate: String, type: String = "https://assay.dev/evidence/check-result/v1",
        standing: EvidenceRecord.Standing = .verified(signers: ["key"])
    ) throws -> EvidenceRecord {
        let bytes = Statement.write(subjects: [.init(name: "m", sha256: digest)], predicateType: type) {
            $0.raw(predicate)
        }
        return EvidenceRecord(
            name: name, sha256: Digest(sha256: ByteRegion(bytes)).description, statement: try Statement(bytes),
            standing: standing)
    }

    /// A model with a name that wants to be markup, and evidence of every standing.
    static func assessments(only: [String] = ["a-mlsg", "slsa", "owasp-llm-2025"]) throws -> [Assessment] {
        let library = try ControlLibrary.shipped()
        var profile = ControlProfile()
        profile.unsigned = .count
        let plan = QueryPlan(library, profile: profile, only: only)
        var index = EvidenceIndex(plan, today: try #require(CalendarDate("2026-11-26")))
        let passed = #""outcome": "passed", "enforced": true, "date": "2026-11-20""#
        index.add(try record("filter.json", #"{"kind": "input-filter", \#(passed)}"#))
        index.add(try record("limit.json", #"{"kind": "rate-limit", \#(passed)}"#, standing: .unsigned))
        index.add(
            try record("crypt.json", #"{"kind": "encryption", \#(passed)}"#, standing: .notVerified(reason: "no key")))
        index.add(try record("tests.json", #"{"kind": "unit-tests", \#(passed)}"#))
        index.add(
            try record("<b>scan</b>.json", #"{"kind": "backdoor-test", "outcome": "<script>", "date": "2026-11-20"}"#))
        var words = Attestations()
        try words.add(
            Array(
                """
                schema: control-attestations/v1
                attestations:
                - {control: A-MLSG-004-D008, by: Ada, date: 2026-01-01, expires: 2026-12-31, reason: "=cmd()"}
                not-applicable:
                - {control: LLM07:2025, by: Ada, reason: no system prompt}
                """.utf8), file: "words.yaml", library: library)
        let assessor = Assessor(index, attestations: words)
        return [
            assessor.assess(AssessmentSubject(name: "=<script>alert(1)</script>", digests: [digest])),
            assessor.assess(AssessmentSubject(name: "other", digests: [])),
        ]
    }

    private func json(_ bytes: [UInt8]) throws -> JSONValue {
        try JSONDocument(ByteRegion(bytes), dialect: .strict).root
    }

    private func all(_ value: JSONValue?, _ name: String) -> [String] {
        var found: [String] = []
        for one in value?.descendants.filter(\.isObject) ?? [] {
            if let text = one[name]?.string { found.append(text) }
        }
        return found
    }

    private static let time = "2026-11-26T12:00:00Z"

    @Test func nothingThatWeWriteSaysCompliant() throws {
        let assessments = try Self.assessments(only: [])
        let library = try ControlLibrary.shipped()
        let plan = QueryPlan(library)
        let report = ControlTerminalReport(isVerbose: true)
        let catalogues = CatalogueReport(library, plan: plan)
        let statement = try #require(ControlAssessmentJSON(version: "1").statement(assessments[0]))
        var texts = [
            report.assessment(assessments[0]), report.gap(assessments[0]), report.line(assessments[0]), report.legend,
            catalogues.list(), catalogues.explain(plan.items.map(\.control.id)), catalogues.markdown(),
            catalogues.json(),
            ControlCSV().render(assessments), ControlMatrixPage().render(assessments),
            String(decoding: statement, as: UTF8.self),
        ]
        let table = ThreatTable(CardFacts(.emptyObject), library: library, rules: try ThreatRules.shipped())
        let threats = ThreatReport(isAll: true)
        texts += [threats.text(table), threats.markdown(table), threats.csv(table)]
        let check = DatasetCheck.sampleSize(samples: 1, features: 1, rarestClass: 1)
        texts.append(DatasetCheckReport(check, inputs: []).text(columns: 80, isColoured: false))
        texts += [
            OSCALExport(version: "1").results(assessments, modified: Self.time),
            AttestationBOM(version: "1").render(assessments, time: Self.time),
            ControlSARIF(version: "1").render(assessments), ControlTickets().render(assessments, all: true),
        ].map { String(decoding: $0, as: UTF8.self) }
        for text in texts {
            #expect(!text.isEmpty)
            for word in ["compliant", "complies", "compliance with"] {
                #expect(!text.lowercased().contains(word), "\(word) in \(text.prefix(80))")
            }
        }
    }

    @Test func theStatementIsAsItsSchemaSays() throws {
        let schema = try JSONSchema(Self.schema("control-assessment-v1"))
        for assessment in try Self.assessments() where !assessment.subject.digests.isEmpty {
            let bytes = try #require(ControlAssessmentJSON(version: "0.1.0").statement(assessment))
            let statement = try Statement(bytes)
            #expect(statement.predicateType == ControlAssessmentJSON.schema)
            let predicate = try #require(try DocumentReader.json(bytes)["predicate"])
            #expect(schema.violations(of: predicate).map(\.description) == [])
            #expect(predicate["results"]?.elements.count == assessment.results.count)
        }
        #expect(ControlAssessmentJSON(version: "1").statement(try Self.assessments()[1]) == nil)
    }

    private static func schema(_ name: String) throws -> DocumentValue {
        let url = URL(fileURLWithPath: "\(#filePath)/../../../Schemas/\(name).schema.json").standardized
        return try DocumentReader.json(Array(try Data(contentsOf: url)))
    }

    @Test func shippedCataloguesAreAsTheirSchemaSays() throws {
        let schema = try JSONSchema(Self.schema("control-catalog-v1"))
        for resource in Resource.all where resource.name.hasPrefix("catalogs/") {
            let document = try DocumentReader.read(resource.region.array())
            guard document["schema"]?.string == "control-catalog/v1" else { continue }
            #expect(schema.violations(of: document).map(\.description) == [], "\(resource.name)")
        }
    }

    // MARK: OSCAL: what its metaschema publishes as constraints

    @Test(arguments: [
        ("LLM01:2025", "LLM01-2025"), ("1.1", "_1.1"), ("AML.T0043.001", "AML.T0043.001"), ("a b/ü", "a-b--"),
        ("", "_"),
    ])
    func idsBecomeTokens(_ id: String, _ token: String) { #expect(OSCALExport.token(id) == token) }

    @Test func tokensOfOneCatalogueStayDifferent() throws {
        for catalogue in try ControlLibrary.shipped().catalogues {
            let ids = catalogue.controls.map { OSCALExport.token($0.id) }
            #expect(Set(ids).count == ids.count, "\(catalogue.id)")
        }
    }

    @Test func oscalCataloguesKeepThePublishedConstraints() throws {
        let library = try ControlLibrary.shipped()
        for catalogue in library.catalogues {
            let plan = QueryPlan(library, only: [catalogue.id])
            let root = try json(OSCALExport(version: "1").catalogue(catalogue, plan: plan, modified: Self.time))
            let document = try #require(root["catalog"])
            expectConstraints(document)
            let ids = all(document, "id")
            #expect(Set(ids).count == ids.count, "ids are unique in a catalogue")
            #expect(all(document, "class").count == catalogue.controls.count)
            let labels = Set(
                document.descendants.filter { $0["name"]?.string == "label" }.compactMap { $0["value"]?.string })
            for control in catalogue.controls { #expect(labels.contains(control.id)) }
        }
    }

    private func expectConstraints(_ document: JSONValue) {
        for uuid in all(document, "uuid") + all(document, "observation-uuid") {
            #expect(
                uuid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        }
        for name in ["id", "control-id", "target-id", "class", "name"] {
            for token in all(document, name) {
                #expect(token.wholeMatch(of: /[A-Za-z_][A-Za-z0-9._\-]*/) != nil, "\(name): \(token)")
            }
        }
        for text in all(document, "title") + all(document, "value") + all(document, "prose") {
            #expect(text.wholeMatch(of: /\S(.*\S)?/) != nil, "\(text)")
        }
        #expect(document["metadata"]?["oscal-version"]?.string == "1.1.3")
        for array in document.descendants where array.isArray { #expect(array.count > 0, "OSCAL has no empty arrays") }
    }

    @Test func oscalFindingsHaveTwoStatesAndSayWhatWasLeftOut() throws {
        let assessments = try Self.assessments()
        let root = try json(OSCALExport(version: "1").results(assessments, modified: Self.time))
        let document = try #require(root["assessment-results"])
        expectConstraints(document)
        for (assessment, result) in zip(assessments, document["results"]?.elements.map { $0 } ?? []) {
            let findings = Array(result["findings"]?.elements.map { $0 } ?? [])
            let states = findings.compactMap { $0["target"]?["status"]?["state"]?.string }
            #expect(Set(states).isSubset(of: ["satisfied", "not-satisfied"]))
            #expect(states.count { $0 == "satisfied" } == assessment.count(.present))
            let targets = Set(findings.compactMap { $0["target"]?["target-id"]?.string })
            let remarks = try #require(result["remarks"]?.string)
            for one in assessment.results {
                let id = assessment.item(of: one).control.id
                let hasFinding = targets.contains(OSCALExport.token(id) + "_obj")
                #expect(hasFinding != remarks.contains("\(id) ("), "\(id)")
                if one.state == .partial || one.state == .notApplicable || one.state == .attested {
                    #expect(!hasFinding)
                }
            }
        }
    }

    // MARK: Other formats

    @Test func cdxaReferencesLead() throws {
        let root = try json(AttestationBOM(version: "1").render(try Self.assessments(), time: Self.time))
        let references = all(root, "bom-ref")
        #expect(Set(references).count == references.count)
        let known = Set(references)
        for value in root.descendants where value.isObject {
            for name in ["requirement", "target", "assessor"] {
                if let reference = value[name]?.string { #expect(known.contains(reference)) }
            }
            for name in ["claims", "evidence", "counterEvidence"] {
                for reference in value[name]?.elements.compactMap(\.string) ?? [] { #expect(known.contains(reference)) }
            }
        }
        for score in root.descendants.compactMap({ $0["score"]?.double }) { #expect((0...1).contains(score)) }
    }

    @Test func sarifHasTheOpenMustHavesAlone() throws {
        let assessments = try Self.assessments()
        let root = try json(ControlSARIF(version: "1").render(assessments))
        let results = Array(root["runs"]?[0]?["results"]?.elements.map { $0 } ?? [])
        let open = assessments.reduce(0) { $0 + $1.count(.missing, level: .must) + $1.count(.partial, level: .must) }
        #expect(results.count == open)
        let prints = results.compactMap { $0["partialFingerprints"]?["control/v1"]?.string }
        #expect(Set(prints).count == open)
    }

    @Test func ticketsKeepTheirIds() throws {
        let first = all(try json(ControlTickets().render(try Self.assessments(), all: true)), "id")
        let second = all(try json(ControlTickets().render(try Self.assessments(only: ["a-mlsg"]), all: true)), "id")
        #expect(Set(first).count == first.count && !second.isEmpty)
        #expect(Set(second).isSubset(of: Set(first)))
    }

    @Test func spreadsheetsRunNothing() throws {
        let text = ControlCSV().render(try Self.assessments())
        #expect(text.contains("\"'=<script>alert(1)</script>\""))
        #expect(!text.contains("\"=") && !text.contains("\"+") && !text.contains("\"@"))
        #expect(CSV.line(["a\"b"]) == "\"a\"\"b\"\r\n")
    }

    @Test func pagesEscapeWhatTheyShow() throws {
        for count in [1, 2] {
            let page = ControlMatrixPage().render(Array(try Self.assessments().prefix(count)))
            #expect(!page.contains("<script") && !page.contains("<b>scan"))
            #expect(page.contains("&lt;script&gt;alert(1)"))
        }
    }

    @Test func uuidsOfNamesAreThoseOfTheStandard() {
        // RFC 9562, appendix A.4: version 5 of www.example.com in the name space of domain names.
        let space: [UInt8] = [
            0x6B, 0xA7, 0xB8, 0x10, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8,
        ]
        let bytes = NameBasedIdentifier.bytes(of: Array("www.example.com".utf8), in: space)
        #expect(NameBasedIdentifier.text(bytes) == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
        #expect(NameBasedIdentifier.uuid("a", "bc") != NameBasedIdentifier.uuid("ab", "c"))
    }

    @Test func textReportsAreWhatWasReviewed() throws {
        let assessment = try Self.assessments()[0]
        Snapshot.expect(ControlTerminalReport(columns: 100).assessment(assessment), is: "controls.txt")
        Snapshot.expect(ControlTerminalReport(columns: 80).gap(assessment), is: "controls-gap.txt")
    }
}
