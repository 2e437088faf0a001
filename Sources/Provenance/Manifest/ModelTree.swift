#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

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
    var files = FileList()
    /// Files below ignored paths: present, but no part of the manifest.
    private(set) var uncovered: [ModelPath] = []
    /// Folders whose files belong to the manifest: one that is swapped and swapped back has other times.
    private var folders = FileList()
    private(set) var problems: [TreeError] = []

    /// Lists the file or folder at `path`.
    /// - Throws: `TreeError` when the root itself cannot be opened; everything below it is collected in `problems`.
    init(_ path: String, scope: SigningScope) throws(TreeError) {
        let started = Self.now
        try self.init(listing: path, scope: scope)
        // Times stand still for some milliseconds: a file that was changed just now could be changed again without a trace.
        if let newest = files.newestChange, newest >= started, newest - started < Self.longestTick {
            while Self.now <= newest { usleep(1000) }
            try self.init(listing: path, scope: scope)
        }
    }

    /// Nanoseconds that a clock of files stands still at the most.
    private static let longestTick = 20_000_000

    /// The clock that files get their times from, in nanoseconds since 1970.
    private static var now: Int {
        var time = timespec()
        #if os(Linux)
            unsafe clock_gettime(CLOCK_REALTIME_COARSE, &time)
        #else
            unsafe clock_gettime(CLOCK_REALTIME, &time)
        #endif
        return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
    }

    private init(listing path: String, scope: SigningScope) throws(TreeError) {
        root = try ModelRoot(path)
        if root.isSingleFile {
            if !root.name.isUTF8 { problems.append(TreeError(.name, root.name)) }
            files = FileList([File(path: root.name, identity: root.identity, link: nil)])
        } else {
            walk(scope) { $0.files.append($1) }
            files.sort()
            folders.sort()
            uncovered.sort()
        }
    }

    /// Lists again what was listed, and keeps nothing.
    private init(
        again path: String, scope: SigningScope, _ found: (File) -> Void
    ) throws(TreeError) {
        root = try ModelRoot(path)
        if root.isSingleFile {
            found(File(path: root.name, identity: root.identity, link: nil))
        } else {
            walk(scope) { found($1) }
            folders.sort()
        }
    }

    /// Whether the same files are there, each the same as when it was listed, and nothing that stands in the way has come.
    func isUnchanged(at path: String, scope: SigningScope) throws(TreeError) -> Bool {
        var alike = 0
        var others = 0
        let again = try ModelTree(again: path, scope: scope) { file in
            if files.contains(file) { alike += 1 } else { others += 1 }
        }
        // Of a single file, the identity is the root's.
        let isAlike = again.root.identity == root.identity && again.folders == folders
        return alike == files.count && others == 0 && isAlike && again.problems.allSatisfy { problems.contains($0) }
    }

    /// - Parameter found: gets each file that belongs to the manifest.
    private mutating func walk(_ scope: SigningScope, _ found: (inout ModelTree, File) -> Void) {
        // A stack of folders still to be listed: (path, whether its files are covered).
        var pending: [(path: ModelPath, isCovered: Bool)] = [(ModelPath([UInt8]()), true)]
        var entries = 0
        while let (folder, isCovered) = pending.popLast() {
            do throws(TreeError) {
                let listed = try root.list(folder)
                entries += listed.names.count
                guard entries <= Self.entryLimit else {
                    problems.append(TreeError(.limit, folder, "more than \(Self.entryLimit) entries"))
                    return
                }
                for place in listed.names.order.reversed() {
                    let path = folder.appending(listed.names[place].bytes)
                    visit(
                        path, listed.identities[place], isCovered && !scope.ignores(path), scope, &pending, found)
                }
            } catch {
                if isCovered { problems.append(error) } else { uncovered.append(folder) }
            }
        }
    }

    private mutating func visit(
        _ path: ModelPath, _ identity: FileIdentity, _ isCovered: Bool, _ scope: SigningScope,
        _ pending: inout [(path: ModelPath, isCovered: Bool)], _ found: (inout ModelTree, File) -> Void
    ) {
        do throws(TreeError) {
            if identity.isDirectory {
                guard path.components.count < Self.depthLimit else {
                    throw TreeError(.limit, path, "more than \(Self.depthLimit) levels")
                }
                pending.append((path, isCovered))
                if isCovered { folders.append(File(path: path, identity: identity.withoutKind, link: nil)) }
                return
            }
            guard isCovered else {
                uncovered.append(path)
                return
            }
            guard path.isUTF8 else { throw TreeError(.name, path) }
            if identity.isLink {
                found(&self, try followed(path, scope))
            } else if identity.isRegular {
                found(&self, File(path: path, identity: identity, link: nil))
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
