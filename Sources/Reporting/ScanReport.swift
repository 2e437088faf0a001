package import AssayCore
package import Scanning

/// Everything a scan has to tell: what each format renders, and what the exit status is derived from.
package struct ScanReport: Sendable {
    /// One file's report, and what the policy or the baseline took out of it.
    package struct File: Sendable {
        package var report: FileReport
        /// Findings that do not count, with who said so.
        package var suppressed: [SuppressedFinding]

        package init(_ report: FileReport, suppressed: [SuppressedFinding] = []) {
            self.report = report
            self.suppressed = suppressed
        }

        /// The file's outcome: what was found and does not count was found all the same.
        package var outcome: FileReport.Outcome {
            report.outcome == .clean && !suppressed.isEmpty ? .flagged : report.outcome
        }

        /// The one word for the file: how bad it is, or why that is not known.
        package func standing(threshold: Severity) -> String {
            switch outcome {
            case .error: "error"
            case .incomplete where report.severity < threshold: "incomplete"
            case .flagged where report.findings.isEmpty: "suppressed"
            case .clean: "clean"
            case .incomplete, .flagged: report.severity.name
            }
        }
    }

    /// The identifier of the JSON report's schema; it changes when a reader of the old one would break.
    package static let schema = "urn:assay:scan-report:1"

    /// Version of the program.
    package var version: String
    /// In the order of the walk.
    package var files: [File]
    /// Files that include and exclude patterns left out.
    package var excluded: Int
    /// The severity from which a finding fails the scan.
    package var threshold: Severity
    /// What a reader has to know about the scan itself: expired suppressions, a policy that was used.
    package var notices: [String]
    /// The rules that the findings are of; the shipped ones, which are read when they are asked for, unless set.
    package var catalogue: RuleCatalogue {
        get { ownCatalogue ?? .shipped }
        set { ownCatalogue = newValue }
    }
    private var ownCatalogue: RuleCatalogue?

    package init(
        version: String, files: [File], excluded: Int = 0, threshold: Severity = .medium, notices: [String] = []
    ) {
        self.version = version
        self.files = files
        self.excluded = excluded
        self.threshold = threshold
        self.notices = notices
    }

    /// How many files ended with that outcome.
    package func count(_ outcome: FileReport.Outcome) -> Int {
        files.count { $0.outcome == outcome }
    }

    /// How many findings are of that severity.
    package func count(_ severity: Severity) -> Int {
        files.reduce(0) { $0 + $1.report.findings.count { $0.severity == severity } }
    }

    /// All findings that count.
    package var findingCount: Int { files.reduce(0) { $0 + $1.report.findings.count } }

    /// Findings that the policy or the baseline took out.
    package var suppressedCount: Int { files.reduce(0) { $0 + $1.suppressed.count } }

    /// Bytes of all files.
    package var size: Int { files.reduce(0) { $0 &+ $1.report.size } }

    /// Severity of the worst finding of all.
    package var severity: Severity { files.map(\.report.severity).max() ?? .none }

    /// The outcome of the whole: the exit status of `assay scan`. A finding comes before everything else, so that nothing
    /// laid beside a file, such as a link that leads nowhere, can turn it into a mere error. Where no file was scanned,
    /// nothing has passed.
    package var verdict: Verdict {
        if severity >= threshold, severity > .none { return .failed }
        if count(.error) > 0 || files.isEmpty { return .error }
        if count(.incomplete) > 0 { return .incomplete }
        return .passed
    }

    /// What the verdict comes from, in words that fit behind it.
    package var reason: String {
        switch verdict {
        case .passed: return "nothing at or over \(threshold.name)"
        case .failed:
            let bad = files.count { $0.report.severity >= threshold }
            let share = bad == files.count ? "" : "\(Humane.grouped(bad)) of "
            return "\(share)\(Humane.count(files.count, "file")) at or over \(threshold.name)"
        case .error where files.isEmpty:
            return excluded == 0
                ? "nothing was scanned: there is no file under the paths"
                : "nothing was scanned: the patterns leave out all that is there"
        case .error: return "\(Humane.count(count(.error), "file")) could not be read"
        case .incomplete: return "\(Humane.count(count(.incomplete), "file")) not read to the end"
        }
    }

    /// Files with the worst first; equals stay in the order of the walk.
    package var ranked: [File] {
        files.enumerated().sorted { left, right in
            let (a, b) = (Self.rank(left.element.report), Self.rank(right.element.report))
            return a == b ? left.offset < right.offset : a > b
        }.map(\.element)
    }

    private static func rank(_ report: FileReport) -> Int {
        let outcome =
            switch report.outcome {
            case .error: 2
            case .incomplete: 1
            case .flagged, .clean: 0
            }
        return Int(report.severity.rawValue) * 4 + outcome
    }
}

/// What a scan comes to, and the exit status that says so.
package enum Verdict: Int32, Sendable, CaseIterable {
    /// Everything was read and nothing reaches the threshold.
    case passed = 0
    /// A finding reaches the threshold.
    case failed = 1
    /// Nothing reaches the threshold, but a file could not be read, there was none, or the command could not be
    /// understood.
    case error = 2
    /// Nothing reaches the threshold, but not everything was read.
    case incomplete = 3

    package var name: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .error: "error"
        case .incomplete: "incomplete"
        }
    }
}
