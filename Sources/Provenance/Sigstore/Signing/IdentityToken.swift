internal import AssayCore
internal import ByteParsing

/// An OpenID Connect identity token (a JWT, RFC 7519): who an OpenID provider says the signer is.
///
/// Its signature is the certificate authority's to verify; here its claims are read to refuse what cannot work, and to
/// say who signs. The token is a secret while it is valid: it is sent to the certificate authority and never printed.
struct IdentityToken: Sendable {
    /// What Sigstore's certificate authorities expect a token to be made for.
    static let audience = "sigstore"

    let text: String
    let issuer: String
    let subject: String
    let email: String?
    /// Seconds since 1970.
    let expiry: Int

    /// - Throws: `EvidenceError` when the text is no token, or none for Sigstore.
    init(_ bytes: [UInt8]) throws(EvidenceError) {
        var bytes = bytes
        while let last = bytes.last, last == 0x0A || last == 0x0D || last == 0x20 { bytes.removeLast() }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, bytes.count < 65_536, let claims = Self.decode(parts[1]),
            let root = try? JSONDocument(ByteRegion(claims), dialect: .strict).root, root.isObject,
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw EvidenceError("the identity token is no JSON Web Token") }
        guard let issuer = root["iss"]?.string, let subject = root["sub"]?.string,
            let expiry = root["exp"]?.double.flatMap({ Int(exactly: $0.rounded()) })
        else { throw EvidenceError("the identity token lacks one of the claims iss, sub and exp") }
        let audiences = root["aud"].map { $0.isArray ? $0.elements.compactMap(\.string) : [$0.string ?? ""] } ?? []
        guard audiences.contains(Self.audience) else {
            throw EvidenceError(
                "the identity token is made for \(Printable.line(audiences.joined(separator: ", "))), not for sigstore")
        }
        text = String(decoding: bytes, as: UTF8.self)
        self.issuer = issuer
        self.subject = subject
        email = root["email"]?.string
        self.expiry = expiry
    }

    /// - Throws: `EvidenceError` when the token has expired.
    func check(at seconds: Int) throws(EvidenceError) {
        guard seconds < expiry else { throw EvidenceError("the identity token has expired") }
    }

    /// Base64 in the alphabet for URLs, without padding (RFC 4648, section 5).
    private static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var plain = text.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == 0x5F ? UInt8(ascii: "/") : $0 }
        while !plain.count.isMultiple(of: 4) { plain.append(UInt8(ascii: "=")) }
        return Base64.decode(plain)
    }
}

/// Where an identity token comes from.
public enum IdentitySource: Sendable {
    /// The token itself.
    case token([UInt8])
    /// The continuous-integration system that the program runs in, by its environment.
    case ambient([String: String])

    /// Gets the token; GitHub Actions is asked for one.
    func token(_ transport: any HTTPTransport) throws(EvidenceError) -> IdentityToken {
        switch self {
        case .token(let bytes): return try IdentityToken(bytes)
        case .ambient(let environment):
            // GitLab and others hand the token over in a variable named for its audience.
            if let token = environment["SIGSTORE_ID_TOKEN"], !token.isEmpty {
                return try IdentityToken(Array(token.utf8))
            }
            guard let url = environment["ACTIONS_ID_TOKEN_REQUEST_URL"], !url.isEmpty,
                let secret = environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"], !secret.isEmpty
            else {
                throw EvidenceError(
                    "the environment offers no identity: neither SIGSTORE_ID_TOKEN nor GitHub's id-token permission")
            }
            let address = try ServiceAddress(url).appending(
                (url.contains("?") ? "&" : "?") + "audience=" + IdentityToken.audience)
            let response = try transport.send(
                HTTPRequest(address: address, headers: [("Authorization", "bearer " + secret)]))
            guard response.status == 200,
                let root = try? JSONDocument(ByteRegion(response.body), dialect: .strict).root,
                let token = root["value"]?.string
            else { throw EvidenceError("GitHub gave no identity token (HTTP status \(response.status))") }
            return try IdentityToken(Array(token.utf8))
        }
    }
}
