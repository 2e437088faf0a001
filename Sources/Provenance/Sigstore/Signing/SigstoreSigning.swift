internal import AssayCore
internal import Crypto
internal import X509

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Signs with an identity instead of a key of one's own: a new key that lives for one signature, a certificate for it
/// from Fulcio, an entry in a Rekor log, and timestamps.
///
/// Fulcio's certificates live for ten minutes, so they are asked for after the model has been hashed. What comes back is
/// verified against the trusted root before it is handed out, as any other verifier will.
package struct SigstoreSigning: Sendable {
    /// Whom to ask for the certificate, the log entry and timestamps.
    package var services: SigstoreServices
    /// Where the token comes from that says who signs.
    package var identity: IdentitySource
    /// A trusted root or client trust configuration; without one the services' answers cannot be verified.
    package var trustedRoot: [UInt8]?
    /// PEM file of certificate authorities for TLS; nil for the system's.
    package var tlsAuthorities: String?
    var transport: (any HTTPTransport)?

    package init(services: SigstoreServices, identity: IdentitySource, trustedRoot: [UInt8]?) {
        self.services = services
        self.identity = identity
        self.trustedRoot = trustedRoot
    }

    private var carrier: any HTTPTransport { transport ?? NetworkTransport(authorities: tlsAuthorities) }

    /// Refuses early what cannot work: before a large model is hashed.
    func check() throws(EvidenceError) {
        if case .token(let bytes) = identity {
            try IdentityToken(bytes).check(at: Int(Date().timeIntervalSince1970))
        }
        if let trustedRoot { _ = try SigstoreTrustedRoot(trustedRoot) }
        guard services.logVersion != 2 || !services.timestampAuthorities.isEmpty else {
            throw EvidenceError("a log of version 2 signs no times: it needs a timestamp authority beside it")
        }
    }

    /// Signs a payload.
    /// - Throws: `EvidenceError` when a service refuses, or when what it answered does not verify.
    func sign(_ payload: [UInt8]) throws(EvidenceError) -> (bundle: SigstoreBundle, warnings: [String]) {
        let token = try identity.token(carrier)
        try token.check(at: Int(Date().timeIntervalSince1970))
        let key = SigningKey(generating: .p256)
        let chain = try CertificateRequest(token: token, key: key).send(to: services.certificateAuthority, carrier)
        guard let leaf = chain.first else { throw EvidenceError("there is no certificate") }
        var envelope = Envelope(payload: payload)
        let signature = try key.sign(envelope.preAuthenticationEncoding)
        envelope.signatures = [.init(bytes: signature)]
        var bundle = SigstoreBundle(material: .certificate(leaf), envelope: envelope)
        for authority in services.timestampAuthorities {
            bundle.timestamps.append(try TimestampRequest(message: signature).send(to: authority, carrier))
        }
        let upload = LogUpload(envelope: envelope, certificate: leaf)
        bundle.newEntries = [try upload.send(to: services.log, version: services.logVersion, carrier)]
        guard let trustedRoot else {
            return (bundle, ["no trusted root was given: what the services answered was not verified"])
        }
        let certificate = try CertificateTrust.parse(leaf)
        do throws(EvidenceError) {
            let verifier = SigstoreVerifier(trustedRoot: try SigstoreTrustedRoot(trustedRoot))
            _ = try verifier.authenticate(
                try SigstoreBundle(bundle.json), leaf: leaf,
                identity: SigstoreVerifier.names(certificate).first ?? "",
                issuer: SigstoreVerifier.provider(certificate) ?? "")
        } catch {
            throw EvidenceError("what the services answered does not verify: \(error.reason)")
        }
        return (bundle, [])
    }
}
