public import ByteParsing

/// What a statement claims: the kinds of evidence that Assay knows by name, each with its type URI.
public struct PredicateType: Sendable, Hashable {
    /// The short name for command lines.
    public let name: String
    public let uri: String
    /// Members that the predicate has to have, as paths; a type that is not known has none. Of the types of SLSA and
    /// in-toto, `PredicateShape` says more.
    public let required: [[String]]

    init(_ name: String, _ uri: String, _ required: [[String]]) {
        self.name = name
        self.uri = uri
        self.required = required
    }

    /// Where the JSON Schemas of Assay's own types are published; in the repository they lie under `Schemas/`.
    public static let own = "https://assay.dev/evidence/"

    public static let slsaProvenance = PredicateType(
        "slsa-provenance", "https://slsa.dev/provenance/v1",
        [
            ["buildDefinition", "buildType"], ["buildDefinition", "externalParameters"],
            ["runDetails", "builder", "id"],
        ])
    /// A scan report, and when the scan ended.
    public static let scan = PredicateType("scan", own + "scan/v1", [["schema"], ["tool"], ["files"], ["finished"]])
    /// The answer of `assay verify`.
    public static let signatureVerification = PredicateType(
        "signature-verification", own + "signature-verification/v1",
        [["tool"], ["finished"], ["outcome"], ["signature", "digest"], ["trust"], ["notCovered"]])
    /// What somebody measured of a model.
    public static let evaluation = PredicateType("evaluation", own + "evaluation/v1", [["metrics"], ["data"]])
    public static let cyclonedx = PredicateType(
        "cyclonedx", "https://cyclonedx.org/bom", [["bomFormat"], ["specVersion"]])

    public static let spdx = PredicateType("spdx", "https://spdx.dev/Document", [["@graph"]])

    /// All kinds that have a name.
    public static let all: [PredicateType] = [
        slsaProvenance,
        PredicateType(
            "test-result", "https://in-toto.io/attestation/test-result/v0.1", [["result"], ["configuration"]]),
        PredicateType(
            "vulns", "https://in-toto.io/attestation/vulns/v0.1",
            [["scanner", "uri"], ["scanner", "result"], ["metadata", "scanStartedOn"]]),
        PredicateType(
            "link", "https://in-toto.io/attestation/link/v0.3", [["name"], ["command"], ["materials"]]),
        cyclonedx,
        spdx,
        scan,
        signatureVerification,
        PredicateType("model-card", own + "model-card/v1", [["schema"], ["subject"]]),
        PredicateType("security-card", own + "security-card/v1", [["schema"], ["subject"]]),
        PredicateType(
            "card-redaction", own + "card-redaction/v1", [["audience"], ["card"], ["reviewer"], ["withheld"]]),
        PredicateType("data-card", own + "data-card/v1", [["schema"]]),
        PredicateType("control-assessment", own + "control-assessment/v1", [["schema"], ["results"]]),
        PredicateType("dataset-check", own + "dataset-check/v1", [["check"], ["outcome"]]),
        PredicateType("check-result", own + "check-result/v1", [["kind"]]),
        evaluation,
        PredicateType("approval", own + "approval/v1", [["decision"], ["approver"], ["reason"]]),
    ]

    /// The short names, for messages.
    public static var names: String { all.map(\.name).joined(separator: ", ") }

    /// The kind with that short name or URI; any other URI is a kind of its own, of which nothing is demanded.
    public init?(named text: String) {
        if let known = Self.all.first(where: { $0.name == text || $0.uri == text }) {
            self = known
        } else if Self.isURI(text) {
            self.init(text, text, [])
        } else {
            return nil
        }
    }

    /// Whether the text starts with a scheme (RFC 3986, section 3.1): `https:`, `urn:`.
    static func isURI(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), let first = text.utf8.first,
            (first | 0x20) >= 0x61, (first | 0x20) <= 0x7A, text.utf8.index(after: colon) < text.utf8.endIndex
        else { return false }
        return text.utf8[..<colon].allSatisfy {
            ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2B || $0 == 0x2D
                || $0 == 0x2E
        }
    }

    /// What messages call the predicate as a whole.
    static let place = "the predicate"

    /// The first thing that the predicate lacks, or nil when it has what the type demands.
    public func deficiency(of predicate: JSONValue) -> String? {
        guard predicate.isObject else { return "the predicate is not an object" }
        for path in required {
            var value: JSONValue? = predicate
            for name in path { value = value?[name] }
            if value == nil || value?.isNull == true { return "the predicate has no \(path.joined(separator: "."))" }
        }
        if let shape = PredicateShape.known[uri] { return shape.deficiency(of: predicate, at: Self.place) }
        switch (name, predicate["decision"]?.string) {
        case ("approval", let decision?) where !["approved", "rejected"].contains(decision):
            return "the decision is neither approved nor rejected"
        case ("signature-verification", _)
        where !["verified", "not-verified", "undecided"].contains(predicate["outcome"]?.string):
            return "the outcome is none of verified, not-verified and undecided"
        default: return nil
        }
    }
}
