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
                writeFiles(model, graph, &writer)
                writeDatasets(model, graph, &writer)
                writeBases(model, graph, &writer)
                writePackages(model, graph, &writer)
                writeRelations(model, graph, &writer)
            }
        }
        return writer.bytes + [0x0A]
    }

    private func writeFiles(_ model: ModelDescription, _ graph: Graph, _ writer: inout JSONWriter) {
        for (index, resource) in model.measurement.manifest.resources.enumerated() {
            graph.element("software_File", "file-\(index)", &writer) { writer in
                writer.member("name", resource.name.text)
                Self.writeHash(resource.digest, &writer)
            }
        }
    }

    static func writeHash(_ digest: [UInt8], comment: String? = nil, _ writer: inout JSONWriter) {
        writer.array("verifiedUsing") { writer in
            writer.object { writer in
                writer.member("type", "Hash")
                writer.member("algorithm", "sha256")
                writer.member("hashValue", Hexadecimal.encode(digest))
                writer.member("comment", comment)
            }
        }
    }

    private func writeDatasets(_ model: ModelDescription, _ graph: Graph, _ writer: inout JSONWriter) {
        for (index, dataset) in CycloneDXWriter.unique(model.datasets).enumerated() {
            graph.element("dataset_DatasetPackage", "dataset-\(index)", &writer) { writer in
                writer.member("name", dataset)
                writer.member("dataset_datasetType", ["noAssertion"])
                if let hub = HubName(dataset) {
                    writer.member("software_downloadLocation", "https://huggingface.co/datasets/" + hub.text)
                }
                // Owners stand before the name, as registries have it.
                let parts = dataset.split(separator: "/")
                if parts.count == 2 { writer.member("comment", "Owner: \(parts[0])") }
            }
        }
    }

    private func writeBases(_ model: ModelDescription, _ graph: Graph, _ writer: inout JSONWriter) {
        for (index, base) in CycloneDXWriter.unique(model.baseModels).enumerated() {
            graph.element("ai_AIPackage", "base-\(index)", &writer) { writer in
                writer.member("name", base)
                let revision = model.baseModels.count == 1 ? model.baseRevision : nil
                writer.member("software_packageUrl", HubName(base)?.packageURL(revision: revision))
                let address = model.baseAddresses[base]
                writer.member(
                    "software_downloadLocation", address ?? HubName(base).map { "https://huggingface.co/" + $0.text })
            }
        }
    }

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

    private func writeRelations(_ model: ModelDescription, _ graph: Graph, _ writer: inout JSONWriter) {
        let datasets = CycloneDXWriter.unique(model.datasets).count
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
}
