#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Moments as text: RFC 3339 in UTC, to the second.
enum Timestamp {
    static func text(_ date: Date) -> String { date.formatted(.iso8601) }

    /// Reads RFC 3339; fractions of a second are allowed.
    static func date(_ text: String) -> Date? {
        if let date = try? Date(text, strategy: .iso8601) { return date }
        return try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
