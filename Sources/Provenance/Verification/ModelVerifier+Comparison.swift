internal import AssayCore
internal import ByteParsing

extension ModelVerifier {
    /// Compares the files with what was signed.
    func compare(
        _ path: String, _ reading: ModelStatement.Reading, _ report: inout VerificationReport,
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) {
        let expected = reading.manifest
        let scope = scope(expected, isLegacy: reading.isLegacy)
        do throws(TreeError) {
            var tree = try ModelTree(path, scope: scope)
            tree.files.share(expected.resources.names)
            describe(reading, tree, &report)
            // Whoever ignores what was signed cannot confirm it.
            var hidden = Set<ModelPath>()
            for resource in expected.resources {
                if let path = expected.location(of: resource)?.path, scope.ignores(path) { hidden.insert(path) }
            }
            for path in hidden.sorted() {
                report.refuse("\(Printable.line(path.text)) is signed but ignored: try --no-ignore-git-paths")
            }
            var (chosen, obstacles) = choose(from: tree, expected, &report)
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
                report.uncovered += chosen.files.lazy.filter { $0.identity.size == 0 }.map(\.path)
            }
            report.uncovered.sort()
            let isStable = try tree.isUnchanged(at: path, scope: scope)
            conclude(comparison, obstacles, isStable: isStable, &report)
            addRoot(reading, isFolder: !tree.root.isSingleFile, &report)
        } catch {
            if error.isInconclusive {
                if report.reasons.isEmpty { report.outcome = .undecided }
                report.reasons.append(error.description)
            } else {
                report.refuse(error.description)
            }
        }
    }

    /// The files that are to be hashed, and what stands in the way: all, or those that were signed where others may pass.
    private func choose(
        from tree: ModelTree, _ expected: Manifest, _ report: inout VerificationReport
    ) -> (chosen: ModelTree, obstacles: [TreeError]) {
        let listed = named(tree, in: expected)
        guard options.ignoresUnsignedFiles else { return (listed, tree.problems) }
        let signed = Set(expected.resources.compactMap { expected.location(of: $0)?.path })
        var chosen = listed
        chosen.files = FileList(listed.files.lazy.filter { signed.contains($0.path) })
        let obstacles = tree.problems.filter { $0.kind == .system || signed.contains($0.path) }
        report.uncovered += listed.files.lazy.filter { !signed.contains($0.path) }.map(\.path)
        report.uncovered += tree.problems.filter { !obstacles.contains($0) }.map(\.path)
        return (chosen, obstacles)
    }

    /// Signers that list files in another order have another root digest for the same files: it is a subject as well.
    private func addRoot(_ reading: ModelStatement.Reading, isFolder: Bool, _ report: inout VerificationReport) {
        let root = Hexadecimal.encode(reading.manifest.rootDigest)
        guard options.measuresSubjects, report.outcome == .verified, !reading.isLegacy, isFolder,
            !report.subjects.contains(where: { $0.digests["sha256"] == root })
        else { return }
        report.subjects.append(.init(name: reading.subject, sha256: root))
    }

    private func conclude(
        _ comparison: ManifestComparison, _ problems: [TreeError], isStable: Bool,
        _ report: inout VerificationReport
    ) {
        func count(_ paths: Int, _ what: String) {
            if paths > 0 { report.refuse("\(paths) \(paths == 1 ? "file" : "files") \(what)") }
        }
        // What stands in the way first: a file that is a link now counts as removed, and this says why.
        for problem in problems where !problem.isInconclusive { report.refuse(problem.description) }
        count(comparison.changed.count, "changed")
        count(comparison.removed.count, "removed")
        count(comparison.renamed.count, "renamed")
        count(comparison.added.count, "added")
        let open = problems.filter(\.isInconclusive)
        if report.reasons.isEmpty { report.outcome = open.isEmpty && isStable ? .verified : .undecided }
        report.reasons += open.map(\.description)
        if !isStable { report.reasons.append("the model changed while it was being verified") }
    }

    /// The SHA-256 of every file that could be read and, if all could, the root digest of the folder before them.
    /// - Parameter known: the digests, where they have been taken already.
    func subjects(of tree: ModelTree, _ known: ResourceList?) -> [Statement.Subject] {
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
    func scope(_ expected: Manifest?, isLegacy: Bool = false) -> SigningScope {
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
        tree.files = FileList([ModelTree.File(path: ModelPath("."), identity: file.identity, link: nil)])
        return tree
    }
}
