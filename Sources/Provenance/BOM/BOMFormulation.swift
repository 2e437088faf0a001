internal import ByteParsing

/// A training run's provenance as the formulation of a CycloneDX bill: one workflow with what went in and came out.
enum BOMFormulation {
    static func write(_ provenance: JSONValue?, _ writer: inout JSONWriter) {
        guard let provenance else { return }
        let metadata = provenance["runDetails"]?["metadata"]
        let id = metadata?["invocationId"]?.string ?? "training"
        let definition = provenance["buildDefinition"]
        writer.array("formulation") { writer in
            writer.object { writer in
                writer.array("workflows") { writer in
                    writer.object { writer in
                        writer.member("bom-ref", "workflow:" + id)
                        writer.member("uid", id)
                        writer.member("name", "training")
                        writer.member("taskTypes", ["build"])
                        writer.array("inputs") { writer in
                            for one in definition?["resolvedDependencies"].map({ Array($0.elements) }) ?? [] {
                                writer.object { input(one, &$0) }
                            }
                        }
                        writer.array("outputs") { writer in
                            writer.object { writer in
                                writer.member("type", "artifact")
                                writer.object("resource") { $0.member("ref", "model") }
                            }
                        }
                        writer.member("timeStart", metadata?["startedOn"]?.string)
                        writer.member("timeEnd", metadata?["finishedOn"]?.string)
                        writer.array("properties") { parameters(definition?["externalParameters"], &$0) }
                    }
                }
            }
        }
    }

    /// A dataset, a base model, code: by name and digest, as a reference that is outside of the bill.
    private static func input(_ dependency: JSONValue, _ writer: inout JSONWriter) {
        let role = dependency["annotations"]?["role"]?.string ?? "input"
        writer.object("resource") { writer in
            writer.object("externalReference") { writer in
                writer.member("type", role == "code" ? "vcs" : "other")
                let place = dependency["uri"]?.string ?? dependency["name"]?.string ?? ""
                writer.member("url", CycloneDXWriter.reference(place, keeping: ":"))
                if let digest = dependency["digest"]?["sha256"]?.string { CycloneDXWriter.hashes(digest, &writer) }
                let commit = dependency["digest"]?["gitCommit"]?.string.map { " at commit " + $0 } ?? ""
                writer.member("comment", role + ": " + (dependency["name"]?.string ?? "") + commit)
            }
        }
    }

    private static func parameters(_ parameters: JSONValue?, _ writer: inout JSONWriter) {
        func property(_ name: String, _ value: String) {
            writer.object { writer in
                writer.member("name", name)
                writer.member("value", value)
            }
        }
        let words = parameters?["command"].map { $0.elements.compactMap(\.string) } ?? []
        if !words.isEmpty { property("assay:command", words.joined(separator: " ")) }
        for (key, value) in parameters?["parameters"].map({ Array($0.members) }) ?? [] {
            guard let name = key.string, let text = value.string ?? value.numberText ?? value.bool.map({ "\($0)" })
            else { continue }
            property("assay:parameter:" + name, text)
        }
    }
}
