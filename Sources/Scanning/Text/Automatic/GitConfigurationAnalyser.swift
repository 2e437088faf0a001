internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Git's configuration and hooks among a model's files: what Git runs of them, and where it fetches from.
struct GitConfigurationAnalyser: Analyser {
    let format: FormatID = "git-configuration"

    private static let sizeLimit = 1 << 20
    private static let names: Set<String> = ["config", ".gitconfig", ".gitmodules", "config.worktree", "gitconfig"]
    /// Sections that a configuration of Git's begins with, or holds.
    private static let sections =
        ["core", "remote", "include", "includeif", "submodule", "branch", "user", "url", "http"] + commandKeys.keys

    func recognise(_ item: ScanItem) -> Recognition {
        let isHook = Self.isHook(item)
        guard isHook || Self.names.contains(item.facts.lowercasedName) || item.path.contains(".git/"),
            item.facts.opensAsText
        else { return .no }
        if isHook { return .possible }
        let head = item.region.prefix(64 << 10).text().lowercased()
        let isConfiguration = head.split(separator: "\n").contains { line in
            let line = line.drop { $0 == " " || $0 == "\t" }
            guard line.first == "[" else { return false }
            return Self.sections.contains(String(line.dropFirst().prefix { $0.isLetter }))
        }
        return isConfiguration ? .likely : .no
    }

    /// Programs in a repository's `hooks` folder, but the samples that Git puts there.
    private static func isHook(_ item: ScanItem) -> Bool {
        item.path.hasSuffix(".git/hooks/" + item.name) && !item.name.hasSuffix(".sample")
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        if Self.isHook(item) {
            scan.report(
                "COMMAND-AUTOMATIC", "Git runs this program when the repository is used", at: item.location)
            return
        }
        if item.region.count > Self.sizeLimit {
            scan.report(incomplete: "settings of Git longer than \(Self.sizeLimit) bytes", at: item.location)
        }
        let configuration = try GitConfiguration(item.region.prefix(Self.sizeLimit), budget: scan.budget)
        for setting in configuration.settings {
            let place = item.location.at(nil, "line \(setting.line)")
            let value = setting.value ?? ""
            let name = Self.name(of: setting)
            if item.facts.lowercasedName == ".gitmodules" {
                judgeSubmodule(setting, value, at: place, in: scan)
            } else if let command = Self.command(setting, value) {
                AutomaticCommand.judge(
                    command, by: "Git's setting `\(Printable.line(name, limit: 80))`", severity: .medium, at: place,
                    in: scan)
            } else if Self.leadsElsewhere(setting) {
                scan.report(
                    "COMMAND-AUTOMATIC",
                    "Git takes further settings or programs from `\(Printable.line(value, limit: 100))` (`\(name)`)",
                    at: place)
            }
            if setting.section == "url" || setting.key == "url" || setting.key == "pushurl" {
                judgeAddress(setting.section == "url" ? setting.subsection : value, at: place, in: scan)
            }
        }
    }

    private static func name(of setting: GitConfiguration.Setting) -> String {
        setting.subsection.isEmpty
            ? "\(setting.section).\(setting.key)" : "\(setting.section).\(setting.subsection).\(setting.key)"
    }

    /// Keys whose value is a command, by section; a star is any section.
    private static let commandKeys: [String: Set<String>] = [
        "core": [
            "fsmonitor", "sshcommand", "gitproxy", "pager", "editor", "askpass", "alternaterefscommand",
        ],
        "sequence": ["editor"], "gpg": ["program", "defaultkeycommand"], "pager": ["*"], "alias": ["*"],
        "credential": ["helper"], "filter": ["clean", "smudge", "process"],
        "diff": ["command", "textconv", "external"],
        "merge": ["driver"], "difftool": ["cmd", "path"], "mergetool": ["cmd", "path"], "browser": ["cmd", "path"],
        "man": ["cmd", "path"], "uploadpack": ["packobjectshook"], "remote": ["uploadpack", "receivepack", "vcs"],
        "sendemail": ["smtpserver", "tocmd", "cccmd"], "interactive": ["difffilter"], "hook": ["command"],
        "instaweb": ["httpd"], "trailer": ["cmd", "command"], "lfs": ["path"], "imap": ["tunnel"],
    ]

