package import AssayCore
internal import ByteParsing
internal import X509

/// Signs the files of a model or dataset.
package struct ModelSigner: Sendable {
    /// What the signature is made with.
    package enum Method: Sendable {
        /// A PEM private key.
        case key(pem: [UInt8], password: [UInt8]?)
        /// A PEM private key, the PEM certificate of its public key, and PEM files of the certificates above it.
        case certificate(pem: [UInt8], password: [UInt8]?, certificate: [UInt8], chain: [[UInt8]])
        /// A key in a PKCS #11 token, by its URI (RFC 7512); with a certificate and those above it, or without.
        case token(uri: String, pin: [UInt8]?, certificate: [UInt8]?, chain: [[UInt8]])
        /// A secret that signer and verifier share.
        case mac([UInt8])
        /// An identity that a Sigstore instance certifies.
        case sigstore(SigstoreSigning)
    }

    /// What is signed and how it is written down.
    package struct Options: Sendable {
        package var scope = SigningScope()
        package var algorithm = HashAlgorithm.sha256
        package var method = Manifest.Method.files
        /// Threads that hash.
        package var threads = 2
        package init() {}
    }

    /// What was signed.
    package struct Result: Sendable {
        /// The signature file; of very many files its text is not held, but made when it is written.
        fileprivate let signature: SignedStatement
        package let manifest: Manifest
        /// Files that the signature says nothing about: ignored ones, and empty ones among shards.
        package let uncovered: [ModelPath]
        package let warnings: [String]

        /// The contents of the signature file.
        package var bundle: [UInt8] {
            var bytes: [UInt8] = []
            write { bytes += $0 }
            return bytes
        }

        /// Writes the contents of the signature file in pieces.
        package func write(to sink: ([UInt8]) -> Void) { signature.bundle.write(payload: signature.payload, to: sink) }
    }

    let method: Method
    let options: Options

    package init(_ method: Method, options: Options = Options()) {
        self.method = method
        self.options = options
    }

    /// - Throws: `EvidenceError` when the key cannot be used, or when a file cannot be signed.
    package func sign(
        _ path: String, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws(EvidenceError) -> Result {
        if let pattern = options.scope.ignored.first(where: \.looksLikePattern) {
            throw EvidenceError("\(Printable.line(pattern.text)): ignored paths are no patterns")
        }
        // The key first: hashing a large model to find that the password is wrong helps nobody.
        let signer = try Signer(method)
        let measured = try ModelMeasurement(path, options, progress)
        let (manifest, name) = (measured.manifest, measured.name)
        let signed = try signer.sign(
            RepeatableBytes { body in
                ModelStatement.write(manifest, name: name) { body(unsafe $0.span.bytes) }
                return true
            })
        return Result(
            signature: signed, manifest: manifest, uncovered: measured.uncovered,
            warnings: measured.warnings + signed.warnings)
    }
}

/// A model's manifest as it is on disk.
package struct ModelMeasurement: Sendable {
    /// The last component of the model's path.
    package let name: ModelPath
    package let manifest: Manifest
    /// Whether the model is one file and no folder.
    package let isSingleFile: Bool
    /// Files below ignored paths.
    package let uncovered: [ModelPath]
    package let warnings: [String]
    /// The files as they were when they were hashed: opening one fails when it has changed since.
    let tree: ModelTree

    /// Lists and hashes the files.
    /// - Parameter names: The names that the files are thought to have, so that they are kept once.
    /// - Throws: `EvidenceError` when there is nothing to hash, or a file cannot be hashed.
    package init(
        _ path: String, _ options: ModelSigner.Options, sharing names: PathList? = nil,
        _ progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws(EvidenceError) {
        do throws(TreeError) {
            var tree = try ModelTree(path, scope: options.scope)
            if let names { tree.files.share(names) }
            if let problem = tree.problems.first { throw problem }
            let hasher = TreeHasher(
                algorithm: options.algorithm, method: options.method, threads: options.threads)
            let (resources, problems) = hasher.hash(tree) { progress($0.bytes, $0.totalBytes) }
            if let problem = problems.first { throw problem }
            guard !resources.isEmpty else { throw TreeError(.empty, tree.root.name) }
            guard try tree.isUnchanged(at: path, scope: options.scope) else {
                throw TreeError(.changed, tree.root.name)
            }
            self.tree = tree
            name = tree.root.name
            isSingleFile = tree.root.isSingleFile
            manifest = Manifest(
                method: options.method, algorithm: options.algorithm, allowsLinks: options.scope.allowsLinks,
                ignored: tree.root.isSingleFile ? [] : options.scope.ignored.sorted(), resources: resources)
            uncovered = tree.uncovered
            warnings = tree.files.compactMap { file in
                guard let link = file.link, !tree.root.contains(link) else { return nil }
                return "\(Printable.line(file.path.text)) is a link out of the model, to "
                    + Printable.line(ModelPath(link).text)
            }
        } catch {
            throw EvidenceError(error.description)
        }
    }
}

/// A key that is ready to sign statements.
struct Signer: Sendable {
    private enum Key: Sendable {
        case key(SigningKey, SigstoreBundle.Material)
        case token(TokenKey, SigstoreBundle.Material)
        case mac(MessageAuthentication)
        case sigstore(SigstoreSigning)
    }
    private let key: Key

    /// Whether the signature is a bare key's: it needs nothing beside it but the key.
    var hasBareKey: Bool {
        switch key {
        case .key(_, .publicKey), .token(_, .publicKey): true
        default: false
        }
    }

    init(_ method: ModelSigner.Method) throws(EvidenceError) {
        switch method {
        case .key(let pem, let password):
            let key = try SigningKey(pem: pem, password: password)
            self.key = .key(key, .publicKey(hint: key.publicKey.hint))
        case .certificate(let pem, let password, let certificate, let chain):
            let key = try SigningKey(pem: pem, password: password)
            self.key = .key(key, try Self.chain(certificate, chain, of: key.publicKey))
        case .token(let uri, let pin, let certificate, let chain):
            var location = try TokenLocation(uri)
            if let pin { location.pin = String(decoding: pin, as: UTF8.self) } else { try location.readPIN() }
            let key = try TokenKey(location)
            let material =
                try certificate.map { certificate throws(EvidenceError) in
                    try Self.chain(certificate, chain, of: key.publicKey)
                } ?? .publicKey(hint: key.publicKey.hint)
            self.key = .token(key, material)
        case .mac(let secret): key = .mac(try MessageAuthentication(secret))
        case .sigstore(let signing):
            try signing.check()
            key = .sigstore(signing)
        }
    }

    /// The certificates for the bundle: the leaf has to certify the key, and to be meant for signing.
    private static func chain(
        _ certificate: [UInt8], _ chain: [[UInt8]], of key: VerificationKey
    ) throws(EvidenceError) -> SigstoreBundle.Material {
        let leaf = try certificates(certificate)
        guard let first = leaf.first else { throw EvidenceError("there is no signing certificate in the file") }
        let parsed = try CertificateTrust.parse(first)
        guard try VerificationKey(parsed).spki == key.spki else {
            throw EvidenceError("the certificate certifies another key than the private key's")
        }
        try ModelSigningUse.check(parsed)
        var all = leaf
        for file in chain { all += try certificates(file) }
        var seen = Set<[UInt8]>()
        return .certificateChain(all.filter { seen.insert($0).inserted })
    }

    private static func certificates(_ pem: [UInt8]) throws(EvidenceError) -> [[UInt8]] {
        let found = try PEM.blocks(in: pem).filter { $0.label == "CERTIFICATE" }.map(\.bytes)
        guard !found.isEmpty else { throw EvidenceError("there is no PEM certificate in the file") }
        for der in found { _ = try CertificateTrust.parse(der) }
        return found
    }

    /// Wraps a payload in an envelope, signs it, and puts it into a bundle.
    func sign(_ payload: [UInt8]) throws(EvidenceError) -> (bundle: SigstoreBundle, warnings: [String]) {
        let signed = try sign(
            RepeatableBytes { body in
                body(unsafe payload.span.bytes)
                return true
            })
        var bundle = signed.bundle
        bundle.envelope.payload = payload
        return (bundle, signed.warnings)
    }

    /// The same for a payload that is not held.
    func sign(_ payload: RepeatableBytes) throws(EvidenceError) -> SignedStatement {
        if case .sigstore(let signing) = key {
            // What the log gets is made of the whole envelope.
            guard let bytes = payload.array else {
                throw EvidenceError("signing failed: what is signed cannot be read")
            }
            let (bundle, warnings) = try signing.sign(bytes)
            return SignedStatement(bundle: bundle, payload: nil, warnings: warnings)
        }
        guard let count = payload.count else { throw EvidenceError("signing failed: what is signed cannot be read") }
        var envelope = Envelope(payload: [])
        let message = payload.preceded(by: Envelope.encodingHead(envelope.payloadType, count: count))
        let material: SigstoreBundle.Material
        switch key {
        case .key(let key, let found):
            envelope.signatures = [.init(bytes: try key.sign(.streamed(message)))]
            material = found
        case .token(let key, let found):
            envelope.signatures = [.init(bytes: try key.sign(.streamed(message)))]
            material = found
        case .mac(let mac):
            envelope.signatures = [.init(bytes: mac.code(over: message) ?? [])]
            material = .mac(hint: mac.hint)
        case .sigstore: throw EvidenceError("signing failed: the identity is not certified")
        }
        return SignedStatement(
            bundle: SigstoreBundle(material: material, envelope: envelope), payload: payload, warnings: [])
    }
}

/// A bundle whose payload may not be held.
struct SignedStatement: Sendable {
    let bundle: SigstoreBundle
    /// The payload, when the bundle's envelope has none.
    let payload: RepeatableBytes?
    let warnings: [String]
}
