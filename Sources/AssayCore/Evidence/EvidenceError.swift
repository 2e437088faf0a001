/// Why something that claims to be evidence is none: the reason in one sentence.
public struct EvidenceError: Error, Sendable, Hashable, CustomStringConvertible {
    public let reason: String
    public init(_ reason: String) { self.reason = reason }
    public var description: String { reason }
}
