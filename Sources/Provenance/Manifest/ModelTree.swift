/// The files of a model, listed from one open folder so that nothing outside of it can slip in.
///
/// The walk opens each folder by descriptor, never follows a link to a folder, and keeps names as the bytes that the
/// file system has. Modes, owners, times and empty folders are not part of a model.
struct ModelTree: Sendable {
    /// A file that belongs to the manifest.
    struct File: Sendable, Hashable {
        let path: ModelPath
        let identity: FileIdentity
        /// Where a followed link leads.
        let link: [UInt8]?
    }

    static let depthLimit = 128
    static let entryLimit = 5_000_000

    let root: ModelRoot
    var files: [File] = []
    /// Files below ignored paths: present, but no part of the manifest.
    private(set) var uncovered: [ModelPath] = []
    private(set) var problems: [TreeError] = []

    /// Lists the file or folder at `path`.
    /// - Throws: `TreeError` when the root itself cannot be opened; everything below it is collected in `problems`.
    init(_ path: String, scope: SigningScope) throws(TreeError) {
        root = try ModelRoot(path)
        if root.isSingleFile {
            if !root.name.isUTF8 { problems.append(TreeError(.name, root.name)) }
            files = [File(path: root.name, identity: root.identity, link: nil)]
        } else {
            walk(scope)
            files.sort { $0.path < $1.path }
            uncovered.sort()
        }
    }

    private mutating func walk(_ scope: SigningScope) {
        // A stack of folders still to be listed: (path, whether its files are covered).
        var pending: [(path: ModelPath, isCovered: Bool)] = [(ModelPath([UInt8]()), true)]
        var entries = 0
        while let (folder, isCovered) = pending.popLast() {
            do throws(TreeError) {
                let listed = try root.list(folder)
                entries += listed.count
                guard entries <= Self.entryLimit else {
                    problems.append(TreeError(.limit, folder, "more than \(Self.entryLimit) entries"))
                    return
                }
                for (name, identity) in listed.reversed() {
                    let path = folder.appending(name)
                    visit(path, identity, isCovered && !scope.ignores(path), scope, &pending)
                }
            } catch {
                if isCovered { problems.append(error) } else { uncovered.append(folder) }
            }
        }
    }

    private mutating func visit(
        _ path: ModelPath, _ identity: FileIdentity, _ isCovered: Bool, _ scope: SigningScope,
        _ pending: inout [(path: ModelPath, isCovered: Bool)]
    ) {
        do throws(TreeError) {
            if identity.isDirectory {
                guard path.components.count < Self.depthLimit else {
                    throw TreeError(.limit, path, "more than \(Self.depthLimit) levels")
                }
                pending.append((path, isCovered))
                return
            }
            guard isCovered else {
                uncovered.append(path)
                return
            }
            guard path.isUTF8 else { throw TreeError(.name, path) }
            if identity.isLink {
                files.append(try followed(path, scope))
            } else if identity.isRegular {
                files.append(File(path: path, identity: identity, link: nil))
            } else {
                throw TreeError(.special, path)
            }
        } catch {
            if isCovered { problems.append(error) } else { uncovered.append(path) }
        }
    }

    private func followed(_ path: ModelPath, _ scope: SigningScope) throws(TreeError) -> File {
        guard scope.allowsLinks else { throw TreeError(.link, path) }
        let target = try root.openFollowing(path)
        let identity = try target.identity(path)
        if identity.isDirectory { throw TreeError(.folderLink, path) }
        guard identity.isRegular else { throw TreeError(.special, path) }
        guard let resolved = target.resolvedPath else { throw TreeError(.outsideLink, path, "unknown target") }
        guard scope.allowsOutsideLinks || root.contains(resolved) else {
            throw TreeError(.outsideLink, path, ModelPath(resolved).text)
        }
        return File(path: path, identity: identity, link: resolved)
    }
}
