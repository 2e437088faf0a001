internal import AssayCore
internal import ByteParsing

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Writes a model's bill of materials as SPDX 3.0.1 JSON-LD with the AI, Dataset and Software profiles.
package struct SPDXWriter: Sendable {
    /// Version of the program that writes; left out when empty.
    package var toolVersion = ""
    /// RFC 3339; nil for now.
    package var timestamp: String?

    package init() {}

    /// The bill of materials as JSON-LD.
    package func write(_ model: ModelDescription) -> [UInt8] {
        let root = Hexadecimal.encode(model.measurement.manifest.rootDigest)
        // Identifiers are decided by the contents, so that two bills of one model name the same things.
        let space = "https://assay.dev/spdx/" + root
        let graph = Graph(space: space, created: timestamp ?? Timestamp.text(Date()))
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member("@context", "https://spdx.org/rdf/3.0.1/spdx-context.jsonld")
            writer.array("@graph") { writer in
                graph.creation(toolVersion, &writer)
                graph.element("SpdxDocument", "document", &writer) { writer in
                    writer.member("name", "Bill of materials of " + model.name)
                    writer.member("profileConformance", ["core", "software", "ai", "dataset"])
                    writer.member("rootElement", [space + "#model"])
                }
                writeAgents(model, graph, &writer)
                writeModel(model, graph, &writer)
                for (index, resource) in model.measurement.manifest.resources.enumerated() {
                    graph.element("software_File", "file-\(index)", &writer) { writer in
                        writer.member("name", resource.name.text)
                        writer.array("verifiedUsing") { writer in
                            writer.object { writer in
                                writer.member("type", "Hash")
                                writer.member("algorithm", "sha256")
                                writer.member("hashValue", Hexadecimal.encode(resource.digest))
                            }
                        }
                    }
                }
                let datasets = CycloneDXWriter.unique(model.datasets)
                for (index, dataset) in datasets.enumerated() {
                    graph.element("dataset_DatasetPackage", "dataset-\(index)", &writer) { writer in
                        writer.member("name", dataset)
                        writer.member("dataset_datasetType", ["noAssertion"])
                        if let hub = HubName(dataset) {
                            writer.member(
                                "software_downloadLocation", "https://huggingface.co/datasets/" + hub.text)
                        }
                        // Owners stand before the name, as registries have it.
                        let parts = dataset.split(separator: "/")
                        if parts.count == 2 { writer.member("comment", "Owner: \(parts[0])") }
                    }
                }
                for (index, base) in CycloneDXWriter.unique(model.baseModels).enumerated() {
                    graph.element("ai_AIPackage", "base-\(index)", &writer) { writer in
                        writer.member("name", base)
                        let revision = model.baseModels.count == 1 ? model.baseRevision : nil
                        writer.member("software_packageUrl", HubName(base)?.packageURL(revision: revision))
                        let address = model.baseAddresses[base]
                        writer.member(
                            "software_downloadLocation",
                            address ?? HubName(base).map { "https://huggingface.co/" + $0.text })
                    }
                }
                writePackages(model, graph, &writer)
                writeRelations(model, graph, datasets.count, &writer)
            }
        }
        return writer.bytes + [0x0A]
    }

    private func writeModel(_ model: ModelDescription, _ graph: Graph, _ writer: inout JSONWriter) {
        graph.element(model.isDataset ? "dataset_DatasetPackage" : "ai_AIPackage", "model", &writer) { writer in
            writer.member("name", model.name)
            writer.member("description", model.description)
            writer.member(
                "software_packageVersion",
                model.release ?? "sha256:" + Hexadecimal.encode(model.measurement.manifest.rootDigest))
            writer.member("software_primaryPurpose", model.isDataset ? "data" : "model")
            // The root digest says which files this is about, whatever the version is called.
            writer.array("verifiedUsing") { writer in
                writer.object { writer in
                    writer.member("type", "Hash")
                    writer.member("algorithm", "sha256")
                    writer.member("hashValue", Hexadecimal.encode(model.measurement.manifest.rootDigest))
                    writer.member("comment", "SHA-256 over the digests of the files, sorted by name")
                }
            }
            if model.supplier != nil { writer.member("suppliedBy", graph.space + "#supplier") }
            if !model.authors.isEmpty {
                writer.member("originatedBy", model.authors.indices.map { graph.space + "#author-\($0)" })
            }
            if model.isDataset {
                writer.member("dataset_datasetType", ["noAssertion"])
                writer.member("dataset_intendedUse", Self.joined(model.sections.uses))
                if !model.sections.ethics.isEmpty { writer.member("dataset_knownBias", model.sections.ethics) }
                return
            }
            if let family = model.architectureFamily ?? model.architecture {
                writer.member("ai_typeOfModel", [family])
            }
            if let task = model.task { writer.member("ai_domain", [task]) }
            writer.member("ai_informationAboutApplication", Self.joined(model.sections.uses))
            writer.member("ai_limitation", Self.joined(model.sections.limitations))
            let training =
                model.sections.training + (model.baseModelRelation.map { ["Relation to the base: " + $0] } ?? [])
            writer.member("ai_informationAboutTraining", Self.joined(training))
            if !model.metrics.isEmpty {
                writer.objects("ai_metric", of: model.metrics) { writer, metric in
                    writer.member("type", "DictionaryEntry")
                    writer.member("key", metric.type + (metric.slice.isEmpty ? "" : " on " + metric.slice))
                    writer.member("value", metric.value)
                }
            }
            let entries =
                (model.parameters.map { [("parameters", String($0))] } ?? [])
                + model.facts.filter {
                    $0.name.hasPrefix("config:") || $0.name.hasPrefix("adapter:") || $0.name == "quantization"
                }
                .map { ($0.name, $0.value) }
            if !entries.isEmpty {
                writer.array("ai_hyperparameter") { writer in
                    for (key, value) in entries {
                        writer.object { writer in
                            writer.member("type", "DictionaryEntry")
                            writer.member("key", key)
                            writer.member("value", value)
                        }
                    }
                }
            }
        }
    }

    private static func joined(_ texts: [String]) -> String? { texts.isEmpty ? nil : texts.joined(separator: "\n\n") }

    /// Who supplies and who made the model, where the user said so.
    private func writeAgents(_ model: ModelDescription, _ graph: Graph, _ writer: inout JSONWriter) {
        if let supplier = model.supplier {
            graph.element("Organization", "supplier", &writer) { $0.member("name", supplier) }
        }
        for (index, author) in model.authors.enumerated() {
            graph.element("Agent", "author-\(index)", &writer) { $0.member("name", author) }
        }
    }

    /// Python packages as packages of the Software profile, with package URLs as identifiers.
    private func writePackages(_ model: ModelDescription, _ graph: Graph, _ writer: inout JSONWriter) {
        let named = Dictionary(grouping: model.requirements, by: \.packageURL)
        for (index, url) in CycloneDXWriter.unique(model.requirements.map(\.packageURL)).enumerated() {
            guard let one = named[url]?.first else { continue }
            graph.element("software_Package", "package-\(index)", &writer) { writer in
                writer.member("name", one.name)
                writer.member("software_packageVersion", one.version)
                writer.member("software_packageUrl", url)
            }
        }
    }

    private func writeRelations(
        _ model: ModelDescription, _ graph: Graph, _ datasets: Int, _ writer: inout JSONWriter
    ) {
        let files = model.measurement.manifest.resources.indices.map { "file-\($0)" }
        graph.relation("contains", from: "model", to: files, &writer)
        graph.relation("trainedOn", from: "model", to: (0..<datasets).map { "dataset-\($0)" }, &writer)
        let bases = CycloneDXWriter.unique(model.baseModels).indices.map { "base-\($0)" }
        graph.relation("descendantOf", from: "model", to: bases, &writer)
        let packages = CycloneDXWriter.unique(model.requirements.map(\.packageURL)).indices.map { "package-\($0)" }
        graph.relation("dependsOn", from: "model", to: packages, &writer)
        let licenses =
            model.licenses.isEmpty
            ? model.concludedLicense.map { [$0] } ?? []
            : CycloneDXWriter.unique(model.licenses.map { LicenseIdentifier.spdx($0) ?? "" }).filter { !$0.isEmpty }
        for (index, license) in licenses.enumerated() {
            graph.element("simplelicensing_LicenseExpression", "license-\(index)", &writer) {
                $0.member("simplelicensing_licenseExpression", license)
            }
        }
        graph.relation(
            model.licenses.isEmpty ? "hasConcludedLicense" : "hasDeclaredLicense", from: "model",
            to: licenses.indices.map { "license-\($0)" }, &writer)
    }

    /// Writes elements under one name space, each with the same creation information.
    private struct Graph {
        let space: String
        let created: String

        func creation(_ version: String, _ writer: inout JSONWriter) {
            writer.object { writer in
                writer.member("type", "CreationInfo")
                writer.member("@id", "_:creation")
                writer.member("specVersion", "3.0.1")
                writer.member("created", created)
                writer.member("createdBy", [space + "#assay"])
            }
            element("SoftwareAgent", "assay", &writer) {
                $0.member("name", version.isEmpty ? "assay" : "assay " + version)
            }
        }

        func element(
            _ type: String, _ name: String, _ writer: inout JSONWriter, _ body: (inout JSONWriter) -> Void
        ) {
            writer.object { writer in
                writer.member("type", type)
                writer.member("spdxId", space + "#" + name)
                writer.member("creationInfo", "_:creation")
                body(&writer)
            }
        }

        func relation(_ type: String, from: String, to: [String], _ writer: inout JSONWriter) {
            guard !to.isEmpty else { return }
            element("Relationship", type, &writer) { writer in
                writer.member("relationshipType", type)
                writer.member("from", space + "#" + from)
                writer.member("to", to.map { space + "#" + $0 })
            }
        }
    }
}
