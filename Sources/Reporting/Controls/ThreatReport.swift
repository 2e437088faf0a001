internal import AssayCore
package import Controls

/// A table of threats for people: at a terminal, in Markdown and as comma-separated values.
package struct ThreatReport: Sendable {
    private let style: TerminalStyle
    private let columns: Int
    private let isAll: Bool

    /// - Parameter isAll: with the rows that do not apply.
    package init(columns: Int = 100, isColoured: Bool = false, isAll: Bool = false) {
        style = TerminalStyle(isColoured: isColoured)
        self.columns = min(max(columns, 60), 120)
        self.isAll = isAll
    }

    private static let note =
        "Proposed from what the card says: a table to edit, not a verdict. Unknown means that the card does not say enough."

    private func rows(_ table: ThreatTable) -> [ThreatTable.Row] { table.rows.filter { isAll || $0.applies != .no } }

    /// For people at a terminal.
    package func text(_ table: ThreatTable) -> String {
        var lines = [
            style.bold(Printable.line(table.model)),
            "\(table.count(.yes)) apply · \(table.count(.ask)) unknown · \(table.count(.no)) do not apply",
        ]
        for applicability in [ThreatTable.Applicability.yes, .ask] + (isAll ? [.no] : []) {
            let rows = table.rows.filter { $0.applies == applicability }
            guard !rows.isEmpty else { continue }
            let title =
                switch applicability {
                case .yes: "Apply"
                case .ask: "Unknown: a person decides"
                case .no: "Do not apply"
                }
            lines += ["", style.bold(title)]
            for row in rows {
                lines += ["", "  " + style.bold(row.id) + "  " + Printable.line(row.title)]
                lines += wrapped(row.reason)
                if !row.mitigations.isEmpty {
                    lines += wrapped(
                        "Mitigations: " + row.mitigations.map { "\($0.id) \($0.title)" }.joined(separator: ", "))
                }
                lines += wrapped("Evidence: " + row.evidence.map(\.kind).joined(separator: ", "))
            }
        }
        lines += [""] + TextWrapping.wrap(Self.note, columns: columns).map { style.dim($0) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func wrapped(_ text: String) -> [String] {
        TextWrapping.wrap(Printable.line(text, limit: 2_000), columns: columns - 4).map { "    " + $0 }
    }

    /// A table to edit.
    package func markdown(_ table: ThreatTable) -> String {
        var text = "# Threats to \(Markup.markdown(table.model))\n\n\(Markup.markdown(Self.note))\n\n"
        text +=
            "| id | threat | applies | why | mitigations | evidence that would answer it |\n|---|---|---|---|---|---|\n"
        for row in rows(table) {
            let mitigations = row.mitigations.map { "\($0.id) \($0.title)" }.joined(separator: ", ")
            let cells = [
                row.id, row.title, row.applies.rawValue, row.reason, mitigations,
                row.evidence.map(\.kind).joined(separator: ", "),
            ]
            text += "| " + cells.map { Markup.markdown($0) }.joined(separator: " | ") + " |\n"
        }
        return text
    }

    /// RFC 4180, for a spreadsheet.
    package func csv(_ table: ThreatTable) -> String {
        var text = CSV.line(["id", "catalogue", "title", "groups", "applies", "rationale", "mitigations", "evidence"])
        for row in rows(table) {
            text += CSV.line([
                row.id, row.catalogue, row.title, row.groups.joined(separator: "; "), row.applies.rawValue, row.reason,
                row.mitigations.map { "\($0.id) \($0.title)" }.joined(separator: "; "),
                row.evidence.map { "\($0.kind): \($0.answeredBy)" }.joined(separator: "; "),
            ])
        }
        return text
    }
}
