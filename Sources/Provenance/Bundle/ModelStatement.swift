package import AssayCore
internal import ByteParsing

/// The statement inside of a model signature: the manifest as an in-toto predicate, and the manifest read back from it.
package enum ModelStatement {
    /// OpenSSF Model Signing v1.0.
    package static let predicateType = "https://model_signing/signature/v1.0"
    /// The layout of version 0.2: one subject a file, no root digest, no serialisation.
    package static let legacyPredicateType = "https://model_signing/Digests/v0.1"

    /// The statement about a model.
    /// - Parameter name: the last component of the model's path; informative.
    package static func write(_ manifest: Manifest, name: ModelPath) -> [UInt8] {
        var text: [UInt8] = []
        write(manifest, name: name) { text += $0 }
        return text
    }

    /// Writes the statement about a model in pieces; of the same model, the same bytes.
    package static func write(_ manifest: Manifest, name: ModelPath, to sink: ([UInt8]) -> Void) {
        let rest = Statement.write(
            subjects: [.init(name: name.text, sha256: Hexadecimal.encode(manifest.rootDigest))],
            predicateType: predicateType
        ) { writer in
            writer.object { writer in
                writer.objects("resources", of: manifest.resources) { writer, resource in
                    writer.member("name", resource.name.text)
                    writer.member("digest", Hexadecimal.encode(resource.digest))
                    writer.member("algorithm", manifest.algorithm.rawValue)
                    if writer.bytes.count > 1 << 16 { sink(writer.take()) }
                }
                writer.object("serialization") { writer in
                    switch manifest.method {
                    case .files: writer.member("method", "files")
                    case .shards(let size):
                        writer.member("method", "shards")
                        writer.member("shard_size", size)
                    }
                    writer.member("hash_type", manifest.algorithm.rawValue)
                    writer.member("allow_symlinks", manifest.allowsLinks)
                    writer.member("ignore_paths", manifest.ignored.map(\.text))
                }
            }
        }
        sink(rest)
    }

    /// What a signed payload says about a model.
    package struct Reading: Sendable {
        /// What was signed.
        package let manifest: Manifest
        /// The name that the signer gave the model; nothing depends on it.
        package let subject: String
        /// Whether this is the layout of version 0.2.
        package let isLegacy: Bool
        /// Ignored paths that name nothing inside of the model, and so leave nothing out.
        package var ineffective: [ModelPath] = []
    }

    /// Reads the manifest from a statement.
    /// - Throws: `EvidenceError` for another predicate, an empty manifest, repeated or unsafe names, digests of the
    ///   wrong length, or a root digest that is not the digest of the listed digests.
    package static func read(_ payload: [UInt8]) throws(EvidenceError) -> Reading {
        let statement = try Statement(payload)
        switch statement.predicateType {
        case predicateType:
            guard let list = statement.predicate["resources"], list.isArray, list.count > 0 else {
                throw EvidenceError("the statement lists no files")
            }
            var digests = ListedDigests()
            for element in list.elements { try digests.take(element) }
            return try readCurrent(statement, digests)
        case legacyPredicateType: return try readLegacy(statement)
        default:
            throw EvidenceError(
                "the statement is not about a model's files: its predicateType is "
                    + Printable.line(statement.predicateType))
        }
    }

    /// Reads the manifest from a statement that comes in pieces; only of the current version.
    static func read(_ payload: RepeatableBytes) throws(EvidenceError) -> Reading {
        var sieve = JSONSieve(["predicate", "resources"], .objects)
        var digests = ListedDigests()
        var isLegible = true
        let isWhole = payload.forEachPiece { piece in
            guard isLegible else { return }
            do throws(ParseError) {
                try sieve.take(piece) { object in digests.take(object) }
            } catch {
                isLegible = false
            }
        }
        let statement = try Statement(sieve.rest)
        // What was taken out is the one array of that name: a second one would be a repeated name.
        guard isWhole, isLegible, sieve.places == 1, statement.predicateType == predicateType,
            let list = statement.predicate["resources"], list.isArray, list.count == 0, !digests.list.isEmpty
        else { throw EvidenceError("the statement cannot be read in pieces") }
        return try readCurrent(statement, digests)
    }

    private static func readCurrent(_ statement: Statement, _ digests: ListedDigests) throws(EvidenceError) -> Reading {
        guard statement.subjects.count == 1, let subject = statement.subjects.first else {
            throw EvidenceError("the statement has \(statement.subjects.count) subjects instead of one")
        }
        guard subject.isNamed else { throw EvidenceError("the statement's subject has no name") }
        guard let serialization = statement.predicate["serialization"], serialization.isObject else {
            throw EvidenceError("the statement has no serialization")
        }
        guard let hashType = serialization["hash_type"]?.string, let algorithm = HashAlgorithm(hashType) else {
            throw EvidenceError("unsupported hash_type \(Printable.line(serialization["hash_type"]?.string ?? "none"))")
        }
        guard let allowsLinks = serialization["allow_symlinks"]?.bool else {
            throw EvidenceError("allow_symlinks is missing")
        }
        let method = try method(serialization)
        let names = [algorithm.rawValue, hashType] + shardedNames(method, algorithm, hashType)
        guard digests.algorithms.isSubset(of: names) else {
            throw EvidenceError("a digest's algorithm is not \(hashType)")
        }
        if let first = digests.list.first, digests.list.digestLength != algorithm.length {
            throw EvidenceError("the digest of \(Printable.line(first.name.text)) is malformed")
        }
        var ignored: [ModelPath] = []
        var ineffective: [ModelPath] = []
        if let paths = serialization["ignore_paths"] {
            guard paths.isArray else { throw EvidenceError("ignore_paths is not an array") }
            for path in paths.elements {
                guard path.kind == .string else { throw EvidenceError("an ignored path is not a string") }
                let path = ModelPath(path.stringBytes)
                switch path.ignored {
                case .path(let plain): ignored.append(plain)
                case .nothing: ineffective.append(path)
                case .everything:
                    throw EvidenceError("an ignored path is the model itself: the signature covers nothing")
                case .malformed: throw EvidenceError("an ignored path is not UTF-8 or holds a NUL")
                }
            }
        }
        let manifest = Manifest(
            method: method, algorithm: algorithm, allowsLinks: allowsLinks, ignored: ignored, resources: digests.list)
        try check(manifest)
        guard subject.digests["sha256"] == Hexadecimal.encode(manifest.rootDigest) else {
            throw EvidenceError("the root digest is not the digest of the listed digests")
        }
        return Reading(manifest: manifest, subject: subject.name, isLegacy: false, ineffective: ineffective)
    }

    private static func readLegacy(_ statement: Statement) throws(EvidenceError) -> Reading {
        var resources = ResourceList()
        for subject in statement.subjects {
            guard let text = subject.digests["sha256"], let digest = Hexadecimal.decode(Array(text.utf8)),
                digest.count == 32
            else { throw EvidenceError("a subject has no SHA-256 digest") }
            resources.append(ModelPath(subject.name), digest)
        }
        let manifest = Manifest(resources: resources)
        try check(manifest)
        return Reading(manifest: manifest, subject: "", isLegacy: true)
    }

    private static func method(_ serialization: JSONValue) throws(EvidenceError) -> Manifest.Method {
        let size = serialization["shard_size"]
        switch serialization["method"]?.string {
        case "files":
            guard size == nil || size?.isNull == true else {
                throw EvidenceError("shard_size does not go with the method files")
            }
            return .files
        case "shards":
            // Version 1.1.1 writes a float with no fraction.
            guard let size = size.flatMap({ $0.integer ?? $0.double.flatMap { Int(exactly: $0) } }), size > 0 else {
                throw EvidenceError("shard_size is missing or not a positive integer")
            }
            return .shards(size: size)
        default: throw EvidenceError("unsupported serialization method")
        }
    }

    /// The names that version 1.1.1 gives the digests of shards.
    private static func shardedNames(_ method: Manifest.Method, _ algorithm: HashAlgorithm, _ name: String) -> [String]
    {
        guard case .shards(let size) = method else { return [] }
        return ["\(algorithm.rawValue)-sharded-\(size)", "\(name)-sharded-\(size)"]
    }

    private static func check(_ manifest: Manifest) throws(EvidenceError) {
        if let name = manifest.resources.names.repeated {
            throw EvidenceError("\(Printable.line(name.text)) is listed twice")
        }
        for resource in manifest.resources {
            guard let (path, _) = manifest.location(of: resource) else {
                throw EvidenceError("\(Printable.line(resource.name.text)) names no range of bytes")
            }
            // Versions up to 1.1.1 name the only file of a single-file model ".".
            if path.bytes == [0x2E], manifest.resources.allSatisfy({ manifest.location(of: $0)?.path == path }) {
                continue
            }
            guard path.isCanonical else {
                throw EvidenceError("\(Printable.line(path.text)) is not a plain path inside of the model")
            }
        }
    }
}

extension HashAlgorithm {
    /// Reads the registry's names, and the ones that older versions wrote.
    init?(_ name: String) {
        switch name {
        case "sha256": self = .sha256
        case "blake2b", "blake2": self = .blake2b
        case "blake3": self = .blake3
        default: return nil
        }
    }
}
