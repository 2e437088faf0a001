internal import AssayCore
internal import ByteParsing

/// What a model is made of and leans on: its files, data sets, requirements, and where it comes from.
extension CycloneDXWriter {
    func writeReferences(_ model: ModelDescription, _ writer: inout JSONWriter) {
        var all = references
        if let card = model.card,
            let digest = model.measurement.manifest.resources.first(where: { $0.name == card })?.digest
        {
            all.insert(Reference(type: "model-card", url: card.text, sha256: Hexadecimal.encode(digest)), at: 0)
        }
        guard !all.isEmpty else { return }
        writer.key("externalReferences")
        writer.array { writer in
            for reference in all {
                writer.object { writer in
                    writer.member("type", reference.type)
                    writer.member("url", Self.reference(reference.url))
                    Self.hashes(reference.sha256, &writer)
                }
            }
        }
    }

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
                writer.key("properties")
                writer.array { writer in
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
            let owner = dataset.split(separator: "/").count == 2 ? dataset.split(separator: "/").first : nil
            writer.object { writer in
                writer.member("type", "data")
                writer.member("bom-ref", "data:" + dataset)
                writer.member("name", dataset)
                writer.key("data")
                writer.array { writer in
                    writer.object { writer in
                        writer.member("type", "dataset")
                        writer.member("name", dataset)
                        if let owner {
                            writer.key("governance")
                            writer.object { writer in
                                writer.key("owners")
                                writer.array { writer in
                                    writer.object { writer in
                                        writer.key("organization")
                                        writer.object { $0.member("name", String(owner)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
