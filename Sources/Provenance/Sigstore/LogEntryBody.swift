internal import AssayCore
internal import ByteParsing
internal import Crypto

/// What a transparency log recorded, as the entry's canonical body says it.
struct LogEntryBody: Sendable {
    /// What the recorded digest is of.
    enum Subject: Sendable {
        /// The envelope's payload.
        case payload
        /// The envelope's pre-authentication encoding.
        case encoding(Hash)
    }

    enum Hash: String, Sendable {
        case sha256 = "SHA2_256"
        case sha384 = "SHA2_384"
        case sha512 = "SHA2_512"

        func digest(of bytes: [UInt8]) -> [UInt8] {
            switch self {
            case .sha256: Array(SHA256.hash(data: bytes))
            case .sha384: Array(SHA384.hash(data: bytes))
            case .sha512: Array(SHA512.hash(data: bytes))
            }
        }
    }

    /// What a signature is to be verified with, DER.
    enum Signer: Sendable, Hashable {
        case certificate([UInt8])
        /// A SubjectPublicKeyInfo.
        case key([UInt8])
    }

    struct Signature: Sendable {
        let signature: [UInt8]?
        let signer: Signer?
    }

    let subject: Subject
    let digest: [UInt8]?
    let signatures: [Signature]

    /// - Throws: `EvidenceError` when the body is not of the kind and version that its entry says, or of none that is
    ///   read.
    init(_ bytes: [UInt8], kind: String, version: String) throws(EvidenceError) {
        let root: JSONValue
        do {
            root = try JSONDocument(ByteRegion(bytes), dialect: .strict).root
        } catch {
            throw EvidenceError("the transparency log entry is not strict JSON")
        }
        guard root["kind"]?.string == kind, root["apiVersion"]?.string == version else {
            throw EvidenceError("the transparency log entry is of another kind than it says")
        }
        let spec = root["spec"]
        switch (kind, version) {
        case ("dsse", "0.0.1"): self = Self.envelope(spec)
        case ("dsse", "0.0.2"): self = Self.envelope(second: spec?["dsseV002"])
        case ("intoto", "0.0.2"): self = Self.statement(spec?["content"])
        case ("hashedrekord", "0.0.1"): self = try Self.digest(spec)
        case ("hashedrekord", "0.0.2"): self = try Self.digest(second: spec?["hashedRekordV002"])
        default:
            throw EvidenceError(
                "the transparency log entry is of the unsupported kind \(Printable.line(kind + " " + version))")
        }
    }

    private init(subject: Subject, digest: [UInt8]?, signatures: [Signature]) {
        self.subject = subject
        self.digest = digest
        self.signatures = signatures
    }

    /// `dsse` 0.0.1.
    private static func envelope(_ spec: JSONValue?) -> Self {
        let signatures = elements(spec?["signatures"]).map { element in
            Signature(signature: base64(element["signature"]), signer: signer(element["verifier"]))
        }
        return Self(subject: .payload, digest: hexadecimal(spec?["payloadHash"]), signatures: signatures)
    }

    /// `dsse` 0.0.2.
    private static func envelope(second spec: JSONValue?) -> Self {
        let hash = spec?["payloadHash"]
        return Self(
            subject: .payload,
            digest: hash?["algorithm"]?.string == Hash.sha256.rawValue ? base64(hash?["digest"]) : nil,
            signatures: elements(spec?["signatures"]).map { signature($0) })
    }

    /// `intoto` 0.0.2: the log wraps the envelope's own Base64 of a signature in Base64 once more.
    private static func statement(_ content: JSONValue?) -> Self {
        let signatures = elements(content?["envelope"]?["signatures"]).map { element in
            Signature(
                signature: base64(element["sig"]).flatMap { Base64.decode($0) }, signer: signer(element["publicKey"]))
        }
        return Self(subject: .payload, digest: hexadecimal(content?["payloadHash"]), signatures: signatures)
    }

    /// `hashedrekord` 0.0.1.
    private static func digest(_ spec: JSONValue?) throws(EvidenceError) -> Self {
        let hash = spec?["data"]?["hash"]
        guard hash?["algorithm"]?.string == "sha256" else {
            throw EvidenceError("the transparency log entry has an unsupported hash")
        }
        let signed = Signature(
            signature: base64(spec?["signature"]?["content"]),
            signer: signer(spec?["signature"]?["publicKey"]?["content"]))
        return Self(subject: .encoding(.sha256), digest: hexadecimal(hash), signatures: [signed])
    }

    /// `hashedrekord` 0.0.2.
    private static func digest(second spec: JSONValue?) throws(EvidenceError) -> Self {
        guard let hash = spec?["data"]?["algorithm"]?.string.flatMap({ Hash(rawValue: $0) }) else {
            throw EvidenceError("the transparency log entry has an unsupported hash")
        }
        return Self(
            subject: .encoding(hash), digest: base64(spec?["data"]?["digest"]),
            signatures: spec?["signature"].map { [signature($0)] } ?? [])
    }

    private static func elements(_ json: JSONValue?) -> [JSONValue] { json.map { Array($0.elements) } ?? [] }

    private static func base64(_ json: JSONValue?) -> [UInt8]? {
        json.flatMap { $0.kind == .string ? Base64.decode($0.stringBytes) : nil }
    }

    private static func hexadecimal(_ hash: JSONValue?) -> [UInt8]? {
        guard hash?["algorithm"]?.string == "sha256" else { return nil }
        return hash?["value"].flatMap { Hexadecimal.decode($0.stringBytes) }
    }

    /// The certificate or key in a Base64 PEM file with nothing else in it.
    private static func signer(_ json: JSONValue?) -> Signer? {
        guard let pem = base64(json), let blocks = try? PEM.blocks(in: pem), blocks.count == 1 else { return nil }
        switch blocks[0].label {
        case "CERTIFICATE": return .certificate(blocks[0].bytes)
        case "PUBLIC KEY": return .key(blocks[0].bytes)
        default: return nil
        }
    }

    /// The form that the second version of Rekor gives a signature.
    private static func signature(_ json: JSONValue) -> Signature {
        let verifier = json["verifier"]
        return Signature(
            signature: base64(json["content"]),
            signer: base64(verifier?["x509Certificate"]?["rawBytes"]).map { .certificate($0) }
                ?? base64(verifier?["publicKey"]?["rawBytes"]).map { .key($0) })
    }
}
