package import AssayCore

/// What evidence about files on disk is about.
package enum EvidenceSubject {
    /// The subjects of a file or folder.
    ///
    /// A file is one subject with the SHA-256 of its bytes. A folder is its root digest, the one that a model signature
    /// has, and one subject for each file below it, so that evidence is found by either.
    /// - Throws: `EvidenceError` when a file cannot be read.
    package static func subjects(
        of path: String, scope: SigningScope = SigningScope(), threads: Int = 2
    ) throws(EvidenceError) -> [Statement.Subject] {
        var options = ModelSigner.Options()
        options.scope = scope
        options.threads = threads
        let measured = try ModelMeasurement(path, options)
        let files = measured.manifest.resources.map {
            Statement.Subject(name: $0.name.text, sha256: Hexadecimal.encode($0.digest))
        }
        if measured.isSingleFile { return files }
        let root = Statement.Subject(
            name: measured.name.text, sha256: Hexadecimal.encode(measured.manifest.rootDigest))
        return [root] + files
    }
}
