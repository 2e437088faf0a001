internal import AssayCore
internal import ByteParsing

/// What an OpenID provider says about itself (OpenID Connect Discovery 1.0, section 4).
struct IdentityProvider: Sendable {
    /// As its tokens name it.
    let issuer: String
    private let authorization: ServiceAddress
    private let exchange: ServiceAddress

    /// Asks the provider.
    /// - Throws: `EvidenceError` when it does not answer, or answers for another provider.
    init(_ address: ServiceAddress, _ transport: any HTTPTransport) throws(EvidenceError) {
        let response = try transport.send(
            HTTPRequest(
                address: address.appending("/.well-known/openid-configuration"),
                headers: [("Accept", "application/json")], seconds: 30))
        guard response.status == 200,
            let root = try? JSONDocument(ByteRegion(response.body), dialect: .strict).root,
            let issuer = root["issuer"]?.string, let authorization = root["authorization_endpoint"]?.string,
            let exchange = root["token_endpoint"]?.string
        else { throw EvidenceError("\(address.text) is no OpenID provider (HTTP status \(response.status))") }
        // Section 4.3: else one provider could have people log in to another.
        guard try ServiceAddress(issuer) == address else {
            throw EvidenceError("\(address.text) answers for another provider, \(Printable.line(issuer))")
        }
        self.issuer = issuer
        self.authorization = try ServiceAddress(authorization)
        self.exchange = try ServiceAddress(exchange)
    }

    /// The page where a person logs in.
    func page(_ query: [(String, String)]) -> ServiceAddress {
        authorization.appending((authorization.text.contains("?") ? "&" : "?") + FormEncoding.encode(query))
    }

    /// Gets the identity token for a code (OpenID Connect Core 1.0, section 3.1.3).
    /// - Parameter secret: what a client has that is registered with one; other clients only name themselves.
    /// - Throws: `EvidenceError` when the provider refuses.
    func token(
        for code: String, redirect: String, client: String, secret: String?, _ proof: ProofKey,
        _ transport: any HTTPTransport
    ) throws(EvidenceError) -> [UInt8] {
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect),
            ("code_verifier", proof.verifier),
        ]
        var headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
        if let secret {
            let pair = FormEncoding.escape(client) + ":" + FormEncoding.escape(secret)
            headers.append(("Authorization", "Basic " + Base64.encode(Array(pair.utf8))))
        } else {
            form.append(("client_id", client))
        }
        let response = try transport.send(
            HTTPRequest(
                address: exchange, headers: headers.map { (name: $0.0, value: $0.1) },
                body: Array(FormEncoding.encode(form).utf8), seconds: 30))
        let root = try? JSONDocument(ByteRegion(response.body), dialect: .strict).root
        guard response.status == 200, root?["error"] == nil else {
            let reason = root?["error_description"]?.string ?? root?["error"]?.string ?? ""
            // Anything else that it says could be a secret.
            throw EvidenceError(
                "the OpenID provider gave no token: HTTP status \(response.status)"
                    + (reason.isEmpty ? "" : ", " + Printable.line(reason)))
        }
        guard let token = root?["id_token"], token.kind == .string else {
            throw EvidenceError("the OpenID provider gave no identity token")
        }
        return token.stringBytes
    }
}

/// Proof Key for Code Exchange (RFC 7636): whoever intercepts the code cannot use it.
struct ProofKey: Sendable {
    let verifier = URLSafe.random()

    /// For the method S256.
    var challenge: String { URLSafe.digest(of: verifier) }
}
