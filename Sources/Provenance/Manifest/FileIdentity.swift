#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What the system says a file is at one moment: any rewriting or swapping of the file changes some of it.
struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
    let size: Int
    /// Nanoseconds since 1970: when the bytes changed last, and when anything about the file did. They stand here, and in no
    /// array, because a model may have a million files.
    let modified: Int
    let changed: Int
    let isRegular: Bool
    let isDirectory: Bool
    let isLink: Bool

    /// The same of a regular file: for lists in which the kind says nothing.
    var withoutKind: FileIdentity {
        FileIdentity(device: device, inode: inode, size: size, modified: modified, changed: changed)
    }

    /// A regular file's.
    init(device: UInt64, inode: UInt64, size: Int, modified: Int, changed: Int) {
        (self.device, self.inode, self.size) = (device, inode, size)
        (self.modified, self.changed) = (modified, changed)
        (isRegular, isDirectory, isLink) = (true, false, false)
    }

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        #if canImport(Darwin)
            modified = Self.nanoseconds(status.st_mtimespec)
            changed = Self.nanoseconds(status.st_ctimespec)
        #else
            modified = Self.nanoseconds(status.st_mtim)
            changed = Self.nanoseconds(status.st_ctim)
        #endif
        let type = status.st_mode & S_IFMT
        isRegular = type == S_IFREG
        isDirectory = type == S_IFDIR
        isLink = type == S_IFLNK
    }

    /// Times centuries away wrap around: all that counts is whether two are the same.
    private static func nanoseconds(_ time: timespec) -> Int { time.tv_sec &* 1_000_000_000 &+ time.tv_nsec }
}

/// An open file or folder that closes itself.
struct Descriptor: ~Copyable {
    let raw: CInt

    /// Opens what the user named: links in it are followed.
    init(opening path: String) throws(TreeError) {
        let raw = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard raw >= 0 else { throw TreeError.system(ModelPath(path), errno) }
        self.raw = raw
    }

    /// Opens one component of a path below an open folder.
    init(opening name: [UInt8], in folder: CInt, flags: CInt, path: ModelPath) throws(TreeError) {
        let raw = unsafe name.withCPath { unsafe openat(folder, $0, flags | O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard raw >= 0 else { throw TreeError.system(path, errno) }
        self.raw = raw
    }

    init(duplicating other: CInt, path: ModelPath) throws(TreeError) {
        let raw = fcntl(other, F_DUPFD_CLOEXEC, 0)
        guard raw >= 0 else { throw TreeError.system(path, errno) }
        self.raw = raw
    }

    deinit { close(raw) }

    func identity(_ path: ModelPath) throws(TreeError) -> FileIdentity {
        var status = stat()
        guard unsafe fstat(raw, &status) == 0 else { throw TreeError.system(path, errno) }
        return FileIdentity(status)
    }

    /// The path that the system knows for the open file, all links resolved; nil where it cannot say.
    var resolvedPath: [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4097)
        #if canImport(Darwin)
            let done = unsafe buffer.withUnsafeMutableBytes { unsafe fcntl(raw, F_GETPATH, $0.baseAddress) }
            guard done == 0 else { return nil }
            return Array(buffer.prefix { $0 != 0 })
        #else
            let count = unsafe buffer.withUnsafeMutableBytes { target in
                guard let base = target.baseAddress else { return -1 }
                return unsafe readlink(
                    "/proc/self/fd/\(raw)", base.assumingMemoryBound(to: CChar.self), target.count - 1)
            }
            return count > 0 ? Array(buffer.prefix(count)) : nil
        #endif
    }
}

extension [UInt8] {
    /// Hands the bytes over as a C string.
    func withCPath<T>(_ body: (UnsafePointer<CChar>) -> T) -> T {
        unsafe (self + [0]).withUnsafeBufferPointer { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                // The buffer holds at least the terminator, so it has an address.
                guard let base = text.baseAddress else { return unsafe body("") }
                return unsafe body(base)
            }
        }
    }
}
