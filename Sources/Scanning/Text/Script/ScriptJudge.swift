internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges the commands of scripts by what flows where: what is fetched or decoded into what runs it, secrets into the
/// network, a shell onto a socket, programs into places that start them.
struct ScriptJudge {
    let scan: Scan
    let location: Location
    var dialect = ShellReader.Dialect.posix

    /// How deep scripts within scripts (`sh -c "…"`, `$(…)`) are read, and how many of them.
    private static let mostNesting = 4
    private static let mostNested = 2_048

    /// Reports what running `text` would do.
    func judge(_ text: [UInt8]) throws(ParseError) {
        var pending: [(text: [UInt8], depth: Int, line: Int?)] = [(text, 0, nil)]
        var count = 0
        while let next = pending.popLast() {
            count += 1
            guard count <= Self.mostNested else {
                scan.report(incomplete: "more than \(Self.mostNested) scripts within a script", at: location)
                return
            }
            let commands = try ShellReader.commands(of: next.text, dialect: dialect, budget: scan.budget)
            var flow = ScriptFlow()
            var fetched = ScriptFetches()
            for command in commands {
                let place = location.at(command.offset, "line \(next.line ?? command.line)")
                if !command.isPiped { flow = ScriptFlow() }
                let program = ScriptProgram(command)
                judge(command, program, flow, at: place)
                if fetched.isStarted(by: program) {
                    report("SCRIPT-FETCH-AND-RUN", "Starts what it fetched without protection", command, at: place)
                }
                fetched.take(command, program)
                flow.take(command, program)
                guard next.depth < Self.mostNesting else { continue }
                let inner = command.substitutions + (program.isShell ? program.inline.map { [$0] } ?? [] : [])
                for text in inner { pending.append((Array(text.utf8), next.depth + 1, next.line ?? command.line)) }
                if program.isPython, let code = program.inline {
                    PythonSourceJudge.judge(ByteRegion(Array(code.utf8)), named: "setup.py", at: place, in: scan)
                }
            }
        }
    }

    private func report(
        _ rule: String, _ message: String, _ command: ShellCommand, at place: Location, _ severity: Severity? = nil
    ) {
        let shown = Printable.line(command.words.joined(separator: " "), limit: 120)
        scan.report(rule, "\(message): `\(shown)`", at: place, severity: severity)
    }

    private func judge(_ command: ShellCommand, _ program: ScriptProgram, _ flow: ScriptFlow, at place: Location) {
        let text = command.words.joined(separator: " ").lowercased()
        let inner = command.substitutions.map { $0.lowercased() }.joined(separator: "\n")
        if program.runsInput || program.runsText {
            let isUsed = program.runsText || !command.isPiped
            let isRun = !command.isPiped || !program.onlyReadsInput
            let fetches = isRun && flow.fetches || isUsed && ScriptProgram.fetches(inner)
            if fetches {
                let addresses = flow.text + " " + inner + " " + text
                report(
                    "SCRIPT-FETCH-AND-RUN", "Runs what it fetches", command, at: place,
                    ScriptProgram.isOpen(addresses) ? .medium : .low)
            }
            if isRun && flow.decodes || isUsed && ScriptProgram.decodes(inner) {
                report("SCRIPT-HIDDEN-CODE", "Runs what it decodes", command, at: place)
            }
        }
        if Self.opensShell(text, program, command) {
            report("SCRIPT-REMOTE-SHELL", "Opens a shell to the network", command, at: place)
        }
        let source = flow.text + " " + text + " " + inner
        if program.sends, PythonSecrets.isSecret(path: source) || flow.hasEnvironment || inner.hasPrefix("env") {
            report("SCRIPT-SECRET-ACCESS", "Sends secrets of the machine over the network", command, at: place)
        }
        if let change = ScriptSystemChange.of(command, program, text) {
            report("SCRIPT-SYSTEM-CHANGE", change, command, at: place)
        }
        if text.contains("stratum+tcp://") || text.contains("stratum+ssl://") {
            report("SCRIPT-SYSTEM-CHANGE", "Starts a cryptocurrency miner", command, at: place)
        }
        if dialect == .batch {
            judgeWindows(text, command, at: place)
        } else if ["powershell", "pwsh"].contains(program.name) {
            PowerShellJudge(scan: scan, location: place).judge(statement: text)
        }
    }

    private static func opensShell(_ text: String, _ program: ScriptProgram, _ command: ShellCommand) -> Bool {
        if let target = command.targets.first(where: { $0.hasPrefix("/dev/tcp/") || $0.hasPrefix("/dev/udp/") }) {
            // Whether somebody listens on this machine is asked so.
            let isHere = ["localhost/", "127.0.0.1/", "::1/"].contains { target.dropFirst(9).hasPrefix($0) }
            return program.isShell || program.name == "exec" && !isHere
        }
        if ["nc", "ncat", "netcat"].contains(program.name) {
            let runs = command.words.contains { ["-e", "-c", "--exec", "--sh-exec"].contains($0) }
            return runs || command.isPiped && command.targets.contains { $0.hasPrefix("/tmp/") }
        }
        if let code = program.inline?.lowercased(), !program.isPython, code.contains("socket") {
            return code.contains("/bin/sh") || code.contains("/bin/bash") || code.contains("cmd.exe")
        }
        return program.name == "socat" && text.contains("exec:")
    }

    /// Programs of Windows that fetch or run what an address holds.
    private func judgeWindows(_ text: String, _ command: ShellCommand, at place: Location) {
        let hasAddress = text.contains("http://") || text.contains("https://") || text.contains("ftp://")
        let fetchers = [
            "certutil -urlcache", "certutil.exe -urlcache", "bitsadmin /transfer", "bitsadmin.exe /transfer", "mshta ",
            "mshta.exe ", "regsvr32", "rundll32", "msiexec",
        ]
        if hasAddress, fetchers.contains(where: { text.contains($0) }) {
            report(
                "SCRIPT-FETCH-AND-RUN", "Makes a program of the system fetch code", command, at: place,
                ScriptProgram.isOpen(text) ? .medium : .low)
        }
        if text.contains("powershell") || text.contains("pwsh") {
            PowerShellJudge(scan: scan, location: place).judge(statement: text)
        }
    }
}

/// What the commands of one pipeline did so far.
struct ScriptFlow {
    var text = ""
    var fetches = false
    var decodes = false
    var hasEnvironment = false

    mutating func take(_ command: ShellCommand, _ program: ScriptProgram) {
        if text.utf8.count < 1 << 16 { text += " " + command.words.joined(separator: " ").lowercased() }
        if ScriptProgram.fetchers.contains(program.name) { fetches = true }
        if program.decodes { decodes = true }
        if program.name == "env" || program.name == "printenv" || program.name == "export" && command.words.count < 3 {
            hasEnvironment = true
        }
        // A filter in between passes on what it reads.
    }
}
