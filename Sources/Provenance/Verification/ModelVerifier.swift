internal import AssayCore
internal import ByteParsing

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Verifies the signature of a model or dataset and compares its files with what was signed.
package struct ModelVerifier: Sendable {
    /// What the verifier trusts: exactly one kind.
    package enum Trust: Sendable {
        /// A PEM public key.
        case publicKey([UInt8])
        /// PEM files of certificates; none for the roots of the operating system.
        case certificates([[UInt8]])
        /// A Sigstore trusted root or client trust configuration, and who is expected to have signed.
        case sigstore(root: [UInt8], identity: String, issuer: String)
        /// A secret that signer and verifier share.
        case mac([UInt8])
    }

    /// What the verifier passes over, and what it allows.
    package struct Options: Sendable {
        /// Paths relative to the model that the verifier leaves out beside those that the signature names.
        package var ignored: [ModelPath] = []
        /// Whether `SigningScope.gitPaths` are left out too.
        package var ignoresGitPaths = true
        /// Whether links are followed for signatures of version 0.2, which do not say; later ones say so themselves.
        package var allowsLinks = false
        /// Whether such links may lead out of the model.
        package var allowsOutsideLinks = false
        /// Whether files that nobody signed are listed instead of refused.
        package var ignoresUnsignedFiles = false
        /// Whether signatures in the format of version 0.2 are read with a bare key.
        package var allowsLegacy = false
        /// The signature file's own path relative to the model, when it lies inside.
        package var signaturePath: ModelPath?
        /// Threads that hash.
        package var threads = 2
        /// Whether the report gets the digests of what was on disk, for evidence: the SHA-256 of every file.
        package var measuresSubjects = false
        /// Seconds since 1970 at which certificates are judged; nil for now.
        package var time: Double?
        package init() {}
    }

    let trust: Trust
    let options: Options

    package init(trust: Trust, options: Options = Options()) {
        self.trust = trust
        self.options = options
    }

    /// - Parameters:
    ///   - path: The model's file or folder.
    ///   - signature: The contents of the signature file.
    package func verify(
        _ path: String, signature: [UInt8], progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) -> VerificationReport {
        var report = VerificationReport()
        report.signatureDigest = Hexadecimal.encode(HashAlgorithm.sha256.hash(signature))
        report.anchors = trust.anchors
        do throws(EvidenceError) {
            if let file = try FileSignature(signature) {
                verify(path, file, &report, progress)
                return report
            }
            let bundle = try SigstoreBundle(signature)
            report.method = bundle.material.method
            let identity = try authenticator.authenticate(bundle)
            report.signer = identity.facts
            report.trust = identity.trust
            report.caveats += identity.caveats
            let reading = try ModelStatement.read(bundle.envelope.payload)
            compare(path, reading, &report, progress)
        } catch {
            report.refuse(error.reason)
        }
        if options.measuresSubjects, report.subjects.isEmpty, let tree = try? ModelTree(path, scope: scope(nil)) {
            report.subjects = subjects(of: tree, nil)
        }
        return report
    }

    var authenticator: Authenticator {
        Authenticator(
            trust: trust, allowsLegacy: options.allowsLegacy,
            now: options.time.map { Date(timeIntervalSince1970: $0) } ?? Date())
    }

    private func compare(
        _ path: String, _ reading: ModelStatement.Reading, _ report: inout VerificationReport,
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) {
        let expected = reading.manifest
        let scope = scope(expected, isLegacy: reading.isLegacy)
        do throws(TreeError) {
            let tree = try ModelTree(path, scope: scope)
            describe(reading, tree, &report)
            // Whoever ignores what was signed cannot confirm it.
            let hidden = expected.resources.compactMap { expected.location(of: $0)?.path }.filter { scope.ignores($0) }
            for path in Set(hidden).sorted() {
                report.refuse("\(Printable.line(path.text)) is signed but ignored: try --no-ignore-git-paths")
            }
            let listed = named(tree, in: expected)
            var chosen = listed
            var obstacles = tree.problems
            if options.ignoresUnsignedFiles {
                let signed = Set(expected.resources.compactMap { expected.location(of: $0)?.path })
                chosen.files = listed.files.filter { signed.contains($0.path) }
                report.uncovered += listed.files.filter { !signed.contains($0.path) }.map(\.path)
                obstacles = tree.problems.filter { $0.kind == .system || signed.contains($0.path) }
                report.uncovered += tree.problems.filter { !obstacles.contains($0) }.map(\.path)
            }
            let hasher = TreeHasher(algorithm: expected.algorithm, method: expected.method, threads: options.threads)
            let (resources, problems) = hasher.hash(chosen) { progress($0.bytes, $0.totalBytes) }
            let actual = Manifest(method: expected.method, algorithm: expected.algorithm, resources: resources)
            obstacles += problems
            if options.measuresSubjects {
                let isPlain = expected.algorithm == .sha256 && expected.method == .files
                report.subjects = subjects(of: chosen, isPlain && problems.isEmpty ? resources : nil)
            }
            var comparison = ManifestComparison(expected: expected, actual: actual)
            // A file that could not be read is not a file that was removed.
            let unread = Set(obstacles.filter(\.isInconclusive).map(\.path))
            comparison.removed.removeAll { unread.contains($0) }
            report.comparison = comparison
            report.uncovered += tree.uncovered
            if case .shards = expected.method {
                report.uncovered += chosen.files.filter { $0.identity.size == 0 }.map(\.path)
            }
            report.uncovered.sort()
            let again = try ModelTree(path, scope: scope)
            conclude(comparison, obstacles, isStable: again.files == tree.files, &report)
            let root = Hexadecimal.encode(expected.rootDigest)
            // Signers that list files in another order have another root digest for the same files.
            if options.measuresSubjects, report.outcome == .verified, !reading.isLegacy, !tree.root.isSingleFile,
                !report.subjects.contains(where: { $0.digests["sha256"] == root })
            {
                report.subjects.append(.init(name: reading.subject, sha256: root))
            }
        } catch {
            if error.isInconclusive {
                if report.reasons.isEmpty { report.outcome = .undecided }
                report.reasons.append(error.description)
            } else {
                report.refuse(error.description)
            }
        }
    }

    private func conclude(
        _ comparison: ManifestComparison, _ problems: [TreeError], isStable: Bool,
        _ report: inout VerificationReport
    ) {
        func count(_ paths: Int, _ what: String) {
            if paths > 0 { report.refuse("\(paths) \(paths == 1 ? "file" : "files") \(what)") }
        }
        count(comparison.changed.count, "changed")
        count(comparison.removed.count, "removed")
        count(comparison.renamed.count, "renamed")
        count(comparison.added.count, "added")
        for problem in problems where !problem.isInconclusive { report.refuse(problem.description) }
        let open = problems.filter(\.isInconclusive)
        if report.reasons.isEmpty { report.outcome = open.isEmpty && isStable ? .verified : .undecided }
        report.reasons += open.map(\.description)
        if !isStable { report.reasons.append("the model changed while it was being verified") }
    }

    /// The SHA-256 of every file that could be read and, if all could, the root digest of the folder before them.
    /// - Parameter known: the digests, where they have been taken already.
    private func subjects(of tree: ModelTree, _ known: [Manifest.Resource]?) -> [Statement.Subject] {
        var isWhole = tree.problems.isEmpty
        var resources = known ?? []
        if known == nil {
            let (found, problems) = TreeHasher(algorithm: .sha256, method: .files, threads: options.threads).hash(tree)
            resources = found
            isWhole = isWhole && problems.isEmpty
        }
        let files = resources.map { resource in
            // Versions up to 1.1.1 name a single file ".".
            let name = resource.name.bytes == [0x2E] ? tree.root.name : resource.name
            return Statement.Subject(name: name.text, sha256: Hexadecimal.encode(resource.digest))
        }
        guard isWhole, !tree.root.isSingleFile, !files.isEmpty else { return files }
        let root = Manifest(resources: resources).rootDigest
        return [Statement.Subject(name: tree.root.name.text, sha256: Hexadecimal.encode(root))] + files
    }

    /// What the signer left out, what the verifier leaves out, and the signature file itself.
    ///
    /// Whether links are followed is the signer's word (section 6.1.1); version 0.2 had none, so there it is the verifier's.
    private func scope(_ expected: Manifest?, isLegacy: Bool = false) -> SigningScope {
        var ignored = (expected?.ignored ?? []) + options.ignored
        if options.ignoresGitPaths { ignored += SigningScope.gitPaths }
        if let signature = options.signaturePath { ignored.append(signature) }
        return SigningScope(
            ignored: Set(ignored).sorted(),
            allowsLinks: expected?.allowsLinks == true || (expected == nil || isLegacy) && options.allowsLinks,
            allowsOutsideLinks: options.allowsOutsideLinks)
    }

    /// The tree with a single file under the name that the manifest has for it: `.` up to version 1.1.1.
    private func named(_ tree: ModelTree, in expected: Manifest) -> ModelTree {
        guard tree.root.isSingleFile, let file = tree.files.first,
            expected.resources.contains(where: { expected.location(of: $0)?.path.bytes == [0x2E] })
        else { return tree }
        var tree = tree
        tree.files = [ModelTree.File(path: ModelPath("."), identity: file.identity, link: nil)]
        return tree
    }

    private func describe(
        _ reading: ModelStatement.Reading, _ tree: ModelTree, _ report: inout VerificationReport
    ) {
        let manifest = reading.manifest
        let files = Set(manifest.resources.compactMap { manifest.location(of: $0)?.path }).count
        var signed = VerificationReport.Signed()
        signed.name = reading.subject
        signed.rootDigest = reading.isLegacy ? nil : Hexadecimal.encode(manifest.rootDigest)
        signed.files = files
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
