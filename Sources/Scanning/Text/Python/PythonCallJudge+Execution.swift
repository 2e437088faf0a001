import AssayCore

/// Calls that run commands or code.
extension PythonCallJudge {
    /// A constant is read as a source of its own. What was put together is none, and nobody writes `builtins.exec`, takes
    /// `exec` by another name, or compiles first, to run a text that stands there for all to read.
    private static func severity(ofConstant source: PythonValue, in event: PythonReader.Event, _ name: String)
        -> Severity
    {
        let isPlain =
            event.isHandedOn || event.spelling.map { name == "builtins." + $0 } ?? false
        let isHidden = !isPlain || !source.origin.isDisjoint(with: [.assembled, .code])
        return isHidden ? [.low, .low, .low, .medium][event.exposure.rawValue] : .low
    }

    static func severity(ofExecution event: PythonReader.Event, _ name: String) -> Severity {
        switch name {
        case "builtins.compile": return .low
        case "builtins.eval":
            if let source = event.arguments.first, source.text != nil, !source.origin.contains(.passed) {
                return severity(ofConstant: source, in: event, name)
            }
            // Whoever writes the model's configuration runs code then; `eval` of anything else in a function is poor style.
            let isConfigured = event.arguments.first?.origin.contains(.configured) ?? false
            return [.low, isConfigured ? .medium : .low, .medium, .high][event.exposure.rawValue]
        case "builtins.exec", "builtins.execfile":
            if let source = event.arguments.first, source.text != nil, !source.origin.contains(.passed) {
                return severity(ofConstant: source, in: event, name)
            }
            return [.low, .medium, .high, .critical][event.exposure.rawValue]
        default: break
        }
        // A constant is read as a source of its own, and a function of the file is judged where it stands.
        if PythonPrimitive.runners.contains(name) { return .low }
        // In a notebook a command is what an exclamation mark would run; what it says is judged for itself.
        if event.isInteractive { return .low }
        // A library's own way to run something (a worker, a back end, trusted code) is no command of the author's,
        // unless the author gives it one.
        if ConfigurationJudge.isLibrary(name), event.arguments.allSatisfy({ $0.text == nil && $0.items == nil }) {
            return .low
        }
        // A fixed command that asks for a version or lists devices is what build and logging code does.
        let line = event.arguments.first?.text.flatMap { plainWords($0) }
        let words = line ?? event.arguments.first?.items?.map(\.text) ?? []
        if isQuery(words.compactMap { $0 }), !words.contains(nil) { return .low }
        let isFixedQuery = event.arguments.first?.items?.first?.text.map(isHarmlessProgram) ?? false
        if isFixedQuery { return [.low, .low, .low, .medium][event.exposure.rawValue] }
        return [.medium, .medium, .high, .critical][event.exposure.rawValue]
    }

    /// The words of a command line that a shell takes as they stand; nil of any other.
    private static func plainWords(_ line: String) -> [String?]? {
        guard
            line.utf8.allSatisfy({
                $0 > 0x20 && $0 < 0x7F && !"|&;<>()$`\\\"'*?[]#~%{}!".utf8.contains($0) || $0 == 0x20
            })
        else { return nil }
        return line.split(separator: " ").map(String.init)
    }

    /// Whether a command, all of which stands in the source, asks what there is.
    private static func isQuery(_ words: [String]) -> Bool {
        switch words.first {
        case "git":
            words.count > 1 && ["rev-parse", "describe", "status", "branch", "show-ref"].contains(words[1])
                && !words.contains { $0.hasPrefix("-c") || $0.contains("exec") || $0.contains("=") }
        case "nvidia-smi", "rocm-smi", "uname", "lscpu", "which", "hostname": true
        default: false
        }
    }

    private static func isHarmlessProgram(_ program: String) -> Bool {
        [
            "nvidia-smi", "nvcc", "rocm-smi", "rocminfo", "uname", "git", "ffmpeg", "ffprobe", "lscpu", "sysctl",
            "which",
            "hostname", "gcc", "g++", "cmake", "ninja",
        ].contains(program)
    }
}
