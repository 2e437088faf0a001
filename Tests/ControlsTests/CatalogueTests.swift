import Controls
import Foundation
import Testing

@Suite struct CatalogueTests {
    @Test(arguments: [
        ("a-mlsg", 4, 26), ("ncsc-ml", 15, 40), ("slsa", 2, 8), ("owasp-llm-2025", 0, 10), ("owasp-ml-2023", 0, 10),
        ("nist-ai-100-2e2025", 5, 25), ("mitre-atlas", 16, 170),
    ])
    func countsAreThoseOfThePublishers(_ id: String, _ groups: Int, _ controls: Int) throws {
        let catalogue = try #require(try ControlLibrary.shipped()[catalogue: id])
        #expect(catalogue.groups.count == groups)
        #expect(catalogue.controls.count == controls)
        #expect(catalogue.mitigations.count == (id == "mitre-atlas" ? 35 : 0))
    }

    @Test func theVocabularyHas39Kinds() throws {
        let vocabulary = try ControlLibrary.shipped().vocabulary
        #expect(vocabulary.kinds.count == 39)
        for kind in vocabulary.kinds {
            #expect(!kind.meaning.isEmpty && !kind.answeredBy.isEmpty)
            #expect(kind.answers.isEmpty == (kind.id == "person"), "\(kind.id)")
        }
    }

    /// The lists of ids that the catalogues were made from, where they are.
    @Test(arguments: [
        ("a-mlsg", "a-mlsg"), ("ncsc-ml", "ncsc-ml"), ("slsa", "slsa"), ("owasp-llm-2025", "owasp-llm-2025"),
        ("owasp-ml-2023", "owasp-ml-2023"), ("nist-aml", "nist-ai-100-2e2025"), ("atlas", "mitre-atlas"),
    ])
    func everyIdLoads(_ file: String, _ id: String) throws {
        let catalogue = try #require(try ControlLibrary.shipped()[catalogue: id])
        let loaded = Set(
            catalogue.controls.map(\.id) + catalogue.groups.map(\.id) + catalogue.mitigations.map(\.id))
        for own in Self.ids(in: "\(#filePath)/../../../Sources/AssayData/catalogs/\(file).yaml") {
            #expect(loaded.contains(own), "\(own)")
        }
        for published in Self.ids(in: "\(#filePath)/../../../../shared/catalogs/\(file).yaml") {
            #expect(loaded.contains(published) || published == id, "\(published)")
        }
    }

