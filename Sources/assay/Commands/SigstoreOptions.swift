import ArgumentParser
import AssayCore
import Provenance

/// How `assay sign --sigstore` gets its certificate, log entry and timestamps.
struct SigstoreOptions: ParsableArguments {
    @Flag(help: "Sign with an identity: a new key, certified by Fulcio and recorded by Rekor.")
    var sigstore = false

    @Option(help: "Sigstore client trust configuration or trusted root (JSON): services, and what verifies them.")
    var trustConfig: String?

    @Option(help: "Sigstore signing configuration (JSON): services, where --trust-config names none.")
    var signingConfig: String?

    @Option(help: "File with an OpenID Connect identity token for the audience sigstore.")
    var identityTokenFile: String?

    @Option(help: "The identity token itself; others on the machine can see it: prefer the file.")
    var identityToken: String?

    @Flag(help: "Get the token from the CI system: GitHub Actions, or SIGSTORE_ID_TOKEN as GitLab sets it.")
    var useAmbientCredentials = false

    @Option(help: "Fulcio's address, instead of a configuration.")
    var fulcioUrl: String?

    @Option(help: "Rekor's address, instead of a configuration.")
    var rekorUrl: String?

    @Option(help: "Rekor's interface: 1 or 2.")
    var rekorVersion: Int?

    @Option(parsing: .upToNextOption, help: "Addresses of RFC 3161 timestamp authorities.")
    var tsaUrl: [String] = []

    @Option(help: "PEM file of certificate authorities for TLS, instead of the system's.")
    var tlsCa: String?

    func validate() throws {
        let words: [Any?] = [
            trustConfig, signingConfig, identityTokenFile, identityToken, fulcioUrl, rekorUrl, rekorVersion, tlsCa,
        ]
        guard sigstore else {
            guard words.allSatisfy({ $0 == nil }), tsaUrl.isEmpty, !useAmbientCredentials else {
                throw ValidationError("identity tokens, trust configurations and services go with --sigstore")
            }
            return
        }
        let sources = [identityTokenFile != nil, identityToken != nil, useAmbientCredentials].filter { $0 }
        guard sources.count == 1 else {
            throw ValidationError(
                "--sigstore needs one of --identity-token-file, --identity-token and --use-ambient-credentials")
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
        var result = SigstoreSigning(services: services, identity: try source(), trustedRoot: root)
        result.tlsAuthorities = tlsCa
        return result
    }

    private func source() throws(CommandFailure) -> IdentitySource {
        if let identityTokenFile { return .token(try FileInput.readSecret(identityTokenFile)) }
        if let identityToken { return .token(Array(identityToken.utf8)) }
        let names = ["SIGSTORE_ID_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
        return .ambient(
            Dictionary(
                uniqueKeysWithValues: names.compactMap { name in Terminal.environment(name).map { (name, $0) } }))
    }
}
