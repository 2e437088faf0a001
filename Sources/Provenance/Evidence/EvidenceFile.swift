public import AssayCore
internal import ByteParsing

/// A piece of evidence as it lies on disk: a bare statement, a DSSE envelope, or a Sigstore bundle that holds one.
public struct EvidenceFile: Sendable {
    public let statement: Statement
    /// The envelope; nil for a bare statement, which proves nothing.
    public let envelope: Envelope?

    /// - Throws: `EvidenceError` when the bytes are no strictly formed evidence.
    public init(_ bytes: [UInt8]) throws(EvidenceError) {
        let root: JSONValue
        do {
            root = try JSONDocument(ByteRegion(bytes), dialect: .strict).root
        } catch {
            throw EvidenceError("not strict JSON: \(error)")
        }
        if root["dsseEnvelope"] != nil {
            envelope = try SigstoreBundle(bytes).envelope
        } else if root["payloadType"] != nil {
            envelope = try Envelope(root)
        } else {
            envelope = nil
        }
        guard envelope == nil || envelope?.payloadType == Envelope.statementType else {
            throw EvidenceError("the payload is no in-toto statement but \(envelope?.payloadType ?? "")")
        }
        statement = try Statement(envelope?.payload ?? bytes)
    }

    /// The text of an envelope.
    public static func json(_ envelope: Envelope) -> [UInt8] {
        var writer = JSONWriter()
        envelope.write(to: &writer)
        return writer.bytes + [0x0A]
    }

    /// Adds a signature, to the ones that are there or to a bare statement.
    /// - Throws: `EvidenceError` when the key cannot be used or has signed already.
    public func signed(with method: ModelSigner.Method) throws(EvidenceError) -> Envelope {
        guard case .key(let pem, let password) = method else {
            throw EvidenceError("evidence is signed with a private key")
        }
        let key = try SigningKey(pem: pem, password: password)
        var result = envelope ?? Envelope(payload: statement.bytes)
        guard !result.signatures.contains(where: { $0.keyID == key.publicKey.hint }) else {
            throw EvidenceError("this key has signed already")
        }
        let bytes = try key.sign(result.preAuthenticationEncoding)
        result.signatures.append(.init(keyID: key.publicKey.hint, bytes: bytes))
        return result
    }

    /// Who signed: how many of the keys made one of the signatures.
    /// - Parameters:
    ///   - keys: PEM public keys; the same key counts once, however often it is given.
    ///   - threshold: how many different keys are needed.
    /// - Returns: The hints of the keys that signed.
    /// - Throws: `EvidenceError` when fewer signed.
    public func verify(keys: [[UInt8]], threshold: Int) throws(EvidenceError) -> [String] {
        guard let envelope else { throw EvidenceError("the evidence is not signed") }
        guard threshold > 0 else { throw EvidenceError("a threshold below one proves nothing") }
        var known: [String: VerificationKey] = [:]
        for pem in keys {
            let key = try VerificationKey(pem: pem)
            known[key.hint] = key
        }
        let message = envelope.preAuthenticationEncoding
        let signers = known.filter { _, key in
            envelope.signatures.contains { key.isValid($0.bytes, over: message) }
        }
        guard signers.count >= threshold else {
            throw EvidenceError("\(signers.count) of the given keys signed, and \(threshold) are needed")
        }
        return signers.keys.sorted()
    }

    /// Checks the predicate against its type.
    /// - Throws: `EvidenceError` with what it lacks.
    public func checkPredicate() throws(EvidenceError) {
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
    public func checkSubject(_ subjects: [Statement.Subject]) throws(EvidenceError) {
        let named = Set(statement.subjects.compactMap { $0.digests["sha256"] })
        let wanted = subjects.map { $0.digests["sha256"] ?? "" }
        guard let first = wanted.first,
            named.contains(first) || wanted.count > 1 && wanted.dropFirst().allSatisfy({ named.contains($0) })
        else { throw EvidenceError("the evidence is about something else") }
    }
}
