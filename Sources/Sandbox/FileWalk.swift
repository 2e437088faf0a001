internal import AssayCore
internal import CSandbox

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds the files under the arguments, in byte order of their names, without following links to folders.
struct FileWalk {
    /// One file to scan.
    struct File {
        /// The path as reached from the argument, as the bytes the system uses.
        var path: [UInt8]
        var size: Int
        /// Why it cannot be scanned, or nil.
        var error: String?
    }

    private let include: [Glob]
    private let exclude: [Glob]
    private(set) var files: [File] = []
    private(set) var excluded = 0

    init(include: [String], exclude: [String]) {
        self.include = include.map { Glob($0) }
        self.exclude = exclude.map { Glob($0) }
    }

    /// Adds what lies under the arguments, each file once; `-` is standard input.
    mutating func add(_ arguments: [String]) {
        for argument in arguments { argument == "-" ? addStandardInput() : add(argument) }
        guard arguments.count > 1 else { return }
        var seen: Set<[UInt8]> = []
        files.removeAll { !seen.insert($0.path).inserted }
    }

    /// Adds what lies under `argument`. A file that is named itself is scanned whatever the patterns say.
    private mutating func add(_ argument: String) {
        let root = Array(argument.utf8)
        var status = stat()
        guard !root.isEmpty else {
            files.append(File(path: root, size: 0, error: "the path is empty"))
            return
        }
        guard unsafe stat(Self.terminated(root), &status) == 0 else {
            files.append(File(path: root, size: 0, error: Self.message(errno)))
            return
        }
        guard Self.isFolder(status) else {
            files.append(Self.file(root, status))
            return
        }
        var pending = [root]
        while let folder = pending.popLast() {
            guard let names = Self.list(folder) else {
                files.append(File(path: folder, size: 0, error: Self.message(errno)))
                continue
            }
            var folders: [[UInt8]] = []
            let prefix = folder.last == UInt8(ascii: "/") ? folder : folder + [UInt8(ascii: "/")]
            for name in names {
                let path = prefix + name
                // Only patterns ask for it.
                var text: String { String(decoding: path.dropFirst(root.count), as: UTF8.self) }
                if !exclude.isEmpty, matches(exclude, text) {
                    excluded += 1
                    continue
                }
                guard unsafe lstat(Self.terminated(path), &status) == 0 else {
                    files.append(File(path: path, size: 0, error: Self.message(errno)))
                    continue
                }
                if Self.isFolder(status) {
                    folders.append(path)
                    continue
                }
                // A link to a file is read as the file (model caches are built of such links), one to a folder is not
                // followed: it can lead in a circle or out of the tree.
                if Self.isLink(status), unsafe stat(Self.terminated(path), &status) == 0, Self.isFolder(status) {
                    continue
                }
                if !include.isEmpty, !matches(include, text) {
                    excluded += 1
                    continue
                }
                files.append(Self.file(path, status))
            }
            pending.append(contentsOf: folders.reversed())
        }
    }

    /// The path that stands for standard input.
    static let standardInput = [UInt8(ascii: "-")]

    /// Adds standard input: a file that was redirected is read where it is, anything else is copied to disk first.
    private mutating func addStandardInput() {
        var status = stat()
        let isFile = unsafe fstat(0, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        files.append(File(path: Self.standardInput, size: isFile ? Int(status.st_size) : 0, error: nil))
    }

    /// A descriptor of standard input's content that can be read at any offset, or -1.
    static func openStandardInput() -> CInt {
        var status = stat()
        if unsafe fstat(0, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return dup(0) }
        let copy = assay_scratch_file()
        guard copy >= 0 else { return -1 }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count == 0 { return copy }
            let written =
                count > 0 ? unsafe buffer.withUnsafeBytes { unsafe write(copy, $0.baseAddress, count) } : -1
            guard written == count else {
                close(copy)
                return -1
            }
        }
    }

    private static func file(_ path: [UInt8], _ status: stat) -> File {
        switch status.st_mode & S_IFMT {
        case S_IFREG: File(path: path, size: Int(status.st_size), error: nil)
        case S_IFLNK: File(path: path, size: 0, error: "symbolic link that leads nowhere")
        default: File(path: path, size: 0, error: "not a regular file")
        }
    }

    private func matches(_ patterns: [Glob], _ text: String) -> Bool { patterns.contains { $0.matches(text) } }

    private static func isFolder(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }
    private static func isLink(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFLNK }

    private static func message(_ code: CInt) -> String { unsafe String(cString: strerror(code)) }

    static func terminated(_ path: [UInt8]) -> [CChar] {
        var text: [CChar] = []
        text.reserveCapacity(path.count + 1)
        for byte in path { text.append(CChar(bitPattern: byte)) }
        text.append(0)
        return text
    }

    /// The names in a folder, sorted by bytes; nil with errno set when it cannot be read.
    private static func list(_ folder: [UInt8]) -> [[UInt8]]? {
        guard let stream = unsafe opendir(terminated(folder)) else { return nil }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = unsafe readdir(stream) {
            // The name is a C string inside of the record that readdir returned.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 1) { unsafe Array(String.bytes(of: $0)) }
            }
            if name != [UInt8(ascii: ".")], name != [UInt8(ascii: "."), UInt8(ascii: ".")] { names.append(name) }
        }
        return names.sorted { left, right in
            let order = unsafe memcmp(left, right, min(left.count, right.count))
            return order == 0 ? left.count < right.count : order < 0
        }
    }
}

extension String {
    /// The bytes of a C string as they are.
    @unsafe fileprivate static func bytes(of pointer: UnsafePointer<CChar>) -> [UInt8] {
        let count = unsafe strlen(pointer)
        return unsafe Array(UnsafeRawBufferPointer(start: pointer, count: count))
    }
}
