internal import AssayCore
internal import ByteParsing

/// What a notebook's own shell is asked to do (`InteractiveShell` of IPython): the commands of its methods and magics.
extension PythonCallJudge {
    private static let makers = [
        "builtins.get_ipython().", "IPython.get_ipython().", "IPython.core.getipython.get_ipython().",
    ]

    /// Judges the call of a method of the shell, `made`, as the notebook's cell that does the same.
    static func judgeShell(
        _ event: PythonReader.Event, _ made: String, at place: Location, in scan: Scan
    ) throws(ParseError) {
        guard let maker = makers.first(where: made.hasPrefix), let first = event.arguments.first?.text else { return }
        let rest = event.arguments.dropFirst().map { $0.text ?? "" }
        let cell: String
        switch made.dropFirst(maker.utf8.count) {
        case "system", "system_piped", "system_raw", "getoutput":
            // Outside of a notebook nobody sees the command before it runs; sources that were made of one install what
            // they need so, and do nothing else where there is no notebook.
            if !event.isInteractive, !["pip ", "conda ", "mamba ", "uv "].contains(where: first.hasPrefix) {
                let severities: [Severity] = [.low, .low, .medium, .medium]
                scan.report(
                    "PYTHON-CODE-EXECUTION", "Hands a command to IPython's shell \(event.exposure.phrase)", at: place,
                    severity: severities[event.exposure.rawValue],
                    details: [.init("callable", made), .init("argument", Printable.line(first, limit: 300))])
            }
            try ScriptJudge(scan: scan, location: place).judge(Array(first.utf8))
            return
        case "magic": cell = "%" + first
        case "run_line_magic": cell = "%" + first + " " + (rest.first ?? "")
        case "run_cell_magic": cell = "%%" + first + " " + rest.joined(separator: "\n")
        case "run_cell": cell = first
        default: return
        }
        _ = try NotebookCell(scan: scan, location: place).judge(Array(cell.utf8))
    }
}
