package import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Scans files and folders: finds the files, reads each in a contained process, and hands the reports on in order.
package struct ScanSession: Sendable {
    /// What decides beside the files.
    package struct Options: Sendable {
        /// What readers and judges go by; workers get it when they start.
        package var settings = ScanSettings()
        /// Patterns (`*`, `?`, `**`, `[…]`) of paths to scan; empty means all.
        package var include: [String] = []
        /// Patterns of paths to leave out; what they leave out is counted in the report.
        package var exclude: [String] = []
        /// Worker processes at a time.
        package var jobs = 2
        /// Whether files are read in a sandboxed child process.
        package var isSandboxed = true
        /// Seconds of wall clock that one file may take before its worker is killed.
        package var secondsPerFile = 300
        package init() {}
    }

    /// What there is to tell while the scan runs.
    package struct Progress: Sendable {
        /// Files that are done.
        package var files = 0
        /// Files that the walk found.
        package var totalFiles = 0
        /// Bytes of the files that are done.
        package var bytes = 0
        /// Bytes of the files that the walk found.
        package var totalBytes = 0
        /// The file that was reported last.
        package var current = ""
        package init() {}
    }

    /// The outcome of a session.
    package struct Result: Sendable {
        /// One entry a file, in the order of the walk.
        package var files: [FileReport] = []
        /// Files that the patterns left out.
        package var excluded = 0
        /// What contains the readers, for `--verbose`: one line a mechanism.
        package var containment: [String] = []
        package init() {}
    }

    private let options: Options
    /// The program that is started as a worker; the running one unless a test says otherwise.
    private let program: String

    /// - Parameter program: the worker; nil for the running program.
    package init(options: Options = Options(), program: String? = nil) {
        self.options = options
        self.program = program ?? WorkerProcess.program()
    }

    /// Scans everything under `paths`; `-` is standard input. Reports are handed to `each` in the order of the walk.
    package func run(
        _ paths: [String], progress: (Progress) -> Void = { _ in }, each: (FileReport) -> Void = { _ in }
    ) -> Result {
        var walk = FileWalk(include: options.include, exclude: options.exclude)
        walk.add(paths)
        var run = ScanRun(files: walk.files, options: options, program: program)
        run.finish(progress: progress, each: each)
        var result = Result()
        result.files = CompanionCode.settled(run.reports)
        result.excluded = walk.excluded
        result.containment = run.containment
        return result
    }
}
