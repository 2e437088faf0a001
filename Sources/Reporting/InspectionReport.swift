internal import AssayCore
internal import ByteParsing
package import Scanning

/// The inside of a file for a person, as a tree, or for a program, as JSON.
package struct InspectionReport: Sendable {
    /// Lines of the tree and nodes of the JSON that are written; what is left out is said.
    package var limit = 20_000
    /// Columns that details are wrapped into; nil leaves each on one line, as programs want it.
    package var columns: Int?
    private let style: TerminalStyle

    package init(isColoured: Bool = false) { style = TerminalStyle(isColoured: isColoured) }

    // MARK: Text

    /// The tree for people.
    package func text(_ inspection: Inspection, path: String, size: Int) -> String {
        var lines: [String] = []
        var left = limit
        if inspection.pieces.isEmpty {
            lines.append(style.bold(Printable.line(path, limit: 4_096)) + style.dim("  \(Humane.size(size))"))
            lines.append("nothing that Assay can show the inside of")
        }
        for piece in inspection.pieces {
            let names = ([path] + piece.members).map { Printable.line($0, limit: 400) }.joined(separator: " › ")
            if !lines.isEmpty { lines.append("") }
            lines.append(
                style.bold(names) + style.dim("  \(Printable.line(piece.format)) · \(Humane.size(piece.size))"))
            lines += tree(piece.outline, left: &left)
            guard left > 0 else { break }
        }
        if left <= 0 { lines.append(style.warning("more than \(Humane.grouped(limit)) lines: the rest is not shown")) }
        for reason in inspection.incomplete { lines.append(style.warning("not covered: " + Printable.line(reason))) }
        if let worst = inspection.findings.map(\.severity).max() {
            lines += [
                "",
                style.severity(
                    worst,
                    "\(Humane.count(inspection.findings.count, "finding")), the worst \(worst.name): assay scan explains"
                ),
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One node that waits to be drawn.
    private struct Waiting {
        var node: Outline
        var lead: String
        var isLast: Bool
    }

    private func tree(_ root: Outline, left: inout Int) -> [String] {
        var lines: [String] = []
        if !root.detail.isEmpty { lines += shown(root, "", "") }
        var waiting: [Waiting] = []
        func push(_ children: [Outline], _ lead: String) {
            for (index, child) in children.enumerated().reversed() {
                waiting.append(Waiting(node: child, lead: lead, isLast: index == children.count - 1))
            }
        }
        push(root.children, "")
        while let next = waiting.popLast() {
            guard left > 0 else { break }
            left -= 1
            let below = next.lead + (next.isLast ? "   " : "│  ")
            lines += shown(next.node, next.lead + (next.isLast ? "└─ " : "├─ "), below)
            push(next.node.children, below)
        }
        return lines
    }

    /// A node's lines: its title and detail, and what does not fit beside the title below it.
    private func shown(_ node: Outline, _ lead: String, _ below: String) -> [String] {
        let title = Printable.line(node.title, limit: 400)
        let detail = Printable.line(node.detail, limit: 1_000)
        let head = style.dim(lead) + title
        guard !detail.isEmpty else { return [head] }
        let used = TextWrapping.width(lead) + TextWrapping.width(title) + 2
        guard let columns, used + TextWrapping.width(detail) > columns else { return [head + "  " + style.dim(detail)] }
        // Children hang on the line of their parent, which goes on past its wrapped detail.
        let lines = below + (node.children.isEmpty ? "  " : "│ ")
        if columns - used >= 40 {
            let wrapped = TextWrapping.wrap(detail, columns: columns - used)
            let gap = String(repeating: " ", count: used - TextWrapping.width(lines))
            return [head + "  " + style.dim(wrapped[0])] + wrapped.dropFirst().map { style.dim(lines + gap + $0) }
        }
        let wrapped = TextWrapping.wrap(detail, columns: columns - TextWrapping.width(lines))
        return [head] + wrapped.map { style.dim(lines + $0) }
    }

    // MARK: JSON

    /// The tree for programs.
    package func json(_ inspection: Inspection, path: String, size: Int) -> String {
        var writer = JSONWriter(indentation: 2)
        var left = limit
        writer.object { writer in
            writer.member("schema", "urn:assay:inspection:1")
            writer.member("path", path)
            writer.member("size", size)
            writer.member("format", inspection.pieces.first { $0.members.isEmpty }?.format ?? "unknown")
            writer.objects("outlines", of: inspection.pieces) { writer, piece in
                writer.member("members", piece.members)
                writer.member("format", piece.format)
                writer.member("size", piece.size)
                write(piece.outline, left: &left, into: &writer)
            }
            writer.member("incomplete", inspection.incomplete)
            writer.member("truncated", left <= 0)
        }
        return writer.text + "\n"
    }

    /// Writes title, detail and children of the node into the open object.
    ///
    /// A tree that is deeper than any reader of JSON follows is cut, so that this may call itself.
    private func write(_ node: Outline, left: inout Int, depth: Int = 0, into writer: inout JSONWriter) {
        writer.member("title", node.title)
        writer.member("detail", node.detail)
        writer.key("children")
        var rest = left
        writer.array { writer in
            for child in node.children {
                guard rest > 0, depth < 200 else {
                    rest = 0
                    break
                }
                rest -= 1
                writer.object { writer in write(child, left: &rest, depth: depth + 1, into: &writer) }
            }
        }
        left = rest
    }
}
