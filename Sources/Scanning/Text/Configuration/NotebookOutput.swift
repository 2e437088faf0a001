internal import AssayCore
internal import ByteParsing

/// Outputs that a notebook carries: text with what a program printed, and HTML or scripts that a browser runs.
enum NotebookOutput {
    /// Kinds of output that a browser runs scripts in; before version 4 they had short names.
    private static let active: Set<String> = [
        "text/html", "application/javascript", "text/javascript", "image/svg+xml", "html", "javascript", "svg",
    ]
    /// Kinds that are text and no script.
    private static let passive: Set<String> = [
        "text/plain", "text/markdown", "text/latex", "application/json", "text", "traceback", "latex", "json", "evalue",
    ]
    /// Bytes of one output that are looked through.
    private static let longest = 4 << 20

    /// Judges the outputs of one cell.
    static func judge(_ outputs: JSONValue, of item: ScanItem, in scan: Scan) throws(ParseError) {
        for output in outputs.elements {
            var members = Array(output.members)
            if let data = output["data"] { members += Array(data.members) }
            try scan.budget.spend(operations: 1 + members.count, reading: "notebook outputs")
            for (key, value) in members {
                guard let kind = key.string, active.contains(kind) || passive.contains(kind) else { continue }
                let text = ByteRegion(Notebook.text(of: value))
                let place = item.location.at(value.offset, "output")
                guard text.count <= longest else {
                    scan.report(incomplete: "notebook output of \(text.count) bytes was not searched", at: place)
                    continue
                }
                guard text.count >= 8 else { continue }
                MetadataJudge.secrets(in: text, named: "", at: place, in: scan)
                if active.contains(kind) { judge(script: text, at: place, in: scan) }
            }
        }
    }

    /// What a script does that no plot or table needs: it runs code in the kernel, or takes what the page knows elsewhere.
    private static let kernel = [
        "kernel.execute(", "kernel.requestExecute(", "notebook.execute_", ".executeCell(", "requestExecute({",
        "execute_cells(", "notebook.insert_cell_",
    ]
    private static let stealing = [
        "document.cookie", "localStorage.getItem", "_xsrf", "/api/contents", "/api/terminals",
    ]
    private static let hiding = [
        "eval(atob(", "Function(atob(", "eval(unescape(", "eval(String.fromCharCode", "eval(decodeURIComponent(",
    ]

    /// Judges HTML or JavaScript that is shown by opening the notebook.
    static func judge(script text: ByteRegion, at location: Location, in scan: Scan) {
        func first(_ signs: [String]) -> String? { signs.first { text.firstOffset(of: Array($0.utf8)) != nil } }
        // Bokeh's own script asks its server in the kernel for what it shows.
        let isKnown = text.firstOffset(of: Array("bokeh.io".utf8)) != nil
        let isLiteral = ["\"", "'", "`"].contains { quote in first(kernel.map { $0 + quote }) != nil }
        let signs: [(String?, Severity, String)] = [
            (first(kernel), isLiteral ? .high : isKnown ? .low : .medium, "runs code in the notebook's kernel"),
            (first(hiding), .high, "hides the script that it runs"),
            (first(stealing), .medium, "reads what the notebook's server keeps from pages"),
        ]
        for (sign, severity, what) in signs {
            guard let sign else { continue }
            scan.report(
                "NOTEBOOK-SCRIPT", "A script that the notebook shows \(what): `\(sign)`", at: location,
                severity: severity, details: [.init("text", sign)])
        }
    }
}
