internal import AssayCore
internal import ByteParsing

/// A Sigstore bundle over the bytes of one file (`messageSignature`), as `cosign sign-blob` and `sigstore sign` write it.
///
/// Read as strictly as `SigstoreBundle`. The digest beside the signature (`messageDigest`) is a hint that nobody signed: it has
/// to be the file's all the same.
struct FileSignature: Sendable {
    let material: SigstoreBundle.Material
    let beside: SigstoreVerifier.Material
    let signature: [UInt8]
    /// What the bundle says that the file's digest is.
    let claim: (hash: LogEntryBody.Hash, digest: [UInt8])?
    /// The name of the claimed digest's algorithm, when it is none that is known here.
    let unknownAlgorithm: String?

    /// - Returns: nil for a file that is no such bundle.
    /// - Throws: `EvidenceError` when it is a malformed one.
    init?(_ bytes: [UInt8]) throws(EvidenceError) {
        guard let root = try? JSONDocument(ByteRegion(bytes), dialect: .strict).root, root.isObject,
            root["dsseEnvelope"]?.isNull ?? true, let message = root["messageSignature"], !message.isNull
        else { return nil }
        try root.requireOnly(
            ["mediaType", "verificationMaterial", "messageSignature", "dsseEnvelope"], of: "the bundle")
        try message.requireOnly(["messageDigest", "signature"], of: "the message signature")
        let opened = try SigstoreBundle.Opened(bytes, isModelSignature: false)
        material = opened.material
        beside = SigstoreVerifier.Material(
            entries: opened.logEntries, timestamps: opened.timestamps, version: opened.version)
        guard let text = message["signature"], text.kind == .string, let signature = Base64.decode(text.stringBytes),
            !signature.isEmpty
        else { throw EvidenceError("the message signature is missing or not Base64") }
        self.signature = signature
        guard let named = message["messageDigest"], !named.isNull else {
            (claim, unknownAlgorithm) = (nil, nil)
            return
        }
        try named.requireOnly(["algorithm", "digest"], of: "the message digest")
        guard let algorithm = named["algorithm"]?.string, let text = named["digest"], text.kind == .string,
            let digest = Base64.decode(text.stringBytes), !digest.isEmpty
        else { throw EvidenceError("the message digest is incomplete") }
        let hash = LogEntryBody.Hash(rawValue: algorithm)
        claim = hash.map { ($0, digest) }
        unknownAlgorithm = hash == nil ? algorithm : nil
    }
}
