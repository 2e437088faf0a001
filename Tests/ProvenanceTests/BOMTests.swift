import AssayCore
import ByteParsing
import Fixtures
import Foundation
import Testing

@testable import Provenance

@Suite struct BOMTests {
    private static let card = """
        ---
        license: apache-2.0
        pipeline_tag: text-generation
        language: [en, de]
        base_model: org/base
        datasets:
        - org/data
        - plain
        model-index:
        - name: tiny
          results:
          - task:
              type: text-generation
            dataset:
              type: wikitext
              name: WikiText
            metrics:
            - type: perplexity
              value: 12.5
            - type: accuracy
              value: 0.75
        ---
        # Tiny

        A tiny model.
        """

    private func model() throws -> Fixture {
        let header = #"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#
        let fixture = try Fixture([
            "README.md": Self.card, "config.json": #"{"model_type":"llama","architectures":["LlamaForCausalLM"]}"#,
            "requirements.txt": "torch==2.1.0\nnumpy>=1\nTransformers[torch]==4.40.0 # pinned\n",
        ])
        let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
        try fixture.write("model.safetensors", length + Array(header.utf8) + [UInt8](repeating: 0, count: 24))
        return fixture
    }

    @Test func whatTheFilesSayIsRead() throws {
        let fixture = try model()
        let description = try ModelDescription(fixture.path)
        #expect(description.licenses == ["apache-2.0"])
        #expect(description.task == "text-generation")
        #expect(description.languages == ["en", "de"])
        #expect(description.datasets == ["org/data", "plain"])
        #expect(description.baseModels == ["org/base"])
        #expect(description.parameters == 6)
        #expect(description.architectureFamily == "llama")
        #expect(description.metrics.map(\.value) == ["12.5", "0.75"])
        #expect(description.metrics.first?.slice == "WikiText")
        #expect(description.requirements.map(\.name) == ["torch", "numpy", "transformers"])
        #expect(description.requirements.map(\.version) == ["2.1.0", nil, "4.40.0"])
        #expect(description.description == "A tiny model.")
    }

    @Test(arguments: CycloneDXWriter.Version.allCases)
    func billsAreWellFormed(version: CycloneDXWriter.Version) throws {
        let fixture = try model()
        var writer = CycloneDXWriter()
        writer.version = version
        let bytes = writer.write(try ModelDescription(fixture.path))
        let check = CycloneDXCheck(bytes)
        #expect(check.errors == [])
        #expect(check.score > 50)
        let root = try JSONDocument(ByteRegion(bytes), dialect: .strict).root
        #expect(root["specVersion"]?.string == version.rawValue)
        #expect(root["metadata"]?["component"]?["modelCard"]?["modelParameters"]?["task"]?.string == "text-generation")
    }

    @Test(arguments: CycloneDXSchema.versions)
    func schemasAreRead(version: String) throws {
        #expect(CycloneDXSchema.named(version) != nil)
        let empty = #"{"bomFormat": "CycloneDX", "specVersion": "\#(version)", "version": 1, "components": []}"#
        #expect(CycloneDXCheck(Array(empty.utf8)).errors == [])
        let other = empty.replacing("components", with: "component")
        #expect(!CycloneDXCheck(Array(other.utf8)).errors.isEmpty)
    }

    @Test(arguments: ["1.1", "1.8", "1", "", "1.6.0"])
    func otherVersionsAreNamed(version: String) throws {
        let bill = #"{"bomFormat": "CycloneDX", "specVersion": "\#(version)", "version": 1}"#
        #expect(CycloneDXCheck(Array(bill.utf8)).errors.count == 1)
    }

