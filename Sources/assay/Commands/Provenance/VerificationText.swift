import AssayCore
import ByteParsing
import Provenance
import Reporting

/// The answer of a verification, for people and as JSON.
enum VerificationText {
    /// Lines for people; the first one is the answer.
    static func lines(
        _ report: VerificationReport, path: String, noun: String,
        style: TerminalStyle = TerminalStyle(isColoured: false)
    ) -> [String] {
        var table = LabelledLines()
        for reason in report.reasons { table.add("because", reason) }
        for fact in report.signer where !fact.value.isEmpty { table.add("signer", "\(fact.name): \(fact.value)") }
        if !report.trust.isEmpty { table.add("trust", report.trust) }
        if let signed = report.signed { add(signed, to: &table) }
        if let comparison = report.comparison {
            table.add("unchanged", "\(comparison.unchanged) \(comparison.unchanged == 1 ? "file" : "files")")
            table.add("changed", comparison.changed.map(\.text))
            table.add("removed", comparison.removed.map(\.text))
            table.add("added", comparison.added.map(\.text))
            table.add("renamed", comparison.renamed.map { "\($0.from) is now \($0.to)" })
        } else {
            table.add("files", "not compared")
        }
        table.add("link", report.followedLinks.map { "\($0.name) leads to \($0.value)" })
        if report.comparison != nil {
            table.add("not covered", report.uncovered.isEmpty ? ["nothing"] : report.uncovered.map(\.text))
        }
        for caveat in report.caveats { table.add("note", caveat) }
        let answer =
            switch report.outcome {
            case .verified: style.good(report.outcome.title)
            case .notVerified: style.severity(.critical, report.outcome.title)
            case .undecided: style.warning(report.outcome.title)
            }
        return ["\(answer): \(noun) \(Printable.line(path))"] + table.lines
    }

    private static func add(_ signed: VerificationReport.Signed, to table: inout LabelledLines) {
        if let digest = signed.fileDigest {
            table.add("signed", "file-digest: sha256:" + digest)
        } else {
            table.add("signed", "name: " + signed.name)
            table.add("signed", "root-digest: " + (signed.rootDigest.map { "sha256:" + $0 } ?? "none"))
        }
        let shards = signed.shardSize.map { " in shards of \($0) bytes" } ?? ""
        table.add("signed", "files: \(signed.files), \(signed.algorithm.rawValue)\(shards)")
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

/// Values beside labels; a label that the line before has as well stands there once.
private struct LabelledLines {
    /// Paths of one kind that are listed for people; JSON has all of them.
    private static let limit = 50

    private(set) var lines: [String] = []
    private var label = ""

    mutating func add(_ label: String, _ value: String) {
        let shown = label == self.label ? "" : label
        self.label = label
        lines.append("  " + shown + String(repeating: " ", count: max(1, 13 - shown.count)) + Printable.line(value))
    }

    mutating func add(_ label: String, _ values: [String]) {
        for value in values.prefix(Self.limit) { add(label, value) }
        if values.count > Self.limit { add(label, "\(values.count - Self.limit) more") }
    }
}