    /// Programs that are set every day, by the first word of what is set.
    private static let ordinary: Set<String> = [
        "git-lfs", "git", "vim", "vi", "nvim", "nano", "emacs", "code", "subl", "notepad", "less", "more", "cat",
        "delta",
        "gpg", "gpg2", "store", "cache", "osxkeychain", "manager", "manager-core", "wincred", "libsecret",
        "gnome-keyring",
        "vimdiff", "meld", "kdiff3", "opendiff", "nbdiff", "git-nbdiffdriver", "git-nbmergedriver", "nbstripout",
        "huggingface-cli", "hf", "git-upload-pack", "git-receive-pack", "diff-so-fancy", "bat", "ssh", "ssh-agent",
        "most",
        "firefox", "chrome", "dvc", "exiftool", "pdftotext", "jq", "git-annex", "git-crypt", "simple", "auto",
        "git-xet",
        "!gh", "!glab", "!aws",
    ]

    /// What the setting makes Git run, or nil when it runs nothing or what everybody sets.
    private static func command(_ setting: GitConfiguration.Setting, _ value: String) -> String? {
        guard let keys = commandKeys[setting.section], keys.contains(setting.key) || keys.contains("*"),
            !value.isEmpty
        else { return nil }
        // A truth value says whether, not what.
        guard !["true", "false", "yes", "no", "on", "off", "0", "1"].contains(value.lowercased()) else { return nil }
        if setting.section == "alias" { return value.hasPrefix("!") && !isOrdinary(value.dropFirst()) ? value : nil }
        return isOrdinary(value[...]) ? nil : value
    }

    /// Whether a command is an ordinary program of the system with arguments of its own.
    private static func isOrdinary(_ command: Substring) -> Bool {
        guard !command.contains(where: { ";|&`<>".contains($0) }), !command.contains("$(") else { return false }
        var words = command.split { " \t\"'".contains($0) }.map(String.init)[...]
        // `!/usr/bin/gh auth git-credential` is a helper that is run by a shell.
        if let first = words.first, first.hasPrefix("!/") { words[words.startIndex] = String(first.dropFirst()) }
        guard let first = words.first else { return true }
        let isOfSystem = ["/usr/", "/opt/homebrew/", "/bin/"].contains { first.hasPrefix($0) }
        guard !first.contains("/") && !first.contains("\\") || isOfSystem else { return false }
        let program = ScriptProgram.base(first)
        guard ordinary.contains(program) || ordinary.contains("!" + program) else { return false }
        return !(program == "ssh" && words.contains { $0.lowercased().contains("proxycommand") })
    }

    private static func leadsElsewhere(_ setting: GitConfiguration.Setting) -> Bool {
        guard let value = setting.value, !value.isEmpty else { return false }
        switch (setting.section, setting.key) {
        case ("core", "hookspath"): return ![".husky", ".husky/_", ".githooks", "/dev/null"].contains(value)
        case ("include", "path"), ("includeif", "path"), ("init", "templatedir"), ("core", "worktree"): return true
        default: return false
        }
    }

    private func judgeAddress(_ address: String, at place: Location, in scan: Scan) {
        let lowered = address.lowercased()
        let runs = lowered.hasPrefix("ext::") || lowered.hasPrefix("-") || lowered.contains("://-")
        guard runs else { return }
        scan.report(
            "COMMAND-AUTOMATIC",
            "Git takes the address `\(Printable.line(address, limit: 100))` for options or a command", at: place,
            severity: .high)
    }

    private func judgeSubmodule(
        _ setting: GitConfiguration.Setting, _ value: String, at place: Location, in scan: Scan
    ) {
        if setting.key == "update", value.hasPrefix("!") {
            AutomaticCommand.judge(
                String(value.dropFirst()), by: "Updating a submodule", severity: .medium, at: place, in: scan)
        }
        let isPath = setting.key == "path"
        for name in [isPath ? value : "", setting.subsection] where !name.isEmpty {
            let parts = name.lowercased().split(whereSeparator: { $0 == "/" || $0 == "\\" })
            guard
                parts.contains("..") || parts.contains(".git") || name.unicodeScalars.contains(where: { $0.value < 32 })
                    || name.hasPrefix("-")
            else { continue }
            scan.report(
                "COMMAND-AUTOMATIC",
                "A submodule goes to `\(Printable.line(name, limit: 100))`, where it can put programs that Git runs",
                at: place, severity: .high)
        }
    }
}
