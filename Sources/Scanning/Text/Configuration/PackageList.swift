internal import AssayCore
internal import ByteParsing

/// Lists of packages to install beside a model (`requirements.txt`): where they come from.
enum PackageList {
    private static let sizeLimit = 1 << 20

    /// Whether the file is a list of packages by its name.
    static func reads(_ item: ScanItem) -> Bool {
        let name = item.facts.lowercasedName
        return projectFiles.contains(name)
            || (item.fileExtension == "txt" || item.fileExtension == "in")
                && (name.contains("requirements") || name.contains("constraints"))
    }

    static func judge(_ item: ScanItem, in scan: Scan) {
        guard reads(item) else { return }
        let name = item.facts.lowercasedName
        if projectFiles.contains(name) { return judgeProject(item, named: name, in: scan) }
        var number = 0
        for line in text(of: item, in: scan).split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            judge(String(line), at: item.location.at(nil, "line \(number)"), in: scan)
        }
    }

    /// The text up to the limit.
    private static func text(of item: ScanItem, in scan: Scan) -> String {
        if item.region.count > sizeLimit {
            scan.report(incomplete: "list of packages longer than \(sizeLimit) bytes", at: item.location)
        }
        return item.region.text(limit: sizeLimit)
    }

    /// Files of projects and environments that name packages in notations of their own: addresses without protection are
    /// looked for, and in some what `settings` reads.
    private static let projectFiles: Set<String> = [
        "pyproject.toml", "setup.cfg", "pipfile", "pip.conf", "pip.ini", "environment.yml", "environment.yaml",
        "conda.yaml",
        "conda.yml", ".npmrc", ".condarc", "build.gradle", "settings.gradle", "build.gradle.kts", "settings.gradle.kts",
        "build.sbt", "poetry.toml", "uv.toml",
    ]

    private static func judgeProject(_ item: ScanItem, named name: String, in scan: Scan) {
        var number = 0
        for line in text(of: item, in: scan).split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let place = item.location.at(nil, "line \(number)")
            let reported = settings(line, ofFileNamed: name, at: place, in: scan)
            let words = line.split { " \t\r\"'[](),=".contains($0) }.map(String.init)
            guard words.first?.hasPrefix("#") != true,
                name == ".condarc" || Self.sourceWords.contains(where: { line.contains($0) }),
                let address = words.first(where: AddressJudge.isUnprotected)
            else { continue }
            // The page of a project may be named so too.
            let severity: Severity = AddressJudge.isAnonymous(address) ? .medium : .low
            // What the line says in pip's own notation has been said.
            guard reported.map({ $0 < severity }) ?? true else { continue }
            scan.report(
                "PACKAGE-SOURCE", "Packages come from an unprotected address: `\(Printable.line(address, limit: 120))`",
                at: place, severity: severity)
        }
    }

    /// Words of lines that say where packages come from.
    private static let sourceWords = ["index", "channel", "requires", "@ ", "find-links", "registry", "url"]

    /// What a line of pip's own settings or of a project's description says of where packages come from: the worst that was
    /// reported.
    private static func settings(
        _ line: Substring, ofFileNamed name: String, at place: Location, in scan: Scan
    ) -> Severity? {
        switch name {
        case "pip.conf", "pip.ini": return judge("--" + line.drop { $0 == " " }, at: place, in: scan)
        case "pyproject.toml", "setup.cfg", "pipfile":
            return line.split(whereSeparator: { "\"'".contains($0) }).filter { $0.contains("@ ") }
                .compactMap { judge(String($0), at: place, in: scan) }.max()
        default: return nil
        }
    }

    /// Judges where a command that installs packages takes them from.
    static func judge(installation command: String, at location: Location, in scan: Scan) {
        let words = command.split { " \t\n\"'".contains($0) }.map(String.init)
        guard words.contains("install"), words.contains(where: { installers.contains(where: $0.contains) }) else {
            return
        }
        for (index, word) in words.enumerated() {
            if sourceOptions.contains(word) {
                judge(words[index...].prefix(2).joined(separator: " "), at: location, in: scan)
            } else if word.contains("://") || word.hasPrefix("--") && word.contains("=") {
                judge(word, at: location, in: scan)
            }
        }
    }

    private static let installers = ["pip", "uv", "conda"]
    private static let sourceOptions: Set = [
        "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--trusted-host",
    ]

    /// Judges one requirement or option line; the severity of what was reported.
    @discardableResult
    static func judge(_ line: String, at location: Location, in scan: Scan) -> Severity? {
        let text =
            line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
        // A channel of conda is an address on its own.
        let words = text.split { " \t=\r\"'".contains($0) }.map(String.init)
        guard let first = words.first, let (reason, severity) = source(first, words.dropFirst().first, in: text) else {
            return nil
        }
        scan.report(
            "PACKAGE-SOURCE", "\(reason): `\(Printable.line(text, limit: 120))`", at: location, severity: severity)
        return severity
    }

    /// What is to be said of where the packages of a line come from.
    private static func source(_ word: String, _ next: String?, in text: String) -> (reason: String, Severity)? {
        switch word {
        case "-i", "--index-url", "--extra-index-url", "-f", "--find-links":
            guard let next, next.contains("://"), !isKnown(next) else { return nil }
            return ("Packages come from another index", next.hasPrefix("https://") ? .low : .medium)
        case "--trusted-host": return ("A host's certificate is not checked", .medium)
        default:
            guard let address = address(in: text) else { return nil }
            let host = address.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "/" && $0 != ":" }
            if host.split(separator: ".").count == 4, host.allSatisfy({ $0.isNumber || $0 == "." }) {
                return ("A package comes from a machine without a name", .medium)
            }
            if ["git+http://", "http://", "git://"].contains(where: address.hasPrefix) {
                return ("A package comes unprotected", .medium)
            }
            let isUsual = ["https://github.com/", "https://huggingface.co/"].contains(where: address.hasPrefix)
            guard address.hasPrefix("https://"), !isUsual, !isKnown(address) else { return nil }
            return ("A package comes from an address of its own", .low)
        }
    }

    private static func isKnown(_ address: String) -> Bool { known.contains { address.hasPrefix($0) } }

    /// The address in a requirement: a word of its own or after `name@`.
    private static func address(in text: String) -> String? {
        guard let word = text.split(separator: " ").first(where: { $0.contains("://") }) else { return nil }
        let parts = word.split(separator: "@", maxSplits: 1).map(String.init)
        if parts.count == 2, !parts[0].contains("://") { return parts[1] }
        return String(word)
    }

    private static let known = [
        "https://pypi.org/", "https://download.pytorch.org/", "https://pypi.nvidia.com", "https://pypi.ngc.nvidia.com",
        "https://files.pythonhosted.org/", "https://data.pyg.org/", "https://flashinfer.ai/",
        "https://storage.googleapis.com/jax-releases",
        "https://abetlen.github.io/", "https://wheels.vllm.ai/", "https://test.pypi.org/",
    ]
}
