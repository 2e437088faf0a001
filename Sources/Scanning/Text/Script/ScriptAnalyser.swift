internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Scripts that lie beside a model or in an archive: shell, batch and PowerShell, and what build files and launchers hand
/// to a shell. Python has an analyser of its own.
struct ScriptAnalyser: Analyser {
    let format: FormatID = "script"
    static let sizeLimit = 4 << 20
    private static let mostTexts = 1_000

    private enum Kind {
        case shell, batch, powerShell
        /// Lines of a file that are commands, told by what they begin with, or that hand on quoted texts, told by what
        /// they hold.
        case lines([String], quoted: [String])
        /// Recipes and functions of Make.
        case makefile
        /// Another language, of which only the texts are read that these functions hand to a shell.
        case texts([String])
        /// A language of Windows's own script host.
        case host
    }

    private static func kind(of item: ScanItem) -> Kind? {
        switch item.fileExtension {
        case "sh", "bash", "zsh", "ksh", "command", "dash", "envrc": return .shell
        case "mk": return .makefile
        case "bat", "cmd": return .batch
        case "ps1", "psm1": return .powerShell
        case "js", "mjs", "cjs": return .texts(["exec(", "execSync(", "spawn(", "spawnSync("])
        case "gradle", "kts", "groovy":
            return .lines([], quoted: ["commandline", ".execute(", "processbuilder", "exec"])
        case "applescript", "scpt": return .texts(["do shell script "])
        case "lua": return .texts(["os.execute(", "io.popen("])
        case "pl", "rb", "php": return .texts(["system(", "exec(", "shell_exec(", "passthru(", "popen(", "`"])
        case "vbs", "vbe", "wsf", "hta", "jse": return .host
        case "desktop": return .lines(["exec="], quoted: [])
        case "service": return .lines(["execstart=", "execstartpre=", "execstartpost=", "execstop="], quoted: [])
        default: break
        }
        let name = item.facts.lowercasedName
        if name == "makefile" || name == "gnumakefile" { return .makefile }
        if ExecutableHeader(item.region) == .batch { return .batch }
        guard item.region.starts(with: "#!") else { return nil }
        let line = item.region.prefix(128).text().prefix { $0 != "\n" }
        let words = line.split(whereSeparator: { " /\t!#".contains($0) }).map(String.init)
        if words.contains(where: ["sh", "bash", "zsh", "dash", "ksh", "ash", "busybox"].contains) { return .shell }
        return words.contains("pwsh") ? .powerShell : nil
    }

    /// Whether the whole of the item is read as a script.
    static func reads(_ item: ScanItem) -> Bool {
        switch kind(of: item) {
        case .shell, .batch, .powerShell, .makefile: true
        default: false
        }
    }

    func recognise(_ item: ScanItem) -> Recognition {
        guard let kind = Self.kind(of: item), item.facts.opensAsText else { return .no }
        switch kind {
        case .lines, .texts: return .possible
        default: return .likely
        }
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard let kind = Self.kind(of: item) else { return }
        var region = item.region
        if region.count > Self.sizeLimit {
            region = region.prefix(Self.sizeLimit)
            scan.report(incomplete: "script longer than \(Self.sizeLimit) bytes", at: item.location)
        }
        switch kind {
        case .shell: try ScriptJudge(scan: scan, location: item.location).judge(region.array())
        case .batch: try ScriptJudge(scan: scan, location: item.location, dialect: .batch).judge(region.array())
        case .powerShell: PowerShellJudge(scan: scan, location: item.location).judge(region.text(limit: region.count))
        case .texts(let functions):
            for function in functions {
                let parts = Self.texts(handedTo: function, in: region)
                if parts.count == Self.mostTexts {
                    scan.report(incomplete: "more than \(Self.mostTexts) calls of \(function)", at: item.location)
                }
                for part in parts {
                    try ScriptJudge(scan: scan, location: item.location).judge(part.array())
                }
            }
        case .host:
            let text = region.text(limit: region.count).lowercased()
            guard text.contains("wscript.shell") || text.contains("shell.application") else { return }
            scan.report(
                "SCRIPT-SYSTEM-CHANGE", "A script of Windows's script host starts programs", at: item.location,
                severity: .medium)
        case .makefile:
            let text = Makefile.commands(in: region.text(limit: region.count))
            try ScriptJudge(scan: scan, location: item.location).judge(Array(text.utf8))
        case .lines(let starts, let quoting):
            for line in region.text(limit: region.count).split(separator: "\n") {
                let lowered = line.lowercased()
                if quoting.contains(where: lowered.contains) {
                    for part in line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                    where part.offset % 2 == 1 && part.element.contains(" ") {
                        let words = part.element.split(separator: " ").map(String.init)
                        let isShell = words.first.map { ["sh", "bash", "cmd", "powershell"].contains($0) } ?? false
                        AutomaticCommand.judge(
                            String(part.element), by: "Building the project", severity: isShell ? .low : nil,
                            at: item.location, in: scan)
                    }
                }
                guard let start = starts.first(where: { lowered.hasPrefix($0) }) else { continue }
                let command = String(line.dropFirst(start.count))
                try ScriptJudge(scan: scan, location: item.location).judge(Array(command.utf8))
                if AutomaticCommand.isOddPlace(command) {
                    scan.report(
                        "COMMAND-AUTOMATIC", "The system starts `\(Printable.line(command, limit: 100))`",
                        at: item.location)
                }
            }
        }
    }

    /// The constant texts that stand right behind a function's bracket.
    private static func texts(handedTo function: String, in region: ByteRegion) -> [ByteRegion] {
        var found: [ByteRegion] = []
        let needle = Array(function.utf8)
        let isQuote = function == "`"
        var at = 0
        while let hit = region.firstOffset(of: needle, from: at), found.count < mostTexts {
            at = hit + needle.count
            while !isQuote, let byte = region[at], byte == 0x20 || byte == 0x0A || byte == UInt8(ascii: "[") { at += 1 }
            guard let quote = isQuote ? UInt8(ascii: "`") : region[at], "\"'`".utf8.contains(quote) else { continue }
            if !isQuote { at += 1 }
            let end = region.firstOffset(of: [quote], from: at) ?? region.count
            if let text = region.slice(at, end - at) { found.append(text) }
            if isQuote { at = end + 1 }
        }
        return found
    }
}
