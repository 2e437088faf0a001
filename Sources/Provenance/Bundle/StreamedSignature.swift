internal import AssayCore
internal import ByteParsing

/// A model's signature file that is read without holding it: the bundle without its payload, and the payload as often as it is
/// wanted.
///
/// The bundle of a million files is large, and so is the statement in it. Both are read as strictly as if they were held: see
/// `JSONSieve`. What is read later counts only if the file is still the one that was read first.
struct StreamedSignature: Sendable {
    /// Its envelope has no payload.
    let bundle: SigstoreBundle
    /// SHA-256 of the file.
    let digest: [UInt8]
    private let source: SignatureSource
    private let payload: RepeatableBytes
    private let payloadCount: Int

    /// - Returns: nil for whatever is not read in this way: what is malformed, signatures over a file's bytes, Sigstore's.
    init?(_ source: SignatureSource) throws(EvidenceError) {
        var (sieve, decoder) = (Self.sieve, Base64.Decoder())
        var (count, bytes): (Int, [UInt8]) = (0, [])
        let found = try source.forEachPiece { piece in
            Self.take(piece, &sieve, &decoder, &bytes) { count += $0.count }
        }
        guard let found, decoder.finish(&bytes), sieve.places == 1, let bundle = try? SigstoreBundle(sieve.rest),
            bundle.envelope.payload.isEmpty
        else { return nil }
        if case .certificate = bundle.material { return nil }
        (self.bundle, self.source, digest) = (bundle, source, found)
        payloadCount = count + bytes.count
        payload = RepeatableBytes { body in
            var (sieve, decoder) = (Self.sieve, Base64.Decoder())
            var bytes: [UInt8] = []
            let again = try? source.forEachPiece { piece in
                Self.take(piece, &sieve, &decoder, &bytes) { body(unsafe $0.span.bytes) }
            }
            guard again == found, decoder.finish(&bytes) else { return false }
            body(unsafe bytes.span.bytes)
            return true
        }
    }

    private static var sieve: JSONSieve { JSONSieve(["dsseEnvelope", "payload"], .string) }

    /// Decodes what of the payload a piece of the file holds.
    /// - Parameter bytes: room; empty afterwards.
    private static func take(
        _ piece: RawSpan, _ sieve: inout JSONSieve, _ decoder: inout Base64.Decoder, _ bytes: inout [UInt8],
        _ body: ([UInt8]) -> Void
    ) -> Bool {
        do throws(ParseError) {
            try sieve.take(piece) { text in
                guard decoder.take(text, &bytes) else { return false }
                body(bytes)
                bytes.removeAll(keepingCapacity: true)
                return true
            }
            return true
        } catch {
            return false
        }
    }

    /// What the signature is over.
    var content: SignedContent {
        var empty = bundle.envelope
        empty.payload = []
        return .streamed(payload.preceded(by: Envelope.encodingHead(empty.payloadType, count: payloadCount)))
    }

    /// What the statement says about a model.
    /// - Throws: `EvidenceError`, also when it is one of version 0.2, or the file has changed since.
    func read() throws(EvidenceError) -> ModelStatement.Reading { try ModelStatement.read(payload) }
}
