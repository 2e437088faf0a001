import AssayCore
import ByteParsing
import ModelFormats

/// What the texts among a call's arguments look like: the sign by which an unlisted callable is graded.
enum ArgumentText {
    struct Look: Hashable {
        var kind: String
        var severity: Severity
        /// Whether labels and prose may read like this too.
        var isWeak = false
    }

    /// Texts in the arguments, at most 64 of at most 2,000 characters.
    static func strings(in root: PickleValue, _ machine: borrowing PickleMachine) -> [String] {
        var result: [String] = []
        var pending = [root]
        var steps = 0
        while let value = pending.popLast(), steps < 256, result.count < 64 {
            steps += 1
            if let text = machine.string(value, limit: 2000) {
                result.append(text)
            } else if value.kind == .bytes, let bytes = machine.byteArray(value, limit: 2000) {
                result.append(String(decoding: bytes, as: UTF8.self))
            } else {
                pending += machine.children(value, limit: 64).reversed()
            }
        }
        return result
    }

    static func worst(_ texts: [String]) -> Look? {
        var worst: Look?
        for text in texts {
            guard let look = look(of: text) else { continue }
            if worst.map({ look.severity > $0.severity }) ?? true { worst = look }
        }
        return worst
    }

    /// What one text looks like, or nil when it is unremarkable.
    static func look(of text: String) -> Look? {
        let lower = text.lowercased()
        for sign in code where lower.contains(sign) { return Look(kind: "Python source", severity: .critical) }
        // Commands are written in small letters; words at the start of a sentence or a title aren't.
        let first = text.prefix { $0 != " " && $0 != "\n" && $0 != ";" && $0 != "|" }
        let slash = first.utf8.lastIndex(of: UInt8(ascii: "/"))
        let command = String(slash.map { first[first.utf8.index(after: $0)...] } ?? first)
        if commands.contains(command), text.contains(" ") || text.hasPrefix("/") {
            return Look(kind: "a shell command", severity: .critical)
        }
        if exact.contains(text) || windows.contains(lower) {
            return Look(kind: "a shell command", severity: .critical, isWeak: !text.contains { "./ ".contains($0) })
        }
        for sign in shell where lower.contains(sign) { return Look(kind: "a shell command", severity: .critical) }
        if lower.contains("&& ") || lower.contains("$(") {
            return Look(kind: "a shell command", severity: .critical, isWeak: true)
        }
        for scheme in ["http://", "https://", "ftp://", "file://", "\\\\"] where lower.hasPrefix(scheme) {
            return Look(kind: "an address", severity: .high)
        }
        if lower.hasPrefix("/etc/") || lower.hasPrefix("~/") || lower.contains("../") || lower.hasPrefix("/tmp/")
            || lower.hasPrefix("/root/") || lower.hasPrefix("/home/") || lower.hasPrefix("/proc/")
            || lower.hasPrefix("/bin/") || lower.hasPrefix("/var/")
        {
            return Look(kind: "a path", severity: .high)
        }
        return nil
    }

    private static let code = [
        "import os", "import sys", "import subprocess", "import socket", "__import__", "exec(", "eval(", "os.system",
        "subprocess.", "lambda:", "print(", "open(", "compile(", "globals()", "builtins", "from os import",
        "getattr(", "base64.", "__globals__", "__subclasses__",
    ]
    private static let commands: Set<String> = [
        "sh", "bash", "zsh", "dash", "cmd", "cmd.exe", "powershell", "pwsh", "curl", "wget", "nc", "ncat", "netcat",
        "python", "python3", "perl", "ruby", "php", "echo", "cat", "touch", "rm", "chmod", "chown", "cp", "mv", "ls",
        "id", "whoami", "uname", "ping", "nslookup", "dig", "ssh", "scp", "sudo", "kill", "mkfifo", "calc", "calc.exe",
        "env", "sleep", "reboot", "shutdown", "crontab", "tee", "dd", "tar", "pip", "apt", "apt-get", "xterm", "open",
    ]
    private static let exact: Set<String> = [
        "id", "whoami", "calc", "uname -a", "ls", "reboot", "/bin/sh", "/bin/bash", "sh", "bash",
    ]
    private static let windows: Set<String> = ["calc.exe", "cmd.exe", "powershell.exe", "notepad.exe"]
    private static let shell = [
        "/bin/sh", "/bin/bash", "| sh", "|sh", "| bash", "; rm ", "/dev/tcp/", "2>&1",
    ]
}
