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
    /// What a login sent along, so that the token is an answer to it and to no other.
    let nonce: String?
    /// Seconds since 1970.
    let expiry: Int
    /// When its validity begins, where it says so.
    private let start: Int?

    /// Clocks differ by so many seconds.
    private static let leeway = 60

    /// - Parameter audience: whom it has to be made for: Sigstore, or the client that asked for it.
    /// - Throws: `EvidenceError` when the text is no token, or none for the audience.
    init(_ bytes: [UInt8], audience: String = Self.audience) throws(EvidenceError) {
        var bytes = bytes
        while let last = bytes.last, last == 0x0A || last == 0x0D || last == 0x20 { bytes.removeLast() }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, bytes.count < 65_536, let claims = URLSafe.decode(parts[1]),
            let root = try? JSONDocument(ByteRegion(claims), dialect: .strict).root, root.isObject,
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw EvidenceError("the identity token is no JSON Web Token") }
        guard let issuer = root["iss"]?.string, let subject = root["sub"]?.string,
            let expiry = root["exp"]?.double.flatMap({ Int(exactly: $0.rounded()) })
        else { throw EvidenceError("the identity token lacks one of the claims iss, sub and exp") }
        let audiences = root["aud"].map { $0.isArray ? $0.elements.compactMap(\.string) : [$0.string ?? ""] } ?? []
        guard audiences.contains(where: { Array($0.utf8) == Array(audience.utf8) }) else {
            let others = Printable.line(audiences.joined(separator: ", "))
            throw EvidenceError("the identity token is made for \(others), not for \(Printable.line(audience))")
        }
        text = String(decoding: bytes, as: UTF8.self)
        self.issuer = issuer
        self.subject = subject
        email = root["email"]?.string
        nonce = root["nonce"]?.string
        self.expiry = expiry
        start = root["nbf"]?.double.flatMap { Int(exactly: $0.rounded()) }
    }

    /// - Throws: `EvidenceError` when the token has expired, or is not valid yet.
    func check(at seconds: Int) throws(EvidenceError) {
        guard seconds < expiry else { throw EvidenceError("the identity token has expired") }
        guard start.map({ $0 <= seconds + Self.leeway }) ?? true else {
            throw EvidenceError("the identity token is not valid yet")
        }
    }
}
