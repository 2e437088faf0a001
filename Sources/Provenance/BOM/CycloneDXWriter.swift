internal import AssayCore
package import ByteParsing

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Writes a model's bill of materials as CycloneDX JSON, 1.6 or 1.7.
package struct CycloneDXWriter: Sendable {
    /// Versions of the specification that are written.
    package enum Version: String, Sendable, CaseIterable { case v16 = "1.6", v17 = "1.7" }

    /// A file that the bill refers to: a signature, evidence.
    package struct Reference: Sendable {
        /// A type of `externalReferences`: `digital-signature`, `attestation`.
        package let type: String
        package let url: String
        /// SHA-256 of the file, in lower-case hexadecimal.
        package let sha256: String
        package init(type: String, url: String, sha256: String) {
            self.type = type
            self.url = url
            self.sha256 = sha256
        }
    }

    package var version = Version.v16
    /// Version of the program that writes; left out when empty.
    package var toolVersion = ""
    /// RFC 3339; nil for now.
    package var timestamp: String?
    /// A scan report of Assay (its JSON form), whose findings become vulnerabilities.
    package var scan: JSONValue?
    /// A training statement's predicate (SLSA provenance), which becomes the formulation.
    package var training: JSONValue?
    /// Files beside the model, in the order in which they are to stand.
    package var references: [Reference] = []

    package init() {}

    /// The bill of materials as JSON.
    package func write(_ model: ModelDescription) -> [UInt8] {
        var writer = JSONWriter(indentation: 2)
        let manifest = model.measurement.manifest
        let root = Hexadecimal.encode(manifest.rootDigest)
        writer.object { writer in
            writer.member("$schema", "http://cyclonedx.org/schema/bom-\(version.rawValue).schema.json")
            writer.member("bomFormat", "CycloneDX")
            writer.member("specVersion", version.rawValue)
            writer.member("serialNumber", "urn:uuid:" + Self.uuid(manifest.rootDigest))
            writer.member("version", 1)
            writer.object("metadata") { writer in
                writer.member("timestamp", timestamp ?? Timestamp.text(Date()))
                writer.object("tools") { writer in
                    writer.array("components") { writer in
                        writer.object { writer in
                            writer.member("type", "application")
                            writer.member("name", "assay")
                            writer.member("version", toolVersion.isEmpty ? nil : toolVersion)
                        }
                    }
                }
                writer.key("component")
                writeModel(model, root, &writer)
            }
            writer.array("components") { writer in
                writeFiles(model, &writer)
                writeDatasets(model, &writer)
                writeRequirements(model, &writer)
            }
            writer.array("dependencies") { writer in
                writer.object { writer in
                    writer.member("ref", "model")
                    writer.member(
                        "dependsOn",
                        manifest.resources.map { "file:" + $0.name.text }
                            + Self.unique(model.datasets).map { "data:" + $0 }
                            + Self.unique(model.requirements.map(\.packageURL)))
                }
            }
            BOMFindings(model).write(scan, &writer)
            BOMFormulation.write(training, &writer)
        }
        return writer.bytes + [0x0A]
    }

    static func unique(_ values: [String]) -> [String] {
        var seen = Set<[UInt8]>()
        return values.filter { seen.insert(Array($0.utf8)).inserted }
    }

    /// A UUID that the contents decide (version 8, RFC 9562), so that the same model has the same serial number.
    private static func uuid(_ digest: [UInt8]) -> String {
        var bytes = Array(digest.prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let text = Array(Hexadecimal.encode(bytes))
        return [text[0..<8], text[8..<12], text[12..<16], text[16..<20], text[20..<32]].map { String($0) }
            .joined(separator: "-")
    }

    private func writeModel(_ model: ModelDescription, _ root: String, _ writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", model.isDataset ? "data" : "machine-learning-model")
            writer.member("bom-ref", "model")
            writer.member("name", model.name)
            if let supplier = model.supplier {
                writer.object("supplier") { $0.member("name", supplier) }
            }
            if !model.authors.isEmpty {
                writer.array("authors") { writer in
                    for author in model.authors { writer.object { $0.member("name", author) } }
                }
            }
            writer.member("version", model.release ?? "sha256:" + root)
            writer.member("description", model.description)
            writeLicenses(model, &writer)
            if !model.baseModels.isEmpty {
                writer.object("pedigree") { writer in
                    writer.objects("ancestors", of: Self.unique(model.baseModels)) { writer, base in
                        writer.member("type", "machine-learning-model")
                        writer.member("name", base)
                        Self.writeAddress(base, model, &writer)
                    }
                    writer.member("notes", model.baseModelRelation)
                }
            }
            writeReferences(model, &writer)
            if model.isDataset {
                writer.array("data") { writer in
                    writer.object { writer in
                        writer.member("type", "dataset")
                        writer.member("name", model.name)
                        writer.member("description", model.description)
                    }
                }
            } else {
                CycloneDXModelCard.write(model, &writer)
            }
            writer.array("properties") { writer in
                func property(_ name: String, _ value: String?) {
                    guard let value else { return }
                    writer.object { writer in
                        writer.member("name", name)
                        writer.member("value", value)
                    }
                }
                property("assay:root-digest", "sha256:" + root)
                property("assay:parameters", model.parameters.map { String($0) })
                property("assay:library", model.library)
                for language in model.languages { property("assay:language", language) }
                for fact in model.facts { property("assay:" + fact.name, fact.value) }
            }
            if !model.tags.isEmpty { writer.member("tags", Self.unique(model.tags)) }
        }
    }

    /// A path as a relative IRI reference: what may not stand in one is escaped.
    /// - Parameter keeping: further symbols that stand for themselves: the colon of an absolute address.
    static func reference(_ path: String, keeping symbols: String = "") -> String {
        var text = ""
        for byte in path.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: text.unicodeScalars.append(Unicode.Scalar(byte))
            case _ where "-._~/!$&'()*+,;=@".utf8.contains(byte) || symbols.utf8.contains(byte):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "%" + Hexadecimal.encode([byte]).uppercased()
            }
        }
        return text
    }

    static func hashes(_ sha256: String, _ writer: inout JSONWriter) {
        writer.array("hashes") { writer in
            writer.object { writer in
                writer.member("alg", "SHA-256")
                writer.member("content", sha256)
            }
        }
    }
}
