import AssayCore
import ByteParsing
import Provenance

/// The answer of a verification, for people and as JSON.
enum VerificationText {
    /// Paths of one kind that are listed for people; JSON has all of them.
    private static let limit = 50

    static func lines(_ report: VerificationReport, path: String, noun: String) -> [String] {
        var lines = ["\(report.outcome.title): \(noun) \(Printable.line(path))"]
        lines += report.reasons.map { "  because      " + Printable.line($0) }
        func facts(_ title: String, _ facts: [VerificationReport.Fact]) {
            for fact in facts where !fact.value.isEmpty {
                lines.append("  \(title)\(fact.name): \(Printable.line(fact.value))")
            }
        }
        facts("signer       ", report.signer)
        if !report.trust.isEmpty { lines.append("  trust        " + report.trust) }
        if let signed = report.signed {
            if let digest = signed.fileDigest {
                lines.append("  signed       file-digest: sha256:" + digest)
            } else {
                lines.append("  signed       name: \(Printable.line(signed.name))")
                lines.append("  signed       root-digest: " + (signed.rootDigest.map { "sha256:" + $0 } ?? "none"))
            }
            let shards = signed.shardSize.map { " in shards of \($0) bytes" } ?? ""
            lines.append("  signed       files: \(signed.files), \(signed.algorithm.rawValue)\(shards)")
        }
        if let comparison = report.comparison {
            lines.append("  unchanged    \(comparison.unchanged) \(comparison.unchanged == 1 ? "file" : "files")")
            lines += list("changed", comparison.changed.map(\.text))
            lines += list("removed", comparison.removed.map(\.text))
            lines += list("added", comparison.added.map(\.text))
            lines += list("renamed", comparison.renamed.map { "\($0.from) is now \($0.to)" })
        } else {
            lines.append("  files        not compared")
        }
        lines += list("link", report.followedLinks.map { "\($0.name) leads to \($0.value)" })
        if report.comparison != nil {
            lines +=
                report.uncovered.isEmpty
                ? ["  not covered  nothing"] : list("not covered", report.uncovered.map(\.text))
        }
        lines += report.caveats.map { "  note         " + $0 }
        return lines
    }

    private static func list(_ title: String, _ values: [String]) -> [String] {
        let label = "  " + title + String(repeating: " ", count: max(1, 13 - title.count))
        var lines = values.prefix(limit).map { label + Printable.line($0) }
        if values.count > limit { lines.append(label + "\(values.count - limit) more") }
        return lines
    }

    static func json(_ report: VerificationReport, path: String) -> String {
        var writer = JSONWriter(indentation: 2)
        writer.object { inner in
            inner.member("schema", PredicateType.signatureVerification.uri)
            inner.member("path", path)
            report.write(into: &inner)
        }
        return writer.text
    }
}
