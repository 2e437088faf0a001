internal import AssayCore
internal import ByteParsing

/// The package of the model or dataset itself.
extension SPDXWriter {
    func writeModel(_ model: ModelDescription, _ graph: Graph, _ writer: inout JSONWriter) {
        let root = model.measurement.manifest.rootDigest
        graph.element(model.isDataset ? "dataset_DatasetPackage" : "ai_AIPackage", "model", &writer) { writer in
            writer.member("name", model.name)
            writer.member("description", model.description)
            writer.member("software_packageVersion", model.release ?? "sha256:" + Hexadecimal.encode(root))
            writer.member("software_primaryPurpose", model.isDataset ? "data" : "model")
            // The root digest says which files this is about, whatever the version is called.
            Self.writeHash(root, comment: "SHA-256 over the digests of the files, sorted by name", &writer)
            if model.supplier != nil { writer.member("suppliedBy", graph.space + "#supplier") }
            if !model.authors.isEmpty {
                writer.member("originatedBy", model.authors.indices.map { graph.space + "#author-\($0)" })
            }
            if model.isDataset {
                writer.member("dataset_datasetType", ["noAssertion"])
                writer.member("dataset_intendedUse", Self.joined(model.sections.uses))
                if !model.sections.ethics.isEmpty { writer.member("dataset_knownBias", model.sections.ethics) }
            } else {
                Self.writeProfile(of: model, &writer)
            }
        }
    }

    /// The members of the AI profile.
    private static func writeProfile(of model: ModelDescription, _ writer: inout JSONWriter) {
        if let family = model.architectureFamily ?? model.architecture {
            writer.member("ai_typeOfModel", [family])
        }
        if let task = model.task { writer.member("ai_domain", [task]) }
        writer.member("ai_informationAboutApplication", joined(model.sections.uses))
        writer.member("ai_limitation", joined(model.sections.limitations))
        let training =
            model.sections.training + (model.baseModelRelation.map { ["Relation to the base: " + $0] } ?? [])
        writer.member("ai_informationAboutTraining", joined(training))
        writeEntries(
            "ai_metric", model.metrics.map { ($0.type + ($0.slice.isEmpty ? "" : " on " + $0.slice), $0.value) },
            &writer)
        let settings = model.facts.filter {
            $0.name.hasPrefix("config:") || $0.name.hasPrefix("adapter:") || $0.name == "quantization"
        }
        let parameters = model.parameters.map { [("parameters", String($0))] } ?? []
        writeEntries("ai_hyperparameter", parameters + settings.map { ($0.name, $0.value) }, &writer)
    }

    private static func writeEntries(
        _ name: String, _ entries: [(key: String, value: String)], _ writer: inout JSONWriter
    ) {
        guard !entries.isEmpty else { return }
        writer.objects(name, of: entries) { writer, entry in
            writer.member("type", "DictionaryEntry")
            writer.member("key", entry.key)
            writer.member("value", entry.value)
        }
    }

    private static func joined(_ texts: [String]) -> String? { texts.isEmpty ? nil : texts.joined(separator: "\n\n") }

    /// Writes elements under one name space, each with the same creation information.
    struct Graph {
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
