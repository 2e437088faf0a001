import ArgumentParser
import AssayCore
import Reporting
import Sandbox
import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Judges model files without loading them.",
        discussion: """
            Nothing in a file is ever executed, imported or unpickled. Files are recognised by content, never by name; \
            archives are followed into their members.

            Exit status: 0 nothing at or over the threshold, 1 a finding at or over it, 2 a usage error or a file that \
            could not be read, 3 not everything was read.
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

    func run() throws {
        guard let today = CalendarDate(Clock.today) else { throw CommandFailure("the clock shows no day") }
        let policy = try judging.readPolicy()
        var baseline = try judging.readBaseline()
        var options = ScanSession.Options()
        options.settings = policy?.policy.settings ?? ScanSettings()
        options.include = selection.include.isEmpty ? policy?.policy.include ?? [] : selection.include
        options.exclude = (policy?.policy.exclude ?? []) + selection.exclude
        limits.apply(to: &options.settings.limits)
        options.settings.computesDigests = reports.evidence != nil || reports.digests
        running.apply(to: &options, policy: policy?.policy)

        let result = scan(options)
        var baselineName = judging.baseline ?? ""
        if let path = judging.writeBaseline {
            let judged = Judgement(policy: policy?.policy, today: today).judge(result.files)
            let accepted = Baseline(
                accepting: judged.files.map(\.report), reason: judging.baselineReason ?? "",
                expires: today.adding(days: judging.baselineDays))
            try FileOutput.write(Array(accepted.text.utf8), to: path)
            (baseline, baselineName) = (accepted, path)
        }
        let judged = Judgement(
            policy: policy?.policy, named: policy?.name ?? "", baseline: baseline, named: baselineName, today: today
        ).judge(result.files)
        let report = ScanReport(
            version: Version.current,
            files: judged.files.map { ScanReport.File($0.report, suppressed: $0.suppressed) },
            excluded: result.excluded, threshold: failOn?.severity ?? policy?.policy.failOn ?? .medium,
            notices: judged.notices)
        if running.verbose {
            for line in result.containment { Output.complain("containment: \(line)") }
        }
        try tell(report)
        throw ExitCode(report.verdict.rawValue)
    }

    private func scan(_ options: ScanSession.Options) -> ScanSession.Result {
        guard !running.noProgress, !running.quiet, Terminal.isTerminal(STDERR_FILENO) else {
            return ScanSession(options: options).run(paths)
        }
        let bar = ProgressBar(isColoured: running.color.applies(to: STDERR_FILENO), columns: Terminal.columns)
        defer { bar.clear() }
        return ScanSession(options: options).run(paths, progress: { bar.show($0) })
    }

    private func tell(_ report: ScanReport) throws {
        let time = Clock.now
        func text(_ format: ReportFormat) -> String {
            switch format {
            case .text:
                var options = TerminalReport.Options()
                options.columns = Terminal.columns
                options.isColoured = running.color.applies(to: output == nil ? STDOUT_FILENO : -1)
                options.isQuiet = running.quiet
                options.isVerbose = running.verbose
                return TerminalReport(options: options).render(report)
            case .json: return JSONReport().render(report)
            case .sarif: return SARIFReport().render(report)
            case .junit: return JUnitReport().render(report)
            case .markdown: return MarkdownReport().render(report)
            case .html: return HTMLReport().render(report, time: time)
            }
        }
        for (format, path) in reports.wanted { try FileOutput.write(Array(text(format).utf8), to: path) }
        if let path = reports.evidence {
            try EvidenceOutput.write(EvidenceStatement().render(report, time: time), to: path)
        }
        // Quiet and clean says nothing at all.
        if running.quiet, format == .text, output == nil, report.verdict == .passed { return }
        try FileOutput.write(Array(text(format).utf8), to: output ?? "-")
    }
}

enum ReportFormat: String, CaseIterable, ExpressibleByArgument { case text, json, sarif, junit, markdown, html }

/// A severity that a scan can be told to fail on.
enum Threshold: String, CaseIterable, ExpressibleByArgument {
    case low, medium, high, critical

    var severity: Severity { Severity(name: rawValue) ?? .medium }
}
