/// How bad a finding is, ordered.
public enum Severity: UInt8, Sendable, Hashable, Comparable, CaseIterable {
    case none, low, medium, high, critical

    public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }

    /// The lower-case word used in reports, policies and flags.
    public var name: String {
        switch self {
        case .none: "none"
        case .low: "low"
        case .medium: "medium"
        case .high: "high"
        case .critical: "critical"
        }
    }

    public init?(name: some StringProtocol) {
        guard let found = Severity.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// One step lower, but never `none`.
    public var lowered: Severity { self <= .low ? self : Severity(rawValue: rawValue - 1) ?? self }
}
