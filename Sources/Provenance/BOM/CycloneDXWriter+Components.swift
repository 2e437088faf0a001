internal import AssayCore
internal import ByteParsing

/// What a bill lists beside the model: its files, data and packages, its licences, and where base models are.
extension CycloneDXWriter {
    /// Packages that several files name count once; the first that names a version is the one that is told.
    func writeRequirements(_ model: ModelDescription, _ writer: inout JSONWriter) {
        let named = Dictionary(grouping: model.requirements, by: \.packageURL)
        for url in Self.unique(model.requirements.map(\.packageURL)) {
            guard let all = named[url], let first = all.first else { continue }
            writer.object { writer in
                writer.member("type", "library")
                writer.member("bom-ref", url)
                writer.member("name", first.name)
                writer.member("version", first.version)
                writer.member("purl", url)
                Self.writeHashes(all.flatMap(\.hashes), of: url, &writer)
                writer.array("properties") { writer in
                    for one in all {
                        let specifier = one.specifier.isEmpty ? "" : " " + one.specifier
                        writer.object { writer in
                            writer.member("name", "assay:declared-in")
                            writer.member("value", one.source + specifier)
                        }
                    }
                }
            }
        }
    }

    /// The files that may be installed: each is a distribution of its own, so that none is taken for the package's one digest.
    private static func writeHashes(_ hashes: [Requirement.Hash], of url: String, _ writer: inout JSONWriter) {
        guard !hashes.isEmpty else { return }
        var seen = Set<Requirement.Hash>()
        writer.array("externalReferences") { writer in
            for hash in hashes where seen.insert(hash).inserted {
                writer.object { writer in
                    writer.member("type", "distribution")
                    writer.member("url", url)
                    writer.array("hashes") { writer in
                        writer.object { writer in
                            writer.member("alg", hash.algorithm)
                            writer.member("content", hash.digest)
                        }
                    }
                }
            }
        }
    }

    func writeFiles(_ model: ModelDescription, _ writer: inout JSONWriter) {
        for resource in model.measurement.manifest.resources {
            writer.object { writer in
                writer.member("type", "file")
                writer.member("bom-ref", "file:" + resource.name.text)
                writer.member("name", resource.name.text)
                Self.hashes(Hexadecimal.encode(resource.digest), &writer)
            }
        }
    }

    func writeDatasets(_ model: ModelDescription, _ writer: inout JSONWriter) {
        for dataset in Self.unique(model.datasets) {
            let hub = HubName(dataset)
            let owner = hub?.owner
            writer.object { writer in
                writer.member("type", "data")
                writer.member("bom-ref", "data:" + dataset)
                writer.member("name", dataset)
                writer.array("data") { writer in
                    writer.object { writer in
                        writer.member("type", "dataset")
                        writer.member("name", dataset)
                        if let hub {
                            writer.object("contents") {
                                $0.member("url", "https://huggingface.co/datasets/" + hub.text)
                            }
                        }
                        if let owner {
                            writer.object("governance") { writer in
                                writer.array("owners") { writer in
                                    writer.object { writer in
                                        writer.object("organization") { $0.member("name", owner) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Licences as they are declared; where none is, the one that a file of terms is by its words.
    func writeLicenses(_ model: ModelDescription, _ writer: inout JSONWriter) {
        let declared = Self.unique(model.licenses)
        let all = declared.isEmpty ? model.concludedLicense.map { [$0] } ?? [] : declared
        guard !all.isEmpty else { return }
        writer.objects("licenses", of: all) { writer, license in
            writer.object("license") { writer in
                if let id = declared.isEmpty ? license : LicenseIdentifier.spdx(license) {
                    writer.member("id", id)
                } else {
                    writer.member("name", license)
                }
                writer.member("acknowledgement", declared.isEmpty ? "concluded" : "declared")
                if let link = model.licenseLink, all.count == 1 {
                    writer.member("url", Self.reference(link, keeping: ":?#"))
                }
            }
        }
    }

    /// Where a base model is: its package URL and address on Hugging Face, whose names cards and adapters use.
    static func writeAddress(_ base: String, _ model: ModelDescription, _ writer: inout JSONWriter) {
        let name = HubName(base)
        let revision = model.baseModels.count == 1 ? model.baseRevision : nil
        writer.member("purl", name?.packageURL(revision: revision))
        guard let address = model.baseAddresses[base] ?? name.map({ "https://huggingface.co/" + $0.text }) else {
            return
        }
        writer.array("externalReferences") { writer in
            writer.object { writer in
                writer.member("type", "distribution")
                writer.member("url", reference(address, keeping: ":?#"))
            }
        }
    }

    func writeReferences(_ model: ModelDescription, _ writer: inout JSONWriter) {
        var all = references
        if let card = model.card,
            let digest = model.measurement.manifest.resources.first(where: { $0.name == card })?.digest
        {
            all.insert(Reference(type: "model-card", url: card.text, sha256: Hexadecimal.encode(digest)), at: 0)
        }
        for file in model.licenseFiles {
            guard let digest = model.measurement.manifest.resources.first(where: { $0.name == file })?.digest else {
                continue
            }
            all.append(Reference(type: "license", url: file.text, sha256: Hexadecimal.encode(digest)))
        }
        guard !all.isEmpty else { return }
        writer.objects("externalReferences", of: all) { writer, reference in
            writer.member("type", reference.type)
            writer.member("url", Self.reference(reference.url))
            Self.hashes(reference.sha256, &writer)
        }
    }
}
