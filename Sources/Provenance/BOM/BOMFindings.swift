internal import AssayCore
internal import ByteParsing

/// Findings of a scan as vulnerabilities of a CycloneDX bill, each with a VEX analysis that awaits a person.
enum BOMFindings {
    static func write(_ report: JSONValue?, _ writer: inout JSONWriter) {
        guard let files = report?["files"]?.elements else { return }
        writer.key("vulnerabilities")
        writer.array { writer in
            for file in files {
                let path = file["path"]?.string ?? ""
                for finding in file["findings"].map({ Array($0.elements) }) ?? [] {
                    guard let rule = finding["rule"]?.string else { continue }
                    writer.object { writer in
                        writer.member("id", rule)
                        writer.key("source")
                        writer.object { $0.member("name", "assay") }
                        writer.key("ratings")
                        writer.array { writer in
                            writer.object { $0.member("severity", finding["severity"]?.string ?? "unknown") }
                        }
                        writer.member("description", finding["message"]?.string.map { Printable.line($0, limit: 2000) })
                        writer.key("analysis")
                        writer.object { $0.member("state", "in_triage") }
                        writer.key("affects")
                        writer.array { writer in
                            writer.object { $0.member("ref", "model") }
                        }
                        writer.key("properties")
                        writer.array { writer in
                            writer.object { writer in
                                writer.member("name", "assay:path")
                                writer.member("value", path)
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A training run's provenance as the formulation of a CycloneDX bill.
enum BOMFormulation {
    static func write(_ provenance: JSONValue?, _ writer: inout JSONWriter) {
        guard let provenance else { return }
        let metadata = provenance["runDetails"]?["metadata"]
        let id = metadata?["invocationId"]?.string ?? "training"
        writer.key("formulation")
        writer.array { writer in
            writer.object { writer in
                writer.key("workflows")
                writer.array { writer in
                    writer.object { writer in
                        writer.member("bom-ref", "workflow:" + id)
                        writer.member("uid", id)
                        writer.member("name", "training")
                        writer.member("taskTypes", ["build"])
                        writer.member("timeStart", metadata?["startedOn"]?.string)
                        writer.member("timeEnd", metadata?["finishedOn"]?.string)
                        writer.key("properties")
                        writer.array { writer in
                            let words = provenance["buildDefinition"]?["externalParameters"]?["command"]
                            writer.object { writer in
                                writer.member("name", "assay:command")
                                writer.member(
                                    "value",
                                    (words.map { Array($0.elements) } ?? []).compactMap(\.string).joined(separator: " ")
                                )
                            }
                            for one in provenance["buildDefinition"]?["resolvedDependencies"].map({ Array($0.elements) }
                            )
                                ?? []
                            {
                                let digests = one["digest"]?.members.compactMap { key, value -> String? in
                                    guard let key = key.string, let value = value.string else { return nil }
                                    return "\(key):\(value)"
                                }
                                writer.object { writer in
                                    writer.member("name", "assay:input:" + (one["annotations"]?["role"]?.string ?? ""))
                                    writer.member(
                                        "value",
                                        (one["name"]?.string ?? "") + " " + (digests ?? []).joined(separator: " "))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
