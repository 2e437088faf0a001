public import AssayCore

/// Policy and baseline together, as of one day: what is left of the reports, what was taken out, and what a reader has
/// to know about that.
public struct Judgement: Sendable {
    /// A report with what was taken out of it.
    public struct File: Sendable {
        public var report: FileReport
        public var suppressed: [SuppressedFinding]
    }

    private let policy: Policy?
    private let policyName: String
    private let baseline: Baseline?
    private let baselineName: String
    private let today: CalendarDate

    /// The names are those of the files, for the notices.
    public init(
        policy: Policy? = nil, named policyName: String = "assay.yaml", baseline: Baseline? = nil,
        named baselineName: String = "baseline", today: CalendarDate
    ) {
        self.policy = policy
        self.policyName = policyName
        self.baseline = baseline
        self.baselineName = baselineName
        self.today = today
    }

    /// Applies policy and baseline to the reports; the notices say what they changed, and what of them has run out.
    public func judge(_ reports: [FileReport]) -> (files: [File], notices: [String]) {
        var changed = 0
        let files = reports.map { report in
            var file = File(report: report, suppressed: [])
            if let policy {
                let outcome = policy.apply(to: file.report, today: today)
                file = File(report: outcome.report, suppressed: outcome.suppressed)
                changed += outcome.changed
            }
            if let baseline {
                let (rest, suppressed) = baseline.apply(to: file.report, today: today)
                file = File(report: rest, suppressed: file.suppressed + suppressed)
            }
            return file
        }
        return (files, notices(changed: changed))
    }

    private func notices(changed: Int) -> [String] {
        var notices: [String] = []
        if let policy {
            notices.append("the policy \(policyName) is in force")
            if changed > 0 {
                notices.append("\(policyName) changed the severity of \(changed) finding\(changed == 1 ? "" : "s")")
            }
            for one in policy.expired(today: today) {
                notices.append(
                    "\(policyName):\(one.line): the suppression of \(one.rule) expired on \(one.expires) and no longer counts"
                )
            }
            if !policy.settings.allowedNames.isEmpty {
                notices.append("\(policyName) vouches for " + policy.settings.allowedNames.joined(separator: ", "))
            }
        }
        if let baseline {
            notices.append("the baseline \(baselineName) is in force")
            let expired = baseline.expired(today: today).count
            if expired > 0 {
                notices.append(
                    "\(baselineName): \(expired == 1 ? "1 entry has expired and no longer counts" : "\(expired) entries have expired and no longer count")"
                )
            }
        }
        return notices
    }
}
