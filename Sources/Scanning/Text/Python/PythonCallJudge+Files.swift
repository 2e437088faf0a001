import AssayCore

/// Calls that open or change files.
extension PythonCallJudge {
    static func judgeFile(
        _ event: PythonReader.Event, _ name: String, _ what: String, _ report: (String, String, Severity) -> Void
    ) {
        guard !event.isHandedOn else { return }
        let path = event.arguments.first?.text ?? ""
        let isOpen = name.hasSuffix("open")
        var isWrite = !isOpen
        if isOpen {
            let mode =
                event.keywords.first { $0.name == "mode" }?.value.text
                ?? (event.arguments.count > 1 ? event.arguments[1].text : nil) ?? "r"
            isWrite = mode.contains { "wax+".contains($0) }
        }
        if isWrite, PythonSecrets.startsPrograms(path: path) {
            report("PYTHON-FILE-CHANGE", "Writes to a file that starts programs with \(what)", .high)
        } else if PythonSecrets.isSecret(path: path) {
            report("PYTHON-SECRET-ACCESS", "Reads a file that holds secrets with \(what)", isWrite ? .high : .medium)
        } else if isWrite, event.exposure == .importing {
            let severity: Severity =
                PythonPrimitive.isDestructive(name) ? .high : isOpen && isOwnData(path) ? .low : .medium
            report("PYTHON-FILE-CHANGE", "Changes files with \(what)", severity)
        }
    }

    /// Whether a path that stands in the source is that of a file of data in the folder that the program runs in.
    private static func isOwnData(_ path: String) -> Bool {
        guard !path.isEmpty, !path.hasPrefix("/"), !path.hasPrefix("~"), !path.contains("\\"), !path.contains(":"),
            !path.contains("packages"),
            !ConfigurationJudge.climbs(path), let file = path.split(separator: "/").last, !file.hasPrefix("."),
            let dot = file.lastIndex(of: ".")
        else { return false }
        return dataExtensions.contains(file[file.index(after: dot)...].lowercased())
    }

    private static let dataExtensions: Set<String> = [
        "pkl", "pickle", "joblib", "sav", "dill", "npy", "npz", "json", "jsonl", "csv", "tsv", "txt", "log", "md",
        "yaml",
        "yml", "h5", "pt", "pth", "onnx", "parquet", "png", "jpg", "jpeg", "bin", "tflite", "model", "html", "gz",
        "zip",
    ]
}
