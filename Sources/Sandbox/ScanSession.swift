public import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Scans files and folders: finds the files, reads each in a contained process, and hands the reports on in order.
public struct ScanSession: Sendable {
    /// What decides beside the files.
    public struct Options: Sendable {
        public var settings = ScanSettings()
        /// Patterns (`*`, `?`, `**`, `[…]`) of paths to scan; empty means all.
        public var include: [String] = []
        /// Patterns of paths to leave out; what they leave out is counted in the report.
        public var exclude: [String] = []
        /// Worker processes at a time.
        public var jobs = 2
        /// Whether files are read in a sandboxed child process.
        public var isSandboxed = true
        /// Seconds of wall clock that one file may take before its worker is killed.
        public var secondsPerFile = 300
        public init() {}
    }

    /// What there is to tell while the scan runs.
    public struct Progress: Sendable {
        public var files = 0
        public var totalFiles = 0
        public var bytes = 0
        public var totalBytes = 0
        public var current = ""
        public init() {}
    }

    /// The outcome of a session.
    public struct Result: Sendable {
        /// One entry a file, in the order of the walk.
        public var files: [FileReport] = []
        /// Files that the patterns left out.
        public var excluded = 0
        /// What contains the readers, for `--verbose`: one line a mechanism.
        public var containment: [String] = []
        public init() {}
    }

    private let options: Options
    /// The program that is started as a worker; the running one unless a test says otherwise.
    private let program: String

    public init(options: Options = Options(), program: String? = nil) {
        self.options = options
        self.program = program ?? WorkerProcess.program()
    }

    /// Scans everything under `paths`; `-` is standard input. Reports are handed to `each` in the order of the walk.
    public func run(
        _ paths: [String], progress: (Progress) -> Void = { _ in }, each: (FileReport) -> Void = { _ in }
    ) -> Result {
        var walk = FileWalk(include: options.include, exclude: options.exclude)
        for path in paths { path == "-" ? walk.addStandardInput() : walk.add(path) }
        var run = ScanRun(files: walk.files, options: options, program: program)
        run.finish(progress: progress, each: each)
        var result = Result()
        result.files = CompanionCode.settled(run.reports)
        result.excluded = walk.excluded
        result.containment = run.containment
        return result
    }
}
