import ArgumentParser
import AssayCore
import ByteParsing
import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Judges model files without loading them.")

    @Argument(help: "Files to scan.")
    var paths: [String]

    func run() throws {
        let scanner = FileScanner()
        for path in paths {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            let size = Int(lseek(descriptor, 0, SEEK_END))
            let report = scanner.scan(try ByteRegion.map(descriptor: descriptor, count: size), path: path)
            print("\(report.severity.name)\t\(report.outcome.rawValue)\t\(report.format)\t\(path)")
            for finding in report.findings {
                print("    \(finding.severity.name) \(finding.rule) \(finding.message) \(finding.location.text)")
            }
        }
    }
}
