import ArgumentParser
import AssayCore

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Judges model files without loading them.",
        discussion: """
            Nothing in a file is ever executed, imported or unpickled. Files are recognised by content, never by name; \
            archives are followed into their members.

            Exit status: 0 nothing at or over the threshold, 1 a finding at or over it, whatever else there is, 2 a usage \
            error, a file that could not be read or no file at all, 3 not everything was read.
            """)

    @Argument(
        help: ArgumentHelp("Files, folders and archives to scan; - is standard input.", valueName: "path"),
        completion: .file())
    var paths: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Form of the report on standard output, or in the file that --output names."))
    var format = ReportFormat.text

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Write the report here instead of standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    @OptionGroup(title: "More reports of the same scan")
    var reports: ReportFileOptions

    @Option(help: ArgumentHelp("Lowest severity that fails the scan (default: medium).", valueName: "severity"))
    var failOn: Threshold?

    @OptionGroup(title: "What it is judged by")
    var judging: PolicyOptions

    @OptionGroup(title: "Which files")
    var selection: SelectionOptions

    @OptionGroup(title: "Limits")
    var limits: LimitOptions

    @OptionGroup(title: "How it runs")
    var running: RunningOptions

    /// One place takes one report.
    mutating func validate() throws {
        var taken: Set<String> = []
        for place in [output ?? "-"] + reports.places where !taken.insert(place).inserted {
            throw ValidationError(
                place == "-"
                    ? "two reports would go to standard output: choose one with --format, and name files for others"
                    : "two reports would be written to \(Printable.line(place))")
        }
    }

    func run() throws { try job.run() }

    /// What the options come to.
    var job: ScanJob {
        var job = ScanJob(paths: paths)
        job.format = format
        job.output = output
        job.reports = reports.wanted.map { ScanJob.ReportFile(format: $0.0, path: $0.1) }
        job.evidence = reports.evidence
        job.digests = reports.digests
        job.failOn = failOn?.severity
        job.policy = judging.policy
        job.usesPolicy = !judging.noPolicy
        job.baseline = judging.baseline
        job.writeBaseline = judging.writeBaseline
        job.baselineReason = judging.baselineReason ?? ""
        job.baselineDays = judging.baselineDays
        job.include = selection.include
        job.exclude = selection.exclude
        job.limits = limits.changes
        job.jobs = running.jobs
        job.timeout = running.timeout
        job.isSandboxed = !running.noSandbox
        job.isQuiet = running.quiet
        job.isVerbose = running.verbose
        job.color = running.color
        job.showsProgress = !running.noProgress
        return job
    }
}

enum ReportFormat: String, CaseIterable, ExpressibleByArgument { case text, json, sarif, junit, markdown, html }

/// A severity that a scan can be told to fail on.
enum Threshold: String, CaseIterable, ExpressibleByArgument {
    case low, medium, high, critical

    var severity: Severity { Severity(name: rawValue) ?? .medium }
}
