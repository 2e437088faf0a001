internal import AssayCore
internal import ByteParsing

/// Finds shell and PowerShell commands in text of any language, and judges whether they run what they fetch or decode, or
/// hand the machine to somebody. What is a script as a whole is parsed and judged by ``ScriptJudge``.
///
/// Fetching a script over TLS from a named host and running it is how much software is installed, and stands in honest build
/// files; without protection, from a bare number or from a paste, it isn't.
enum ShellJudge {
    struct Sign {
        let severity: Severity
        let what: String
        let command: String
    }

    /// Characters of continued lines that make one command, and lines of one text that are looked at.
    private static let longest = 8_192
    private static let most = 20_000

    /// The worst of the commands in `text`, or nil.
    static func worst(in text: String) -> Sign? {
        var worst: Sign?
        for command in commands(in: text) {
            guard let sign = sign(of: command) else { continue }
            if worst.map({ $0.severity < sign.severity }) ?? true { worst = sign }
        }
        return worst
    }

    /// Reports the worst of the commands in `text`; `limit` is the most that the place allows.
    static func judge(
        _ text: ByteRegion, named name: String, at location: Location, in scan: Scan, limit: Severity = .critical
    ) {
        guard mayMatter(text), let sign = worst(in: text.text()) else { return }
        scan.report(
            "COMMAND-FETCHED-CODE",
            "\(name.isEmpty ? "A command" : "`\(Printable.line(name, limit: 60))`") \(sign.what)",
            at: location, severity: min(limit, sign.severity),
            details: [.init("command", Printable.line(sign.command, limit: 160))])
    }

    /// Every sign holds one of these, in letters of either case.
    private static let hints: [[UInt8]] = [
        "curl", "wget", "fetch ", "aria2c", "lwp-request", "http ", "https ", "axel", "base64", "openssl", "/dev/tcp",
        "nc ", "ncat",
        "netcat", "socat", "powershell", "pwsh", "iex", "invoke-", "downloadstring", "downloaddata", "xxd", "mshta",
        "certutil",
    ].map { Array($0.utf8) }

    /// A cheap test.
    private static func mayMatter(_ text: ByteRegion) -> Bool {
        var lowered = text.array()
        for index in lowered.indices where lowered[index] &- UInt8(ascii: "A") < 26 { lowered[index] |= 0x20 }
        return hints.contains { unsafe lowered.span.bytes.firstOffset(of: $0) != nil }
    }

    /// Lines with their continuations.
    private static func commands(in text: String) -> [String] {
        var commands: [String] = []
        var current = ""
        for line in text.split(separator: "\n", maxSplits: most, omittingEmptySubsequences: false) {
            let trimmed = line.last == "\r" ? line.dropLast() : line
            if current.utf8.count < longest { current += current.isEmpty ? String(trimmed) : " " + trimmed }
            if trimmed.last == "\\" || trimmed.last == "^" || trimmed.last == "`" {
                if !current.isEmpty { current.removeLast() }
                continue
            }
            commands.append(current)
            current = ""
        }
        if !current.isEmpty { commands.append(current) }
        return commands
    }

    // MARK: Signs

