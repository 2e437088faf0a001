internal import AssayCore
internal import Crypto

/// What a signature is over: bytes at hand, or a file that was read once and is known by its digests.
enum SignedContent: Sendable {
    case bytes([UInt8])
    case file(FileDigests)
    /// Too long to be held.
    case streamed(RepeatableBytes)

    var sha256: SHA256.Digest? {
        switch self {
        case .bytes(let bytes): SHA256.hash(data: bytes)
        case .file(let digests): digests.sha256
        case .streamed(let bytes): bytes.digest(SHA256.self)
        }
    }
    var sha384: SHA384.Digest? {
        switch self {
        case .bytes(let bytes): SHA384.hash(data: bytes)
        case .file(let digests): digests.sha384
        case .streamed(let bytes): bytes.digest(SHA384.self)
        }
    }
    var sha512: SHA512.Digest? {
        switch self {
        case .bytes(let bytes): SHA512.hash(data: bytes)
        case .file(let digests): digests.sha512
        case .streamed(let bytes): bytes.digest(SHA512.self)
        }
    }

    /// nil for a digest that was not taken.
    func digest(_ hash: LogEntryBody.Hash) -> [UInt8]? {
        switch hash {
        case .sha256: sha256.map { Array($0) }
        case .sha384: sha384.map { Array($0) }
        case .sha512: sha512.map { Array($0) }
        }
    }
}

/// What a signature is over, and the signature.
struct SignedMessage: Sendable {
    /// Of an envelope, its pre-authentication encoding.
    let content: SignedContent
    /// An envelope's payload; nil for a message that is signed as it is.
    let payload: [UInt8]?
    let signature: [UInt8]

    init(content: SignedContent, payload: [UInt8]?, signature: [UInt8]) {
        self.content = content
        self.payload = payload
        self.signature = signature
    }

    /// - Throws: `EvidenceError` when the envelope does not have exactly one signature.
    init(_ envelope: Envelope) throws(EvidenceError) {
        guard envelope.signatures.count == 1, let signature = envelope.signatures.first else {
            throw EvidenceError("the envelope has \(envelope.signatures.count) signatures instead of one")
        }
        self.init(
            content: .bytes(envelope.preAuthenticationEncoding), payload: envelope.payload, signature: signature.bytes)
    }

    /// The word for it in reasons.
    var noun: String { payload == nil ? "file" : "statement" }

    /// Whether the signature is this key's: over the digest of the curve's own hash; and of files over SHA-256 too, which
    /// cosign signs with keys on any curve unless it is told otherwise.
    func isSigned(by key: VerificationKey) -> Bool {
        key.isValid(signature, over: content) || payload == nil && key.isValid(signature, over: content, hash: .sha256)
    }
}
