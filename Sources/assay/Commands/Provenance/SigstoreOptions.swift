import ArgumentParser
import AssayCore
import Provenance

/// How `assay sign --sigstore` gets its certificate, log entry and timestamps.
struct SigstoreOptions: ParsableArguments {
    @Flag(help: "Sign with an identity: a new key, certified by Fulcio and recorded by Rekor.")
    var sigstore = false

    @Option(
        help: ArgumentHelp(
            "Sigstore client trust configuration or trusted root (JSON): services, and what verifies them.",
            valueName: "file"), completion: .file())
    var trustConfig: String?

    @Option(
        help: ArgumentHelp(
            "Sigstore signing configuration (JSON): services, where --trust-config names none.", valueName: "file"),
        completion: .file())
    var signingConfig: String?

    @Option(
        help: ArgumentHelp("File with an OpenID Connect identity token for the audience sigstore.", valueName: "file"),
        completion: .file())
    var identityTokenFile: String?

    @Option(
        help: ArgumentHelp(
            "The identity token itself; others on the machine can see it: prefer the file.", valueName: "token"))
    var identityToken: String?

    @Flag(
        help:
            "Get the token from the machine: GitHub Actions, GitLab (SIGSTORE_ID_TOKEN), Google Cloud, Buildkite, CircleCI."
    )
    var useAmbientCredentials = false

    @Option(
        help: ArgumentHelp(
            "OpenID provider to log in to, instead of the configuration's. Without a token, you log in there.",
            valueName: "url"))
    var oidcIssuer: String?

    @Flag(help: "Log in with a browser elsewhere, and type the code that it shows.")
    var oauthForceOob = false

    @Option(help: ArgumentHelp("How the OpenID provider knows this program.", valueName: "id"))
    var clientId: String?

    @Option(help: ArgumentHelp("The client's secret, where the OpenID provider gave one.", valueName: "secret"))
    var clientSecret: String?

    @Option(
        help: ArgumentHelp(
            "Loopback port that the browser comes back to, where the OpenID provider wants a certain one.",
            valueName: "port"))
    var redirectPort: UInt16?

    @Option(help: ArgumentHelp("Fulcio's address, instead of a configuration.", valueName: "url"))
    var fulcioUrl: String?

    @Option(help: ArgumentHelp("Rekor's address, instead of a configuration.", valueName: "url"))
    var rekorUrl: String?

    @Option(help: ArgumentHelp("Rekor's interface: 1 or 2.", valueName: "n"))
    var rekorVersion: Int?

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Addresses of RFC 3161 timestamp authorities.", valueName: "url"))
    var tsaUrl: [String] = []

    @Option(
        help: ArgumentHelp("PEM file of certificate authorities for TLS, instead of the system's.", valueName: "file"),
        completion: .file())
    var tlsCa: String?

    func validate() throws {
        let words: [Any?] = [
            trustConfig, signingConfig, identityTokenFile, identityToken, fulcioUrl, rekorUrl, rekorVersion, tlsCa,
        ]
        let loginWords: [Any?] = [oidcIssuer, clientId, clientSecret, redirectPort]
        let isLoginGiven = oauthForceOob || !loginWords.allSatisfy { $0 == nil }
        guard sigstore else {
            guard words.allSatisfy({ $0 == nil }), tsaUrl.isEmpty, !useAmbientCredentials, !isLoginGiven else {
                throw ValidationError("identity tokens, trust configurations and services go with --sigstore")
            }
            return
        }
        let sources = [identityTokenFile != nil, identityToken != nil, useAmbientCredentials].filter { $0 }
        guard sources.count <= 1 else {
            throw ValidationError(
                "give one of --identity-token-file, --identity-token and --use-ambient-credentials, or none to log in")
        }
        guard sources.isEmpty || !isLoginGiven else {
            throw ValidationError("a token needs no login: --oidc-issuer and the options beside it do not go with one")
        }
        guard (fulcioUrl == nil) == (rekorUrl == nil) else {
            throw ValidationError("--fulcio-url and --rekor-url go together")
        }
        guard trustConfig != nil || signingConfig != nil || fulcioUrl != nil else {
            throw ValidationError(
                "name the services: --trust-config, --signing-config, or --fulcio-url and --rekor-url")
        }
        guard rekorVersion.map({ (1...2).contains($0) }) ?? true else {
            throw ValidationError("--rekor-version is 1 or 2")
        }
    }

    /// What a signature is made with: the identity, or else the key.
    func method(or key: SigningKeyOptions) throws -> ModelSigner.Method {
        if let signing = try signing() { return .sigstore(signing) }
        return try key.method()
    }

    /// nil when the signature is made in another way.
    func signing() throws -> SigstoreSigning? {
        guard sigstore else { return nil }
        let root = try trustConfig.map { file throws(CommandFailure) in try FileInput.read(file) }
        var services: SigstoreServices?
        for file in [signingConfig, trustConfig].compactMap({ $0 }) where services == nil && fulcioUrl == nil {
            services = try SigstoreServices(FileInput.read(file), at: Clock.seconds)
        }
        if let fulcioUrl, let rekorUrl {
            services = SigstoreServices(
                certificateAuthority: try ServiceAddress(fulcioUrl), log: try ServiceAddress(rekorUrl))
        }
        guard var services else {
            throw CommandFailure("\(trustConfig ?? ""): it names no services; add --signing-config or their addresses")
        }
        if let rekorVersion { services.logVersion = rekorVersion }
        if !tsaUrl.isEmpty {
            services.timestampAuthorities = try tsaUrl.map { url throws(EvidenceError) in try ServiceAddress(url) }
        }
        var result = SigstoreSigning(services: services, identity: try source(services), trustedRoot: root)
        result.tlsAuthorities = tlsCa
        return result
    }

    private func source(_ services: SigstoreServices) throws -> IdentitySource {
        if let identityTokenFile { return .token(try FileInput.readSecret(identityTokenFile)) }
        if let identityToken { return .token(Array(identityToken.utf8)) }
        if useAmbientCredentials {
            let environment = AmbientCredentials.variables.compactMap { name in
                Terminal.environment(name).map { (name, $0) }
            }
            let product = try? FileInput.read("/sys/class/dmi/id/product_name")
            return .ambient(
                AmbientCredentials(
                    environment: Dictionary(uniqueKeysWithValues: environment),
                    product: product.map { String(decoding: $0.prefix { $0 != 0x0A }, as: UTF8.self) }))
        }
        let named = try oidcIssuer.map { text throws(EvidenceError) in try ServiceAddress(text) }
        guard let provider = named ?? services.identityProvider else {
            throw CommandFailure(
                "the configuration names no OpenID provider to log in to: add --oidc-issuer, or give an identity token")
        }
        var login = IdentityLogin(
            provider: provider,
            interaction: .init(
                tell: { Output.complain($0) }, open: { Browser.open($0) }, readCode: { readLine() }))
        if let clientId { login.client = clientId }
        login.secret = clientSecret
        login.isOutOfBand = oauthForceOob
        login.port = redirectPort ?? 0
        return .login(login)
    }
}
