import ArgumentParser
import AssayCore
import Reporting
import Sandbox
import Scanning

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Judges model files without loading them.")

    @Argument(help: "Files, folders and archives to scan; - is standard input.")
    var paths: [String]

    @Option(help: "text or json.")
    var format = ReportFormat.text

    @Option(help: "Lowest severity that fails the scan: low, medium, high or critical.")
    var failOn = Threshold.medium

    func run() throws {
        let result = ScanSession().run(paths)
        let report = ScanReport(
            version: Version.current, files: result.files.map { ScanReport.File($0) }, excluded: result.excluded,
            threshold: failOn.severity)
        switch format {
        case .text: print(TerminalReport().render(report), terminator: "")
        case .json: print(JSONReport().render(report), terminator: "")
        }
        throw ExitCode(report.verdict.rawValue)
    }
}

enum ReportFormat: String, CaseIterable, ExpressibleByArgument { case text, json }

/// A severity that a scan can be told to fail on.
enum Threshold: String, CaseIterable, ExpressibleByArgument {
    case low, medium, high, critical

    var severity: Severity { Severity(name: rawValue) ?? .medium }
}
