internal import AssayCore
internal import ByteParsing

/// Jupyter notebooks: their code cells are Python source, with shell commands and magics between.
enum Notebook {
    static func isNotebook(_ root: JSONValue) -> Bool {
        root.isObject && root["cells"]?.isArray == true && root["nbformat"] != nil
    }

    /// Judges the code of all code cells as one source text.
    static func judge(_ root: JSONValue, _ item: ScanItem, in scan: Scan) throws(ParseError) {
        var source: [UInt8] = []
        guard let cells = root["cells"] else { return }
        for cell in cells.elements {
            try scan.budget.spend(operations: 1 + cell.count, reading: "notebook cells")
            guard let code = cell["source"] else { continue }
            let isCode = cell["cell_type"]?.string == "code"
            var text: [UInt8] = code.kind == .string ? code.stringBytes : []
            for line in code.elements { text += line.stringBytes }
            MetadataJudge.secrets(in: ByteRegion(text), named: "", at: item.location.at(code.offset, "cell"), in: scan)
            guard isCode else { continue }
            for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
                let first = line.first { $0 != 0x20 && $0 != 0x09 }
                if first == UInt8(ascii: "!") || first == UInt8(ascii: "%") {
                    command(line, at: item.location.at(code.offset, "cell"), in: scan)
                    source.append(contentsOf: Array("pass".utf8))
                } else {
                    source.append(contentsOf: line)
                }
                source.append(0x0A)
            }
        }
        guard !source.isEmpty else { return }
        PythonSourceJudge.judge(ByteRegion(source), at: item.location.at(nil, "code cells"), in: scan)
    }

    /// A shell line: only what fetches and runs in one go is worth a word.
    private static func command(_ line: ArraySlice<UInt8>, at location: Location, in scan: Scan) {
        let text = String(decoding: line, as: UTF8.self)
        let fetches = text.contains("curl ") || text.contains("wget ")
        let runs =
            text.contains("| sh") || text.contains("|sh") || text.contains("| bash") || text.contains("|bash")
            || text.contains("| python")
        guard fetches && runs || text.contains("/dev/tcp/") else { return }
        scan.report(
            "METADATA-CODE", "A cell's command fetches and runs a script: `\(Printable.line(text, limit: 100))`",
            at: location, severity: .medium)
    }
}
