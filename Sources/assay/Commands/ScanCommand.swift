import ArgumentParser
import AssayCore
import Sandbox
import Scanning

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Judges model files without loading them.")

    @Argument(help: "Files to scan.")
    var paths: [String]

    func run() throws {
        _ = ScanSession().run(
            paths,
            each: { report in
                print("\(report.severity.name)\t\(report.outcome.rawValue)\t\(report.format)\t\(report.path)")
                for finding in report.findings {
                    print("    \(finding.severity.name) \(finding.rule) \(finding.message) \(finding.location.text)")
                }
            })
    }
}
