internal import ByteParsing
internal import ModelFormats

/// Commands that plant something which the system starts, switch its protection off or destroy what is on it.
enum ScriptSystemChange {
    /// What the command does to the system, or nil when it is an ordinary one.
    static func of(_ command: ShellCommand, _ program: ScriptProgram, _ text: String) -> String? {
        let words = command.words.map { $0.lowercased() }
        let targets =
            command.targets.map { $0.lowercased() } + (program.name == "tee" || words.contains("tee") ? words : [])
        if targets.contains(where: { $0.hasSuffix("authorized_keys") }) { return "Lets somebody else log in" }
        if targets.contains(where: {
            $0.hasSuffix("ld.so.preload") || $0.contains("/etc/cron") || $0.hasSuffix("/etc/rc.local")
        }) {
            return "Enters a program to be started with others"
        }
        if targets.contains(where: startsShells), runsSomething(text) { return "Enters a command to be run at log-in" }
        switch program.name {
        case "crontab" where command.isPiped && words.contains("-"): return "Enters a command to be run again and again"
        case "rm" where removesEverything(words.indices.filter { !command.incomplete.contains($0) }.map { words[$0] }):
            return "Removes everything"
        case "dd" where words.contains(where: { isDevice($0, after: "of=") }): return "Overwrites a disk"
        case let name where name.hasPrefix("mkfs") && words.contains(where: { isDevice($0, after: "") }):
            return "Formats a disk"
        case "schtasks" where text.contains("/create"): return "Enters a command to be run again and again"
        case "reg" where text.contains("add") && text.contains("currentversion\\run"):
            return "Enters a program to be started at log-in"
        case "vssadmin" where text.contains("delete shadows"), "wmic" where text.contains("shadowcopy delete"):
            return "Removes the system's backups"
        case "format" where words.count > 1 && isRoot(words[1]): return "Formats a disk"
        case "del" where text.contains("/s") && words.contains(where: { isRoot($0) }),
            "rd" where text.contains("/s") && words.contains(where: { isRoot($0) }):
            return "Removes everything"
        default: return nil
        }
    }

    private static func startsShells(_ target: String) -> Bool {
        [".bashrc", ".profile", ".bash_profile", ".zshrc", ".zprofile"].contains { target.hasSuffix($0) }
            || target.hasPrefix("/etc/profile")
    }

    /// Whether a line that is written fetches or decodes something; paths and variables are what everybody enters.
    private static func runsSomething(_ text: String) -> Bool {
        ScriptProgram.fetches(text) || ScriptProgram.decodes(text) || text.contains("/dev/tcp/")
    }

    private static func removesEverything(_ words: [String]) -> Bool {
        let options = words.filter { $0.hasPrefix("-") }
        guard options.contains(where: { $0.hasPrefix("--recursive") || !$0.hasPrefix("--") && $0.contains("r") }) else {
            return false
        }
        return words.contains {
            ["/", "/*", "~", "~/", "~/*", "$home", "${home}", "$home/*", "/home", "/etc"].contains($0)
        }
    }

    private static func isDevice(_ word: String, after prefix: String) -> Bool {
        ["/dev/sd", "/dev/nvme", "/dev/hd", "/dev/vd", "/dev/mmcblk"].contains { word.hasPrefix(prefix + $0) }
    }

    private static func isRoot(_ word: String) -> Bool {
        let letters = Array(word)
        guard letters.count >= 2, letters[0].isLetter, letters[1] == ":" else { return false }
        return ["", "\\", "\\*", "\\*.*"].contains(String(letters.dropFirst(2)))
    }
}
