public import AssayCore

/// A finding that does not count, and who answers for that.
public struct SuppressedFinding: Sendable, Hashable {
    /// What took the finding out of the verdict.
    public enum Source: String, Sendable { case policy, baseline }
    public var finding: Finding
    public var source: Source
    public var reason: String
    /// The last day on which it holds.
    public var expires: CalendarDate

    public init(_ finding: Finding, source: Source, reason: String, expires: CalendarDate) {
        self.finding = finding
        self.source = source
        self.reason = reason
        self.expires = expires
    }
}
