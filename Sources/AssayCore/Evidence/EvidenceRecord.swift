internal import ByteParsing

/// A piece of evidence as its readers take it: what it says, about which digests, and how far it can be relied on.
public struct EvidenceRecord: Sendable {
    /// What is known about who stands behind the evidence.
    public enum Standing: Sendable, Hashable {
        /// Keys that the reader trusts signed it; their hints.
        case verified(signers: [String])
        /// Nobody signed it.
        case unsigned
        /// It bears signatures, and none of them could be relied on.
        case notVerified(reason: String)

        /// The word for reports.
        public var name: String {
            switch self {
            case .verified: "verified"
            case .unsigned: "unsigned"
            case .notVerified: "not-verified"
            }
        }
    }

    /// File name relative to the evidence folder.
    public let name: String
    /// SHA-256 of the file's bytes, in lower-case hexadecimal.
    public let sha256: String
    /// Short name of the predicate type, or its URI when the type has none.
    public let kind: String
    public let statement: Statement
    /// Whether a trusted key signed it.
    public let standing: Standing
    /// The day that the predicate says it was made on; nil when it says none.
    public let issued: CalendarDate?

    public init(name: String, sha256: String, statement: Statement, standing: Standing) {
        self.name = name
        self.sha256 = sha256
        self.statement = statement
        self.standing = standing
        kind = PredicateType(named: statement.predicateType)?.name ?? statement.predicateType
        issued = Self.date(of: statement)
    }

    /// Whether one of the subjects has one of these SHA-256 digests.
    /// - Parameter digests: Lower-case hexadecimal.
    public func matches(_ digests: Set<String>) -> Bool {
        statement.subjects.contains { subject in
            subject.digests["sha256"].map { digests.contains($0.lowercased()) } ?? false
        }
    }

    /// Where predicates write when they were made, the end of what was done before its beginning: Assay's own types,
    /// SLSA provenance v1, in-toto vulnerability reports v0.1, CycloneDX.
    private static let dates: [[String]] = [
        ["issued", "date"], ["issued"], ["finished"], ["date"], ["created"], ["assessed"], ["verifiedOn"],
        ["period", "end"], ["timestamp"], ["runDetails", "metadata", "finishedOn"],
        ["runDetails", "metadata", "startedOn"], ["metadata", "scanFinishedOn"], ["metadata", "scanStartedOn"],
        ["metadata", "timestamp"], ["creationInfo", "created"], ["started"],
    ]

    private static func date(of statement: Statement) -> CalendarDate? {
        for path in dates {
            var value: JSONValue? = statement.predicate
            for name in path { value = value?[name] }
            if let day = value?.string.flatMap({ CalendarDate(moment: $0) }) { return day }
        }
        return nil
    }
}
