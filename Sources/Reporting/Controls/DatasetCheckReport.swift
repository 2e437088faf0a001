package import AssayCore
internal import ByteParsing
package import Controls

/// The result of a dataset check, for people and as evidence (`dataset-check/v1`).
package struct DatasetCheckReport: Sendable {
    /// The predicate type; `Schemas/dataset-check-v1.schema.json` describes it.
    package static let schema = PredicateType.own + "dataset-check/v1"

    /// What was looked at, and as what.
    package struct Input: Sendable {
        /// What the file is to the check: `data`, `training`, `validation`, `model`.
        package let role: String
        package let name: String
        /// In lower-case hexadecimal; nil for what cannot be hashed, such as a folder.
        package let sha256: String?

        package init(role: String, name: String, sha256: String?) {
            self.role = role
            self.name = name
            self.sha256 = sha256
        }
    }

    private let check: DatasetCheck
    private let inputs: [Input]

    package init(_ check: DatasetCheck, inputs: [Input]) {
        self.check = check
        self.inputs = inputs
    }

    /// For people at a terminal.
    package func text(columns: Int, isColoured: Bool) -> String {
        let style = TerminalStyle(isColoured: isColoured)
        let word: String =
            switch check.outcome {
            case .passed: style.good("passed")
            case .failed: style.severity(.high, "failed")
            case .inconclusive: style.warning("inconclusive")
            }
        var lines = ["\(word)  \(style.bold(check.kind.rawValue))  \(Printable.line(check.summary))"]
        for metric in check.metrics {
            let wanted = metric.threshold.flatMap { threshold in
                metric.comparison.map { "  wanted \($0.rawValue) \(Self.number(threshold))" }
            }
            let group = metric.group.map { "  \(Printable.line($0, limit: 60))" } ?? ""
            lines.append(
                "  " + metric.name.padded(to: 34) + Self.number(metric.value).leftPadded(to: 12) + (wanted ?? "")
                    + group)
        }
        for limitation in check.limitations {
            let wrapped = TextWrapping.wrap(Printable.line(limitation), columns: max(40, min(columns, 110)) - 4)
            lines += wrapped.enumerated().map { style.dim(($0.offset == 0 ? "  · " : "    ") + $0.element) }
        }
        lines.append(style.dim("  source: \(Printable.line(check.source))"))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "undefined" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
        let scale = abs(value) < 1 ? 10_000.0 : 100
        return "\((value * scale).rounded() / scale)"
    }

    /// The predicate of the evidence, as JSON.
    package func json(version: String, date: CalendarDate) -> [UInt8] {
        var writer = JSONWriter(indentation: 2)
        write(version, date, into: &writer)
        return writer.bytes + [0x0A]
    }

    /// The in-toto statement about the inputs, or nil when none of them has a digest.
    package func statement(version: String, date: CalendarDate) -> [UInt8]? {
        let subjects = inputs.compactMap { input in
            input.sha256.map { Statement.Subject(name: input.name, sha256: $0) }
        }
        guard !subjects.isEmpty else { return nil }
        return Statement.write(subjects: subjects, predicateType: Self.schema) { write(version, date, into: &$0) }
    }

    private func write(_ version: String, _ date: CalendarDate, into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("check", check.kind.rawValue)
            writer.member("outcome", check.outcome.rawValue)
            writer.member("date", date.description)
            writer.object("tool") { writer in
                writer.member("name", "assay")
                writer.member("version", version)
            }
            writer.member("summary", check.summary)
            writer.member("samples", check.samples)
            writer.objects("metrics", of: check.metrics) { writer, metric in
                writer.member("name", metric.name)
                // Undefined is a result: a rate over nothing.
                writer.key("value")
                if metric.value.isFinite { writer.double(metric.value) } else { writer.null() }
                if let threshold = metric.threshold, threshold.isFinite {
                    writer.key("threshold")
                    writer.double(threshold)
                }
                writer.member("comparison", metric.comparison?.rawValue)
                writer.member("group", metric.group)
            }
            writer.objects("inputs", of: inputs) { writer, input in
                writer.member("role", input.role)
                writer.member("name", input.name)
                writer.member("sha256", input.sha256)
            }
            writer.member("limitations", check.limitations)
            writer.member("source", check.source)
        }
    }
}