    /// The insides of everything are judged, in the version that the bill names.
    @Test(arguments: [
        ("1.6", #""compositions": [{"aggregate": "all"}]"#, "bill.compositions[0].aggregate"),
        ("1.6", #""vulnerabilities": [{"ratings": [{"severity": "bad"}]}]"#, "ratings[0].severity"),
        ("1.6", #""vulnerabilities": [{"analysis": {"state": "fine"}}]"#, "analysis.state"),
        ("1.6", #""metadata": {"lifecycles": [{"phase": "later"}]}"#, "lifecycles[0]"),
        ("1.6", #""metadata": {"timestamp": "yesterday"}"#, "metadata.timestamp"),
        ("1.6", #""annotations": [{"text": "x"}]"#, "bill.annotations[0]"),
        ("1.6", #""formulation": [{"workflows": [{"uid": "u"}]}]"#, "workflows[0]"),
        ("1.6", #""serialNumber": "urn:uuid:1""#, "bill.serialNumber"),
        ("1.6", #""citations": []"#, "bill.citations"),
        ("1.5", #""declarations": {}"#, "bill.declarations"),
        ("1.4", #""components": [{"type": "machine-learning-model", "name": "m"}]"#, "components[0].type"),
        (
            "1.7", #""components": [{"type": "library", "name": "m", "hashes": [{"alg": "SHA-256", "content": "0"}]}]"#,
            "content"
        ),
        (
            "1.6", #""components": [{"type": "data", "name": "d", "licenses": [{"license": {"id": "GPL"}}]}]"#,
            "licenses"
        ),
    ])
    func brokenBillsAreRefused(version: String, member: String, place: String) throws {
        let bill = #"{"bomFormat": "CycloneDX", "specVersion": "\#(version)", "version": 1, \#(member)}"#
        let errors = CycloneDXCheck(Array(bill.utf8)).errors
        #expect(errors.contains { $0.contains(place) }, "\(errors)")
    }

    @Test func spdxIsStrictJSON() throws {
        let fixture = try model()
        let bytes = SPDXWriter().write(try ModelDescription(fixture.path))
        let graph = try #require(try JSONDocument(ByteRegion(bytes), dialect: .strict).root["@graph"])
        #expect(graph.elements.contains { $0["type"]?.string == "ai_AIPackage" })
        #expect(graph.elements.contains { $0["relationshipType"]?.string == "trainedOn" })
    }

    @Test func spdxBillsAreWellFormed() throws {
        let fixture = try model()
        var description = try ModelDescription(fixture.path)
        description.supplier = "Example"
        description.licenses = ["apache-2.0"]
        let bytes = SPDXWriter().write(description)
        let check = BillCheck(bytes)
        #expect(check.errors == [])
        #expect(check.score > 50)
        let missing = check.completeness.filter { !$0.isAnswered }.map(\.question)
        #expect(
            missing == ["limits and intended use", "how it was trained", "risk assessment", "personal information"])
        let statement = Statement.write(
            subjects: [.init(name: "a", sha256: String(repeating: "0", count: 64))],
            predicateType: PredicateType.spdx.uri
        ) { $0.raw(String(decoding: bytes, as: UTF8.self)) }
        #expect(BillCheck(statement).errors == [])
    }

    /// One thing broken at a time in a bill, and what is said about it.
    @Test(arguments: [
        (#""type": "software_File""#, #""type": "software_Fil""#, "is not SPDX's"),
        (#""type": "SoftwareAgent""#, #""type": "Element""#, "nothing is of the type Element itself"),
        (#""specVersion": "3.0.1""#, #""specVersion": "3""#, "no version of three numbers"),
        (#""specVersion": "3.0.1""#, #""specVersion": "2.3.0""#, "is not 3.0"),
        (#""created": "2026-01-02T03:04:05Z""#, #""created": "2026-01-02""#, "no time in UTC"),
        (#""created": "2026-01-02T03:04:05Z""#, #""created": "2026-13-02T03:04:05Z""#, "no time in UTC"),
        (#""algorithm": "sha256""#, #""algorithm": "SHA-256""#, "is no HashAlgorithm"),
        (#""algorithm": "sha256","#, "", "no algorithm"),
        (#""relationshipType": "trainedOn""#, #""relationshipType": "trainedBy""#, "is no RelationshipType"),
        (#""relationshipType": "trainedOn","#, "", "no relationshipType"),
        (#""ai_domain": ["#, #""ai_domains": ["#, "ai_domains does not belong to ai_AIPackage"),
        (#""ai_domain": ["#, #""dataset_sensor": ["#, "dataset_sensor does not belong to ai_AIPackage"),
        (#""creationInfo": "_:creation""#, #""creationInfo": "_:other""#, "_:other names nothing in the bill"),
        (#""software_primaryPurpose": "model""#, #""software_primaryPurpose": ["model"]"#, "more than one"),
        (#""name": "org/data""#, #""name": 7"#, "name: not a string"),
        (##"#file-0""##, ##"#file-none""##, "names nothing in the bill"),
        ("spdx-context.jsonld", "context.jsonld", "@context"), (#""@graph""#, #""graph""#, "@graph"),
    ])
    func brokenSPDXIsRefused(old: String, new: String, reason: String) throws {
        let fixture = try model()
        var writer = SPDXWriter()
        writer.timestamp = "2026-01-02T03:04:05Z"
        let text = String(decoding: writer.write(try ModelDescription(fixture.path)), as: UTF8.self)
        guard let range = text.range(of: old) else {
            // What is not in the bill cannot be broken.
            #expect(reason.isEmpty, "\(old) is not in the bill")
            return
        }
        let check = BillCheck(Array(text.replacingCharacters(in: range, with: new).utf8))
        #expect(check.errors.contains { $0.contains(reason) }, "\(check.errors)")
    }

    @Test func referencesHaveClasses() throws {
        let fixture = try model()
        var writer = SPDXWriter()
        writer.timestamp = "2026-01-02T03:04:05Z"
        let text = String(decoding: writer.write(try ModelDescription(fixture.path)), as: UTF8.self)
        // A file is no agent, and the creation of a bill is no element.
        let space = try #require(text.firstMatch(of: #/"spdxId": "([^"]*)#model"/#)?.output.1)
        let byFile = text.replacing("\(space)#assay\"\n", with: "\(space)#file-0\"\n")
        #expect(BillCheck(Array(byFile.utf8)).errors.contains { $0.contains("software_File is no Agent") })
    }

    /// The metadata of cards as people write it.
    @Test(arguments: [
        ("license: mit", "licenses", "mit"), ("license:\n- mit\n- apache-2.0", "licenses", "mit|apache-2.0"),
        ("language: no", "languages", "no"), ("language: [en, 'de']", "languages", "en|de"),
        ("tags: &t [a]\nlanguage: *t", "languages", "a"), ("datasets: [a/b, {x: y}, c]", "datasets", "a/b|c"),
        ("license: mit\nlicense: isc", "licenses", "isc"), ("license: \"m\\u0069t\"", "licenses", "mit"),
        ("license: >\n  mit\ntags: [a]", "licenses", "mit"), ("license: [", "licenses", ""), ("- a", "licenses", ""),
    ])
    func cardMetadata(yaml: String, name: String, value: String) throws {
        let fixture = try Fixture(["README.md": "---\r\n\(yaml)\n---  \n\n# Title\n\nProse.\n", "w.bin": "1"])
        let description = try ModelDescription(fixture.path)
        let found = [
            "licenses": description.licenses, "languages": description.languages, "datasets": description.datasets,
        ]
        #expect(found[name] == value.split(separator: "|").map { String($0) })
        #expect(description.description == "Prose.")
    }

    /// The specification's own examples say in their names whether they are valid.
    @Test func officialExamplesAreJudgedRight() throws {
        let folder = "../shared/schemas/examples"
        for version in ["1.6", "1.7"] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(version)")) ?? []
            for name in names where name.hasSuffix(".json") {
                let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(version)/\(name)"))
                let check = CycloneDXCheck(Array(data))
                #expect(check.errors.isEmpty == name.hasPrefix("valid"), "\(name): \(check.errors)")
            }
        }
    }
}