    private static func sign(of command: String) -> Sign? {
        let text = String(command.lowercased().drop { $0 == " " || $0 == "\t" })
        // A comment is no command; Docker's and Make's lines begin with words of their own.
        guard text.first != "#", !text.hasPrefix("rem ") else { return nil }
        // Nobody types lines as long as programs write them: what stands around the words that matter is looked at.
        guard text.utf8.count < longest / 2 else { return worstPiece(of: text) }
        func found(_ severity: Severity, _ what: String) -> Sign {
            Sign(severity: severity, what: what, command: command)
        }
        if text.contains("/dev/tcp/") && (text.contains(">&") || text.contains("<&") || text.contains("exec ")) {
            return found(.high, "gives a shell away over the network")
        }
        let words = words(of: text)
        if let place = words.firstIndex(where: { ["nc", "ncat", "netcat", "socat"].contains(base($0)) }),
            words[place...].prefix(5).contains(where: { $0 == "-e" || $0 == "-c" || $0.hasPrefix("exec:") })
        {
            return found(.high, "gives a shell away over the network by \(words[place])")
        }
        if let sign = powerShell(text, words) { return found(sign.severity, sign.what) }
        let runsInput = pipesIntoInterpreter(text) || substitutes(text)
        let decodes =
            text.contains("base64 -d") || text.contains("base64 --d") || text.contains("openssl base64")
            || text.contains("openssl enc -d") || text.contains("xxd -r")
        if decodes, runsInput { return found(.medium, "runs code that it decodes first") }
        guard let fetch = words.firstIndex(where: { ScriptProgram.fetchers.contains(base($0)) }) else { return nil }
        let isOpen = words[fetch...].contains(where: AddressJudge.isUnprotected)
        if runsInput {
            return isOpen
                ? found(.medium, "runs what it fetches from an address that vouches for nothing")
                : words[fetch...].contains(where: { $0.contains("://") }) ? found(.low, "runs what it fetches") : nil
        }
        let startsFile = words.contains("+x") || words.contains("755") || words.contains("777")
        if isOpen, startsFile, text.contains("chmod") {
            return found(.medium, "fetches a program from an address that vouches for nothing, and makes it executable")
        }
        return nil
    }

    /// The worst sign around the words that fetch or decode, of which sixteen are looked at.
    private static func worstPiece(of text: String) -> Sign? {
        let bytes = Array(text.utf8)
        var worst: Sign?
        var looks = 0
        for word in ["curl", "wget", "base64", "/dev/tcp/"] {
            var from = 0
            while looks < 16, let at = bytes[from...].firstRange(of: Array(word.utf8))?.lowerBound {
                looks += 1
                from = at + word.utf8.count
                let piece = bytes[max(0, at - 64)..<min(bytes.count, at + 1_024)]
                guard let sign = sign(of: String(decoding: piece, as: UTF8.self)) else { continue }
                if worst.map({ $0.severity < sign.severity }) ?? true { worst = sign }
            }
        }
        return worst
    }

    private static func powerShell(_ text: String, _ words: [String]) -> (severity: Severity, what: String)? {
        let statement = PowerShellStatement(text)
        if statement.evaluates, statement.fetches {
            return (ScriptProgram.isOpen(text) ? .medium : .low, "runs what it fetches")
        }
        if statement.runsEncoded { return (.medium, "runs an encoded command") }
        if words.contains(where: { base($0) == "mshta" }), text.contains("://") {
            return (.medium, "runs what it fetches")
        }
        if text.contains("certutil"), text.contains("-urlcache"), text.contains("://") {
            return (.medium, "fetches a file by a program that is not made for it")
        }
        return nil
    }

    /// Whether a part of a pipe, not the first, is an interpreter.
    private static func pipesIntoInterpreter(_ text: String) -> Bool {
        for part in text.split(separator: "|", omittingEmptySubsequences: false).dropFirst() {
            var words = words(of: String(part.drop { $0.isWhitespace }.prefix(4_096)))[...]
            while let first = words.first,
                ["sudo", "env", "exec", "xargs", "nohup", "-e", "-h", "-n"].contains(base(first))
            {
                words = words.dropFirst()
            }
            if let first = words.first, ScriptProgram.isInterpreter(base(first)) { return true }
        }
        return false
    }

    /// Whether an interpreter or `eval` takes what another command prints.
    private static func substitutes(_ text: String) -> Bool {
        guard text.contains("$(") || text.contains("<(") || text.contains("`") else { return false }
        for mark in ["-c \"$(", "-c '$(", "-c $(", "eval \"$(", "eval $(", "eval `", "-c \"`", "-c `"]
        where text.contains(mark) { return true }
        for runner in ["bash", "sh", "zsh", "source", ".", "python", "python3", "perl"]
        where text.contains("\(runner) <(") { return true }
        return false
    }

    private static func words(of text: String) -> [String] {
        text.split { " \t;|&()<>\"'`{},=[]".contains($0) }.map(String.init)
    }

    /// A program's name without its folder; an address is none.
    private static func base(_ word: String) -> String { word.contains("://") ? word : ScriptProgram.base(word) }
}
