internal import AssayCore
internal import ByteParsing

/// Findings of a scan as vulnerabilities of a CycloneDX bill, each with a VEX analysis.
///
/// A finding awaits a person (`in_triage`); one that a policy or baseline suppressed was accepted by one, with a reason
/// and until a day, which the analysis repeats. Nothing here decides that a finding does not matter.
struct BOMFindings {
    /// The bill's reference of each file, by digest and by name.
    private var references: [String: String] = [:]
    private var names: Set<ModelPath> = []
    private let model: String

    init(_ description: ModelDescription) {
        model = description.measurement.name.text
        for resource in description.measurement.manifest.resources {
            references[Hexadecimal.encode(resource.digest)] = "file:" + resource.name.text
            names.insert(resource.name)
        }
    }

    /// - Parameter report: a scan's JSON report, or the predicate of its evidence.
    func write(_ report: JSONValue?, _ writer: inout JSONWriter) {
        guard let files = report?["files"]?.elements else { return }
        writer.array("vulnerabilities") { writer in
            for file in files {
                let reference = reference(of: file)
                for finding in file["findings"].map({ Array($0.elements) }) ?? [] {
                    write(finding, nil, file, reference, &writer)
                }
                for finding in file["suppressed"].map({ Array($0.elements) }) ?? [] {
                    write(finding, finding["suppression"], file, reference, &writer)
                }
            }
        }
    }

    /// The file's component: the one with its digest or its path below the model; the model itself for other files.
    private func reference(of file: JSONValue) -> String {
        if let digest = file["sha256"]?.string, let found = references[digest] { return found }
        let parts = ModelPath(file["path"]?.string ?? "").components
        for start in parts.indices where start == 0 || ModelPath(Array(parts[start - 1])) == ModelPath(model) {
            let name = ModelPath(Array(parts[start...].joined(separator: [UInt8(ascii: "/")])))
            if names.contains(name) { return "file:" + name.text }
        }
        return "model"
    }

    private func write(
        _ finding: JSONValue, _ suppression: JSONValue?, _ file: JSONValue, _ reference: String,
        _ writer: inout JSONWriter
    ) {
        guard let rule = finding["rule"]?.string else { return }
        writer.object { writer in
            writer.member("id", rule)
            writer.object("source") { $0.member("name", "assay") }
            writer.array("ratings") { writer in
                writer.object { $0.member("severity", finding["severity"]?.string ?? "unknown") }
            }
            writer.member("description", finding["message"]?.string.map { Printable.line($0, limit: 2000) })
            writer.object("analysis") { writer in
                writer.member("state", "in_triage")
                if let suppression {
                    let until = suppression["expires"]?.string.map { " until " + $0 } ?? ""
                    writer.member("response", ["will_not_fix"])
                    writer.member(
                        "detail",
                        "Accepted\(until): " + Printable.line(suppression["reason"]?.string ?? "", limit: 2000))
                }
            }
            writer.array("affects") { writer in
                writer.object { $0.member("ref", reference) }
            }
            writer.array("properties") { writer in
                writer.object { writer in
                    writer.member("name", "assay:path")
                    writer.member("value", file["path"]?.string ?? "")
                }
            }
        }
    }
}
