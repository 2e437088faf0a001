internal import AssayCore
internal import ByteParsing
internal import SwiftASN1
internal import X509

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Verifies keyless signatures offline: everything that is believed is in the bundle or in the trusted root.
///
/// A Fulcio certificate lives for ten minutes, so it is judged at the moments that a log or a timestamp authority signed.
/// Each entry and each timestamp of the bundle has to hold, and at least one of them has to tell a signed time.
struct SigstoreVerifier: Sendable {
    let trustedRoot: SigstoreTrustedRoot

    /// - Parameters:
    ///   - leaf: DER of the certificate in the bundle.
    ///   - identity: The e-mail address or URI that has to be in the certificate.
    ///   - issuer: The OpenID provider that has to have vouched for it.
    /// - Throws: `EvidenceError` with the reason why the signature proves nothing.
    func authenticate(
        _ bundle: SigstoreBundle, leaf: [UInt8], identity: String, issuer: String
    ) throws(EvidenceError) -> Authenticator.Identity {
        try authenticate(
            SignedMessage(bundle.envelope), leaf: leaf, entries: bundle.logEntries, timestamps: bundle.timestamps,
            identity: identity, issuer: issuer)
    }

    /// - Parameters:
    ///   - entries: Log entries as bundles have them.
    ///   - timestamps: RFC 3161 responses, DER.
    func authenticate(
        _ message: SignedMessage, leaf der: [UInt8], entries: [JSONValue], timestamps: [[UInt8]], identity: String,
        issuer: String
    ) throws(EvidenceError) -> Authenticator.Identity {
        let leaf = try CertificateTrust.parse(der)
        let key = try VerificationKey(leaf)
        guard !entries.isEmpty else { throw EvidenceError("the signature is in no transparency log") }
        guard entries.count <= 16 else { throw EvidenceError("there are too many log entries") }
        var times: [Date] = []
        var sources: [String] = []
        var caveats = ["Verified offline: keys that were revoked after the trusted root was written are not known."]
        var untimed: [SigstoreTrustedRoot.Log] = []
        for json in entries {
            let entry = try LogEntry(json).verify(message, leaf: der, trustedRoot.logs)
            sources.append("in the log \(Printable.line(entry.log.name))")
            if let time = entry.time { times.append(time) } else { untimed.append(entry.log) }
            if let claim = entry.unsignedTime {
                caveats.append("The log entry names the time \(claim), which the log did not sign: it was not used.")
            }
        }
        for response in timestamps {
            let token = try TimestampToken(response: response)
            let (time, authority) = try token.verify(over: message.signature, trustedRoot.timestampAuthorities)
            sources.append("stamped by \(Printable.line(authority))")
            times.append(time)
        }
        guard let time = times.min() else {
            throw EvidenceError("nothing proves when the signature was made")
        }
        for log in untimed where !log.validity.contains(time) {
            throw EvidenceError("the log's key was not valid when the signature was made")
        }
        var chain: [Certificate] = []
        var authority = ""
        for time in times { (chain, authority) = try issued(leaf, at: time) }
        guard chain.count > 1 else { throw EvidenceError("the certificate is itself a root") }
        let log = try CertificateTransparency.verify(leaf, issuer: chain[1], trustedRoot.certificateLogs)
        try ModelSigningUse.check(leaf)
        guard let extended = try? leaf.extensions.extendedKeyUsage, extended.contains(.codeSigning) else {
            throw EvidenceError("the certificate's extended key usage does not include code signing")
        }
        try checkIdentity(leaf, identity, issuer)
        guard key.isValid(message.signature, over: message.encoding) else {
            throw EvidenceError("the signature is not this certificate's over this statement")
        }
        return Authenticator.Identity(
            facts: [
                .init("method", "sigstore"), .init("identity", identity), .init("identity-provider", issuer),
                .init("signed-at", Timestamp.text(time)), .init("certificate", "sha256:" + leaf.fingerprint),
                .init("certificate-log", Printable.line(log)),
            ],
            trust: "the certificate authority \(Printable.line(authority)), " + sources.joined(separator: ", "),
            caveats: caveats)
    }

    /// Builds the certificate's chain to one of the authorities that were valid then.
    private func issued(_ leaf: Certificate, at time: Date) throws(EvidenceError) -> ([Certificate], String) {
        guard leaf.notValidBefore <= time, time <= leaf.notValidAfter else {
            throw EvidenceError("the certificate was not valid when the signature was made (\(Timestamp.text(time)))")
        }
        var reason = "no certificate authority of the trusted root was valid then"
        for authority in trustedRoot.certificateAuthorities where authority.validity.contains(time) {
            let trust = CertificateTrust(anchors: authority.anchors, intermediates: authority.intermediates)
            do throws(EvidenceError) {
                return (try trust.validate(leaf, through: [], at: time, as: "when it signed"), authority.name)
            } catch {
                reason = error.reason
            }
        }
        throw EvidenceError(reason)
    }

    private func checkIdentity(_ leaf: Certificate, _ identity: String, _ issuer: String) throws(EvidenceError) {
        let found = try Self.names(leaf)
        guard found.contains(where: { Array($0.utf8) == Array(identity.utf8) }) else {
            let who = found.map { Printable.line($0) }.joined(separator: ", ")
            throw EvidenceError("\(who) signed, not \(identity)")
        }
        guard let provider = Self.provider(leaf), Array(provider.utf8) == Array(issuer.utf8) else {
            throw EvidenceError(
                "\(Printable.line(Self.provider(leaf) ?? "nobody")) vouches for the identity, not \(issuer)")
        }
    }

    /// The e-mail addresses, URIs and names that a certificate is for.
    static func names(_ leaf: Certificate) throws(EvidenceError) -> [String] {
        let names: SubjectAlternativeNames?
        do {
            names = try leaf.extensions.subjectAlternativeNames
        } catch {
            throw EvidenceError("the certificate's names are malformed")
        }
        return (names.map { Array($0) } ?? []).compactMap { name -> String? in
            switch name {
            case .rfc822Name(let text), .uniformResourceIdentifier(let text), .dnsName(let text): text
            default: nil
            }
        }
    }

    /// The OpenID provider: Fulcio's extension 8, a UTF8String, or the older 1, bare text.
    static func provider(_ leaf: Certificate) -> String? {
        if let current = leaf.extensions[oid: [1, 3, 6, 1, 4, 1, 57264, 1, 8]] {
            return (try? ASN1UTF8String(derEncoded: Array(current.value))).map { String($0) }
        }
        return leaf.extensions[oid: [1, 3, 6, 1, 4, 1, 57264, 1, 1]].flatMap {
            String(validating: $0.value, as: UTF8.self)
        }
    }
}
