internal import AssayCore
internal import ByteParsing

/// Small files that a desktop, an editor or a registry acts on when somebody looks at the folder they lie in.
struct DesktopFileAnalyser: Analyser {
    let format: FormatID = "desktop-settings"

    private static let sizeLimit = 1 << 20
    private static let extensions: Set<String> = [
        "url", "scf", "library-ms", "searchconnector-ms", "settingcontent-ms", "reg", "webloc",
    ]
    private static let names: Set<String> = ["desktop.ini", "autorun.inf", ".dir-locals.el", ".exrc", ".vimrc"]

    func recognise(_ item: ScanItem) -> Recognition {
        guard Self.extensions.contains(item.fileExtension) || Self.names.contains(item.facts.lowercasedName) else {
            return .no
        }
        return item.facts.opensAsText ? .possible : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        try scan.budget.spend(operations: item.region.count / 8, reading: "desktop settings")
        if item.region.count > Self.sizeLimit {
            scan.report(incomplete: "desktop settings longer than \(Self.sizeLimit) bytes", at: item.location)
        }
        let text = item.region.prefix(Self.sizeLimit).text()
        let name = item.facts.lowercasedName
        var number = 0
        for line in text.split(separator: "\n", maxSplits: 20_000, omittingEmptySubsequences: false) {
            number += 1
            let lowered = line.lowercased().trimmingPrefix { $0 == " " || $0 == "\t" }
            let place = item.location.at(nil, "line \(number)")
            let shown = Printable.line(String(line), limit: 100)
            switch true {
            case item.fileExtension == "reg":
                let starts = [
                    "\\currentversion\\run", "\\shell\\open\\command", "\\winlogon", "image file execution options",
                ]
                guard lowered.hasPrefix("["), !lowered.hasPrefix("[-"), starts.contains(where: lowered.contains) else {
                    continue
                }
                report(
                    "Entering it into the registry makes the system start a program: `\(shown)`", .medium, place, scan)
            case name == "autorun.inf":
                guard ["open=", "shellexecute=", "shell\\open\\command"].contains(where: lowered.hasPrefix) else {
                    continue
                }
                report("The system may run `\(shown)` when the disk is opened", .medium, place, scan)
            case name == ".dir-locals.el":
                guard lowered.contains("(eval") else { continue }
                report("An editor that opens a file of the folder evaluates `\(shown)`", .medium, place, scan)
            case name == ".exrc" || name == ".vimrc":
                guard lowered.hasPrefix("!") || lowered.contains("system(") || lowered.contains(":!") else { continue }
                report("An editor that starts in the folder runs `\(shown)`", .low, place, scan)
            default:
                guard lowered.contains("\\\\") || lowered.contains("file://"), let mark = Self.remote(in: lowered)
                else {
                    continue
                }
                report("Looking at the folder fetches from another machine: `\(mark)`", .low, place, scan)
            }
        }
    }

    /// A path to another machine in the line.
    private static func remote(in line: Substring) -> String? {
        for mark in ["\\\\", "file://"] {
            guard let range = line.firstRange(of: mark) else { continue }
            let rest = line[range.upperBound...].trimmingPrefix { $0 == "\\" }
            guard let first = rest.first, first.isLetter || first.isNumber, !rest.hasPrefix("localhost") else {
                continue
            }
            return Printable.line(String(line[range.lowerBound...].prefix(80)), limit: 80)
        }
        return nil
    }

    private func report(_ message: String, _ severity: Severity, _ place: Location, _ scan: Scan) {
        scan.report("COMMAND-AUTOMATIC", message, at: place, severity: severity)
    }
}
