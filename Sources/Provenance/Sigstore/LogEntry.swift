internal import AssayCore
internal import ByteParsing
internal import Crypto
internal import Foundation

/// An entry of a Rekor transparency log about a DSSE envelope, with the proofs that it is in the log.
///
/// Read: `dsse` 0.0.1 and 0.0.2. Not read: `intoto` and `hashedrekord`, which no version of model signing wrote for an
/// envelope.
struct LogEntry: Sendable {
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

    /// Proves that the entry is in one of the logs and is about this envelope and certificate.
    /// - Returns: The log, and when it took the entry in, if it signed that time.
    func verify(
        _ envelope: Envelope, leaf: [UInt8], _ logs: [SigstoreTrustedRoot.Log]
    ) throws(EvidenceError) -> (log: SigstoreTrustedRoot.Log, time: Date?) {
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
        try matchBody(envelope, leaf)
        guard let promise else { return (log, nil) }
        guard log.signed(promisedBytes, promise) else {
            throw EvidenceError("the signed entry timestamp is not the log's")
        }
        let time = Date(timeIntervalSince1970: Double(integratedTime))
        guard integratedTime > 0, log.validity.contains(time) else {
            throw EvidenceError("the log's key was not valid when it took the entry in")
        }
        return (log, time)
    }

    /// What a signed entry timestamp is over: the entry as canonical JSON (RFC 8785), its names in order.
    private var promisedBytes: [UInt8] {
        Array(
            #"{"body":"\#(encodedBody)","integratedTime":\#(integratedTime),"logID":"\#(Hexadecimal.encode(logID))","logIndex":\#(index)}"#
                .utf8)
    }

    private func matchBody(_ envelope: Envelope, _ leaf: [UInt8]) throws(EvidenceError) {
        let root: JSONValue
        do {
            root = try JSONDocument(ByteRegion(body), dialect: .strict).root
        } catch {
            throw EvidenceError("the transparency log entry is not strict JSON")
        }
        guard kind == "dsse", root["kind"]?.string == kind, root["apiVersion"]?.string == version else {
            throw EvidenceError("the transparency log entry is of the unsupported kind \(Printable.line(kind))")
        }
        let digest = Array(SHA256.hash(data: envelope.payload))
        let entry: (digest: [UInt8]?, signatures: [(signature: [UInt8]?, certificate: [UInt8]?)])
        switch version {
        case "0.0.1": entry = Self.first(root["spec"])
        case "0.0.2": entry = Self.second(root["spec"]?["dsseV002"])
        default:
            throw EvidenceError("the transparency log entry has the unsupported version \(Printable.line(version))")
        }
        guard entry.digest == digest else {
            throw EvidenceError("the transparency log entry is about another payload")
        }
        guard entry.signatures.count == envelope.signatures.count,
            let logged = entry.signatures.first, logged.signature == envelope.signatures.first?.bytes,
            logged.certificate == leaf
        else { throw EvidenceError("the transparency log entry is about another signature or certificate") }
    }

    private typealias Body = (digest: [UInt8]?, signatures: [(signature: [UInt8]?, certificate: [UInt8]?)])

    private static func first(_ spec: JSONValue?) -> Body {
        let digest =
            spec?["payloadHash"]?["algorithm"]?.string == "sha256"
            ? spec?["payloadHash"]?["value"].flatMap { Hexadecimal.decode($0.stringBytes) } : nil
        let signatures = (spec?["signatures"].map { Array($0.elements) } ?? []).map { element in
            let pem = element["verifier"].flatMap { Base64.decode($0.stringBytes) }
            let blocks = pem.flatMap { try? PEM.blocks(in: $0) } ?? []
            return (
                element["signature"].flatMap { Base64.decode($0.stringBytes) },
                blocks.count == 1 && blocks[0].label == "CERTIFICATE" ? blocks[0].bytes : nil
            )
        }
        return (digest, signatures)
    }

    private static func second(_ spec: JSONValue?) -> Body {
        let digest =
            spec?["payloadHash"]?["algorithm"]?.string == "SHA2_256"
            ? spec?["payloadHash"]?["digest"].flatMap { Base64.decode($0.stringBytes) } : nil
        let signatures = (spec?["signatures"].map { Array($0.elements) } ?? []).map { element in
            (
                element["content"].flatMap { Base64.decode($0.stringBytes) },
                element["verifier"]?["x509Certificate"]?["rawBytes"].flatMap { Base64.decode($0.stringBytes) }
            )
        }
        return (digest, signatures)
    }
}
