package import AssayCore

/// The answer to "is this the model that was signed?", as an auditor would give it.
package struct VerificationReport: Sendable {
    /// What came of a step, or of all.
    package enum Outcome: String, Sendable {
        /// The signature is good, its signer is trusted, and every file it covers is there unchanged and alone.
        case verified
        /// Something speaks against it; the reasons say what.
        case notVerified = "not-verified"
        /// Nothing speaks against it, but something could not be read or kept changing.
        case undecided

        /// The words for people.
        package var title: String {
            switch self {
            case .verified: "verified"
            case .notVerified: "not verified"
            case .undecided: "could not decide"
            }
        }
        /// The exit status: 0, 1 and 3.
        package var status: Int32 {
            switch self {
            case .verified: 0
            case .notVerified: 1
            case .undecided: 3
            }
        }
    }

    /// A labelled fact, for reports in order.
    package struct Fact: Sendable, Hashable {
        package let name: String
        package let value: String
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What the signature says that it is over.
    package struct Signed: Sendable, Hashable {
        /// The name that the signer gave the model; nothing depends on it.
        package var name = ""
        /// SHA-256 in lower-case hexadecimal; nil for version 0.2, which had none.
        package var rootDigest: String?
        /// SHA-256 of the one file whose bytes were signed, lower-case hexadecimal; nil for signatures over a list of files.
        package var fileDigest: String?
        /// How many files it covers.
        package var files = 0
        package var algorithm = HashAlgorithm.sha256
        /// Bytes of a shard; nil for one digest a file.
        package var shardSize: Int?
    }

    /// A file or secret that the verifier was given to trust, named by a digest that does not give a secret away.
    package struct Anchor: Sendable, Hashable {
        /// What it is: `public-key`, `certificates` or `sigstore-trusted-root`.
        package let kind: String
        /// SHA-256 of the file, in lower-case hexadecimal.
        package let sha256: String
    }

    package var outcome: Outcome = .notVerified
    /// Why the outcome is not "verified", the first cause first.
    package var reasons: [String] = []
    /// What the signature was made with: `key`, `certificate`, `sigstore` or `hmac-sha256`; nil when it cannot be read.
    package var method: String?
    /// SHA-256 of the signature file, lower-case hexadecimal.
    package var signatureDigest = ""
    /// Who signed, as far as the signature proves it.
    package var signer: [Fact] = []
    /// What the trust in the signer rests on.
    package var trust = ""
    /// What was given to be trusted; empty for the roots of the system.
    package var anchors: [Anchor] = []
    /// Over what; nil when the signature did not prove it.
    package var signed: Signed?
    /// How the files differ; nil when they were not compared, because the signature does not hold.
    package var comparison: ManifestComparison?
    /// Files in the model that the signature says nothing about.
    package var uncovered: [ModelPath] = []
    /// Links that were followed, with their targets.
    package var followedLinks: [Fact] = []
    /// What limits the meaning of the outcome.
    package var caveats: [String] = []
    /// What was on disk, for evidence about it; see `ModelVerifier.Options.measuresSubjects`.
    package var subjects: [Statement.Subject] = []

    package init() {}

    mutating func refuse(_ reason: String) {
        outcome = .notVerified
        reasons.append(reason)
    }
}

extension ModelVerifier.Trust {
    /// What was given, by digests.
    var anchors: [VerificationReport.Anchor] {
        func anchor(_ kind: String, _ bytes: [UInt8]) -> VerificationReport.Anchor {
            .init(kind: kind, sha256: Hexadecimal.encode(HashAlgorithm.sha256.hash(bytes)))
        }
        switch self {
        case .publicKey(let pem): return [anchor("public-key", pem)]
        case .certificates(let files): return files.map { anchor("certificates", $0) }
        case .sigstore(let root, _, _): return [anchor("sigstore-trusted-root", root)]
        // The digest of a secret could be used to guess it.
        case .mac: return []
        }
    }
}
