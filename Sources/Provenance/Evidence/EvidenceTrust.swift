package import AssayCore
internal import Crypto
internal import X509

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Those whose signatures on evidence are relied on: keys, holders of certificates, Sigstore identities. Read once for any
/// number of files.
package struct EvidenceTrust: Sendable {
    /// Who is expected to have signed through a Sigstore instance.
    package struct Identity: Sendable, Hashable {
        /// The e-mail address or URI in the certificate.
        package let name: String
        /// The OpenID provider that vouched for it.
        package let provider: String

        package init(name: String, provider: String) {
            self.name = name
            self.provider = provider
        }
    }

    /// The keys by hint; the same key counts once, however often it is given.
    private let keys: [(hint: String, key: VerificationKey)]
    private let certificates: CertificateTrust?
    private let instances: [SigstoreVerifier]
    private let identities: [Identity]
    private let now: Date

    /// Whether nobody is trusted: then no evidence is verified.
    package var isEmpty: Bool { keys.isEmpty && certificates == nil && instances.isEmpty }

    /// - Parameters:
    ///   - keys: PEM public keys.
    ///   - certificates: PEM files with the roots that signers' certificates lead to, and any certificates between.
    ///   - trustedRoot: a Sigstore trusted root or client trust configuration; or several roots, one on each line.
    ///   - identities: who counts of those that the Sigstore instance certifies.
    ///   - time: seconds since 1970 at which certificates are judged; nil for now.
    /// - Throws: `EvidenceError` when one of them cannot be read.
    package init(
        keys: [[UInt8]] = [], certificates: [[UInt8]] = [], trustedRoot: [UInt8]? = nil, identities: [Identity] = [],
        time: Double? = nil
    ) throws(EvidenceError) {
        var known: [String: VerificationKey] = [:]
        for pem in keys {
            let key = try VerificationKey(pem: pem)
            known[key.hint] = key
        }
        self.keys = known.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        self.certificates = certificates.isEmpty ? nil : try CertificateTrust(certificates)
        let roots = try trustedRoot.map { text throws(EvidenceError) in try SigstoreTrustedRoot.all(in: text) } ?? []
        instances = roots.map { SigstoreVerifier(trustedRoot: $0, acceptsUnlogged: true) }
        self.identities = identities
        now = time.map { Date(timeIntervalSince1970: $0) } ?? Date()
    }

    /// Who of them signed the evidence, and why other signatures on it do not count.
    package func signers(of evidence: EvidenceFile) -> (signers: [EvidenceSigner], reasons: [String]) {
        guard let envelope = evidence.envelope else { return ([], ["it is not signed"]) }
        let message = envelope.preAuthenticationEncoding
        var signers = keys.filter { key in
            envelope.signatures.contains { key.key.isValid($0.bytes, over: message) }
        }.map { EvidenceSigner(key: $0.hint) }
        var reasons: [String] = []
        do throws(EvidenceError) {
            switch evidence.bundle?.material {
            case .certificateChain(let chain):
                signers.append(try certified(chain, envelope))
            case .certificate(let leaf):
                guard let bundle = evidence.bundle else { break }
                signers.append(try identified(leaf, bundle))
            case .publicKey, .rawPublicKey, .mac, nil:
                if let bundle = evidence.bundle, !signers.isEmpty, !isConfirmed(bundle) {
                    signers = []
                    throw EvidenceError("no trusted root confirms the bundle's log entries and timestamps")
                }
                if signers.isEmpty {
                    reasons.append(
                        keys.isEmpty ? "no public key was given to verify it" : "none of the given keys signed it")
                }
            }
        } catch {
            if signers.isEmpty { reasons.append(error.reason) }
        }
        return (signers, reasons)
    }

    private func certified(_ chain: [[UInt8]], _ envelope: Envelope) throws(EvidenceError) -> EvidenceSigner {
        guard let certificates else {
            throw EvidenceError("it was signed with a certificate, and no roots were given to verify it")
        }
        let signer = try certificates.judge(chain, at: now)
        guard let signature = envelope.signatures.first, envelope.signatures.count == 1,
            signer.key.isValid(signature.bytes, over: envelope.preAuthenticationEncoding)
        else { throw EvidenceError("the signature is not this certificate's over this statement") }
        return EvidenceSigner(
            key: signer.key.hint, subject: signer.leaf.subject.description,
            names: (try? SigstoreVerifier.names(signer.leaf)) ?? [], fingerprint: signer.leaf.fingerprint)
    }

    /// Whether what a key's signature has beside it is true: where a trusted root is given, it has to be.
    private func isConfirmed(_ bundle: SigstoreBundle) -> Bool {
        let material = SigstoreVerifier.Material(bundle)
        guard !instances.isEmpty, !(material.entries.isEmpty && material.timestamps.isEmpty),
            let message = try? SignedMessage(bundle.envelope)
        else { return true }
        let signers = keys.map(\.key).filter { message.isSigned(by: $0) }
        return signers.contains { key in
            instances.contains { (try? $0.confirm(message, key: key, material)) != nil }
        }
    }

    /// Only of an identity that is trusted is said who it is.
    private func identified(_ leaf: [UInt8], _ bundle: SigstoreBundle) throws(EvidenceError) -> EvidenceSigner {
        guard !instances.isEmpty else {
            throw EvidenceError("it was signed with a Sigstore identity, and no trusted root was given to verify it")
        }
        var reasons: [String] = []
        for identity in identities {
            for instance in instances {
                do throws(EvidenceError) {
                    _ = try instance.authenticate(
                        bundle, leaf: leaf, identity: identity.name, issuer: identity.provider)
                    return EvidenceSigner(identity: identity)
                } catch {
                    if !reasons.contains(error.reason) { reasons.append(error.reason) }
                }
            }
        }
        throw EvidenceError(
            reasons.isEmpty ? "no identity was given that it has to be signed by" : reasons.joined(separator: "; "))
    }

    /// How far evidence can be relied on: one of them has to have signed it.
    package func standing(of evidence: EvidenceFile) -> EvidenceRecord.Standing {
        guard evidence.envelope != nil else { return .unsigned }
        let (signers, reasons) = signers(of: evidence)
        guard signers.isEmpty else { return .verified(signers: signers.map(\.name)) }
        return .notVerified(reason: reasons.joined(separator: "; "))
    }

    /// Reads the evidence in a file and judges its signatures.
    /// - Parameters:
    ///   - name: file name relative to the evidence folder.
    ///   - bytes: the whole file.
    /// - Throws: `EvidenceError` when the bytes are no evidence, or lack what their type demands.
    package func records(name: String, _ bytes: [UInt8]) throws(EvidenceError) -> [EvidenceRecord] {
        let digest = Hexadecimal.encode(Array(SHA256.hash(data: bytes)))
        var records: [EvidenceRecord] = []
        for evidence in try EvidenceFile.all(in: bytes) {
            try evidence.checkPredicate()
            records.append(
                EvidenceRecord(
                    name: name, sha256: digest, statement: evidence.statement, standing: standing(of: evidence)))
        }
        return records
    }
}
