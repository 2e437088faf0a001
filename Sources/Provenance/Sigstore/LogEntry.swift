internal import AssayCore
internal import ByteParsing
internal import Crypto

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// An entry of a Rekor transparency log about a DSSE envelope, with the proofs that it is in the log.
///
/// Read: `dsse` 0.0.1 and 0.0.2; `hashedrekord` 0.0.1 and 0.0.2 over the envelope's pre-authentication encoding, as the
/// second version of Rekor has it; `intoto` 0.0.2, which registries of packages still have.
struct LogEntry: Sendable {
    /// What was proved about an entry.
    struct Proof {
        let log: SigstoreTrustedRoot.Log
        /// When the log took the entry in, if it signed that.
        let time: Date?
        /// A time that the entry names without the log's signature: it is told, and counts for nothing.
        let unsignedTime: String?
    }

    private let index: UInt64
    private let logID: [UInt8]
    private let kind: String
    private let version: String
    private let integratedTime: Int
    private let promise: [UInt8]?
    private let body: [UInt8]
    private let encodedBody: String
    /// nil when the log only promised to take the entry in.
    private let proof: InclusionProof?

    /// - Parameter needsProof: whether the entry has to prove that it is in the log, as from version 0.2 of bundles on;
    ///   before, the log's promise is what is needed, and a proof without a checkpoint is none.
    /// - Throws: `EvidenceError` when a member is missing.
    init(_ json: JSONValue, needsProof: Bool = true) throws(EvidenceError) {
        func number(_ value: JSONValue?) -> UInt64? {
            value.flatMap { $0.string.flatMap { UInt64($0) } ?? $0.unsigned }
        }
        func bytes(_ value: JSONValue?) -> [UInt8]? { value.flatMap { Base64.decode($0.stringBytes) } }
        let members = [
            "logIndex", "logId", "kindVersion", "integratedTime", "inclusionPromise", "inclusionProof",
            "canonicalizedBody",
        ]
        try json.requireOnly(members, of: "a transparency log entry")
        try json["logId"]?.requireOnly(["keyId"], of: "a log's name")
        try json["kindVersion"]?.requireOnly(["kind", "version"], of: "an entry's kind")
        try json["inclusionPromise"]?.requireOnly(["signedEntryTimestamp"], of: "an inclusion promise")
        try json["inclusionProof"]?.requireOnly(
            ["logIndex", "rootHash", "treeSize", "hashes", "checkpoint"], of: "an inclusion proof")
        try json["inclusionProof"]?["checkpoint"]?.requireOnly(["envelope"], of: "a checkpoint")
        guard let index = number(json["logIndex"]), let logID = bytes(json["logId"]?["keyId"]), !logID.isEmpty,
            let kind = json["kindVersion"]?["kind"]?.string, let version = json["kindVersion"]?["version"]?.string,
            let body = bytes(json["canonicalizedBody"]), !body.isEmpty
        else { throw EvidenceError("a transparency log entry is incomplete") }
        self.index = index
        self.logID = logID
        self.kind = kind
        self.version = version
        integratedTime = number(json["integratedTime"]).flatMap { Int(exactly: $0) } ?? 0
        if let promised = json["inclusionPromise"], !promised.isNull {
            guard let promise = bytes(promised["signedEntryTimestamp"]), !promise.isEmpty else {
                throw EvidenceError("a signed entry timestamp is empty")
            }
            self.promise = promise
        } else {
            promise = nil
        }
        self.body = body
        encodedBody = Base64.encode(body)
        guard needsProof || promise != nil else {
            throw EvidenceError("a transparency log entry has no inclusion promise")
        }
        if !needsProof, json["inclusionProof"]?["checkpoint"]?["envelope"] == nil {
            proof = nil
            return
        }
        let proof = json["inclusionProof"]
        guard let proofIndex = number(proof?["logIndex"]), let size = number(proof?["treeSize"]),
            let root = bytes(proof?["rootHash"]), let checkpoint = proof?["checkpoint"]?["envelope"],
            checkpoint.kind == .string
        else { throw EvidenceError("a transparency log entry has no inclusion proof") }
        let hashes = proof?["hashes"].map { Array($0.elements) } ?? []
        self.proof = try InclusionProof(
            index: proofIndex, size: size, root: root, hashes: hashes.map { bytes($0) },
            checkpoint: checkpoint.stringBytes)
    }

