internal import AssayCore
internal import ByteParsing
internal import X509

extension ModelVerifier {
    /// Verifies a signature over the bytes of one file: neither its name nor anything beside it is covered.
    ///
    /// It is no OpenSSF model signature, and says nothing about folders.
    func verify(
        _ path: String, _ file: FileSignature, _ report: inout VerificationReport,
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) {
        report.method = file.material.method
        report.caveats.append(
            "The signature is over the bytes of this one file: its name and other files are not covered.")
        do throws(TreeError) {
            let root = try ModelRoot(path)
            guard root.isSingleFile else {
                report.refuse("the signature is over the bytes of one file, and \(Printable.line(path)) is a folder")
                return
            }
            let digests = try FileDigests(root, wantedHashes(of: file), progress: progress)
            let hex = Hexadecimal.encode(digests.sha256)
            report.subjects = [.init(name: root.name.text, sha256: hex)]
            judge(file, .file(digests), root.name, hex, &report)
        } catch {
            guard error.isInconclusive else { return report.refuse(error.description) }
            report.outcome = .undecided
            report.reasons.append(error.description)
        }
    }

    private func judge(
        _ file: FileSignature, _ content: SignedContent, _ name: ModelPath, _ hex: String,
        _ report: inout VerificationReport
    ) {
        var comparison = ManifestComparison()
        if let claim = file.claim, content.digest(claim.hash) != claim.digest {
            comparison.changed = [name]
            report.comparison = comparison
            report.refuse(
                "the file is not the one that was signed: the signature names the digest "
                    + Hexadecimal.encode(claim.digest))
            return
        }
        do throws(EvidenceError) {
            let message = SignedMessage(content: content, payload: nil, signature: file.signature)
            let identity = try authenticator.authenticate(file, message)
            report.signer = identity.facts
            report.trust = identity.trust
            report.caveats += identity.caveats
            comparison.unchanged = 1
            report.comparison = comparison
            var signed = VerificationReport.Signed()
            signed.fileDigest = hex
            signed.files = 1
            report.signed = signed
            if report.reasons.isEmpty { report.outcome = .verified }
        } catch {
            guard let algorithm = file.unknownAlgorithm else { return report.refuse(error.reason) }
            // A signature over a digest that cannot be taken here proves nothing, for or against.
            report.outcome = .undecided
            report.reasons.append(
                "the signature is over a digest of the kind \(Printable.line(algorithm)), which is not known")
        }
    }

    /// The digests that the signature, the log's entries and the bundle's claim may be over: those of the key's curve.
    private func wantedHashes(of file: FileSignature) -> Set<LogEntryBody.Hash> {
        let key: VerificationKey?
        switch (file.material, trust) {
        case (.certificate(let der), _): key = try? VerificationKey(CertificateTrust.parse(der))
        case (.certificateChain(let chain), _): key = try? VerificationKey(CertificateTrust.parse(chain[0]))
        case (_, .publicKey(let pem)): key = try? VerificationKey(pem: pem)
        default: key = nil
        }
        var hashes: Set<LogEntryBody.Hash> = [.sha256]
        switch key?.curve {
        case .p384: hashes.insert(.sha384)
        case .p521: hashes.insert(.sha512)
        case .p256, nil: break
        }
        if let claim = file.claim { hashes.insert(claim.hash) }
        return hashes
    }
}
