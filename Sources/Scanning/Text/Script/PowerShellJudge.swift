internal import AssayCore
internal import ByteParsing

/// Judges PowerShell, statement by statement, by what comes together in one: a download and its execution, decoding
/// and execution, a socket and a shell.
struct PowerShellJudge {
    let scan: Scan
    let location: Location
    static let lineLimit = 50_000

    func judge(_ text: String) {
        var number = 0
        var isComment = false
        var fetched: [String] = []
        for line in text.split(separator: "\n", maxSplits: Self.lineLimit, omittingEmptySubsequences: false) {
            number += 1
            let plain = line.lowercased().filter { $0 != "`" && $0 != "\r" }
            if plain.contains("<#") { isComment = true }
            if plain.contains("#>") { isComment = false }
            let start = plain.first { $0 != " " && $0 != "\t" }
            guard !isComment, start != "#", start != nil else { continue }
            let judge = PowerShellJudge(scan: scan, location: location.at(location.offset, "line \(number)"))
            judge.judge(statement: plain)
            // What a statement fetches, a later one starts by its name.
            let names = plain.split(whereSeparator: { " \t'\"();|=,\\/".contains($0) }).map(String.init)
                .filter { $0.hasSuffix(".exe") || $0.hasSuffix(".ps1") || $0.hasSuffix(".dll") || $0.hasSuffix(".bat") }
            let isStart = ["start-process", "& ", "saps ", "invoke-item", "rundll32"].contains { plain.contains($0) }
            if isStart, names.contains(where: fetched.contains) {
                judge.report("SCRIPT-FETCH-AND-RUN", "Starts what it fetched", plain)
            }
            let fetches = PowerShellStatement(plain).fetches && ScriptProgram.isOpen(plain)
            if fetches, fetched.count < 256 { fetched += names }
        }
    }

    private func report(_ rule: String, _ message: String, _ text: String, _ severity: Severity? = nil) {
        scan.report(rule, "\(message): `\(Printable.line(text, limit: 120))`", at: location, severity: severity)
    }

    /// Judges one statement in lower case.
    func judge(statement text: String) {
        let statement = PowerShellStatement(text)
        if statement.fetches, statement.evaluates || text.contains("start-process") {
            report(
                "SCRIPT-FETCH-AND-RUN", "Runs what it fetches", text,
                ScriptProgram.isOpen(text) ? .medium : .low)
        }
        if statement.runsEncoded { report("SCRIPT-HIDDEN-CODE", "Runs an encoded command", text) }
        if statement.decodes, statement.evaluates || text.contains("assembly]::load") {
            report("SCRIPT-HIDDEN-CODE", "Runs what it decodes", text)
        }
        if text.contains("sockets.tcpclient") {
            report("SCRIPT-REMOTE-SHELL", "Opens a connection of its own", text)
        }
        if text.contains("set-mppreference") && text.contains("disable")
            || text.contains("add-mppreference") && text.contains("exclusion")
        {
            report("SCRIPT-SYSTEM-CHANGE", "Switches the system's protection off", text)
        }
        if text.contains("currentversion\\run"), text.contains("itemproperty") || text.contains("reg add") {
            report("SCRIPT-SYSTEM-CHANGE", "Enters a program to be started at log-in", text)
        }
        if text.contains("register-scheduledtask") {
            report("SCRIPT-SYSTEM-CHANGE", "Enters a command to be run again and again", text, .medium)
        }
    }
}
