internal import AssayCore
internal import ByteParsing

/// Identity tokens that the machine gives to the programs on it: GitHub Actions, GitLab, Google Cloud, Buildkite and
/// CircleCI, each in the way that it documents and that sigstore's `id` library asks in.
package struct AmbientCredentials: Sendable {
    /// The variables that say where the program runs.
    package static let variables = [
        "SIGSTORE_ID_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "GITHUB_ACTIONS",
        "GITLAB_CI", "BUILDKITE", "CIRCLECI", "GOOGLE_SERVICE_ACCOUNT_NAME", "GCE_METADATA_HOST",
    ]

    private let environment: [String: String]
    private let product: String?
    private let run: @Sendable ([String]) -> String?

    /// - Parameters:
    ///   - environment: what `variables` names of the process's environment.
    ///   - product: what the machine calls itself (`/sys/class/dmi/id/product_name`).
    ///   - run: runs a command and gives the first line that it prints; nil when it fails.
    package init(
        environment: [String: String], product: String? = nil,
        run: @escaping @Sendable ([String]) -> String? = AmbientCredentials.firstLine
    ) {
        self.environment = environment.filter { !$0.value.isEmpty }
        self.product = product
        self.run = run
    }

    /// The first line that a command prints; nil when it fails.
    package static func firstLine(of command: [String]) -> String? { ChildProcess.firstLine(of: command) }

    /// - Throws: `EvidenceError` when the machine gives no identity.
    func token(_ transport: any HTTPTransport) throws(EvidenceError) -> [UInt8] {
        // GitLab and others hand the token over in a variable named for its audience.
        if let token = environment["SIGSTORE_ID_TOKEN"] { return Array(token.utf8) }
        if let url = environment["ACTIONS_ID_TOKEN_REQUEST_URL"],
            let secret = environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
        {
            return try gitHub(url, secret, transport)
        }
        if environment["GITHUB_ACTIONS"] != nil {
            throw EvidenceError("GitHub gives this job no identity: it needs the permission id-token: write")
        }
        if environment["GITLAB_CI"] != nil {
            throw EvidenceError("GitLab gives this job no identity: it needs SIGSTORE_ID_TOKEN among its id_tokens")
        }
        if environment["BUILDKITE"] != nil {
            return try output(
                of: ["buildkite-agent", "oidc", "request-token", "--audience", IdentityToken.audience])
        }
        if environment["CIRCLECI"] != nil {
            let claims = #"{"aud": "\#(IdentityToken.audience)"}"#
            return try output(of: ["circleci", "run", "oidc", "get", "--claims", claims, "--root-issuer"])
        }
        if let account = environment["GOOGLE_SERVICE_ACCOUNT_NAME"] {
            return try impersonation(of: account, transport)
        }
        if let product, ["Google", "Google Compute Engine"].contains(product) {
            let address = try metadata(
                "/instance/service-accounts/default/identity",
                [
                    ("audience", IdentityToken.audience), ("format", "full"),
                ])
            let response = try transport.send(
                HTTPRequest(address: address, headers: [("Metadata-Flavor", "Google")]))
            guard response.status == 200 else {
                throw EvidenceError("Google's metadata server gave no identity (HTTP status \(response.status))")
            }
            return response.body
        }
        throw EvidenceError(
            "the environment offers no identity: neither SIGSTORE_ID_TOKEN nor GitHub's id-token permission, nor the "
                + "variables of Buildkite, CircleCI or Google Cloud")
    }

    private func gitHub(
        _ url: String, _ secret: String, _ transport: any HTTPTransport
    ) throws(EvidenceError) -> [UInt8] {
        let address = try ServiceAddress(url).appending(
            (url.contains("?") ? "&" : "?") + "audience=" + IdentityToken.audience)
        let response = try transport.send(
            HTTPRequest(address: address, headers: [("Authorization", "bearer " + secret)]))
        guard let token = Self.member("value", of: response) else {
            throw EvidenceError("GitHub gave no identity token (HTTP status \(response.status))")
        }
        return token
    }

    private func output(of command: [String]) throws(EvidenceError) -> [UInt8] {
        guard let token = run(command), !token.isEmpty else {
            throw EvidenceError("\(command[0]) gave no identity token")
        }
        return Array(token.utf8)
    }

    /// The machine's own account asks for a token of another one.
    private func impersonation(
        of account: String, _ transport: any HTTPTransport
    ) throws(EvidenceError) -> [UInt8] {
        let path = FormEncoding.escape(account)
        let access = try transport.send(
            HTTPRequest(
                address: metadata(
                    "/instance/service-accounts/default/token",
                    [("scopes", "https://www.googleapis.com/auth/cloud-platform")]),
                headers: [("Metadata-Flavor", "Google")]))
        guard let secret = Self.member("access_token", of: access) else {
            throw EvidenceError("Google's metadata server gave no access token (HTTP status \(access.status))")
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("audience", IdentityToken.audience)
            writer.member("includeEmail", true)
        }
        let response = try transport.send(
            HTTPRequest(
                address: ServiceAddress(
                    "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/\(path):generateIdToken"),
                headers: [
                    ("Authorization", "Bearer " + String(decoding: secret, as: UTF8.self)),
                    ("Content-Type", "application/json"),
                ], body: writer.bytes))
        guard let token = Self.member("token", of: response) else {
            throw EvidenceError("Google gave no identity token (HTTP status \(response.status))")
        }
        return token
    }

    private func metadata(
        _ path: String, _ query: [(String, String)]
    ) throws(EvidenceError) -> ServiceAddress {
        let host = environment["GCE_METADATA_HOST"]
        let server =
            try host.map { name throws(EvidenceError) in try ServiceAddress("http://" + name) } ?? .googleMetadata
        return server.appending("/computeMetadata/v1" + path + "?" + FormEncoding.encode(query))
    }

    private static func member(_ name: String, of response: HTTPResponse) -> [UInt8]? {
        guard response.status == 200,
            let root = try? JSONDocument(ByteRegion(response.body), dialect: .strict).root,
            let value = root[name], value.kind == .string
        else { return nil }
        return value.stringBytes
    }
}
