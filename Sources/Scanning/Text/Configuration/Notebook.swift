internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Jupyter notebooks: code cells are Python source with commands and magics between, and outputs are shown to whoever opens
/// the notebook, with the scripts that are in them.
enum Notebook {
    static func isNotebook(_ root: JSONValue) -> Bool {
        root.isObject && root["nbformat"] != nil
            && (root["cells"]?.isArray == true || root["worksheets"]?.isArray == true)
    }

    /// Judges the code of all code cells as one source text, what it hands to other programs, and the outputs.
    static func judge(_ root: JSONValue, _ item: ScanItem, in scan: Scan) throws(ParseError) {
        var source: [UInt8] = []
        // Before version 4 cells stood in worksheets, and their source was called `input`.
        var lists = [root["cells"]].compactMap(\.self)
        if let sheets = root["worksheets"] { lists += sheets.elements.prefix(64).compactMap { $0["cells"] } }
        for cell in lists.flatMap({ Array($0.elements) }) {
            try scan.budget.spend(operations: 1 + cell.count, reading: "notebook cells")
            if let outputs = cell["outputs"] { try NotebookOutput.judge(outputs, of: item, in: scan) }
            guard let code = cell["source"] ?? cell["input"] else { continue }
            let text = self.text(of: code)
            let place = item.location.at(code.offset, "cell")
            MetadataJudge.secrets(in: ByteRegion(text), named: "", at: place, in: scan)
            guard cell["cell_type"]?.string == "code" else { continue }
            source += try NotebookCell(scan: scan, location: place).judge(text)
        }
        guard !source.isEmpty else { return }
        PythonSourceJudge.judge(
            ByteRegion(source), named: "", at: item.location.at(nil, "code cells"), in: scan, isInteractive: true)
    }

    /// A text that stands as one string or as one for each line.
    static func text(of value: JSONValue) -> [UInt8] {
        var text: [UInt8] = value.kind == .string ? value.stringBytes : []
        for line in value.elements { text += line.stringBytes }
        return text
    }
}
