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
    ]
    private static let names: Set<String> = [
        "justfile", "rakefile", "jenkinsfile", "vagrantfile", "procfile", "snakefile",
        "taskfile",
        ".bashrc", ".profile", ".bash_profile", ".zshrc", "postinst", "preinst", "configure", ".envrc", "crontab",
        "cmakelists.txt", "meson.build", "workspace", "build", ".gitconfig", ".gitmodules", "hgrc", ".cursorrules",
    ]

    func recognise(_ item: ScanItem) -> Recognition {
        guard Self.mayHoldCommands(item), item.facts.opensAsText, !ScriptAnalyser.reads(item) else { return .no }
        return .possible
    }

    private static func mayHoldCommands(_ item: ScanItem) -> Bool {
        if extensions.contains(item.fileExtension) || names.contains(item.name.lowercased()) { return true }
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
