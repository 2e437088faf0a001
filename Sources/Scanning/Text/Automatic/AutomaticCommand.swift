internal import AssayCore
internal import ByteParsing

/// Commands that tools run by themselves, and what they would do.
enum AutomaticCommand {
    /// Reports that `trigger` runs `command`, at `severity` unless that is nil, and what the command does.
    ///
    /// - Parameter trigger: the beginning of a sentence, for instance "Opening the folder in an editor".
    static func judge(
        _ command: String, by trigger: String, severity: Severity?, at place: Location, in scan: Scan
    ) {
        if let severity {
            scan.report(
                "COMMAND-AUTOMATIC", "\(trigger) runs `\(Printable.line(command, limit: 120))`", at: place,
                severity: severity)
        }
        content(of: command, at: place, in: scan)
    }

    /// Reports what a command would do, whoever runs it.
    static func content(of command: String, at place: Location, in scan: Scan) {
        guard command.utf8.count >= 6 else { return }
        do throws(ParseError) {
            try ScriptJudge(scan: scan, location: place).judge(Array(command.utf8))
        } catch {
            scan.report(error, at: place, format: "script")
        }
    }

    /// Words of a list of arguments as one command; what is handed to a shell stands for all of them.
    static func joined(_ words: [String]) -> String {
        guard words.count > 1 else { return words.first ?? "" }
        if let option = words.firstIndex(where: { ["-c", "-lc", "-ic", "/c", "-Command"].contains($0) }),
            option + 1 < words.count
        {
            let shell = words[..<option].joined(separator: " ")
            // What stands between single quotes is left as it is.
            let quoted = words[option + 1].replacing("'", with: "'\\''")
            return "\(shell) \(words[option]) '\(quoted)'"
        }
        return words.map { $0.contains(" ") ? "'" + $0.replacing("'", with: "'\\''") + "'" : $0 }
            .joined(separator: " ")
    }

    /// Whether a program lies where anybody can write, or where nobody looks.
    static func isOddPlace(_ command: String) -> Bool {
        let program = command.split { " \t\"'".contains($0) }.first.map(String.init) ?? ""
        return ["/tmp/", "/var/tmp/", "/dev/shm/"].contains { program.hasPrefix($0) }
            || program.hasPrefix("/") && program.split(separator: "/").dropLast().contains { $0.hasPrefix(".") }
    }

    /// Whether a command hands a text to an interpreter.
    static func isInline(_ words: [String]) -> Bool {
        guard let program = words.first.map({ ScriptProgram.base($0) }) else { return false }
        let isInterpreter =
            ["sh", "bash", "zsh", "dash", "ksh", "cmd", "powershell", "pwsh", "node", "perl", "ruby", "osascript"]
            .contains(program) || program.hasPrefix("python")
        return isInterpreter
            && words.dropFirst().contains { ["-c", "-e", "-lc", "/c", "-enc", "-Command"].contains($0) }
    }
}
