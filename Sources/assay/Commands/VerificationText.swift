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
        facts("signed       ", report.subject)
        if let comparison = report.comparison {
            lines.append("  unchanged    \(comparison.unchanged) files")
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
            inner.member("schema", "https://assay.dev/schemas/verification/v1")
            inner.member("path", path)
            inner.member("outcome", report.outcome.rawValue)
            inner.member("reasons", report.reasons)
            write("signer", report.signer, to: &inner)
            inner.member("trust", report.trust)
            write("signed", report.subject, to: &inner)
            if let comparison = report.comparison {
                inner.key("files")
                inner.object { writer in
                    writer.member("unchanged", comparison.unchanged)
                    writer.member("changed", comparison.changed.map(\.text))
                    writer.member("removed", comparison.removed.map(\.text))
                    writer.member("added", comparison.added.map(\.text))
                    writer.key("renamed")
                    writer.array { writer in
                        for renaming in comparison.renamed {
                            writer.object {
                                $0.member("from", renaming.from.text)
                                $0.member("to", renaming.to.text)
                            }
                        }
                    }
                }
            }
            inner.member("notCovered", report.uncovered.map(\.text))
            write("followedLinks", report.followedLinks, to: &inner)
            inner.member("notes", report.caveats)
        }
        return writer.text
    }

    private static func write(_ name: String, _ facts: [VerificationReport.Fact], to writer: inout JSONWriter) {
        writer.key(name)
        writer.object { writer in for fact in facts { writer.member(fact.name, fact.value) } }
    }
}