    private static func ids(in path: String) -> [String] {
        let url = URL(fileURLWithPath: path).standardized
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").filter { $0.hasPrefix("- id: ") }.map {
            $0.dropFirst(6).trimmingCharacters(in: CharacterSet(charactersIn: "\"' "))
        }
    }

    @Test func everyGuidelineItemHasARowOfItsOwn() throws {
        let library = try ControlLibrary.shipped()
        let page = try String(
            contentsOf: URL(fileURLWithPath: "\(#filePath)/../../../docs/control-rows.md").standardized, encoding: .utf8
        )
        let plan = QueryPlan(library)
        for id in ["a-mlsg", "ncsc-ml"] {
            let catalogue = try #require(library[catalogue: id])
            for control in catalogue.controls {
                let row = page.split(separator: "\n").first { $0.hasPrefix("| \(control.id) |") }
                let cells = try #require(row, "\(control.id)").split(separator: "|")
                #expect(cells.count == 4 && cells[3].count > 6, "\(control.id)")
            }
        }
        #expect(plan.items.count == 289)
    }

    @Test func whatAControlNeedsIsInItsEvidenceList() throws {
        for catalogue in try ControlLibrary.shipped().catalogues {
            for control in catalogue.controls {
                for query in control.needs.queries {
                    #expect(control.evidence.contains(query.kind), "\(control.id): \(query.kind)")
                }
                // What a person has to say is said to be theirs, and what machines can show is not.
                #expect(control.needs.needsPerson == control.evidence.contains("person"), "\(control.id)")
                #expect(control.needs.queries.isEmpty == (control.automation == .attested), "\(control.id)")
            }
        }
    }

    @Test func techniquesAreReviewedOneByOne() throws {
        let atlas = try #require(try ControlLibrary.shipped()[catalogue: "mitre-atlas"])
        var bases: [String: Int] = [:]
        for control in atlas.controls { bases[control.evidenceBasis ?? "", default: 0] += 1 }
        #expect(bases == ["atlas-mitigation": 74, "atlas-mitigation-of-parent": 14, "reviewed": 56, "none": 26])
    }

    @Test func referencesBetweenCataloguesLead() throws {
        let library = try ControlLibrary.shipped()
        for catalogue in library.catalogues {
            for control in catalogue.controls {
                for reference in control.references where reference.publication != "tra" {
                    for id in reference.ids {
                        let isGroup = library.catalogues.contains { $0.groups.contains { $0.id == id } }
                        #expect(isGroup || !library.controls(id).isEmpty, "\(control.id): \(id)")
                    }
                }
            }
        }
    }

    @Test(arguments: [
        ("- {id: C1, title: One, evidence: [nothing]}\n", 6, "nothing is no kind of evidence"),
        ("- {id: C1, title: One, evidence: [owner]}\n- {id: C1, title: Two, evidence: [owner]}\n", 7, "twice"),
        ("- {id: C1, title: One, evidence: [owner], evidense: x}\n", 6, "no member evidense"),
        ("- {id: C1, title: One, evidence: [owner], groups: [g]}\n", 6, "the group g"),
        ("- {id: C1, title: One, evidence: [owner], kind: maybe}\n", 6, "kind is maybe"),
        ("- {id: C1, title: One}\n", 6, "evidence is missing"),
        ("- {id: C1, title: One, evidence: [owner], parent: C0}\n", 6, "the parent C0"),
        (
            "- id: C1\n  title: One\n  evidence: [owner]\n  needs:\n    all:\n    - owner\n    - nobody\n", 12,
            "nobody is no kind"
        ),
        (
            "- id: C1\n  title: One\n  evidence: [owner]\n  needs: {kind: owner, where: {path: a, equal: b}}\n", 9,
            "no member equal"
        ),
        (
            "- id: C1\n  title: One\n  evidence: [owner]\n  needs: {kind: owner, max-age: {parameter: x}}\n", 9,
            "no parameter x"
        ),
        ("- id: C1\n title: One\n", 7, "did not find"),
        ("  []\n", 0, "no controls"),
    ])
    func errorsHaveLines(_ controls: String, _ line: Int, _ message: String) throws {
        var library = try ControlLibrary.shipped()
        let error = #expect(throws: ControlDataError.self) {
            try library.add(Array(Fixture.catalogue(controls).utf8), file: "own.yaml")
        }
        #expect(error?.file == "own.yaml")
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
        if line > 0 { #expect(error?.line == line, "\(String(describing: error))") }
    }

    @Test func aCatalogueBringsItsOwnKinds() throws {
        var library = try ControlLibrary.shipped()
        let text = """
            schema: control-catalog/v1
            id: own
            title: Own
            source: tests
            parameters:
            - {id: own-age, default: 7, unit: days, meaning: How old}
            types:
            - id: own-report
              meaning: A report of ours
              answered-by: our tool
              accepts:
              - type: https://example.org/report/v1
                where: {all: [{path: ok, equals: true}, {age-at-most: {parameter: own-age}}]}
            controls:
            - {id: C1, title: One, evidence: [own-report]}
            """
        try library.add(Array(text.utf8), file: "own.yaml")
        var index = EvidenceIndex(QueryPlan(library, only: ["own"]), today: try #require(Fixture.today))
        index.add(try Fixture.record("https://example.org/report/v1", #"{"ok": true, "date": "2026-11-20"}"#))
        let assessment = Assessor(index).assess(AssessmentSubject(name: "m", digests: [Fixture.model]))
        #expect(assessment.results.map(\.state) == [.present])
        #expect(throws: ControlDataError.self) { try library.add(Array(text.utf8), file: "own.yaml") }
    }
}
