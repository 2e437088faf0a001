internal import ByteParsing
internal import ModelFormats

/// Files that a script fetched from addresses that nobody vouches for: over an open connection or from a bare number.
struct ScriptFetches {
    private var names: Set<String> = []

    /// Remembers what a command fetches, by the name it is given.
    mutating func take(_ command: ShellCommand, _ program: ScriptProgram) {
        guard ScriptProgram.fetchers.contains(program.name), names.count < 256 else { return }
        var previous = ""
        for word in program.arguments {
            if ["-O", "-o", "--output", "--output-document"].contains(previous) { keep(word, program) }
            if Self.isOpen(word) { keep(word, program) }
            previous = word
        }
        guard program.arguments.contains(where: Self.isOpen) else { return names.subtract(kept(by: program)) }
        for target in command.targets { names.insert(ScriptProgram.base(target)) }
    }

    private mutating func keep(_ word: String, _ program: ScriptProgram) {
        guard program.arguments.contains(where: Self.isOpen) else { return }
        names.insert(ScriptProgram.base(word))
    }

    private func kept(by program: ScriptProgram) -> [String] { program.arguments.map(ScriptProgram.base) }

    private static func isOpen(_ word: String) -> Bool {
        let host = word.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "/" && $0 != ":" }
        return word.hasPrefix("http://") || word.hasPrefix("ftp://")
            || word.contains("://") && host.split(separator: ".").count == 4
                && host.allSatisfy { $0.isNumber || $0 == "." }
    }

    /// Whether a command starts something that was fetched, or makes it a program.
    func isStarted(by program: ScriptProgram) -> Bool {
        guard !names.isEmpty else { return false }
        if names.contains(program.name) || names.contains(program.name + ".exe") { return true }
        let makes = program.name == "chmod" && program.arguments.contains { $0.contains("x") || $0.hasPrefix("7") }
        guard makes || program.isShell || program.isPython || program.name == "." || program.name == "source" else {
            return false
        }
        return program.arguments.contains { names.contains(ScriptProgram.base($0)) }
    }
}
