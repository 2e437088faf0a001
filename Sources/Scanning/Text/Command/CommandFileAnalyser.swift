internal import AssayCore
internal import ByteParsing

/// Scripts and build files of languages that no other analyser reads: looked through for commands that run what they fetch
/// or decode.
struct CommandFileAnalyser: Analyser {
    let format: FormatID = "commands"

    private static let sizeLimit = 8 << 20
    private static let extensions: Set<String> = [
        "fish", "csh", "mak", "lua", "jl", "rb", "pl", "php", "js", "mjs", "cjs", "ts", "r", "tcl", "vbs", "hta", "wsf",
        "def", "desktop", "service", "cmake",
        "gradle", "nix",
        "go", "rs", "java", "groovy", "toml", "cfg", "ini", "conf", "tf", "bzl", "bazel", "inf", "plist", "cron",
        "rules", "jsp", "jspx", "asp", "aspx", "cpp", "cc", "c", "cxx", "cu",
    ]
    private static let names: Set<String> = [
        "justfile", "rakefile", "jenkinsfile", "vagrantfile", "procfile", "snakefile",
        "taskfile",
        ".bashrc", ".profile", ".bash_profile", ".zshrc", "postinst", "preinst", "configure", ".envrc", "crontab",
        ".zshenv", ".zprofile", ".bash_login", ".bash_logout", ".xinitrc", ".xprofile", ".bazelrc", "rc.local",
        "cmakelists.txt", "meson.build", "workspace", "build", ".gitconfig", ".gitmodules", "hgrc", ".cursorrules",
        ".rprofile", "rprofile.site", ".octaverc", ".juliarc.jl",
    ]

    func recognise(_ item: ScanItem) -> Recognition {
        guard Self.mayHoldCommands(item), item.facts.opensAsText, !ScriptAnalyser.reads(item) else { return .no }
        return .possible
    }

    private static func mayHoldCommands(_ item: ScanItem) -> Bool {
        if extensions.contains(item.fileExtension) || names.contains(item.facts.lowercasedName) { return true }
        if isTimetable(item) { return true }
        // Git runs what its configuration names: `core.fsmonitor`, `core.sshCommand`, filters, aliases.
        if item.name == "config", item.region.starts(with: "[") { return true }
        return item.region.starts(with: "#!") && !["md", "txt", "rst", "html"].contains(item.fileExtension)
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        try scan.budget.spend(operations: item.region.count / 8, reading: "commands")
        if item.region.count > Self.sizeLimit {
            scan.report(incomplete: "commands longer than \(Self.sizeLimit) bytes", at: item.location)
        }
        ShellJudge.judge(item.region.prefix(Self.sizeLimit), named: item.name, at: item.location, in: scan)
        if item.fileExtension == "cfg" { registered(item, in: scan) }
        if Self.isTimetable(item) { timetable(item, in: scan) }
    }

    /// Whether cron reads the file where it lies, or it is called so.
    private static func isTimetable(_ item: ScanItem) -> Bool {
        // No file system has longer paths; names in archives may be as long as they like.
        guard item.path.utf8.count <= 4_096, item.path.contains("cron") else { return false }
        let name = item.name
        let path = "/" + item.path
        return name == "crontab" || name.hasPrefix("crontab.") || item.fileExtension == "cron"
            || path.contains("/cron.d/") || path.contains("/spool/cron/")
    }

    /// Lines of cron's tables: five fields of time or a word for them, in the system's tables a user, and a command.
    private func timetable(_ item: ScanItem, in scan: Scan) {
        let lines = item.region.prefix(1 << 16).text().split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })[...]
            guard let first = words.first else { continue }
            if first.hasPrefix("@") {
                words = words.dropFirst()
            } else {
                guard words.count > 5, words.prefix(5).allSatisfy({ $0.utf8.allSatisfy(Self.isTime) }) else { continue }
                words = words.dropFirst(5)
            }
            guard !words.isEmpty else { continue }
            AutomaticCommand.judge(
                words.joined(separator: " "), by: "The system, at set times,", severity: .medium,
                at: item.location.at(nil, "line \(index + 1)"), in: scan)
        }
    }

    private static func isTime(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: ","), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// What spaCy's configuration takes from registries (`@callbacks = "name"`): no registry has a function of the system.
    private func registered(_ item: ScanItem, in scan: Scan) {
        let text = item.region.prefix(Self.sizeLimit).text()
        var number = 0
        for line in text.split(separator: "\n", maxSplits: 20_000, omittingEmptySubsequences: false) {
            number += 1
            guard line.first == "@", let mark = line.firstIndex(of: "=") else { continue }
            let name = line[line.index(after: mark)...].filter { !" \"'\r".contains($0) }
            guard name.contains("."), ConfigurationJudge.severity(ofCalling: name) ?? .none >= .high else { continue }
            scan.report(
                "CONFIG-CALLABLE", "A registry is asked for `\(Printable.line(name, limit: 80))`",
                at: item.location.at(nil, "line \(number)"), severity: .low)
        }
    }
}
