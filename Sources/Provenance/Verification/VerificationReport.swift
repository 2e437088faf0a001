/// The answer to "is this the model that was signed?", as an auditor would give it.
public struct VerificationReport: Sendable {
    public enum Outcome: String, Sendable {
        /// The signature is good, its signer is trusted, and every file it covers is there unchanged and alone.
        case verified
        /// Something speaks against it; the reasons say what.
        case notVerified = "not-verified"
        /// Nothing speaks against it, but something could not be read or kept changing.
        case undecided

        /// The words for people.
        public var title: String {
            switch self {
            case .verified: "verified"
            case .notVerified: "not verified"
            case .undecided: "could not decide"
            }
        }
        /// The exit status: 0, 1 and 3.
        public var status: Int32 {
            switch self {
            case .verified: 0
            case .notVerified: 1
            case .undecided: 3
            }
        }
    }

    /// A labelled fact, for reports in order.
    public struct Fact: Sendable, Hashable {
        public let name: String
        public let value: String
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public var outcome: Outcome = .notVerified
    /// Why the outcome is not "verified", the first cause first.
    public var reasons: [String] = []
    /// Who signed, as far as the signature proves it.
    public var signer: [Fact] = []
    /// What the trust in the signer rests on.
    public var trust = ""
    /// Over what: name, root digest, method, number of files.
    public var subject: [Fact] = []
    public var comparison: ManifestComparison?
    /// Files in the model that the signature says nothing about.
    public var uncovered: [ModelPath] = []
    /// Links that were followed, with their targets.
    public var followedLinks: [Fact] = []
    /// What limits the meaning of the outcome.
    public var caveats: [String] = []

    public init() {}

    mutating func refuse(_ reason: String) {
        outcome = .notVerified
        reasons.append(reason)
    }
}
