import ArgumentParser
import AssayCore
import Provenance

/// Which evidence a command reads, and whose signatures on it are relied on.
struct EvidenceOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Evidence files, or folders of them (repeatable).", valueName: "path"), completion: .file())
    var evidence: [String] = []

    @OptionGroup(title: "Trust in evidence") var trust: EvidenceTrustOptions

    /// All the evidence, and what was none.
    func load() throws -> (records: [EvidenceRecord], rejected: [EvidenceLoading.Rejected]) {
        var records: [EvidenceRecord] = []
        let rejected = try EvidenceLoading(trust: try trust.trust()).forEach(in: evidence) { records.append($0) }
        return (records, rejected)
    }
}

/// Those whose signatures on evidence count.
struct EvidenceTrustOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("PEM public keys of those whose signatures on evidence count.", valueName: "file"),
        completion: .file())
    var publicKey: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("PEM certificates: roots of those who signed evidence, and any between.", valueName: "file"),
        completion: .file())
    var certificateChain: [String] = []

    @Option(
        help: ArgumentHelp("Sigstore trusted root or client trust configuration (JSON).", valueName: "file"),
        completion: .file())
    var trustConfig: String?

    @Option(parsing: .upToNextOption, help: "Whose Sigstore signatures on evidence count: e-mail addresses or URIs.")
    var identity: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The OpenID provider that vouches for them: one, or one for each identity.", valueName: "url"))
    var identityProvider: [String] = []

    var isGiven: Bool { !publicKey.isEmpty || !certificateChain.isEmpty || trustConfig != nil }

    /// How many signers there can be; nil where certificates leave that open.
    var most: Int? { certificateChain.isEmpty ? publicKey.count + identity.count : nil }

    func validate() throws {
        guard (trustConfig == nil) == identity.isEmpty, identity.isEmpty == identityProvider.isEmpty else {
            throw ValidationError("--trust-config, --identity and --identity-provider go together")
        }
        guard identityProvider.count <= 1 || identityProvider.count == identity.count else {
            throw ValidationError("give one --identity-provider for all identities, or one for each")
        }
    }

    /// - Throws: `CommandFailure` or `EvidenceError` when something cannot be read.
    func trust() throws -> EvidenceTrust {
        let keys = try publicKey.map { path throws(CommandFailure) in try FileInput.read(path) }
        let certificates = try certificateChain.map { path throws(CommandFailure) in try FileInput.read(path) }
        let root = try trustConfig.map { path throws(CommandFailure) in try FileInput.read(path) }
        let identities = identity.indices.map { place in
            EvidenceTrust.Identity(
                name: identity[place], provider: identityProvider[identityProvider.count == 1 ? 0 : place])
        }
        return try EvidenceTrust(keys: keys, certificates: certificates, trustedRoot: root, identities: identities)
    }
}

/// Reads folders of evidence, one file at a time.
struct EvidenceLoading {
    /// A file that was read and is no evidence.
    struct Rejected: Hashable {
        /// Relative to the evidence folder.
        let name: String
        let reason: String
    }

    /// Bytes of the largest file that is taken for evidence.
    static let limit = 64 << 20

    let trust: EvidenceTrust

    /// Reads every `.json`, `.jsonl` and `.sig` file below the paths, and any file that is named itself; nothing is kept.
    /// - Returns: What was no evidence, each with the reason.
    func forEach(in paths: [String], _ body: (EvidenceRecord) throws -> Void) throws -> [Rejected] {
        var rejected: [Rejected] = []
        for path in paths {
            for file in try EvidencePaths.files([path]) {
                let name = Self.name(of: file, in: path)
                let bytes = try FileInput.read(file, limit: Self.limit)
                let records: [EvidenceRecord]
                do throws(EvidenceError) {
                    records = try trust.records(name: name, bytes)
                } catch {
                    rejected.append(Rejected(name: name, reason: error.reason))
                    continue
                }
                for record in records { try body(record) }
            }
        }
        return rejected
    }

    private static func name(of file: String, in folder: String) -> String {
        guard file != folder else {
            return file.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file[file.utf8.index(after: $0)...]) }
                ?? file
        }
        return String(decoding: file.utf8.dropFirst(folder.utf8.count).drop { $0 == UInt8(ascii: "/") }, as: UTF8.self)
    }
}
