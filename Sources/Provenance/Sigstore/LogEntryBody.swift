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
        case ("dsse", "0.0.1"):
            subject = .payload
            digest = Self.hexadecimal(spec?["payloadHash"])
            signatures = Self.elements(spec?["signatures"]).map { element in
                Signature(
                    signature: Self.base64(element["signature"]), signer: Self.signer(element["verifier"]))
            }
        case ("dsse", "0.0.2"):
            let spec = spec?["dsseV002"]
            subject = .payload
            digest =
                spec?["payloadHash"]?["algorithm"]?.string == Hash.sha256.rawValue
                ? Self.base64(spec?["payloadHash"]?["digest"]) : nil
            signatures = Self.elements(spec?["signatures"]).map { Self.signature($0) }
        case ("intoto", "0.0.2"):
            // The log wraps the envelope's own Base64 of a signature in Base64 once more.
            let content = spec?["content"]
            subject = .payload
            digest = Self.hexadecimal(content?["payloadHash"])
            signatures = Self.elements(content?["envelope"]?["signatures"]).map { element in
                Signature(
                    signature: Self.base64(element["sig"]).flatMap { Base64.decode($0) },
                    signer: Self.signer(element["publicKey"]))
            }
        case ("hashedrekord", "0.0.1"):
            guard spec?["data"]?["hash"]?["algorithm"]?.string == "sha256" else {
                throw EvidenceError("the transparency log entry has an unsupported hash")
            }
            subject = .encoding(.sha256)
            digest = Self.hexadecimal(spec?["data"]?["hash"])
            signatures = [
                Signature(
                    signature: Self.base64(spec?["signature"]?["content"]),
                    signer: Self.signer(spec?["signature"]?["publicKey"]?["content"]))
            ]
        case ("hashedrekord", "0.0.2"):
            let spec = spec?["hashedRekordV002"]
            guard let hash = spec?["data"]?["algorithm"]?.string.flatMap({ Hash(rawValue: $0) }) else {
                throw EvidenceError("the transparency log entry has an unsupported hash")
            }
            subject = .encoding(hash)
            digest = Self.base64(spec?["data"]?["digest"])
            signatures = spec?["signature"].map { [Self.signature($0)] } ?? []
        default:
            throw EvidenceError(
                "the transparency log entry is of the unsupported kind \(Printable.line(kind + " " + version))")
        }
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
