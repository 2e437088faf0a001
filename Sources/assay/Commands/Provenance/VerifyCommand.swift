import ArgumentParser
import AssayCore
import ByteParsing
import Provenance
import Reporting

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verifies the signature of a model or dataset, and that every file is as it was signed.",
        discussion: """
            The signature is one of OpenSSF Model Signing or, for one file, a Sigstore bundle over its bytes (cosign \
            sign-blob). Without a key, an identity or --hmac-key-file, certificates are verified against the system's \
            roots. Exit status: 0 verified, 1 not verified, 2 usage or input error, 3 could not decide.
            """)

    @Argument(help: "The model's file or folder.", completion: .file())
    var path: String

    @Option(help: ArgumentHelp("The signature file.", valueName: "file"), completion: .file())
    var signature: String

    @Flag(help: "Say dataset instead of model: datasets are signed in the same way.")
    var dataset = false

    @OptionGroup(title: "Trust") var trust: TrustOptions
    @OptionGroup(title: "Scope") var scope: ModelScopeOptions

    @Flag(help: "Let files pass that nobody signed; they are listed as not covered.")
    var ignoreUnsignedFiles = false

    @Flag(help: "Read signatures in the format of version 0.2 that were made with a bare key.")
    var allowLegacy = false

    @Option(
        help: ArgumentHelp(
            "Write the answer as evidence: an in-toto statement about the files that were there.", valueName: "file"),
        completion: .file())
    var evidence: String?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print one line.")
    var quiet = false

    func run() throws {
        let report: VerificationReport
        do throws(CommandFailure) {
            try FileInput.require(path)
            let source = try FileInput.source(signature)
            let location = ModelLocation(path)
            var options = ModelVerifier.Options()
            options.ignored = scope.ignored(in: location)
            options.ignoresGitPaths = scope.ignoreGitPaths
            options.allowsLinks = scope.allowSymlinks
            options.allowsOutsideLinks = scope.allowOutsideSymlinks
            options.ignoresUnsignedFiles = ignoreUnsignedFiles
            options.allowsLegacy = allowLegacy
            options.signaturePath = location.relative(signature)
            options.threads = scope.jobs
            options.measuresSubjects = evidence != nil
            report = ModelVerifier(trust: try trust.trust(), options: options).verify(path, signature: source)
            if let evidence {
                let writer = VerificationEvidence(toolVersion: Version.current, time: Clock.now)
                try EvidenceOutput.write(writer.statement(about: report), to: evidence)
            }
        } catch {
            throw error.status
        }
        if json {
            print(VerificationText.json(report, path: path))
        } else {
            let style = TerminalStyle(isColoured: ColourChoice.auto.appliesToOutput)
            let lines = VerificationText.lines(report, path: path, noun: dataset ? "dataset" : "model", style: style)
            print((quiet ? Array(lines.prefix(1)) : lines).joined(separator: "\n"))
        }
        throw ExitCode(report.outcome.status)
    }
}

/// What a verifier trusts.
struct TrustOptions: ParsableArguments {
    @Option(help: ArgumentHelp("PEM public key of the signer.", valueName: "file"), completion: .file())
    var publicKey: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("PEM certificates: trusted roots, and any certificates between.", valueName: "file"),
        completion: .file())
    var certificateChain: [String] = []

    @Option(
        help: ArgumentHelp("Sigstore trusted root or client trust configuration (JSON).", valueName: "file"),
        completion: .file())
    var trustConfig: String?

    @Option(help: "Who has to have signed with Sigstore: the certificate's e-mail address, URI or user name.")
    var identity: String?

    @Option(help: ArgumentHelp("The OpenID provider that has to have vouched for the identity.", valueName: "url"))
    var identityProvider: String?

    @Option(help: ArgumentHelp("File with the secret that the signer shares.", valueName: "file"), completion: .file())
    var hmacKeyFile: String?

    func validate() throws {
        let kinds = [publicKey != nil, !certificateChain.isEmpty, trustConfig != nil, hmacKeyFile != nil]
        guard kinds.filter({ $0 }).count <= 1 else {
            throw ValidationError(
                "give one of --public-key, --certificate-chain, --trust-config and --hmac-key-file")
        }
        guard (trustConfig == nil) == (identity == nil), (trustConfig == nil) == (identityProvider == nil) else {
            throw ValidationError("--trust-config, --identity and --identity-provider go together")
        }
    }

    func trust() throws(CommandFailure) -> ModelVerifier.Trust {
        if let publicKey { return .publicKey(try FileInput.read(publicKey)) }
        if let hmacKeyFile { return .mac(try FileInput.readSecret(hmacKeyFile)) }
        if let trustConfig, let identity, let identityProvider {
            return .sigstore(root: try FileInput.read(trustConfig), identity: identity, issuer: identityProvider)
        }
        var files: [[UInt8]] = []
        for file in certificateChain { files.append(try FileInput.read(file)) }
        return .certificates(files)
    }
}
