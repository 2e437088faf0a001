package import AssayCore
package import ByteParsing

/// A Sigstore bundle that carries a DSSE envelope: the file that `assay sign` writes, and evidence that others made.
///
/// Read strictly: unknown members, `messageSignature` and the snake_case spelling of protobuf are refused, because a
/// member that one reader sees and another does not is where verifiers start to disagree.
package struct SigstoreBundle: Sendable {
    /// The media type of bundles that are written (Sigstore bundle specification, version 0.3).
    package static let mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"

    /// The versions of the format (sigstore/protobuf-specs, `sigstore_bundle.proto`).
    package enum Version: Sendable {
        /// A log's promise is needed, its proof is not.
        case v01
        /// A log's proof is needed, with its checkpoint.
        case v02
        /// And Sigstore's certificate stands alone, not in a chain.
        case v03

        /// - Parameter isModelSignature: of model signatures there are those of version 0.3, in the one spelling.
        init?(mediaType: String, isModelSignature: Bool) {
            switch mediaType {
            case SigstoreBundle.mediaType, SigstoreBundle.macMediaType: self = .v03
            case "application/vnd.dev.sigstore.bundle+json;version=0.1" where !isModelSignature: self = .v01
            case "application/vnd.dev.sigstore.bundle+json;version=0.2" where !isModelSignature: self = .v02
            case "application/vnd.dev.sigstore.bundle+json;version=0.3" where !isModelSignature: self = .v03
            default: return nil
            }
        }
    }

    /// Assay's own type for a message authentication code: no Sigstore reader takes it for a signature.
    package static let macMediaType = "application/vnd.assay.mac+json;version=1"

    /// What the bundle says its signature is to be verified with.
    package enum Material: Sendable {
        /// A key that the verifier has; the hint names it.
        case publicKey(hint: String?)
        /// A key as versions before 1.1 wrote it: the text of a PEM file, or DER. It has to be the verifier's.
        case rawPublicKey([UInt8], hint: String?)
        /// DER certificates, the leaf first.
        case certificateChain([[UInt8]])
        /// One short-lived DER certificate from Fulcio.
        case certificate([UInt8])
        /// A shared secret; the hint names it.
        case mac(hint: String?)

        /// The word for the kind in reports and evidence.
        package var method: String {
            switch self {
            case .publicKey, .rawPublicKey: "key"
            case .certificateChain: "certificate"
            case .certificate: "sigstore"
            case .mac: "hmac-sha256"
            }
        }
    }

    /// What the bundle calls itself, which decides about the forms it may have.
    package let version: Version
    /// What the signature is to be verified with.
    package var material: Material
    package var envelope: Envelope
    /// Entries of transparency logs.
    package var logEntries: [JSONValue] = []
    /// RFC 3161 time-stamp responses, DER.
    package var timestamps: [[UInt8]] = []

    /// Entries of a bundle that is being made.
    var newEntries: [LogEntry] = []

    package init(material: Material, envelope: Envelope) {
        version = .v03
        self.material = material
        self.envelope = envelope
    }

    /// Reads a bundle.
    /// - Parameter isModelSignature: whether it has to be as OpenSSF Model Signing has it; else any version will do.
    /// - Throws: `EvidenceError` with what is wrong with it.
    package init(_ bytes: [UInt8], isModelSignature: Bool = true) throws(EvidenceError) {
        let opened = try Opened(bytes, isModelSignature: isModelSignature)
        let root = opened.root
        version = opened.version
        guard root["messageSignature"]?.isNull ?? true else {
            throw EvidenceError("the signature is over a file's bytes (messageSignature), not over a statement")
        }
        try root.requireOnly(
            ["mediaType", "verificationMaterial", "dsseEnvelope", "messageSignature"], of: "the bundle")
        guard let envelope = root["dsseEnvelope"] else { throw EvidenceError("the bundle has no dsseEnvelope") }
        try envelope.requireOnly(["payload", "payloadType", "signatures"], of: "the DSSE envelope")
        for signature in envelope["signatures"]?.elements ?? root.elements {
            try signature.requireOnly(["sig", "keyid"], of: "a DSSE signature")
        }
        self.envelope = try Envelope(envelope)
        guard self.envelope.signatures.count == 1 else {
            throw EvidenceError("the bundle has \(self.envelope.signatures.count) signatures instead of one")
        }
        (material, logEntries, timestamps) = (opened.material, opened.logEntries, opened.timestamps)
        // Well formed also where nobody asks what they prove.
        for entry in logEntries where isModelSignature && (try? LogEntry(entry, needsProof: true)) == nil {
            _ = try LogEntry(entry, needsProof: false)
        }
    }

    /// What bundles of envelopes and of messages have in common.
    struct Opened {
        let root: JSONValue
        let version: Version
        let material: Material
        let logEntries: [JSONValue]
        let timestamps: [[UInt8]]

        init(_ bytes: [UInt8], isModelSignature: Bool) throws(EvidenceError) {
            do {
                root = try JSONDocument(ByteRegion(bytes), dialect: .strict).root
            } catch {
                throw EvidenceError("the signature file is not strict JSON: \(error)")
            }
            guard root.isObject else { throw EvidenceError("the signature file is not a JSON object") }
            guard root["base64Signature"] == nil, root["payloadType"] == nil else {
                let what = root["payloadType"] == nil ? "in cosign's own older format" : "a bare DSSE envelope"
                throw EvidenceError("the signature file is \(what), not a Sigstore bundle")
            }
            let type = root["mediaType"]?.string
            guard let type, let version = Version(mediaType: type, isModelSignature: isModelSignature) else {
                throw EvidenceError(
                    "the media type is \(type.map { Printable.line($0) } ?? "missing"), not \(SigstoreBundle.mediaType)"
                )
            }
            self.version = version
            guard let material = root["verificationMaterial"], material.isObject else {
                throw EvidenceError("the bundle has no verificationMaterial")
            }
            self.material = try SigstoreBundle.material(
                material, version, isMAC: type == SigstoreBundle.macMediaType)
            if let entries = material["tlogEntries"] {
                guard entries.isArray, entries.elements.allSatisfy({ $0.isObject }) else {
                    throw EvidenceError("tlogEntries is not an array of entries")
                }
                logEntries = Array(entries.elements)
            } else {
                logEntries = []
            }
            timestamps = try SigstoreBundle.timestamps(material["timestampVerificationData"])
        }
    }

    private static func material(
        _ json: JSONValue, _ version: Version, isMAC: Bool
    ) throws(EvidenceError) -> Material {
        let kinds = ["publicKey", "x509CertificateChain", "certificate"].filter { json[$0].map { !$0.isNull } ?? false }
        try json.requireOnly(
            ["publicKey", "x509CertificateChain", "certificate", "tlogEntries", "timestampVerificationData"],
            of: "verificationMaterial")
        guard kinds.count == 1, let kind = kinds.first, let value = json[kind], value.isObject else {
            throw EvidenceError("verificationMaterial names \(kinds.count) kinds of key instead of one")
        }
        switch kind {
        case "publicKey":
            try value.requireOnly(["hint", "rawBytes", "keyDetails"], of: "the public key")
            guard value["hint"].map({ $0.isNull || $0.kind == .string }) ?? true else {
                throw EvidenceError("the key hint is not a string")
            }
            let hint = value["hint"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            if isMAC { return .mac(hint: hint) }
            if let raw = value["rawBytes"] {
                guard raw.kind == .string, let bytes = Base64.decode(raw.stringBytes) else {
                    throw EvidenceError("the key in the bundle is not Base64")
                }
                return .rawPublicKey(bytes, hint: hint)
            }
            return .publicKey(hint: hint)
        case "certificate": return .certificate(try der(value))
        default:
            try value.requireOnly(["certificates"], of: "the certificate chain")
            var chain: [[UInt8]] = []
            for element in value["certificates"]?.elements ?? value.elements { chain.append(try der(element)) }
            guard !chain.isEmpty else { throw EvidenceError("the certificate chain is empty") }
            guard chain.count <= 16 else { throw EvidenceError("the certificate chain is too long") }
            // Before version 0.3, Sigstore's certificates came as chains. The trusted root says what lies above the leaf.
            return version == .v03 ? .certificateChain(chain) : .certificate(chain[0])
        }
    }

    private static func der(_ json: JSONValue) throws(EvidenceError) -> [UInt8] {
        try json.requireOnly(["rawBytes"], of: "a certificate")
        guard let raw = json["rawBytes"], raw.kind == .string, let bytes = Base64.decode(raw.stringBytes),
            !bytes.isEmpty
        else { throw EvidenceError("a certificate is missing or not Base64") }
        return bytes
    }

    private static func timestamps(_ json: JSONValue?) throws(EvidenceError) -> [[UInt8]] {
        guard let json, !json.isNull else { return [] }
        guard json.isObject else { throw EvidenceError("timestampVerificationData is not an object") }
        try json.requireOnly(["rfc3161Timestamps"], of: "timestampVerificationData")
        guard let list = json["rfc3161Timestamps"] else { return [] }
        guard list.isArray else { throw EvidenceError("rfc3161Timestamps is not an array") }
        var result: [[UInt8]] = []
        for element in list.elements {
            try element.requireOnly(["signedTimestamp"], of: "a signed timestamp")
            guard let text = element["signedTimestamp"], text.kind == .string,
                let bytes = Base64.decode(text.stringBytes)
            else { throw EvidenceError("a signed timestamp is not Base64") }
            result.append(bytes)
        }
        guard result.count <= 16 else { throw EvidenceError("there are too many signed timestamps") }
        return result
    }

    /// The text of the bundle.
    package var json: [UInt8] {
        var writer = JSONWriter()
        let isMAC = if case .mac = material { true } else { false }
        writer.object { writer in
            writer.member("mediaType", isMAC ? Self.macMediaType : Self.mediaType)
            writer.key("verificationMaterial")
            writer.object { writer in
                switch material {
                case .publicKey(let hint), .mac(let hint):
                    writer.key("publicKey")
                    writer.object { $0.member("hint", hint) }
                case .rawPublicKey(let bytes, _):
                    writer.key("publicKey")
                    writer.object { $0.member("rawBytes", Base64.encode(bytes)) }
                case .certificateChain(let chain):
                    writer.key("x509CertificateChain")
                    writer.object { writer in
                        writer.key("certificates")
                        writer.array { writer in
                            for certificate in chain {
                                writer.object { $0.member("rawBytes", Base64.encode(certificate)) }
                            }
                        }
                    }
                case .certificate(let bytes):
                    writer.key("certificate")
                    writer.object { $0.member("rawBytes", Base64.encode(bytes)) }
                }
                writer.key("tlogEntries")
                writer.array { writer in for entry in newEntries { entry.write(to: &writer) } }
                if !timestamps.isEmpty {
                    writer.key("timestampVerificationData")
                    writer.object { writer in
                        writer.key("rfc3161Timestamps")
                        writer.array { writer in
                            for timestamp in timestamps {
                                writer.object { $0.member("signedTimestamp", Base64.encode(timestamp)) }
                            }
                        }
                    }
                }
            }
            writer.key("dsseEnvelope")
            envelope.write(to: &writer)
        }
        return writer.bytes + [0x0A]
    }
}

extension JSONValue {
    /// - Throws: `EvidenceError` for a member with another name.
    func requireOnly(_ names: [String], of what: String) throws(EvidenceError) {
        for (key, _) in members where !names.contains(where: { key.matches(Array($0.utf8)) }) {
            throw EvidenceError(
                "\(what) has a member that does not belong there: \(Printable.line(key.string ?? ""))")
        }
    }
}
