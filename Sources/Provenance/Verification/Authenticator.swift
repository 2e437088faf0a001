internal import AssayCore
internal import X509

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Decides who signed a bundle's envelope, before anybody looks at what it says.
struct Authenticator: Sendable {
    let trust: ModelVerifier.Trust
    let allowsLegacy: Bool
    let now: Date

    /// A signature that holds.
    struct Identity: Sendable {
        var facts: [VerificationReport.Fact]
        var trust: String
        var caveats: [String] = []
    }

    /// - Parameter content: what the envelope's signature is over, when it is not held; then the envelope has no payload.
    /// - Throws: `EvidenceError` with the reason why the signature proves nothing.
    func authenticate(_ bundle: SigstoreBundle, _ content: SignedContent? = nil) throws(EvidenceError) -> Identity {
        guard bundle.envelope.payloadType == Envelope.statementType else {
            throw EvidenceError("the payload type is not \(Envelope.statementType)")
        }
        switch (trust, bundle.material) {
        case (.publicKey(let pem), .publicKey(let hint)):
            let key = try VerificationKey(pem: pem)
            guard hint == nil || hint == key.hint else {
                throw EvidenceError("the signature was made with another key: its hint is \(hint ?? "")")
            }
            return try withKey(
                key, bundle, content,
                caveats: hint == nil ? ["The signature does not name the key that it was made with."] : [])
        case (.publicKey(let pem), .rawPublicKey(let bytes, let hint)):
            let key = try VerificationKey(pem: pem)
            let named = try bytes.starts(with: "-----BEGIN".utf8) ? VerificationKey(pem: bytes) : .init(spki: bytes)
            guard named.spki == key.spki, hint == nil || hint == key.hint else {
                throw EvidenceError("the signature was made with another key, which it carries")
            }
            return try withKey(
                key, bundle, content,
                caveats: ["The signature has the format of versions 0.3 to 1.0, which carries the key itself."])
        case (.certificates(let files), .certificateChain(let chain)):
            return try withCertificates(CertificateTrust(files), chain, bundle, content)
        case (.sigstore(let root, let identity, let issuer), .certificate(let leaf)):
            return try SigstoreVerifier(trustedRoot: SigstoreTrustedRoot(root)).authenticate(
                bundle, leaf: leaf, identity: identity, issuer: issuer)
        case (.mac(let secret), .mac(let hint)):
            return try withSecret(secret, hint, bundle.envelope, content)
        default:
            throw mismatch(bundle.material)
        }
    }

    /// Decides who signed the bytes of a file.
    /// - Throws: `EvidenceError` with the reason why the signature proves nothing.
    func authenticate(_ file: FileSignature, _ message: SignedMessage) throws(EvidenceError) -> Identity {
        switch (trust, file.material) {
        case (.publicKey(let pem), .publicKey), (.publicKey(let pem), .rawPublicKey):
            // Hints are spelled in several ways, and decide nothing.
            let key = try VerificationKey(pem: pem)
            guard message.isSigned(by: key) else {
                throw EvidenceError("the signature is not this key's over this file")
            }
            let isUnchecked = !file.beside.entries.isEmpty || !file.beside.timestamps.isEmpty
            return Identity(
                facts: Self.facts(key), trust: "the public key that was given",
                caveats: isUnchecked ? ["The bundle's log entries and timestamps were not checked."] : [])
        case (.certificates(let files), .certificateChain(let chain)):
            let authorities = try CertificateTrust(files)
            let signer = try authorities.judge(chain, at: now)
            guard message.isSigned(by: signer.key) else {
                throw EvidenceError("the signature is not this certificate's over this file")
            }
            return identity(of: signer, authorities)
        case (.sigstore(let root, let identity, let issuer), .certificate(let leaf)):
            return try SigstoreVerifier(trustedRoot: SigstoreTrustedRoot(root)).authenticate(
                message, leaf: leaf, file.beside, identity: identity, issuer: issuer)
        default: throw mismatch(file.material)
        }
    }

    private func mismatch(_ material: SigstoreBundle.Material) -> EvidenceError {
        let given: String
        if case .certificates(let files) = trust, files.isEmpty {
            given = "nothing"
        } else {
            given = expected
        }
        return EvidenceError(
            "the signature was made with \(Self.kind(material)), and \(given) was given to verify it: "
                + "it needs \(Self.options(material))")
    }

    private static func facts(_ key: VerificationKey) -> [VerificationReport.Fact] {
        [.init("method", "key"), .init("curve", key.curve.rawValue), .init("key", key.hint)]
    }

