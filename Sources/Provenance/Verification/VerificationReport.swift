public import AssayCore

/// The answer to "is this the model that was signed?", as an auditor would give it.
public struct VerificationReport: Sendable {
    /// What came of a step, or of all.
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

    /// What the signature says that it is over.
    public struct Signed: Sendable, Hashable {
        public var name = ""
        /// SHA-256 in lower-case hexadecimal; nil for version 0.2, which had none.
        public var rootDigest: String?
        /// SHA-256 of the one file whose bytes were signed, lower-case hexadecimal; nil for signatures over a list of files.
        public var fileDigest: String?
        public var files = 0
        public var algorithm = HashAlgorithm.sha256
        /// Bytes of a shard; nil for one digest a file.
        public var shardSize: Int?
    }

    /// A file or secret that the verifier was given to trust, named by a digest that does not give a secret away.
    public struct Anchor: Sendable, Hashable {
        public let kind: String
        public let sha256: String
    }

    public var outcome: Outcome = .notVerified
    /// Why the outcome is not "verified", the first cause first.
    public var reasons: [String] = []
    /// What the signature was made with: `key`, `certificate`, `sigstore` or `hmac-sha256`; nil when it cannot be read.
    public var method: String?
    /// SHA-256 of the signature file, lower-case hexadecimal.
    public var signatureDigest = ""
    /// Who signed, as far as the signature proves it.
    public var signer: [Fact] = []
    /// What the trust in the signer rests on.
    public var trust = ""
    /// What was given to be trusted; empty for the roots of the system.
    public var anchors: [Anchor] = []
    /// Over what; nil when the signature did not prove it.
    public var signed: Signed?
    public var comparison: ManifestComparison?
    /// Files in the model that the signature says nothing about.
    public var uncovered: [ModelPath] = []
    /// Links that were followed, with their targets.
    public var followedLinks: [Fact] = []
    /// What limits the meaning of the outcome.
    public var caveats: [String] = []
    /// What was on disk, for evidence about it; see `ModelVerifier.Options.measuresSubjects`.
    public var subjects: [Statement.Subject] = []

    public init() {}

    mutating func refuse(_ reason: String) {
        outcome = .notVerified
        reasons.append(reason)
    }
}
