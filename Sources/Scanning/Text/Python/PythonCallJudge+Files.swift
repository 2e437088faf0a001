import AssayCore

/// Calls that open or change files.
extension PythonCallJudge {
    static func judgeFile(
        _ event: PythonReader.Event, _ name: String, _ what: String, _ report: (String, String, Severity) -> Void
    ) {
        guard !event.isHandedOn else { return }
        let path = event.arguments.first?.text ?? ""
        let isOpen = name.hasSuffix("open")
        let isWrite = isOpen ? opensToWrite(event, name) : true
        if isWrite, PythonSecrets.startsPrograms(path: target(of: event, name)) {
            report("PYTHON-FILE-CHANGE", "Writes to a file that starts programs with \(what)", .high)
        } else if PythonSecrets.isSecret(path: path) {
            report("PYTHON-SECRET-ACCESS", "Reads a file that holds secrets with \(what)", isWrite ? .high : .medium)
        } else if isWrite, event.exposure == .importing {
            let severity: Severity =
                PythonPrimitive.isDestructive(name) ? .high : isOpen && isOwnData(path) ? .low : .medium
            report("PYTHON-FILE-CHANGE", "Changes files with \(what)", severity)
        }
    }

    /// Whether the mode that a file is opened in lets it be changed.
    private static func opensToWrite(_ event: PythonReader.Event, _ name: String, modeAt index: Int = 1) -> Bool {
        let mode =
            event.keywords.first { $0.name == "mode" || $0.name == "flags" }?.value
            ?? (event.arguments.indices.contains(index) ? event.arguments[index] : nil)
        if name == "os.open" { return mode.map { $0.name != "os.O_RDONLY" && $0.number != 0 } ?? false }
        return mode?.text?.contains { "wax+".contains($0) } ?? false
    }

    /// The path that is written to: that of the copy or link, where there are two.
    private static func target(of event: PythonReader.Event, _ name: String) -> String {
        let last = name.split(separator: ".").last.map(String.init) ?? name
        guard movers.contains(last) else { return event.arguments.first?.text ?? "" }
        let value =
            event.keywords.first { $0.name == "dst" }?.value
            ?? (event.arguments.count > 1 ? event.arguments[1] : event.arguments.first)
        return value?.text ?? ""
    }

    private static let movers: Set<String> = [
        "copy", "copy2", "copyfile", "copytree", "move", "rename", "renames", "replace", "link", "symlink",
    ]

    /// The path of a file that starts programs, when a method of an open file or of a path writes to it.
    static func writtenPath(_ event: PythonReader.Event, _ made: String) -> String? {
        let last = made.split(separator: ".").last.map(String.init) ?? ""
        let path = event.callee.text ?? ""
        let first = event.arguments.first?.text ?? ""
        // Python runs the lines of such a file that import.
        let isImport = path.hasSuffix(".pth") && first.split(separator: "\n").contains { $0.hasPrefix("import") }
        switch last {
        case "write" where made.contains("open()."), "writelines" where made.contains("open()."):
            return isImport ? path : nil
        case _ where !made.hasPrefix("pathlib."): return nil
        case "write_text", "write_bytes":
            return isImport || PythonSecrets.startsPrograms(path: path) ? path : nil
        case "symlink_to", "hardlink_to", "touch": return PythonSecrets.startsPrograms(path: path) ? path : nil
        case "open":
            return opensToWrite(event, made, modeAt: 0) && PythonSecrets.startsPrograms(path: path) ? path : nil
        case "rename", "replace": return PythonSecrets.startsPrograms(path: first) ? first : nil
        default: return nil
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
