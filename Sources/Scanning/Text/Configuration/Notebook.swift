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
            // Magics that hand the whole cell to a shell.
            if Self.isShellCell(text) {
                ShellJudge.judge(
                    String(decoding: text, as: UTF8.self), named: "a cell", at: item.location.at(code.offset, "cell"),
                    in: scan)
                continue
            }
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

    private static func isShellCell(_ text: [UInt8]) -> Bool {
        let start = text.drop { $0 <= 0x20 }.prefix(32)
        guard start.starts(with: Array("%%".utf8)) else { return false }
        let magic = String(decoding: start.dropFirst(2), as: UTF8.self).prefix { $0.isLetter || $0 == "!" }
        return ["bash", "sh", "script", "sx", "system", "cmd", "powershell", "!"].contains(String(magic))
    }

    /// A shell line: only what fetches and runs in one go is worth a word.
    private static func command(_ line: ArraySlice<UInt8>, at location: Location, in scan: Scan) {
        let text = String(decoding: line, as: UTF8.self).drop { $0 == " " || $0 == "!" || $0 == "\t" }
        ShellJudge.judge(String(text), named: "a cell", at: location, in: scan)
    }
}
