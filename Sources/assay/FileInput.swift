import ArgumentParser
import ByteParsing
import Provenance

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads small files that the user names: keys, certificates, signatures, evidence.
enum FileInput {
    /// Bytes of a signature file that are still read.
    static let limit = 512 << 20

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// - Throws: `CommandFailure` when there is nothing at the path, or nothing that may be looked at.
    static func require(_ path: String) throws(CommandFailure) {
        guard !exists(path) else { return }
        throw CommandFailure(path: path)
    }

    /// - Throws: `CommandFailure` when the file cannot be read or is too large.
    static func read(_ path: String, limit: Int = FileInput.limit) throws(CommandFailure) -> [UInt8] {
        let descriptor = path == "-" ? dup(0) : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure(path: path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe pull(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure(path: path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw CommandFailure("\(path): larger than \(limit >> 20) MiB") }
        }
    }

    /// A file that may be read more than once instead of being held; what is no regular file is held.
    /// - Throws: `CommandFailure` when it cannot be read or is too large.
    static func source(_ path: String) throws(CommandFailure) -> SignatureSource {
        if path != "-", let source = SignatureSource(file: path) { return source }
        return SignatureSource(try read(path))
    }

    /// A file's bytes, mapped: for files that are too large to be copied.
    /// - Throws: `CommandFailure` when it cannot be opened, or is none that can be mapped.
    static func map(_ path: String) throws(CommandFailure) -> ByteRegion {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure(path: path) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw CommandFailure(path: path)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw CommandFailure(path: path, code: EISDIR) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw CommandFailure("\(path): not a file") }
        do {
            return try ByteRegion.map(descriptor: descriptor, count: Int(status.st_size))
        } catch {
            throw CommandFailure("\(path): cannot be read")
        }
    }

    /// Reads a password: the first line of a file, as `openssl -passin file:` does.
    static func readPassword(_ path: String) throws(CommandFailure) -> [UInt8] {
        let line = try read(path).prefix { $0 != 0x0A }
        return Array(line.last == 0x0D ? line.dropLast() : line)
    }

    /// Reads a secret or token: one line end at the end does not belong to it.
    static func readSecret(_ path: String) throws(CommandFailure) -> [UInt8] {
        var bytes = try read(path)
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        return bytes
    }
}

/// Writes files whole or not at all.
enum FileOutput {
    /// Writes beside the target and renames, so that nobody ever sees half a file; `-` is standard output.
    /// - Throws: `CommandFailure`
    static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        try write(to: path) { $0(bytes) }
    }

    /// The same for bytes that come in pieces.
    /// - Parameter pieces: hands them out in order.
    /// - Throws: `CommandFailure`
    static func write(to path: String, pieces: (([UInt8]) -> Void) -> Void) throws(CommandFailure) {
        if path == "-" {
            guard Output.write(pieces, to: STDOUT_FILENO) else { throw CommandFailure("standard output: write failed") }
            return
        }
        // A pipe or a terminal can't be replaced, only written to.
        var status = stat()
        if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG, status.st_mode & S_IFMT != S_IFLNK {
            let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw CommandFailure(path: path) }
            defer { close(descriptor) }
            guard Output.write(pieces, to: descriptor) else { throw CommandFailure("\(path): write failed") }
            return
        }
        let temporary = path + ".\(getpid()).partial"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CommandFailure(path: path) }
        let isWritten = Output.write(pieces, to: descriptor)
        let isClosed = close(descriptor) == 0
        guard isWritten, isClosed, unsafe rename(temporary, path) == 0 else {
            let code = errno
            unsafe unlink(temporary)
            throw CommandFailure(path: path, code: code)
        }
    }
}

/// An error of use or of input and output: exit status 2.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }

    /// Why the system refused what was asked of `path`.
    init(path: String, code: CInt = errno) {
        description =
            code == EISDIR ? "\(path): a folder; name a file" : unsafe "\(path): \(String(cString: strerror(code)))"
    }

    /// Says what failed on standard error; what it returns ends the program with status 2.
    var status: ExitCode {
        Output.complain("assay: " + description)
        return ExitCode(2)
    }
}

// The system's call, under a name that the type above does not shadow.
private func pull(_ descriptor: CInt, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    unsafe read(descriptor, buffer.baseAddress, buffer.count)
}
