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
    /// Whether an instance without logs can vouch for a signature by timestamps alone. For a model's signature it cannot:
    /// OpenSSF Model Signing demands a log's entry.
    var acceptsUnlogged = false

    init(trustedRoot: SigstoreTrustedRoot, acceptsUnlogged: Bool = false) {
        self.trustedRoot = trustedRoot
        self.acceptsUnlogged = acceptsUnlogged
    }

    /// What stands beside a signature in its bundle.
    struct Material {
        /// Log entries as bundles have them.
        var entries: [JSONValue]
        /// RFC 3161 responses, DER.
        var timestamps: [[UInt8]]
        /// Whether each entry has to prove that it is in its log.
        var needsProof = true

        init(entries: [JSONValue], timestamps: [[UInt8]], version: SigstoreBundle.Version) {
            self.entries = entries
            self.timestamps = timestamps
            needsProof = version != .v01
        }

        init(_ bundle: SigstoreBundle) {
            self.init(entries: bundle.logEntries, timestamps: bundle.timestamps, version: bundle.version)
        }
    }

    /// - Parameters:
    ///   - leaf: DER of the certificate in the bundle.
    ///   - identity: The e-mail address or URI that has to be in the certificate.
    ///   - issuer: The OpenID provider that has to have vouched for it.
    /// - Throws: `EvidenceError` with the reason why the signature proves nothing.
    func authenticate(
        _ bundle: SigstoreBundle, leaf: [UInt8], identity: String, issuer: String
    ) throws(EvidenceError) -> Authenticator.Identity {
        try authenticate(
            SignedMessage(bundle.envelope), leaf: leaf, Material(bundle), identity: identity, issuer: issuer)
    }

    func authenticate(
        _ message: SignedMessage, leaf der: [UInt8], _ material: Material, identity: String, issuer: String
    ) throws(EvidenceError) -> Authenticator.Identity {
        let leaf = try CertificateTrust.parse(der)
        let key = try VerificationKey(leaf)
        let isUnlogged = acceptsUnlogged && trustedRoot.isUnlogged
        guard isUnlogged || !material.entries.isEmpty else {
            throw EvidenceError("the signature is in no transparency log")
        }
        let witnesses = try witnesses(message, signer: .certificate(der), material)
        guard let time = witnesses.times.min() else {
            throw EvidenceError("nothing proves when the signature was made")
        }
        var chain: [Certificate] = []
        var authority = ""
        for time in witnesses.times { (chain, authority) = try issued(leaf, at: time) }
        guard chain.count > 1 else { throw EvidenceError("the certificate is itself a root") }
        var caveats = ["Verified offline: keys that were revoked after the trusted root was written are not known."]
        var log: String?
        if isUnlogged {
            caveats.append("The instance has no public logs: nobody can see what else it certified.")
        } else {
            log = try CertificateTransparency.verify(leaf, issuer: chain[1], trustedRoot.certificateLogs)
        }
        try checkUse(leaf)
        try checkIdentity(leaf, identity, issuer)
        guard message.isSigned(by: key) else {
            throw EvidenceError("the signature is not this certificate's over this \(message.noun)")
        }
        return Authenticator.Identity(
            facts: [
                .init("method", "sigstore"), .init("identity", identity), .init("identity-provider", issuer),
                .init("signed-at", Timestamp.text(time)), .init("certificate", "sha256:" + leaf.fingerprint),
            ] + (log.map { [.init("certificate-log", Printable.line($0))] } ?? []),
            trust: "the certificate authority \(Printable.line(authority)), "
                + witnesses.sources.joined(separator: ", "),
            caveats: caveats + witnesses.caveats)
    }

    /// Proves that what stands beside a signature with a key of the signer's own is true: entries and timestamps.
    /// - Throws: `EvidenceError` for the first that does not hold.
    func confirm(_ message: SignedMessage, key: VerificationKey, _ material: Material) throws(EvidenceError) {
        _ = try witnesses(message, signer: .key(key.spki), material)
    }

    /// What logs and timestamp authorities say about a signature.
    private struct Witnesses {
        var times: [Date] = []
        var sources: [String] = []
        var caveats: [String] = []
    }

    private func witnesses(
        _ message: SignedMessage, signer: LogEntryBody.Signer, _ material: Material
    ) throws(EvidenceError) -> Witnesses {
        guard material.entries.count <= 16 else { throw EvidenceError("there are too many log entries") }
        var found = Witnesses()
        var untimed: [SigstoreTrustedRoot.Log] = []
        for json in material.entries {
            let entry = try LogEntry(json, needsProof: material.needsProof)
                .verify(message, signer: signer, trustedRoot.logs)
            found.sources.append("in the log \(Printable.line(entry.log.name))")
            if let time = entry.time { found.times.append(time) } else { untimed.append(entry.log) }
            if let claim = entry.unsignedTime {
                found.caveats.append(
                    "The log entry names the time \(claim), which the log did not sign: it was not used.")
            }
        }
        for response in material.timestamps {
            let token = try TimestampToken(response: response)
            let (time, authority) = try token.verify(over: message.signature, trustedRoot.timestampAuthorities)
            found.sources.append("stamped by \(Printable.line(authority))")
            found.times.append(time)
        }
        let first = found.times.min()
        for log in untimed where first.map({ !log.validity.contains($0) }) ?? false {
            throw EvidenceError("the log's key was not valid when the signature was made")
        }
        return found
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

    /// What Fulcio's certificates are for (Fulcio's certificate specification): they state both usages, and certify nobody.
    private func checkUse(_ leaf: Certificate) throws(EvidenceError) {
        try ModelSigningUse.check(leaf)
        guard let usage = try? leaf.extensions.keyUsage, usage.digitalSignature else {
            throw EvidenceError("the certificate states no key usage")
        }
        guard let extended = try? leaf.extensions.extendedKeyUsage, extended.contains(.codeSigning) else {
            throw EvidenceError("the certificate's extended key usage does not include code signing")
        }
        do {
            guard case .isCertificateAuthority = try leaf.extensions.basicConstraints else { return }
        } catch {
            throw EvidenceError("the certificate's basic constraints are malformed")
        }
        throw EvidenceError("the certificate is an authority's, not a signer's")
    }

    private func checkIdentity(_ leaf: Certificate, _ identity: String, _ issuer: String) throws(EvidenceError) {
        let found = try Self.names(leaf)
        guard found.contains(where: { Array($0.utf8) == Array(identity.utf8) }) else {
            let who =
                found.isEmpty ? "somebody without a name" : found.map { Printable.line($0) }.joined(separator: ", ")
            throw EvidenceError("\(who) signed, not \(identity)")
        }
        guard let provider = Self.provider(leaf), !provider.isEmpty else {
            throw EvidenceError(
                "the certificate does not say, in one way, which OpenID provider vouches for the identity")
        }
        guard Array(provider.utf8) == Array(issuer.utf8) else {
            throw EvidenceError("\(Printable.line(provider)) vouches for the identity, not \(issuer)")
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
            case .otherName(let name): userName(name)
            default: nil
            }
        }
    }

    /// A user's name at a provider that gives no addresses: Fulcio's name form 7, a UTF8String `name!provider`.
    private static func userName(_ name: GeneralName.OtherName) -> String? {
        guard name.typeID == [1, 3, 6, 1, 4, 1, 57264, 1, 7], let value = name.value else { return nil }
        return (try? ASN1UTF8String(asn1Any: value)).map { String($0) }
    }

    /// The OpenID provider: Fulcio's extension 8, a UTF8String, or the older 1, bare text; nil where both are there and differ,
    /// because readers look at the one or the other.
    static func provider(_ leaf: Certificate) -> String? {
        let older = leaf.extensions[oid: [1, 3, 6, 1, 4, 1, 57264, 1, 1]].flatMap {
            String(validating: $0.value, as: UTF8.self)
        }
        guard let extended = leaf.extensions[oid: [1, 3, 6, 1, 4, 1, 57264, 1, 8]] else { return older }
        guard let text = try? ASN1UTF8String(derEncoded: Array(extended.value)) else { return nil }
        let current = String(text)
        return older.map { Array($0.utf8) == Array(current.utf8) } ?? true ? current : nil
    }
}
