internal import AssayCore
internal import ByteParsing

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Verifies the signature of a model or dataset and compares its files with what was signed.
package struct ModelVerifier: Sendable {
    /// What the verifier trusts: exactly one kind.
    package enum Trust: Sendable {
        /// A PEM public key.
        case publicKey([UInt8])
        /// PEM files of certificates; none for the roots of the operating system.
        case certificates([[UInt8]])
        /// A Sigstore trusted root or client trust configuration, and who is expected to have signed.
        case sigstore(root: [UInt8], identity: String, issuer: String)
        /// A secret that signer and verifier share.
        case mac([UInt8])
    }

    /// What the verifier passes over, and what it allows.
    package struct Options: Sendable {
        /// Paths relative to the model that the verifier leaves out beside those that the signature names.
        package var ignored: [ModelPath] = []
        /// Whether `SigningScope.gitPaths` are left out too.
        package var ignoresGitPaths = true
        /// Whether links are followed for signatures of version 0.2, which do not say; later ones say so themselves.
        package var allowsLinks = false
        /// Whether such links may lead out of the model.
        package var allowsOutsideLinks = false
        /// Whether files that nobody signed are listed instead of refused.
        package var ignoresUnsignedFiles = false
        /// Whether signatures in the format of version 0.2 are read with a bare key.
        package var allowsLegacy = false
        /// The signature file's own path relative to the model, when it lies inside.
        package var signaturePath: ModelPath?
        /// Threads that hash.
        package var threads = 2
        /// Whether the report gets the digests of what was on disk, for evidence: the SHA-256 of every file.
        package var measuresSubjects = false
        /// Seconds since 1970 at which certificates are judged; nil for now.
        package var time: Double?
        package init() {}
    }

    let trust: Trust
    let options: Options

    package init(trust: Trust, options: Options = Options()) {
        self.trust = trust
        self.options = options
    }

    /// - Parameters:
    ///   - path: The model's file or folder.
    ///   - signature: The contents of the signature file.
    package func verify(
        _ path: String, signature: [UInt8], progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) -> VerificationReport {
        verify(path, signature: SignatureSource(signature), progress: progress)
    }

    /// - Parameters:
    ///   - path: The model's file or folder.
    ///   - signature: The signature file, which is not held where it need not be.
    package func verify(
        _ path: String, signature: SignatureSource, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) -> VerificationReport {
        var report = VerificationReport()
        report.anchors = trust.anchors
        do throws(EvidenceError) {
            switch try open(signature, &report) {
            case .file(let file):
                verify(path, file, &report, progress)
                return report
            case .model(let reading): compare(path, reading, &report, progress)
            }
        } catch {
            report.refuse(error.reason)
        }
        if options.measuresSubjects, report.subjects.isEmpty, let tree = try? ModelTree(path, scope: scope(nil)) {
            report.subjects = subjects(of: tree, nil)
        }
        return report
    }

    /// What a signature file holds.
    private enum Opened {
        /// A signature over the bytes of a file, which is still to be verified.
        case file(FileSignature)
        /// What somebody signed about a model.
        case model(ModelStatement.Reading)
    }

    /// Reads a signature file and says who signed.
    private func open(
        _ source: SignatureSource, _ report: inout VerificationReport
    ) throws(EvidenceError) -> Opened {
        if let signature = try StreamedSignature(source), let opened = try open(signature, &report) { return opened }
        let bytes = try source.array()
        report.signatureDigest = Hexadecimal.encode(HashAlgorithm.sha256.hash(bytes))
        if let file = try FileSignature(bytes) { return .file(file) }
        let bundle = try SigstoreBundle(bytes)
        report.method = bundle.material.method
        let identity = try authenticator.authenticate(bundle)
        note(identity, &report)
        return .model(try ModelStatement.read(bundle.envelope.payload))
    }

    /// The same without holding it.
    /// - Returns: nil for what is better read at once: whatever is malformed, so that its reason can be told, and version 0.2.
    private func open(
        _ signature: StreamedSignature, _ report: inout VerificationReport
    ) throws(EvidenceError) -> Opened? {
        let identity: Authenticator.Identity
        do throws(EvidenceError) {
            identity = try authenticator.authenticate(signature.bundle, signature.content)
        } catch {
            guard (try? signature.read()) != nil else { return nil }
            report.signatureDigest = Hexadecimal.encode(signature.digest)
            report.method = signature.bundle.material.method
            throw error
        }
        guard let reading = try? signature.read() else { return nil }
        report.signatureDigest = Hexadecimal.encode(signature.digest)
        report.method = signature.bundle.material.method
        note(identity, &report)
        return .model(reading)
    }

    private func note(_ identity: Authenticator.Identity, _ report: inout VerificationReport) {
        report.signer = identity.facts
        report.trust = identity.trust
        report.caveats += identity.caveats
    }

    var authenticator: Authenticator {
        Authenticator(
            trust: trust, allowsLegacy: options.allowsLegacy,
            now: options.time.map { Date(timeIntervalSince1970: $0) } ?? Date())
    }
}
