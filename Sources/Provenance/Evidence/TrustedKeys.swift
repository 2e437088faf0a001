public import AssayCore
internal import Crypto

/// The public keys whose signatures on evidence are relied on, read once for any number of files.
public struct TrustedKeys: Sendable {
    /// The keys by hint; the same key counts once, however often it is given.
    private let keys: [(hint: String, key: VerificationKey)]

    public var isEmpty: Bool { keys.isEmpty }

    /// - Parameter keys: PEM public keys.
    /// - Throws: `EvidenceError` when one of them is none.
    public init(_ keys: [[UInt8]]) throws(EvidenceError) {
        var known: [String: VerificationKey] = [:]
        for pem in keys {
            let key = try VerificationKey(pem: pem)
            known[key.hint] = key
        }
        self.keys = known.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// How far evidence can be relied on: one of the keys has to have made one of its signatures.
    public func standing(of evidence: EvidenceFile) -> EvidenceRecord.Standing {
        guard let envelope = evidence.envelope else { return .unsigned }
        guard !isEmpty else { return .notVerified(reason: "no public key was given to verify it") }
        let message = envelope.preAuthenticationEncoding
        let signers = keys.filter { key in envelope.signatures.contains { key.key.isValid($0.bytes, over: message) } }
        guard !signers.isEmpty else { return .notVerified(reason: "none of the given keys signed it") }
        return .verified(signers: signers.map(\.hint))
    }

    /// Reads a piece of evidence and judges its signatures.
    /// - Parameters:
    ///   - name: file name relative to the evidence folder.
    ///   - bytes: the whole file.
    /// - Throws: `EvidenceError` when the bytes are no evidence, or lack what their type demands.
    public func record(name: String, _ bytes: [UInt8]) throws(EvidenceError) -> EvidenceRecord {
        let evidence = try EvidenceFile(bytes)
        try evidence.checkPredicate()
        return EvidenceRecord(
            name: name, sha256: Hexadecimal.encode(Array(SHA256.hash(data: bytes))), statement: evidence.statement,
            standing: standing(of: evidence))
    }
}
