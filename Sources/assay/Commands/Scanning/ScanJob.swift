import ArgumentParser
import AssayCore
import ByteParsing
import Reporting
import Sandbox
import Scanning
import YAMLReading

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A scan as the command line asks for it, in plain values.
struct ScanJob: Hashable {
    /// A file that gets the report in another form.
    struct ReportFile: Hashable {
        var format: ReportFormat
        var path: String
    }

    var paths: [String]
    var format = ReportFormat.text
    var output: String?
    var reports: [ReportFile] = []
    var evidence: String?
    var digests = false
    var failOn: Severity?
    var policy: String?
    /// Whether the policy of the working directory counts when none is named.
    var usesPolicy = true
    var baseline: String?
    var writeBaseline: String?
    var baselineReason = ""
    var baselineDays = 90
    var include: [String] = []
    var exclude: [String] = []
    var limits = LimitChanges()
    var jobs: Int?
    var timeout: Int?
    var isSandboxed = true
    var isQuiet = false
    var isVerbose = false
    var color = ColourChoice.auto
    var showsProgress = true

    /// The policy that is read when none is named: of the working directory, never from beside the scanned files,
    /// where whoever made them could have put one.
    private static let policyName = "assay.yaml"

    init(paths: [String]) { self.paths = paths }

    /// Scans, tells and ends with the exit status.
    func run() throws {
        guard let today = CalendarDate(Clock.today) else { throw CommandFailure("the clock shows no day") }
        let policy = try readPolicy()
        var baseline = try readBaseline()
        let result = scan(options(policy?.policy))
        var baselineName = self.baseline ?? ""
        var notices: [String] = []
        if let path = writeBaseline {
            let judged = Judgement(policy: policy?.policy, today: today).judge(result.files)
            let accepted = Baseline(
                accepting: judged.files.map(\.report), reason: baselineReason, expires: today.adding(days: baselineDays)
            )
            try FileOutput.write(Array(accepted.text.utf8), to: path)
            (baseline, baselineName) = (accepted, path)
            let count = accepted.entries.count
            notices.append(
                "\(path) was written: it accepts \(count) finding\(count == 1 ? "" : "s") until "
                    + today.adding(days: baselineDays).description)
        }
        let judged = Judgement(
            policy: policy?.policy, named: policy?.name ?? "", baseline: baseline, named: baselineName, today: today
        ).judge(result.files)
        let report = ScanReport(
            version: Version.current,
            files: judged.files.map { ScanReport.File($0.report, suppressed: $0.suppressed) },
            excluded: result.excluded, threshold: failOn ?? policy?.policy.failOn ?? .medium,
            notices: judged.notices + notices)
        if isVerbose {
            for line in result.containment { Output.complain("containment: \(line)") }
        }
        try tell(report)
        throw ExitCode(report.verdict.rawValue)
    }

    private func options(_ policy: Policy?) -> ScanSession.Options {
        var options = ScanSession.Options()
        options.settings = policy?.settings ?? ScanSettings()
        options.include = include.isEmpty ? policy?.include ?? [] : include
        options.exclude = (policy?.exclude ?? []) + exclude
        limits.apply(to: &options.settings.limits)
        options.settings.computesDigests = evidence != nil || digests
        options.jobs = jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        options.secondsPerFile = timeout ?? policy?.secondsPerFile ?? options.secondsPerFile
        options.isSandboxed = isSandboxed
        return options
    }

    private func readPolicy() throws(CommandFailure) -> (policy: Policy, name: String)? {
        guard usesPolicy else { return nil }
        let name = policy ?? Self.policyName
        guard policy != nil || FileInput.exists(name) else { return nil }
        let text = try FileInput.read(name)
        do throws(YAMLError) {
            return (try PolicyReader().read(text), name)
        } catch {
            throw CommandFailure("\(name):\(error.line): \(error.message)")
        }
    }

    private func readBaseline() throws(CommandFailure) -> Baseline? {
        guard let baseline else { return nil }
        let text = try FileInput.read(baseline)
        do throws(ParseError) {
            return try Baseline(ByteRegion(text))
        } catch {
            throw CommandFailure("\(baseline): \(error)")
        }
    }

    private func scan(_ options: ScanSession.Options) -> ScanSession.Result {
        guard showsProgress, !isQuiet, Terminal.isTerminal(STDERR_FILENO) else {
            return ScanSession(options: options).run(paths)
        }
        let bar = ProgressBar(isColoured: color.applies(to: STDERR_FILENO), columns: Terminal.columns)
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
                options.isColoured = color.applies(to: output == nil ? STDOUT_FILENO : -1)
                options.isQuiet = isQuiet
                options.isVerbose = isVerbose
                return TerminalReport(options: options).render(report)
            case .json: return JSONReport().render(report)
            case .sarif: return SARIFReport().render(report)
            case .junit: return JUnitReport().render(report)
            case .markdown: return MarkdownReport().render(report)
            case .html: return HTMLReport().render(report, time: time)
            }
        }
        for file in reports { try FileOutput.write(Array(text(file.format).utf8), to: file.path) }
        if let path = evidence {
            try EvidenceOutput.write(EvidenceStatement().render(report, time: time), to: path)
        }
        // Quiet and clean says nothing at all.
        if isQuiet, format == .text, output == nil, report.verdict == .passed { return }
        try FileOutput.write(Array(text(format).utf8), to: output ?? "-")
    }
}

extension ScanJob {
    /// The job that a plain command line asks for: `scan`, flags of how it is told, and paths.
    ///
    /// Building the whole grammar of the commands takes longer than scanning a few files does, and most scans are as
    /// plain as this. Nil for everything else, mistakes included: the commands' own parser has the last word.
    init?(plain arguments: [String]) {
        guard arguments.first == "scan" else { return nil }
        self.init(paths: [])
        var rest = arguments.dropFirst()
        while let argument = rest.popFirst() {
            switch argument {
            case "--quiet", "-q": isQuiet = true
            case "--verbose", "-v": isVerbose = true
            case "--no-progress": showsProgress = false
            case "--no-sandbox": isSandboxed = false
            case "--format", "-f":
                guard let format = rest.popFirst().flatMap({ ReportFormat(rawValue: $0) }) else { return nil }
                self.format = format
            default:
                guard !argument.hasPrefix("-"), argument != "help" else { return nil }
                paths.append(argument)
            }
        }
        guard !paths.isEmpty, !(isQuiet && isVerbose) else { return nil }
    }
}
