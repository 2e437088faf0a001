internal import AssayCore
internal import ByteParsing

extension ModelVerifier {
    /// Writes down what was signed, and what nobody should take the signature to cover.
    func describe(
        _ reading: ModelStatement.Reading, _ tree: ModelTree, _ report: inout VerificationReport
    ) {
        let manifest = reading.manifest
        var signed = VerificationReport.Signed()
        signed.name = reading.subject
        signed.rootDigest = reading.isLegacy ? nil : Hexadecimal.encode(manifest.rootDigest)
        signed.files = manifest.fileCount
        signed.algorithm = manifest.algorithm
        if case .shards(let size) = manifest.method { signed.shardSize = size }
        report.signed = signed
        if reading.isLegacy {
            report.caveats.append("The signature has the format of version 0.2, which has no root digest.")
        }
        if !manifest.ignored.isEmpty {
            let paths = manifest.ignored.map { Printable.line($0.text) }.joined(separator: ", ")
            report.caveats.append("The signer left out: \(paths).")
        }
        if !reading.ineffective.isEmpty {
            let paths = reading.ineffective.map { Printable.line($0.text) }.joined(separator: ", ")
            report.caveats.append("Ignored paths that lead out of the model leave nothing out: \(paths).")
        }
        if options.allowsLinks, !manifest.allowsLinks, !reading.isLegacy {
            report.caveats.append("The signer did not allow symbolic links, so none was followed.")
        }
        let patterns = manifest.ignored.filter(\.looksLikePattern)
        if !patterns.isEmpty {
            let names = patterns.map { Printable.line($0.text) }.joined(separator: ", ")
            report.caveats.append("Ignored paths are no patterns, and these were taken as they stand: \(names).")
        }
        if options.ignoresUnsignedFiles {
            report.caveats.append("Files that nobody signed were let pass, as --ignore-unsigned-files asks.")
        }
        report.followedLinks = tree.files.compactMap { file in
            file.link.map { .init(Printable.line(file.path.text), Printable.line(ModelPath($0).text)) }
        }
        report.caveats.append("Modes, owners, times and empty folders are not part of a signature.")
    }
}
