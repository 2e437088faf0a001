import AssayCore
import ByteParsing
import Fixtures
import Foundation
import Testing

@testable import Provenance

/// What is read out of models of several kinds, and where it stands in the bill.
@Suite struct ModelDescriptionTests {
    private func component(_ files: [String: String]) throws -> JSONValue {
        let fixture = try Fixture(files)
        return try component(ModelDescription(fixture.path))
    }

    private func component(_ description: ModelDescription) throws -> JSONValue {
        let bytes = CycloneDXWriter().write(description)
        #expect(CycloneDXCheck(bytes).errors == [])
        #expect(BillCheck(SPDXWriter().write(description)).errors == [])
        return try #require(try JSONDocument(ByteRegion(bytes), dialect: .strict).root["metadata"]?["component"])
    }

    private func properties(_ component: JSONValue) -> [String: String] {
        var found: [String: String] = [:]
        for one in component["properties"].map({ Array($0.elements) }) ?? [] {
            found[one["name"]?.string ?? ""] = one["value"]?.string
        }
        return found
    }

    /// A GGUF file of version 3: strings, lists of strings and 32-bit numbers, and one tensor.
    private func gguf(_ pairs: [(String, Any)]) -> [UInt8] {
        func number(_ value: Int, _ width: Int) -> [UInt8] {
            (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        func text(_ text: String) -> [UInt8] { number(text.utf8.count, 8) + Array(text.utf8) }
        var bytes = Array("GGUF".utf8) + number(3, 4) + number(1, 8) + number(pairs.count, 8)
        for (key, value) in pairs {
            bytes += text(key)
            switch value {
            case let value as String: bytes += number(8, 4) + text(value)
            case let list as [String]: bytes += number(9, 4) + number(8, 4) + number(list.count, 8) + list.flatMap(text)
            case let value as Int: bytes += number(4, 4) + number(value, 4)
            default: break
            }
        }
        bytes += text("w") + number(2, 4) + number(32, 8) + number(4, 8) + number(0, 4) + number(0, 8)
        return bytes + [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32 + 512)
    }

    @Test func gguf() throws {
        let fixture = try Fixture()
        try fixture.write(
            "tiny.gguf",
            gguf([
                ("general.architecture", "llama"), ("general.name", "Tiny Llama"), ("general.license", "apache-2.0"),
                ("general.author", "Some One"), ("general.version", "v1.0"), ("general.file_type", 15),
                ("llama.context_length", 2048), ("general.tags", ["chat", "text-generation"]),
                ("general.languages", ["en"]), ("general.datasets", ["org/data"]), ("general.base_model.count", 2),
                ("general.base_model.0.name", "TinyLlama 1.1B"), ("general.base_model.0.organization", "TinyLlama"),
                ("general.base_model.0.repo_url", "https://huggingface.co/TinyLlama/TinyLlama-1.1B"),
                ("general.base_model.1.name", "Other"),
            ]))
        let description = try ModelDescription(fixture.path)
        #expect(description.name == "Tiny Llama")
        #expect(description.authors == ["Some One"])
        #expect(description.release == "v1.0")
        #expect(description.baseModels == ["TinyLlama/TinyLlama-1.1B", "Other"])
        #expect(description.datasets == ["org/data"])
        #expect(description.task == "text-generation")
        #expect(description.parameters == 128)
        let model = try component(description)
        #expect(properties(model)["assay:quantization"] == "Q4_K_M")
        #expect(properties(model)["assay:context-length"] == "2048")
        let base = try #require(model["pedigree"]?["ancestors"]?[0])
        #expect(base["purl"]?.string == "pkg:huggingface/TinyLlama/TinyLlama-1.1B")
        #expect(base["externalReferences"]?[0]?["url"]?.string == "https://huggingface.co/TinyLlama/TinyLlama-1.1B")
        #expect(model["pedigree"]?["ancestors"]?[1]?["purl"] == nil)
        #expect(model["modelCard"]?["modelParameters"]?["inputs"]?[0]?["format"]?.string == "text")
    }

    @Test func adapters() throws {
        let fixture = try Fixture([
            "adapter_config.json": """
            {"peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": "org/base", "revision": "0123abc", "r": 8}
            """
        ])
        let model = try component(ModelDescription(fixture.path))
        #expect(model["pedigree"]?["ancestors"]?[0]?["purl"]?.string == "pkg:huggingface/org/base@0123abc")
        #expect(model["modelCard"]?["modelParameters"]?["task"]?.string == "text-generation")
    }

    @Test(arguments: ["/home/me/base", "./base", "base", "a/b/c", "org/", "org/ba se", "../base"])
    func pathsAreNoRepositories(name: String) { #expect(HubName(name) == nil) }

    @Test func pipelines() throws {
        let fixture = try Fixture([
            "model_index.json": #"{"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.30.0"}"#,
            "unet/config.json": #"{"_class_name": "UNet2DConditionModel"}"#,
        ])
        let description = try ModelDescription(fixture.path)
        #expect(description.architecture == "StableDiffusionPipeline")
        #expect(description.task == "text-to-image")
        #expect(try properties(component(description))["assay:component"] == "unet: UNet2DConditionModel")
    }

    @Test func estimators() throws {
        let fixture = try Fixture([
            "config.json": """
            {"sklearn": {"columns": ["age", "income"], "environment": ["scikit-learn=1.5.0", "numpy>=1"],
            "task": "tabular-classification", "model_format": "pickle"}}
            """
        ])
        let description = try ModelDescription(fixture.path)
        #expect(description.task == "tabular-classification")
        #expect(description.requirements.map(\.packageURL) == ["pkg:pypi/scikit-learn@1.5.0", "pkg:pypi/numpy"])
        #expect(description.inputs.map(\.name) == ["age", "income"])
        #expect(description.library == "sklearn")
    }

    /// The card's word counts; where it has none, the words of a file with terms do, and are told as that.
    @Test func licences() throws {
        let terms = "Apache License\n   Version 2.0, January 2004\n"
        let silent = try component(["LICENSE": terms, "w.bin": "1"])
        #expect(silent["licenses"]?[0]?["license"]?["id"]?.string == "Apache-2.0")
        #expect(silent["licenses"]?[0]?["license"]?["acknowledgement"]?.string == "concluded")
        #expect(silent["externalReferences"]?[0]?["type"]?.string == "license")
        let card = "---\nlicense: other\nlicense_name: my-terms\nlicense_link: https://example.com/terms?v=1\n---\n"
        let declared = try component(["LICENSE.md": terms, "README.md": card])
        let license = try #require(declared["licenses"]?[0]?["license"])
        #expect(license["name"]?.string == "my-terms")
        #expect(license["acknowledgement"]?.string == "declared")
        #expect(license["url"]?.string == "https://example.com/terms?v=1")
        let unknown = try component(["LICENSE": "My own terms.", "w.bin": "1"])
        #expect(unknown["licenses"] == nil)
    }

    @Test func packagesWithOneVersionAreOne() throws {
        let lock = "[[package]]\nname = \"numpy\"\nversion = \"1.26.4\"\n"
        let fixture = try Fixture([
            "requirements.txt": "numpy>=1\ngit+https://example.com/a/b@v1#egg=b\n./local\nhttps://example.com/x.whl\n",
            "poetry.lock": lock, "w.bin": "1",
        ])
        let description = try ModelDescription(fixture.path)
        #expect(description.requirements.map(\.packageURL) == ["pkg:pypi/numpy@1.26.4", "pkg:pypi/numpy@1.26.4"])
        #expect(description.requirements.map(\.source) == ["poetry.lock", "requirements.txt"])
    }

    @Test func listsOfPackagesAreFollowed() throws {
        let hash = String(repeating: "0a", count: 32)
        let fixture = try Fixture([
            "requirements.txt": "-r deps/base.txt\n-c limits.txt\n-r ../x.txt\n",
            "deps/base.txt": "numpy\nscipy==1.0 --hash=sha256:\(hash)\n",
            "limits.txt": "numpy==1.26.4\nother==1\n", "w.bin": "1",
        ])
        let description = try ModelDescription(fixture.path)
        #expect(description.requirements.map(\.packageURL) == ["pkg:pypi/numpy@1.26.4", "pkg:pypi/scipy@1.0"])
        #expect(
            description.facts == [.init(name: "requirements:not-read", value: "requirements.txt: -r ../x.txt")])
        let bytes = CycloneDXWriter().write(description)
        #expect(CycloneDXCheck(bytes).errors == [])
        let components = try JSONDocument(ByteRegion(bytes), dialect: .strict).root["components"]
        let scipy = try #require(components?.elements.first { $0["name"]?.string == "scipy" })
        #expect(scipy["externalReferences"]?[0]?["hashes"]?[0]?["content"]?.string == hash)
    }

    @Test func datasetsAreData() throws {
        let card =
            "---\nlicense: cc-by-4.0\ntask_categories: [text-classification]\npretty_name: Reviews\n---\n# Reviews\n\nMany.\n"
        let fixture = try Fixture(["README.md": card, "train.csv": "a,b\n1,2\n"])
        let data = try component(ModelDescription(fixture.path))
        #expect(data["type"]?.string == "data")
        #expect(data["data"]?[0]?["type"]?.string == "dataset")
        #expect(data["modelCard"] == nil)
    }

    @Test func emissions() throws {
        let card = "---\nco2_eq_emissions:\n  emissions: 12.3\n  source: codecarbon\n---\nText.\n"
        let model = try component(["README.md": card])
        let told = try #require(
            model["modelCard"]?["considerations"]?["environmentalConsiderations"]?["properties"])
        #expect(told[0]?["name"]?.string == "assay:co2-eq-emissions")
        #expect(told[0]?["value"]?.string == "12.3")
        #expect(told[1]?["value"]?.string == "codecarbon")
    }
}
