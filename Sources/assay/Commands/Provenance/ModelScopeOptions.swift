import ArgumentParser
import Provenance

/// Which files of a model count: the flags that digest, sign and verify share.
struct ModelScopeOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Files or folders of the model that are left out, as paths from the working directory.", valueName: "path"),
        completion: .file())
    var ignorePaths: [String] = []

    @Flag(inversion: .prefixedNo, help: "Leave out .git, .gitattributes, .github and .gitignore at the top.")
    var ignoreGitPaths = true

    @Flag(
        help:
            "Let a link to a file stand for the file; a signature remembers this. Links to folders are always refused.")
    var allowSymlinks = false

    @Flag(help: "With --allow-symlinks: let links lead out of the model.")
    var allowOutsideSymlinks = false

    @Option(help: ArgumentHelp("Threads that hash.", valueName: "n"))
    var jobs = ModelSigner.Options().threads

    func validate() throws {
        guard (1...256).contains(jobs) else { throw ValidationError("--jobs is from 1 to 256") }
        if allowOutsideSymlinks, !allowSymlinks {
            throw ValidationError("--allow-outside-symlinks goes with --allow-symlinks")
        }
    }

    /// Paths relative to the model; those that lie elsewhere are told and passed over.
    func ignored(in location: ModelLocation) -> [ModelPath] {
        ignorePaths.compactMap { path in
            if let found = location.relative(path) { return found }
            Output.complain("assay: \(path) is not inside of the model: nothing to ignore")
            return nil
        }
    }

    /// The scope for a new manifest.
    func scope(of model: String, signature: String?) -> SigningScope {
        let location = ModelLocation(model)
        var paths = ignored(in: location)
        if ignoreGitPaths { paths += SigningScope.gitPaths }
        if let signature, let own = location.relative(signature) { paths.append(own) }
        return SigningScope(
            ignored: Set(paths).sorted(), allowsLinks: allowSymlinks, allowsOutsideLinks: allowOutsideSymlinks)
    }
}

/// How files become digests.
struct SerializationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Digest of file contents: sha256, blake2b or blake3.", valueName: "algorithm"))
    var hash = HashAlgorithm.sha256.rawValue

    @Option(
        help: ArgumentHelp(
            "files (one digest a file) or shards (one digest for each range of a file).", valueName: "form"))
    var serialization = "files"

    @Option(help: ArgumentHelp("Bytes of a shard.", valueName: "bytes"))
    var shardSize = Manifest.Method.defaultShardSize

    func validate() throws {
        guard ["files", "shards"].contains(serialization) else {
            throw ValidationError("--serialization is files or shards")
        }
        guard HashAlgorithm(rawValue: hash) != nil else {
            throw ValidationError("--hash is sha256, blake2b or blake3")
        }
        guard shardSize > 0 else { throw ValidationError("--shard-size is a positive number of bytes") }
    }

    var algorithm: HashAlgorithm { HashAlgorithm(rawValue: hash) ?? .sha256 }
    var method: Manifest.Method { serialization == "shards" ? .shards(size: shardSize) : .files }
}
