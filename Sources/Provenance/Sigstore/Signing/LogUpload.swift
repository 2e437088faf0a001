internal import AssayCore
internal import ByteParsing
internal import Crypto

/// Puts a signature into a Rekor transparency log.
struct LogUpload: Sendable {
    let envelope: Envelope
    /// DER of the certificate that the signature is to be verified with.
    let certificate: [UInt8]

    /// - Returns: The log's entry with its proofs.
    func send(to log: ServiceAddress, version: Int, _ transport: any HTTPTransport) throws(EvidenceError) -> LogEntry {
        let response = try transport.send(
            HTTPRequest(
                address: log.appending("/api/v\(version)/log/entries"),
                headers: [("Content-Type", "application/json"), ("Accept", "application/json")],
                body: version == 2 ? try second() : first()))
        let root = try? JSONDocument(ByteRegion(response.body), dialect: .strict).root
        guard (200...201).contains(response.status), let root else {
            throw EvidenceError(
                "the transparency log refused: " + ServiceAnswer.reason(response, root?["message"]?.string))
        }
        return version == 2 ? try LogEntry(root) : try LogEntry(rekorAnswer: root)
    }

    /// A `dsse` 0.0.1 entry: the envelope as text, and the certificate as PEM.
    private func first() -> [UInt8] {
        var text = JSONWriter()
        envelope.write(to: &text)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("kind", "dsse")
            writer.member("apiVersion", "0.0.1")
            writer.object("spec") { writer in
                writer.object("proposedContent") { writer in
                    writer.member("envelope", text.text)
                    let pem = PEM.write("CERTIFICATE", certificate)
                    writer.member("verifiers", [Base64.encode(Array(pem.utf8))])
                }
            }
        }
        return writer.bytes
    }

    /// A `hashedrekord` 0.0.2 entry over the envelope's pre-authentication encoding.
    private func second() throws(EvidenceError) -> [UInt8] {
        guard let signature = envelope.signatures.first else { throw EvidenceError("there is no signature") }
        var writer = JSONWriter()
        writer.object { writer in
            writer.object("hashedRekordRequestV002") { writer in
                writer.member("digest", Base64.encode(Array(SHA256.hash(data: envelope.preAuthenticationEncoding))))
                writer.object("signature") { writer in
                    writer.member("content", Base64.encode(signature.bytes))
                    writer.object("verifier") { writer in
                        writer.object("x509Certificate") { $0.member("rawBytes", Base64.encode(certificate)) }
                        writer.member("keyDetails", "PKIX_ECDSA_P256_SHA_256")
                    }
                }
            }
        }
        return writer.bytes
    }
}
