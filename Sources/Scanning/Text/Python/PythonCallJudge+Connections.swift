internal import AssayCore

/// Calls that let somebody at the other end of a connection type commands.
extension PythonCallJudge {
    private static let commands: Set<String> = ["Popen", "run", "call", "check_call", "check_output"]
    private static let streams: Set<String> = ["stdin", "stdout", "stderr"]

    /// Whether a call puts a network connection in the place of a program's input and output.
    static func connectsProgram(_ event: PythonReader.Event, _ name: String) -> Bool {
        guard !event.isHandedOn else { return false }
        if name == "os.dup2" { return event.arguments.first.map(isConnection) ?? false }
        let last = name.split(separator: ".").last.map(String.init) ?? name
        return commands.contains(last)
            && event.keywords.contains { streams.contains($0.name) && isConnection($0.value) }
    }

    /// Whether a value is a socket, its descriptor or a file that stands for it.
    private static func isConnection(_ value: PythonValue) -> Bool {
        guard let made = value.made, made.hasPrefix("socket.") else { return false }
        let parts = made.split(separator: ".")
        return parts.count == 2 || ["fileno", "makefile", "dup", "detach"].contains(String(parts[parts.count - 1]))
    }
}
