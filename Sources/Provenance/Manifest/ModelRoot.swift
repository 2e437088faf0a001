#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The open file or folder that a model is read from.
///
/// Every path below it is opened component by component, without following links, so that a folder that is swapped for
/// a link while the model is read leads nowhere.
final class ModelRoot: Sendable {
    let descriptor: Descriptor
    let name: ModelPath
    let identity: FileIdentity
    var isSingleFile: Bool { identity.isRegular }

    /// Opens what the user named; links in that path are followed.
    init(_ path: String) throws(TreeError) {
        let descriptor = try Descriptor(opening: path)
        name = Self.name(of: path, descriptor)
        identity = try descriptor.identity(ModelPath(path))
        self.descriptor = descriptor
        guard identity.isDirectory || identity.isRegular else { throw TreeError(.special, ModelPath(path)) }
    }

    /// The last component of the model's path, through the system when the text ends in `.` or `/`.
    private static func name(of path: String, _ root: borrowing Descriptor) -> ModelPath {
        let last = path.utf8.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? []
        if last.isEmpty || last == [0x2E] || last == [0x2E, 0x2E] {
            return ModelPath(root.resolvedPath ?? Array("model".utf8)).name
        }
        return ModelPath(last)
    }

    /// The folder that holds the last component of `path`, opened without following a link.
    func folder(of path: ModelPath) throws(TreeError) -> Descriptor {
        var current = try Descriptor(duplicating: descriptor.raw, path: path)
        for component in path.components.dropLast() {
            current = try Descriptor(
                opening: Array(component), in: current.raw, flags: O_DIRECTORY | O_NOFOLLOW, path: path)
        }
        return current
    }

    /// Opens what a link leads to.
    func openFollowing(_ path: ModelPath) throws(TreeError) -> Descriptor {
        let folder = try folder(of: path)
        do throws(TreeError) {
            return try Descriptor(opening: path.name.bytes, in: folder.raw, flags: 0, path: path)
        } catch {
            throw TreeError(.brokenLink, path)
        }
    }

    /// What lies in a folder, without `.` and `..`.
    struct Listing {
        private(set) var names = PathList()
        private(set) var identities: [FileIdentity] = []

        fileprivate mutating func append(_ name: [UInt8], _ identity: FileIdentity) {
            names.append(name)
            identities.append(identity)
        }
    }

    func list(_ path: ModelPath) throws(TreeError) -> Listing {
        let folder =
            path.bytes.isEmpty
            ? try Descriptor(duplicating: descriptor.raw, path: path) : try self.folder(of: path.appending([0x2E]))
        // A descriptor of its own, because closedir closes it and a shared one would share its position.
        let fresh = unsafe [UInt8(ascii: ".")].withCPath {
            unsafe openat(folder.raw, $0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard fresh >= 0 else { throw TreeError.system(path, errno) }
        guard let stream = unsafe fdopendir(fresh) else {
            let number = errno
            close(fresh)
            throw TreeError.system(path, number)
        }
        defer { unsafe closedir(stream) }
        var entries = Listing()
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else { throw TreeError.system(path, errno) }
                break
            }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                unsafe Array(raw.prefix { $0 != 0 })
            }
            if name == [0x2E] || name == [0x2E, 0x2E] { continue }
            var status = stat()
            let done = unsafe name.withCPath { unsafe fstatat(fresh, $0, &status, AT_SYMLINK_NOFOLLOW) }
            guard done == 0 else { throw TreeError.system(path.appending(name), errno) }
            entries.append(name, FileIdentity(status))
            guard entries.names.count <= ModelTree.entryLimit else {
                throw TreeError(.limit, path, "more than \(ModelTree.entryLimit) entries")
            }
        }
        return entries
    }

    /// Whether a resolved path lies in this folder.
    func contains(_ resolved: [UInt8]) -> Bool {
        guard let top = descriptor.resolvedPath else { return false }
        return ModelPath(resolved).isInside(ModelPath(top))
    }

    /// Opens one listed file for reading: through the same folders, and only if it still is the file that was listed.
    func open(_ file: ModelTree.File) throws(TreeError) -> Descriptor {
        let opened: Descriptor
        if isSingleFile {
            opened = try Descriptor(duplicating: descriptor.raw, path: file.path)
        } else if let link = file.link {
            opened = try openFollowing(file.path)
            guard opened.resolvedPath == link else { throw TreeError(.changed, file.path) }
        } else {
            let folder = try folder(of: file.path)
            opened = try Descriptor(opening: file.path.name.bytes, in: folder.raw, flags: O_NOFOLLOW, path: file.path)
        }
        guard try opened.identity(file.path) == file.identity else { throw TreeError(.changed, file.path) }
        return opened
    }
}