    private static func kind(_ material: SigstoreBundle.Material) -> String {
        switch material {
        case .publicKey, .rawPublicKey: "a key"
        case .certificateChain: "a certificate"
        case .certificate: "a Sigstore identity"
        case .mac: "a shared secret"
        }
    }

    /// What has to be given on the command line to verify it.
    private static func options(_ material: SigstoreBundle.Material) -> String {
        switch material {
        case .publicKey, .rawPublicKey: "--public-key"
        case .certificateChain: "--certificate-chain, or the system's roots"
        case .certificate: "--trust-config, --identity and --identity-provider"
        case .mac: "--hmac-key-file"
        }
    }

    private var expected: String {
        switch trust {
        case .publicKey: "a public key"
        case .certificates: "a certificate chain"
        case .sigstore: "a Sigstore identity"
        case .mac: "a shared secret"
        }
    }

    private func withKey(
        _ key: VerificationKey, _ bundle: SigstoreBundle, _ content: SignedContent?, caveats: [String]
    ) throws(EvidenceError) -> Identity {
        let legacy = content == nil ? LegacySignature(bundle.envelope) : nil
        if legacy != nil, !allowsLegacy {
            throw EvidenceError("the signature has the format of version 0.2, which --allow-legacy would read")
        }
        try check(bundle.envelope, content, key, legacy)
        return Identity(
            facts: Self.facts(key),
            trust: "the public key that was given", caveats: caveats)
    }

    /// The old format is read here without being asked for: a chain bounds it in time, which a bare key does not.
    private func withCertificates(
        _ trust: CertificateTrust, _ chain: [[UInt8]], _ bundle: SigstoreBundle, _ content: SignedContent?
    ) throws(EvidenceError) -> Identity {
        let signer = try trust.judge(chain, at: now)
        let legacy = content == nil ? LegacySignature(bundle.envelope) : nil
        try check(bundle.envelope, content, signer.key, legacy)
        return identity(of: signer, trust)
    }

    private func identity(of signer: CertificateTrust.Signer, _ trust: CertificateTrust) -> Identity {
        let leaf = signer.leaf
        let unneeded = signer.unneeded.map {
            "The bundle holds a certificate that the trusted path does without: \(Printable.line($0))."
        }
        return Identity(
            facts: [
                .init("method", "certificate"), .init("subject", Printable.line(leaf.subject.description)),
                .init("issuer", Printable.line(leaf.issuer.description)),
                .init("serial", leaf.serialNumber.description), .init("fingerprint", "sha256:" + leaf.fingerprint),
                .init("valid", "\(Timestamp.text(leaf.notValidBefore)) to \(Timestamp.text(leaf.notValidAfter))"),
            ],
            trust: (trust.usesSystemAnchors ? "the system's root " : "the given root ")
                + Printable.line(signer.chain.last.map { $0.subject.description } ?? ""),
            caveats: [
                "Nothing proves when the signature was made: the certificate is judged at its issue and now.",
                "Revocation was not checked.",
            ] + unneeded)
    }

    private func check(
        _ envelope: Envelope, _ content: SignedContent?, _ key: VerificationKey, _ legacy: LegacySignature?
    ) throws(EvidenceError) {
        guard let signature = envelope.signatures.first else { throw EvidenceError("there is no signature") }
        if key.isValid(signature.bytes, over: content ?? .bytes(envelope.preAuthenticationEncoding)) { return }
        if let legacy {
            for message in [legacy.encoding, envelope.preAuthenticationEncoding] {
                for hash in [VerificationKey.Hash.ofCurve, .sha256]
                where key.isValid(signature.bytes, over: message, hash: hash) { return }
            }
        }
        throw EvidenceError("the signature is not this key's over this statement")
    }

    private func withSecret(
        _ secret: [UInt8], _ hint: String?, _ envelope: Envelope, _ content: SignedContent?
    ) throws(EvidenceError) -> Identity {
        let mac = try MessageAuthentication(secret)
        guard hint == nil || hint == mac.hint else { throw EvidenceError("the code was made with another secret") }
        guard let signature = envelope.signatures.first else { throw EvidenceError("there is no code") }
        let isValid =
            if case .streamed(let bytes) = content {
                mac.isValid(signature.bytes, over: bytes)
            } else {
                mac.isValid(signature.bytes, over: envelope.preAuthenticationEncoding)
            }
        guard isValid else {
            throw EvidenceError("the authentication code is not this secret's over this statement")
        }
        return Identity(
            facts: [.init("method", "hmac-sha256"), .init("key", mac.hint)],
            trust: "the shared secret that was given",
            caveats: ["A message authentication code is no signature: whoever can verify it could have made it."])
    }
}