    /// Reads what the first version of Rekor answers: one entry under its name.
    init(rekorAnswer root: JSONValue) throws(EvidenceError) {
        let entries = Array(root.members)
        guard root.isObject, entries.count == 1, let entry = entries.first?.value,
            let body = entry["body"].flatMap({ Base64.decode($0.stringBytes) }),
            let index = entry["logIndex"]?.unsigned,
            let logID = entry["logID"].flatMap({ Hexadecimal.decode($0.stringBytes) }),
            let time = entry["integratedTime"]?.integer,
            let content = try? JSONDocument(ByteRegion(body), dialect: .strict).root,
            let kind = content["kind"]?.string, let version = content["apiVersion"]?.string
        else { throw EvidenceError("the transparency log's answer is malformed") }
        let proof = entry["verification"]?["inclusionProof"]
        guard let proofIndex = proof?["logIndex"]?.unsigned, let proofSize = proof?["treeSize"]?.unsigned,
            let proofRoot = proof?["rootHash"].flatMap({ Hexadecimal.decode($0.stringBytes) }),
            let checkpoint = proof?["checkpoint"], checkpoint.kind == .string
        else { throw EvidenceError("the transparency log's answer has no inclusion proof") }
        let hashes = proof?["hashes"].map { Array($0.elements) } ?? []
        self.index = index
        self.logID = logID
        self.kind = kind
        self.version = version
        integratedTime = time
        promise = entry["verification"]?["signedEntryTimestamp"].flatMap { Base64.decode($0.stringBytes) }
        self.body = body
        encodedBody = Base64.encode(body)
        self.proof = try InclusionProof(
            index: proofIndex, size: proofSize, root: proofRoot,
            hashes: hashes.map { Hexadecimal.decode($0.stringBytes) }, checkpoint: checkpoint.stringBytes)
    }

    /// Writes the entry as bundles have it: 64-bit numbers as strings, bytes in Base64.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("logIndex", String(index))
            writer.object("logId") { $0.member("keyId", Base64.encode(logID)) }
            writer.object("kindVersion") { writer in
                writer.member("kind", kind)
                writer.member("version", version)
            }
            if integratedTime != 0 { writer.member("integratedTime", String(integratedTime)) }
            if let promise {
                writer.object("inclusionPromise") { $0.member("signedEntryTimestamp", Base64.encode(promise)) }
            }
            if let proof {
                writer.key("inclusionProof")
                proof.write(to: &writer)
            }
            writer.member("canonicalizedBody", encodedBody)
        }
    }

    /// Proves that the entry is in one of the logs and is about this message, its signature and its key.
    /// - Parameter signer: the certificate or key that the entry has to name.
    func verify(
        _ message: SignedMessage, signer: LogEntryBody.Signer, _ logs: [SigstoreTrustedRoot.Log]
    ) throws(EvidenceError) -> Proof {
        guard let log = logs.first(where: { $0.id == logID }) else {
            throw EvidenceError("the signature is in a transparency log that the trusted root does not name")
        }
        try proof?.verify(entry: body, log)
        try matchBody(message, signer)
        guard let promise else {
            // The second version of Rekor has one tree a log, so that the two places are one.
            guard index == proof?.index || version == "0.0.1" else {
                throw EvidenceError("a transparency log entry names two places in the log")
            }
            let claim = integratedTime == 0 ? nil : Timestamp.text(Date(timeIntervalSince1970: Double(integratedTime)))
            return Proof(log: log, time: nil, unsignedTime: claim)
        }
        guard log.signed(promisedBytes, promise) else {
            throw EvidenceError("the signed entry timestamp is not the log's")
        }
        let time = Date(timeIntervalSince1970: Double(integratedTime))
        guard integratedTime > 0, log.validity.contains(time) else {
            throw EvidenceError("the log's key was not valid when it took the entry in")
        }
        return Proof(log: log, time: time, unsignedTime: nil)
    }

    /// What a signed entry timestamp is over: the entry as canonical JSON (RFC 8785), its names in order.
    private var promisedBytes: [UInt8] {
        Array(
            #"{"body":"\#(encodedBody)","integratedTime":\#(integratedTime),"logID":"\#(Hexadecimal.encode(logID))","logIndex":\#(index)}"#
                .utf8)
    }

    private func matchBody(_ message: SignedMessage, _ signer: LogEntryBody.Signer) throws(EvidenceError) {
        let entry = try LogEntryBody(body, kind: kind, version: version)
        let digest: [UInt8]?
        switch entry.subject {
        case .payload: digest = message.payload.map { Array(SHA256.hash(data: $0)) }
        case .encoding(let hash): digest = message.content.digest(hash)
        }
        guard let digest, entry.digest == digest else {
            throw EvidenceError("the transparency log entry is about another payload")
        }
        guard entry.signatures.count == 1, let logged = entry.signatures.first,
            logged.signature == message.signature, logged.signer == signer
        else { throw EvidenceError("the transparency log entry is about another signature, certificate or key") }
    }
}
