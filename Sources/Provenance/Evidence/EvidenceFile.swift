package import AssayCore
internal import ByteParsing
internal import X509

/// A piece of evidence as it lies on disk: a bare statement, a DSSE envelope, or a Sigstore bundle that holds one.
package struct EvidenceFile: Sendable {
    /// The statement, whether anybody signed it or not.
    package let statement: Statement
    /// The envelope; nil for a bare statement, which proves nothing.
    package let envelope: Envelope?
    /// The bundle that the envelope came in, with what it says its signature is to be verified with.
    package let bundle: SigstoreBundle?

    /// - Throws: `EvidenceError` when the bytes are no strictly formed evidence.
    package init(_ bytes: [UInt8]) throws(EvidenceError) {
        let root: JSONValue
        do {
            root = try JSONDocument(ByteRegion(bytes), dialect: .strict(for: bytes.count)).root
        } catch {
            throw EvidenceError("not strict JSON: \(error)")
        }
        bundle = root["dsseEnvelope"] == nil ? nil : try SigstoreBundle(bytes, isModelSignature: false)
        if let bundle {
            envelope = bundle.envelope
        } else {
            envelope = root["payloadType"] == nil ? nil : try Envelope(root)
        }
        guard envelope == nil || envelope?.payloadType == Envelope.statementType else {
            throw EvidenceError("the payload is no in-toto statement but \(envelope?.payloadType ?? "")")
        }
        statement = try Statement(envelope?.payload ?? bytes, allowsOlder: true)
    }

    /// The text of an envelope.
    package static func json(_ envelope: Envelope) -> [UInt8] {
        var writer = JSONWriter()
        envelope.write(to: &writer)
        return writer.bytes + [0x0A]
    }

    /// Reads one piece of evidence, or a file with one on each line, as registries hand them out.
    /// - Throws: `EvidenceError` when the bytes, or one of the lines, are none.
    package static func all(in bytes: [UInt8]) throws(EvidenceError) -> [EvidenceFile] {
        let lines = bytes.split(separator: 0x0A).filter { !$0.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 } }
        guard lines.count > 1, lines.allSatisfy({ $0.first == UInt8(ascii: "{") }) else {
            return [try EvidenceFile(bytes)]
        }
        guard lines.count <= 10_000 else { throw EvidenceError("there are too many pieces of evidence in one file") }
        var result: [EvidenceFile] = []
        for line in lines { result.append(try EvidenceFile(Array(line))) }
        return result
    }

    /// Signs the statement.
    ///
    /// A key's signature joins those that are there, in one envelope. A bundle with a certificate or a Sigstore identity
    /// holds one signature: it is a file of its own.
    /// - Parameter isNewFile: whether what is written does not replace the evidence, so that a signature may be left
    ///   out of it.
    /// - Returns: the text of an envelope or bundle, and what the signer should know.
    /// - Throws: `EvidenceError` when the key cannot be used or has signed already.
    package func signed(
        with method: ModelSigner.Method, isNewFile: Bool = false
    ) throws(EvidenceError) -> (bytes: [UInt8], warnings: [String]) {
        if case .mac = method {
            throw EvidenceError("a shared secret signs no evidence: whoever can verify it could have made it")
        }
        let signer = try Signer(method)
        let isJoining = signer.hasBareKey && !isCertified
        guard isNewFile || isJoining || envelope == nil else {
            throw EvidenceError(
                "a bundle holds one signature: write the next one, over the same statement, to a file of its own")
        }
        var result = (isJoining ? envelope : nil) ?? Envelope(payload: statement.bytes)
        let (made, warnings) = try signer.sign(statement.bytes)
        guard case .publicKey(let hint) = made.material else { return (made.json, warnings) }
        guard !result.signatures.contains(where: { $0.keyID == hint }) else {
            throw EvidenceError("this key has signed already")
        }
        result.signatures += made.envelope.signatures.map { .init(keyID: hint, bytes: $0.bytes) }
        return (Self.json(result), warnings)
    }

    /// Whether the signature was made with a certificate.
    private var isCertified: Bool {
        switch bundle?.material {
        case .certificateChain, .certificate: true
        case .publicKey, .rawPublicKey, .mac, nil: false
        }
    }

    /// Who the signatures say they are by: nothing of it is verified.
    package var claimedSigners: [String] {
        func subject(_ der: [UInt8]?) -> String {
            guard let der, let leaf = try? CertificateTrust.parse(der) else { return "a certificate that is malformed" }
            let names = (try? SigstoreVerifier.names(leaf)) ?? []
            let title = leaf.subject.description.isEmpty ? names.joined(separator: ", ") : leaf.subject.description
            return title + (SigstoreVerifier.provider(leaf).map { ", by \($0)" } ?? "")
        }
        switch bundle?.material {
        case .certificateChain(let chain): return ["certificate of " + subject(chain.first)]
        case .certificate(let leaf): return ["certificate of " + subject(leaf)]
        case .publicKey(let hint?): return ["key " + hint]
        default: return (envelope?.signatures ?? []).map { "key " + ($0.keyID ?? "without a name") }
        }
    }

    /// Checks the predicate against its type.
    /// - Throws: `EvidenceError` with what it lacks.
    package func checkPredicate() throws(EvidenceError) {
        guard let type = PredicateType(named: statement.predicateType) else {
            throw EvidenceError("the predicate type is no URI")
        }
        if let deficiency = type.deficiency(of: statement.predicate) { throw EvidenceError(deficiency) }
    }

    /// Checks that the evidence is about a file or folder.
    ///
    /// It is when it names the digest of the file, the root digest of the folder, or each file of the folder.
    /// - Parameter subjects: as `EvidenceSubject` has them: the file, or the folder's root digest and its files.
    /// - Throws: `EvidenceError`
    package func checkSubject(_ subjects: [Statement.Subject]) throws(EvidenceError) {
        let named = Set(statement.subjects.compactMap { $0.digests["sha256"] })
        let wanted = subjects.map { $0.digests["sha256"] ?? "" }
        guard let first = wanted.first,
            named.contains(first) || wanted.count > 1 && wanted.dropFirst().allSatisfy({ named.contains($0) })
        else { throw EvidenceError("the evidence is about something else") }
    }
}
