import AssayCore

/// Calls that import.
extension PythonCallJudge {
    static func judgeImport(
        _ event: PythonReader.Event, _ name: String, hidden: Bool, _ report: (String, String, Severity) -> Void
    ) {
        guard !event.isHandedOn, let first = event.arguments.first else { return }
        let assembled = first.origin.contains(.assembled) || first.origin.contains(.decoded) || hidden
        if let module = first.text {
            if runsFile(event, name) {
                report("PYTHON-CODE-EXECUTION", "Runs a file that is no source beside the code with \(name)", .medium)
            }
            guard assembled else { return }
            let isDangerous =
                PythonPrimitive.capability(of: module + ".system") != nil
                || PythonPrimitive.capability(of: module + ".Popen") != nil
            report(
                "PYTHON-HIDDEN-CODE", "Imports \(module) by a name that is put together", isDangerous ? .high : .medium)
        } else if assembled {
            report(
                "PYTHON-HIDDEN-CODE", "Imports a module whose name is decoded or put together", hidden ? .high : .low)
        } else {
            report("PYTHON-DYNAMIC-IMPORT", "Imports a module by a computed name", .low)
        }
    }

    /// Whether a loader of files is given one, on import, that is no source in the folder of the code: those are judged by
    /// themselves.
    private static func runsFile(_ event: PythonReader.Event, _ name: String) -> Bool {
        let last = name.split(separator: ".").last.map(String.init) ?? name
        guard event.exposure == .importing, fileLoaders.contains(last), event.arguments.count > 1,
            let path = event.arguments[1].text
        else { return false }
        return !path.hasSuffix(".py") || path.hasPrefix("/") || ConfigurationJudge.climbs(path)
    }

    private static let fileLoaders: Set<String> = [
        "spec_from_file_location", "SourceFileLoader", "SourcelessFileLoader", "load_source", "load_compiled",
        "load_dynamic",
    ]
}
