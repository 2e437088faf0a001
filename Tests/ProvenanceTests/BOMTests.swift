import AssayCore
import ByteParsing
import Foundation
import Provenance
import Testing

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

    @Test func spdxIsStrictJSON() throws {
        let fixture = try model()
        let bytes = SPDXWriter().write(try ModelDescription(fixture.path))
        let graph = try #require(try JSONDocument(ByteRegion(bytes), dialect: .strict).root["@graph"])
        #expect(graph.elements.contains { $0["type"]?.string == "ai_AIPackage" })
        #expect(graph.elements.contains { $0["relationshipType"]?.string == "trainedOn" })
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
