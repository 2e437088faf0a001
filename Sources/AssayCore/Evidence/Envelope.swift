public import ByteParsing

/// A DSSE envelope (Dead Simple Signing Envelope v1): a payload, its type, and signatures over both.
public struct Envelope: Sendable, Hashable {
    /// A signature over type and payload.
    public struct Signature: Sendable, Hashable {
        /// A hint for choosing a key; it is not signed and decides nothing.
        public var keyID: String?
        /// The raw signature, in the form that its algorithm has: DER for ECDSA.
        public var bytes: [UInt8]
        public init(keyID: String? = nil, bytes: [UInt8]) {
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    /// The type of every payload that Assay signs.
    public static let statementType = "application/vnd.in-toto+json"

    /// The exact bytes that were signed.
    public var payload: [UInt8]
    public var payloadType: String
    public var signatures: [Signature]

    public init(payload: [UInt8], payloadType: String = Envelope.statementType, signatures: [Signature] = []) {
        self.payload = payload
        self.payloadType = payloadType
        self.signatures = signatures
    }

    /// Signatures that are still read: each may have to be checked against each key.
    public static let signatureLimit = 1000

    /// What a signature is made over: the pre-authentication encoding.
    public var preAuthenticationEncoding: [UInt8] {
        var bytes = Self.encodingHead(payloadType, count: payload.count)
        bytes.reserveCapacity(bytes.count + payload.count)
        bytes += payload
        return bytes
    }

    /// What stands before the payload in the pre-authentication encoding.
    /// - Parameter count: bytes of the payload.
    public static func encodingHead(_ payloadType: String, count: Int) -> [UInt8] {
        Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(count) ".utf8)
    }

    /// Reads the JSON form.
    /// - Throws: `EvidenceError` when a member is missing, has another type or is not Base64.
    public init(_ json: JSONValue) throws(EvidenceError) {
        guard json.isObject else { throw EvidenceError("the DSSE envelope is not an object") }
        guard let type = json["payloadType"]?.string, !type.isEmpty else {
            throw EvidenceError("the DSSE envelope has no payloadType")
        }
        guard let encoded = json["payload"], encoded.kind == .string, let payload = Base64.decode(encoded.stringBytes)
        else { throw EvidenceError("the DSSE payload is missing or not Base64") }
        guard let list = json["signatures"], list.isArray, list.count > 0 else {
            throw EvidenceError("the DSSE envelope has no signatures")
        }
        guard list.count <= Self.signatureLimit else {
            throw EvidenceError("the DSSE envelope has \(list.count) signatures, more than \(Self.signatureLimit)")
        }
        self.payload = payload
        payloadType = type
        signatures = []
        for element in list.elements {
            guard let text = element["sig"], text.kind == .string, let bytes = Base64.decode(text.stringBytes),
                !bytes.isEmpty
            else { throw EvidenceError("a DSSE signature is missing or not Base64") }
            let keyID = element["keyid"]
            guard keyID == nil || keyID?.isNull == true || keyID?.kind == .string else {
                throw EvidenceError("a DSSE keyid is not a string")
            }
            signatures.append(Signature(keyID: keyID?.string.flatMap { $0.isEmpty ? nil : $0 }, bytes: bytes))
        }
    }

    /// Writes the JSON form.
    public func write(to writer: inout JSONWriter) {
        write(to: &writer) { $0.string(Base64.encode(payload)) }
    }

    /// Writes the JSON form with a payload that is not at hand.
    /// - Parameter payload: writes its Base64 as a string.
    public func write(to writer: inout JSONWriter, payload: (inout JSONWriter) -> Void) {
        writer.object { writer in
            writer.key("payload")
            payload(&writer)
            writer.member("payloadType", payloadType)
            writer.objects("signatures", of: signatures) { writer, signature in
                writer.member("sig", Base64.encode(signature.bytes))
                writer.member("keyid", signature.keyID ?? "")
            }
        }
    }
}
