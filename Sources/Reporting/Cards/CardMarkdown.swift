internal import Documents

/// Markdown for GitHub and the Hugging Face Hub, put together part by part; texts of cards keep what is harmless.
struct CardMarkdown: Sendable {
    private(set) var parts: [String] = []

    var text: String { parts.joined(separator: "\n\n") + "\n" }

    mutating func add(_ part: String) { if !part.isEmpty { parts.append(part) } }

    mutating func heading(_ level: Int, _ text: String) {
        parts.append(String(repeating: "#", count: level) + " " + Markup.markdown(text))
    }

    mutating func prose(_ text: String?) { if let text { add(Prose(text).markdown()) } }

    mutating func table(_ columns: [String], _ rows: [[String]]) {
        guard !rows.isEmpty else { return }
        var lines = [
            "| " + columns.joined(separator: " | ") + " |", "|" + String(repeating: "---|", count: columns.count),
        ]
        lines += rows.map { "| " + $0.joined(separator: " | ") + " |" }
        parts.append(lines.joined(separator: "\n"))
    }

    /// Members as a table of two columns, those that are expected first.
    mutating func facts(_ value: DocumentValue?, expected: [String] = [], leaving: Set<String> = []) {
        let value = value ?? .emptyObject
        var rows = expected.map { ["**\(CardValues.label($0))**", value[$0].map(Self.cell) ?? Self.notStated] }
        for member in value.members where !expected.contains(member.name) && !leaving.contains(member.name) {
            rows.append(["**\(Markup.markdown(CardValues.label(member.name)))**", Self.cell(member.value)])
        }
        table(["", ""], rows)
    }

    mutating func list(_ value: DocumentValue?) {
        guard let value, !value.isNull, !(value.isArray && value.elements.isEmpty) else { return add(Self.notStated) }
        add((value.isArray ? value.elements : [value]).map { "- " + Self.cell($0) }.joined(separator: "\n"))
    }

    static let notStated = "*not stated*"

    /// A value in a cell of a table or a line of a list.
    static func cell(_ value: DocumentValue) -> String {
        if CardValues.isUnknown(value) { return value.isNull ? notStated : "*unknown*" }
        if let text = value.string {
            if ProseInlines.isSafe(text) { return Prose.markdown([.link(text: text, address: text)]) }
            return Prose(text).markdownLine
        }
        if let digits = value.number { return value.double.map(Figure.text) ?? digits }
        if let truth = value.boolean { return truth ? "yes" : "no" }
        if value.isArray {
            return value.elements.isEmpty ? "none" : value.elements.map(cell).joined(separator: "<br>")
        }
        return value.members.map { member in
            member.name.hasPrefix("sha") && member.value.string != nil
                ? Markup.code(member.name + ":" + (member.value.string ?? ""))
                : Markup.markdown(CardValues.label(member.name)) + "&#58; " + cell(member.value)
        }.joined(separator: "; ")
    }
}

extension CardContext {
    /// What the text is of, and what made it.
    var markdownFooter: String {
        var parts: [String] = []
        if let source { parts.append("made from \(Markup.code(source.name)), sha256 \(Markup.code(source.sha256))") }
        parts.append("assay \(version)")
        if let today { parts.append("\(today)") }
        return "---\n\n<sub>" + parts.joined(separator: " · ") + "</sub>"
    }
}
