public import AssayCore

/// What an organisation decided about scans: read from `assay.yaml` by `PolicyReader`.
///
/// A policy never makes a finding vanish: it changes a severity, which is counted, or suppresses for a stated reason
/// until a stated day, which is listed.
public struct Policy: Sendable {
    /// Another severity for a rule's findings, everywhere or in some files.
    public struct Override: Sendable, Hashable {
        public var rule: String
        public var severity: Severity
        public var path: Glob?
    }

    /// Findings that are known and accepted for a while.
    public struct Suppression: Sendable, Hashable {
        public var rule: String
        public var path: Glob
        /// Pattern for the members that lead to the finding, joined by `/`; nil means any.
        public var member: Glob?
        /// Text that the message has to contain; nil means any.
        public var message: String?
        public var reason: String
        /// The last day on which it holds.
        public var expires: CalendarDate
        /// Where it stands in the policy file, counted from 1.
        public var line: Int
    }

    public var failOn: Severity?
    public var include: [String] = []
    public var exclude: [String] = []
    public var overrides: [Override] = []
    public var suppressions: [Suppression] = []
    /// Names, limits: what the scan itself is told.
    public var settings = ScanSettings()
    /// Seconds that one file may take.
    public var secondsPerFile: Int?

    public init() {}

    /// Applies the policy to one file's report, as of `today`; says how many findings changed their severity.
    public func apply(to report: FileReport, today: CalendarDate) -> Outcome {
        var outcome = Outcome(report: report)
        outcome.report.findings = []
        for finding in report.findings {
            var finding = finding
            // The last matching override wins, so that a narrow one can follow a wide one.
            for override in overrides
            where override.rule == finding.rule && override.path?.matches(report.path) ?? true {
                outcome.changed += override.severity == finding.severity ? 0 : 1
                finding.severity = override.severity
            }
            let match = suppressions.first { $0.expires >= today && $0.covers(finding, in: report.path) }
            if let match {
                outcome.suppressed.append(
                    SuppressedFinding(finding, source: .policy, reason: match.reason, expires: match.expires))
            } else {
                outcome.report.findings.append(finding)
            }
        }
        return outcome
    }

    /// Suppressions whose day has passed.
    public func expired(today: CalendarDate) -> [Suppression] { suppressions.filter { $0.expires < today } }

    /// A report after the policy.
    public struct Outcome: Sendable {
        public var report: FileReport
        public var suppressed: [SuppressedFinding] = []
        /// Findings whose severity the policy changed.
        public var changed = 0
    }
}

extension Policy.Suppression {
    func covers(_ finding: Finding, in path: String) -> Bool {
        guard finding.rule == rule, self.path.matches(path) else { return false }
        if let member, !member.matches(finding.location.members.joined(separator: "/")) { return false }
        if let message, !finding.message.contains(message) { return false }
        return true
    }
}
