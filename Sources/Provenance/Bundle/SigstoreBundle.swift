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

    /// The text of the bundle.
    package var json: [UInt8] {
        var text: [UInt8] = []
        write(payload: nil) { text += $0 }
        return text
    }

    /// Writes the text of the bundle in pieces.
    /// - Parameter payload: the envelope's payload, when it is not held.
    func write(payload: RepeatableBytes?, to sink: ([UInt8]) -> Void) {
        var writer = JSONWriter()
        let isMAC = if case .mac = material { true } else { false }
        writer.object { writer in
            writer.member("mediaType", isMAC ? Self.macMediaType : Self.mediaType)
            writer.object("verificationMaterial") { writer in
                switch material {
                case .publicKey(let hint), .mac(let hint):
                    writer.object("publicKey") { $0.member("hint", hint) }
                case .rawPublicKey(let bytes, _):
                    writer.object("publicKey") { $0.member("rawBytes", Base64.encode(bytes)) }
                case .certificateChain(let chain):
                    writer.object("x509CertificateChain") { writer in
                        writer.array("certificates") { writer in
                            for certificate in chain {
                                writer.object { $0.member("rawBytes", Base64.encode(certificate)) }
                            }
                        }
                    }
                case .certificate(let bytes):
                    writer.object("certificate") { $0.member("rawBytes", Base64.encode(bytes)) }
                }
                writer.array("tlogEntries") { writer in for entry in newEntries { entry.write(to: &writer) } }
                if !timestamps.isEmpty {
                    writer.object("timestampVerificationData") { writer in
                        writer.array("rfc3161Timestamps") { writer in
                            for timestamp in timestamps {
                                writer.object { $0.member("signedTimestamp", Base64.encode(timestamp)) }
                            }
                        }
                    }
                }
            }
            writer.key("dsseEnvelope")
            if let payload {
                envelope.write(to: &writer) { Self.write(payload, to: &$0, sink) }
            } else {
                envelope.write(to: &writer)
            }
        }
        sink(writer.take())
        sink([0x0A])
    }

    private static func write(_ payload: RepeatableBytes, to writer: inout JSONWriter, _ sink: ([UInt8]) -> Void) {
        var encoder = Base64.Encoder()
        writer.raw("\"")
        _ = payload.forEachPiece { piece in
            writer.extend(encoder.take(piece.array()))
            if writer.bytes.count > 1 << 16 { sink(writer.take()) }
        }
        writer.extend(encoder.finish())
        writer.extend([UInt8(ascii: "\"")])
    }
}
