internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Jupyter notebooks: their code cells are Python source, with shell commands and magics between.
enum Notebook {
    static func isNotebook(_ root: JSONValue) -> Bool {
        root.isObject && root["nbformat"] != nil
            && (root["cells"]?.isArray == true || root["worksheets"]?.isArray == true)
    }

    /// Magics that hand a whole cell to a shell.
    private static let shellMagics = ["%%bash", "%%sh", "%%script", "%%system", "%%sx", "%%!"]

    /// Judges the code of all code cells as one source text, and what it hands to a shell.
    static func judge(_ root: JSONValue, _ item: ScanItem, in scan: Scan) throws(ParseError) {
        var source: [UInt8] = []
        // Before version 4 cells stood in worksheets, and their source was called `input`.
        var lists = [root["cells"]].compactMap(\.self)
        if let sheets = root["worksheets"] { lists += sheets.elements.prefix(64).compactMap { $0["cells"] } }
        for cell in lists.flatMap({ Array($0.elements) }) {
            try scan.budget.spend(operations: 1 + cell.count, reading: "notebook cells")
            guard let code = cell["source"] ?? cell["input"] else { continue }
            let isCode = cell["cell_type"]?.string == "code"
            var text: [UInt8] = code.kind == .string ? code.stringBytes : []
            for line in code.elements { text += line.stringBytes }
            MetadataJudge.secrets(in: ByteRegion(text), named: "", at: item.location.at(code.offset, "cell"), in: scan)
            guard isCode else { continue }
            let place = item.location.at(code.offset, "cell")
            let shell = ScriptJudge(scan: scan, location: place)
            let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
            if let first = lines.first(where: { !$0.allSatisfy { $0 <= 0x20 } }),
                shellMagics.contains(where: { first.starts(with: Array($0.utf8)) })
            {
                try shell.judge(Array(lines.drop { !$0.starts(with: first) }.dropFirst().joined(separator: [0x0A])))
                continue
            }
            for line in lines {
                if let command = command(in: line) {
                    PackageList.judge(installation: command, at: place, in: scan)
                    try shell.judge(Array(command.utf8))
                    source.append(contentsOf: Array("pass".utf8))
                } else {
                    source.append(contentsOf: line)
                }
                source.append(0x0A)
            }
        }
        guard !source.isEmpty else { return }
        PythonSourceJudge.judge(
            ByteRegion(source), named: "", at: item.location.at(nil, "code cells"), in: scan, isInteractive: true)
    }

    /// What a line hands to a shell: `!command`, `files = !command`, `%sx command`; other magics are an empty one.
    private static func command(in line: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: line, as: UTF8.self).drop { $0 == " " || $0 == "\t" }
        if text.hasPrefix("!") { return String(text.drop { $0 == "!" }) }
        if text.hasPrefix("%") {
            for magic in ["%system ", "%sx ", "%pip ", "%conda "] where text.hasPrefix(magic) {
                return magic == "%system " || magic == "%sx "
                    ? String(text.dropFirst(magic.count)) : String(text.dropFirst())
            }
            return ""
        }
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[0].allSatisfy({ $0.isLetter || $0.isNumber || " _,".contains($0) }) else {
            return nil
        }
        let value = parts[1].drop { $0 == " " }
        return value.hasPrefix("!") ? String(value.dropFirst()) : nil
    }
}
