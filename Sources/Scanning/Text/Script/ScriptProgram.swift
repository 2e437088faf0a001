internal import ByteParsing
internal import ModelFormats

/// The program that a command starts, behind variables and programs that only start others.
struct ScriptProgram {
    var name = ""
    private(set) var arguments: ArraySlice<String> = []
    private let isPiped: Bool

    static let fetchers: Set<String> = [
        "curl", "wget", "fetch", "aria2c", "lynx", "ftp", "tftp", "scp", "http", "https", "axel", "rclone",
        "lwp-request",
    ]
    private static let shells: Set<String> = ["sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "busybox", "cmd"]
    private static let interpreters: Set<String> = [
        "perl", "ruby", "node", "php", "lua", "tclsh", "pwsh", "powershell",
    ]
    /// Programs and words that stand before the program that is meant.
    private static let starters: Set<String> = [
        "sudo", "nohup", "exec", "time", "then", "do", "else", "if", "while", "!", "{", "command", "builtin", "nice",
        "setsid", "doas", "xargs", "run", "@echo", "start", "call", "timeout", "tee",
    ]

    init(_ command: ShellCommand) {
        isPiped = command.isPiped
        var words = command.words[...]
        while let first = words.first {
            let base = Self.base(first)
            let isAssignment = first.contains("=") && !first.hasPrefix("-") && first.first?.isLetter ?? false
            let starts = Self.starters.contains(base) && words.count > 1
            // `env A=b program` starts a program, `env` alone shows the environment.
            let isEnvironment = base == "env" && words.dropFirst().contains { !$0.contains("=") && !$0.hasPrefix("-") }
            guard isAssignment || starts || isEnvironment || first.hasPrefix("-") && !name.isEmpty else { break }
            words = words.dropFirst()
            while starts || isEnvironment, let option = words.first, option.hasPrefix("-") { words = words.dropFirst() }
        }
        if let first = words.first {
            name = Self.base(first)
            arguments = words.dropFirst()
        }
    }

    static func base(_ word: String) -> String {
        var name = word.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? word
        name = name.lowercased()
        if name.hasSuffix(".exe") { name = String(name.dropLast(4)) }
        return name
    }

    var isShell: Bool { Self.shells.contains(name) }
    var isPython: Bool { Self.isPython(name) }
    private static func isPython(_ name: String) -> Bool { name.hasPrefix("python") || name == "py" }

    /// Whether a program of that name runs the source code that it is given.
    static func isInterpreter(_ name: String) -> Bool {
        shells.contains(name) || interpreters.contains(name) || isPython(name)
    }

    /// The script that is given in the command line: `sh -c "…"`.
    var inline: String? {
        let options = isPython || isShell ? ["-c", "-lc", "-ic", "/c", "/k", "-ec", "-xc"] : ["-e", "-r"]
        guard let at = arguments.firstIndex(where: { options.contains($0.lowercased()) }) else { return nil }
        let rest = arguments[arguments.index(after: at)...]
        return name == "cmd" ? rest.joined(separator: " ") : rest.first
    }

    /// Whether it runs what stands on its standard input or in its first argument's substitution.
    var runsInput: Bool {
        guard Self.isInterpreter(name) else { return false }
        let scripts = arguments.filter { !$0.hasPrefix("-") || $0 == "-" }
        return isPiped
            ? scripts.isEmpty || scripts.contains("-") || scripts.contains("/dev/stdin") || arguments.contains("-s")
            : true
    }

    /// Whether it is Python with source in the command line that takes its standard input for data.
    var onlyReadsInput: Bool {
        guard isPython, let code = inline else { return false }
        return !["exec", "eval", "compile", "loads", "runpy", "system", "popen", "subprocess", "import_module", "__"]
            .contains { code.contains($0) }
            || code.contains("json.loads") && !code.contains("exec") && !code.contains("eval")
    }

    /// Whether its arguments are commands.
    var runsText: Bool { name == "eval" || name == "source" || name == "." || inline != nil }

    /// Whether it turns encoded text into what it stands for.
    var decodes: Bool {
        switch name {
        case "base64", "base32", "basenc": arguments.contains { ["-d", "-di", "--decode", "-D"].contains($0) }
        case "xxd": arguments.contains { $0.hasPrefix("-r") }
        case "openssl": arguments.contains("-d")
        case "uudecode", "rev": true
        case "printf", "echo": arguments.contains { $0.contains("\\x") || $0.contains("\\\\x") }
        case "tr":
            arguments.contains { $0.contains("A-Z") || $0.contains("a-z") }
                && arguments.contains { $0.contains("N-ZA-M") || $0.contains("n-za-m") }
        default: false
        }
    }

    /// Whether it can send something over the network.
    var sends: Bool {
        switch name {
        case "curl":
            arguments.contains {
                [
                    "-d", "-F", "-T", "--data", "--data-binary", "--upload-file", "--form", "--data-urlencode",
                    "--data-raw",
                ]
                .contains($0) || $0.hasPrefix("-d@") || $0.hasPrefix("-F") || $0.hasPrefix("--data")
            } || arguments.contains { $0.contains("?") }
        case "wget": arguments.contains { $0.hasPrefix("--post") || $0.hasPrefix("--body") }
        case "nc", "ncat", "netcat", "socat", "telnet": true
        case "scp", "rsync", "ftp": arguments.contains { $0.contains("@") && $0.contains(":") }
        default: false
        }
    }

    /// Whether the text of a substitution fetches something.
    static func fetches(_ text: String) -> Bool {
        text.split(whereSeparator: { " \t\n;|&()".contains($0) }).contains { fetchers.contains(base(String($0))) }
    }

    /// Whether the text of a substitution decodes something.
    static func decodes(_ text: String) -> Bool {
        (text.contains("base64") || text.contains("base32")) && (text.contains("-d") || text.contains("--decode"))
            || text.contains("xxd -r") || text.contains("\\x") && text.contains("printf")
            || text.contains("openssl enc") && text.contains("-d")
    }

    /// Whether what is fetched comes over an open connection or from a place that vouches for nothing, or from an address
    /// that is put together.
    static func isOpen(_ text: String) -> Bool {
        let words = text.split { " \t\n;|&()<>\"'`,".contains($0) }.map(String.init)
        let addresses = words.filter { $0.contains("://") }
        return addresses.isEmpty || addresses.contains(where: AddressJudge.isUnprotected)
    }
}
