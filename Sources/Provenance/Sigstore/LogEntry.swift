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
    private let proofIndex: UInt64
    private let proofSize: UInt64
    private let proofRoot: [UInt8]
    private let proofHashes: [[UInt8]]
    private let checkpoint: [UInt8]

    /// - Throws: `EvidenceError` when a member is missing: bundles of version 0.3 carry an inclusion proof always.
    init(_ json: JSONValue) throws(EvidenceError) {
        func number(_ value: JSONValue?) -> UInt64? {
            value.flatMap { $0.string.flatMap { UInt64($0) } ?? $0.unsigned }
        }
        func bytes(_ value: JSONValue?) -> [UInt8]? { value.flatMap { Base64.decode($0.stringBytes) } }
        guard let index = number(json["logIndex"]), let logID = bytes(json["logId"]?["keyId"]), !logID.isEmpty,
            let kind = json["kindVersion"]?["kind"]?.string, let version = json["kindVersion"]?["version"]?.string,
            let body = bytes(json["canonicalizedBody"]), !body.isEmpty
        else { throw EvidenceError("a transparency log entry is incomplete") }
        let proof = json["inclusionProof"]
        guard let proofIndex = number(proof?["logIndex"]), let proofSize = number(proof?["treeSize"]),
            let proofRoot = bytes(proof?["rootHash"]), let checkpoint = proof?["checkpoint"]?["envelope"],
            checkpoint.kind == .string
        else { throw EvidenceError("a transparency log entry has no inclusion proof") }
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
        self.proofIndex = proofIndex
        self.proofSize = proofSize
        self.proofRoot = proofRoot
        var hashes: [[UInt8]] = []
        for hash in proof?["hashes"].map({ Array($0.elements) }) ?? [] {
            guard let hash = bytes(hash), hashes.count < 64 else {
                throw EvidenceError("an inclusion proof is malformed")
            }
            hashes.append(hash)
        }
        proofHashes = hashes
        self.checkpoint = checkpoint.stringBytes
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
        var hashes: [[UInt8]] = []
        for hash in proof?["hashes"].map({ Array($0.elements) }) ?? [] {
            guard let hash = Hexadecimal.decode(hash.stringBytes), hashes.count < 64 else {
                throw EvidenceError("the transparency log's inclusion proof is malformed")
            }
            hashes.append(hash)
        }
        self.index = index
        self.logID = logID
        self.kind = kind
        self.version = version
        integratedTime = time
        promise = entry["verification"]?["signedEntryTimestamp"].flatMap { Base64.decode($0.stringBytes) }
        self.body = body
        encodedBody = Base64.encode(body)
        self.proofIndex = proofIndex
        self.proofSize = proofSize
        self.proofRoot = proofRoot
        proofHashes = hashes
        self.checkpoint = checkpoint.stringBytes
    }

    /// Writes the entry as bundles have it: 64-bit numbers as strings, bytes in Base64.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("logIndex", String(index))
            writer.key("logId")
            writer.object { $0.member("keyId", Base64.encode(logID)) }
            writer.key("kindVersion")
            writer.object { writer in
                writer.member("kind", kind)
                writer.member("version", version)
            }
            if integratedTime != 0 { writer.member("integratedTime", String(integratedTime)) }
            if let promise {
                writer.key("inclusionPromise")
                writer.object { $0.member("signedEntryTimestamp", Base64.encode(promise)) }
            }
            writer.key("inclusionProof")
            writer.object { writer in
                writer.member("logIndex", String(proofIndex))
                writer.member("rootHash", Base64.encode(proofRoot))
                writer.member("treeSize", String(proofSize))
                writer.member("hashes", proofHashes.map { Base64.encode($0) })
                writer.key("checkpoint")
                writer.object { $0.member("envelope", String(decoding: checkpoint, as: UTF8.self)) }
            }
            writer.member("canonicalizedBody", encodedBody)
        }
    }

    /// Proves that the entry is in one of the logs and is about this message, its signature and certificate.
    func verify(
        _ message: SignedMessage, leaf: [UInt8], _ logs: [SigstoreTrustedRoot.Log]
    ) throws(EvidenceError) -> Proof {
        guard let log = logs.first(where: { $0.id == logID }) else {
            throw EvidenceError("the signature is in a transparency log that the trusted root does not name")
        }
        let root = MerkleTree.root(
            leaf: MerkleTree.leafHash(body), index: proofIndex, size: proofSize, proof: proofHashes)
        guard let root, root == proofRoot else {
            throw EvidenceError("the inclusion proof does not prove that the entry is in the log")
        }
        let signed = try LogCheckpoint(checkpoint, log)
        guard signed.root == proofRoot, signed.size == proofSize else {
            throw EvidenceError("the inclusion proof and the log's checkpoint are about different trees")
        }
        try matchBody(message, leaf)
        guard let promise else {
            // The second version of Rekor has one tree a log, so that the two places are one.
            guard index == proofIndex || version == "0.0.1" else {
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

    private func matchBody(_ message: SignedMessage, _ leaf: [UInt8]) throws(EvidenceError) {
        let entry = try LogEntryBody(body, kind: kind, version: version)
        let digest: [UInt8]?
        switch entry.subject {
        case .payload: digest = message.payload.map { Array(SHA256.hash(data: $0)) }
        case .encoding(let hash): digest = hash.digest(of: message.encoding)
        }
        guard let digest, entry.digest == digest else {
            throw EvidenceError("the transparency log entry is about another payload")
        }
        guard entry.signatures.count == 1, let logged = entry.signatures.first,
            logged.signature == message.signature, logged.certificate == leaf
        else { throw EvidenceError("the transparency log entry is about another signature or certificate") }
    }
}
