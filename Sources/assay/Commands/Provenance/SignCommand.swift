import ArgumentParser
import AssayCore
import Provenance

struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Signs the files of a model or dataset (OpenSSF Model Signing v1.0).",
        discussion: """
            The signature is a detached Sigstore bundle over the digests of all files. Exit status: 0 signed, 1 the model \
            or the key cannot be used, 2 usage or input error.
            """)

    @Argument(help: "The model's file or folder.", completion: .file())
    var path: String

    @Option(help: ArgumentHelp("The signature file to write.", valueName: "file"), completion: .file())
    var signature = "model.sig"

    @OptionGroup(title: "Key") var key: SigningKeyOptions
    @OptionGroup(title: "Sigstore") var sigstore: SigstoreOptions
    @OptionGroup(title: "Scope") var scope: ModelScopeOptions
    @OptionGroup(title: "Serialization") var serialization: SerializationOptions

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        guard key.given.count + (sigstore.sigstore ? 1 : 0) == 1 else {
            throw ValidationError("give one of --private-key, --pkcs11-uri, --hmac-key-file and --sigstore")
        }
    }

    func run() throws {
        do {
            try FileInput.require(path)
            var options = ModelSigner.Options()
            options.scope = scope.scope(of: path, signature: signature)
            options.algorithm = serialization.algorithm
            options.method = serialization.method
            options.threads = scope.jobs
            let method = try sigstore.method(or: key)
            let result = try ModelSigner(method, options: options).sign(path)
            try FileOutput.write(to: signature, pieces: result.write)
            for warning in result.warnings { Output.complain("assay: " + warning) }
            guard !quiet, signature != "-" else { return }
            let count = result.manifest.resources.count
            print("signed \(count) \(count == 1 ? "digest" : "digests") of \(Printable.line(path))")
            print("  root digest  sha256:" + Hexadecimal.encode(result.manifest.rootDigest))
            print("  signature    " + signature)
            for uncovered in result.uncovered.prefix(20) {
                print("  not covered  " + Printable.line(uncovered.text))
            }
            if result.uncovered.count > 20 { print("  not covered  \(result.uncovered.count - 20) files more") }
        } catch let failure as CommandFailure {
            throw failure.status
        } catch let error as EvidenceError {
            Output.complain("assay: not signed: " + error.reason)
            throw ExitCode(1)
        }
    }
}

/// What a signature is made with.
struct SigningKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "PEM private key on P-256, P-384 or P-521 (PKCS 8, encrypted PKCS 8 or SEC 1).", valueName: "file"),
        completion: .file())
    var privateKey: String?

    @Option(
        help: ArgumentHelp("File with the private key's password on its first line.", valueName: "file"),
        completion: .file())
    var passwordFile: String?

    @Option(help: ArgumentHelp("PEM certificate of the private key.", valueName: "file"), completion: .file())
    var signingCertificate: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("PEM certificates above the signing certificate, the nearest first.", valueName: "file"),
        completion: .file())
    var certificateChain: [String] = []

    @Option(
        help: ArgumentHelp(
            "Key in a PKCS #11 token (RFC 7512), with module-path; the PIN is better in --password-file.",
            valueName: "uri"))
    var pkcs11Uri: String?

    @Option(
        help: ArgumentHelp(
            "File with a shared secret: writes a message authentication code instead of a signature.", valueName: "file"
        ), completion: .file())
    var hmacKeyFile: String?

    /// The keys that were named: one, unless the signature is made in another way.
    var given: [String] { [privateKey, pkcs11Uri, hmacKeyFile].compactMap { $0 } }

    func validate() throws {
        if signingCertificate == nil, !certificateChain.isEmpty {
            throw ValidationError("--certificate-chain goes with --signing-certificate")
        }
        if hmacKeyFile != nil, signingCertificate != nil || passwordFile != nil {
            throw ValidationError("--signing-certificate and --password-file do not go with --hmac-key-file")
        }
    }

    func method() throws(CommandFailure) -> ModelSigner.Method {
        if let hmacKeyFile { return .mac(try FileInput.readSecret(hmacKeyFile)) }
        var password: [UInt8]?
        if let passwordFile { password = try FileInput.readPassword(passwordFile) }
        var certificate: [UInt8]?
        if let signingCertificate { certificate = try FileInput.read(signingCertificate) }
        var chain: [[UInt8]] = []
        for file in certificateChain { chain.append(try FileInput.read(file)) }
        if let pkcs11Uri { return .token(uri: pkcs11Uri, pin: password, certificate: certificate, chain: chain) }
        guard let privateKey else { throw CommandFailure("there is no key") }
        let pem = try FileInput.read(privateKey)
        guard let certificate else { return .key(pem: pem, password: password) }
        return .certificate(pem: pem, password: password, certificate: certificate, chain: chain)
    }
}
