internal import AssayCore
internal import ByteParsing
internal import SwiftASN1

/// Asks a certificate authority (Fulcio, `POST /api/v2/signingCert`) to certify a new key for the token's identity.
struct CertificateRequest: Sendable {
    let token: IdentityToken
    let key: SigningKey

    /// - Returns: the certificate (DER), and the ones above it.
    /// - Throws: `EvidenceError` when the authority refuses or answers with another key's certificate.
    func send(to authority: ServiceAddress, _ transport: any HTTPTransport) throws(EvidenceError) -> [[UInt8]] {
        let request = PEM.write("CERTIFICATE REQUEST", try signingRequest())
        var writer = JSONWriter()
        writer.object { writer in
            writer.object("credentials") { $0.member("oidcIdentityToken", token.text) }
            writer.member("certificateSigningRequest", Base64.encode(Array(request.utf8)))
        }
        let response = try transport.send(
            HTTPRequest(
                address: authority.appending("/api/v2/signingCert"),
                headers: [("Content-Type", "application/json"), ("Accept", "application/json")], body: writer.bytes))
        let root = try? JSONDocument(ByteRegion(response.body), dialect: .strict).root
        guard (200...201).contains(response.status), let root else {
            throw EvidenceError(
                "the certificate authority refused: "
                    + ServiceAnswer.reason(response, root?["message"]?.string))
        }
        guard root["signedCertificateDetachedSct"] == nil else {
            throw EvidenceError("the certificate authority's certificates carry no signed certificate timestamp")
        }
        var chain: [[UInt8]] = []
        let list = root["signedCertificateEmbeddedSct"]?["chain"]?["certificates"]
        for text in list.map({ Array($0.elements) }) ?? [] {
            chain += try PEM.blocks(in: text.stringBytes).filter { $0.label == "CERTIFICATE" }.map(\.bytes)
        }
        guard let leaf = chain.first, chain.count <= 16 else {
            throw EvidenceError("the certificate authority answered with no certificate")
        }
        guard try VerificationKey(CertificateTrust.parse(leaf)).spki == key.publicKey.spki else {
            throw EvidenceError("the certificate authority certified another key")
        }
        return chain
    }

    /// A PKCS #10 request (RFC 2986) without a name: the authority takes the name from the token.
    private func signingRequest() throws(EvidenceError) -> [UInt8] {
        do {
            let spki = try DER.parse(key.publicKey.spki)
            var info = DER.Serializer()
            try info.appendConstructedNode(identifier: .sequence) { nodes in
                try nodes.serialize(0)
                nodes.appendConstructedNode(identifier: .sequence) { _ in }
                nodes.serialize(spki)
                nodes.appendConstructedNode(identifier: ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)) {
                    _ in
                }
            }
            let signature = try key.sign(info.serializedBytes)
            let body = try DER.parse(info.serializedBytes)
            var request = DER.Serializer()
            try request.appendConstructedNode(identifier: .sequence) { nodes in
                nodes.serialize(body)
                try nodes.appendConstructedNode(identifier: .sequence) {
                    try $0.serialize(ASN1ObjectIdentifier.ecdsaWithSHA256)
                }
                try nodes.serialize(ASN1BitString(bytes: signature[...]))
            }
            return request.serializedBytes
        } catch let error as EvidenceError {
            throw error
        } catch {
            throw EvidenceError("the certificate request cannot be written: \(error)")
        }
    }
}

extension ASN1ObjectIdentifier {
    fileprivate static let ecdsaWithSHA256: ASN1ObjectIdentifier = [1, 2, 840, 10045, 4, 3, 2]
}

/// What a service said that did not do what it was asked to.
enum ServiceAnswer {
    static func reason(_ response: HTTPResponse, _ message: String?) -> String {
        let text = message ?? String(decoding: response.body.prefix(200), as: UTF8.self)
        return "HTTP status \(response.status)" + (text.isEmpty ? "" : ", " + Printable.line(text))
    }
}
