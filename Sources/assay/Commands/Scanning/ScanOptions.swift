import ArgumentParser

/// Files that get the report in another form, so that one scan serves a person and a pipeline.
struct ReportFileOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Also write JSON here.", valueName: "file"), completion: .file())
    var json: String?

    @Option(help: ArgumentHelp("Also write SARIF 2.1.0 here.", valueName: "file"), completion: .file())
    var sarif: String?

    @Option(help: ArgumentHelp("Also write JUnit XML here.", valueName: "file"), completion: .file())
    var junit: String?

    @Option(help: ArgumentHelp("Also write Markdown here.", valueName: "file"), completion: .file())
    var markdown: String?

    @Option(help: ArgumentHelp("Also write a self-contained HTML page here.", valueName: "file"), completion: .file())
    var html: String?

    @Option(
        help: ArgumentHelp("Write an in-toto statement about the files' digests here.", valueName: "file"),
        completion: .file())
    var evidence: String?

    @Flag(help: "Put the SHA-256 of every file into the reports; reads every byte.")
    var digests = false

    var wanted: [(ReportFormat, String)] {
        let all: [(ReportFormat, String?)] = [
            (.json, json), (.sarif, sarif), (.junit, junit), (.markdown, markdown), (.html, html),
        ]
        return all.compactMap { format, path in path.map { (format, $0) } }
    }

    /// Where they all go.
    var places: [String] { wanted.map(\.1) + (evidence.map { [$0] } ?? []) }
}

/// Which of the files below a folder are scanned.
struct SelectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Scan only paths that match; may be given again.", valueName: "glob"))
    var include: [String] = []

    @Option(help: ArgumentHelp("Leave out paths that match; may be given again.", valueName: "glob"))
    var exclude: [String] = []
}

/// How the scan is run and shown.
struct RunningOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Files read at a time (default: one a processor).", valueName: "n"))
    var jobs: Int?

    @Option(help: ArgumentHelp("Seconds that one file may take (default: 300).", valueName: "seconds"))
    var timeout: Int?

    @Flag(help: "Read files in this process instead of contained ones.")
    var noSandbox = false

    @Flag(name: .shortAndLong, help: "Only findings at or over the threshold; nothing at all when there are none.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Everything: all findings, clean files, and what contains the readers.")
    var verbose = false

    @Option(help: "When the text report is coloured; NO_COLOR is heeded.")
    var color = ColourChoice.auto

    @Flag(help: "No progress bar.")
    var noProgress = false

    mutating func validate() throws {
        if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other") }
        if let jobs, jobs < 1 { throw ValidationError("--jobs is at least 1") }
        if let timeout, timeout < 1 { throw ValidationError("--timeout is at least 1") }
    }
}
