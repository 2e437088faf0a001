#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The system's `write`, which the method of that name would hide.
private func send(_ descriptor: CInt, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    unsafe write(descriptor, bytes, count)
}

/// Writes text to descriptors and files, to the last byte.
enum Output {
    /// Writes a message for a person to standard error.
    static func complain(_ message: String) {
        note(message + "\n")
    }

    /// Writes text to standard error as it is.
    static func note(_ text: String) {
        try? write(Array(text.utf8), to: STDERR_FILENO, named: "standard error")
    }

    /// Writes text to standard output.
    static func show(_ text: String) throws(CommandError) {
        try write(Array(text.utf8), to: STDOUT_FILENO, named: "standard output")
    }

    /// Puts a file of that text in place, whole or not at all; `-` is standard output.
    static func write(_ text: String, toFile path: String) throws(CommandError) {
        guard path != "-" else { return try show(text) }
        // A file that is no plain one (a pipe, a terminal) can't be replaced, only written to.
        var status = stat()
        let exists = unsafe stat(path, &status) == 0
        let isSpecial = exists && status.st_mode & S_IFMT != S_IFREG
        let target = isSpecial ? path : path + ".part-\(getpid())"
        let flags = O_WRONLY | O_CLOEXEC | (isSpecial ? 0 : O_CREAT | O_EXCL)
        let descriptor = unsafe open(target, flags, 0o666)
        guard descriptor >= 0 else { throw CommandError(path, number: errno) }
        do throws(CommandError) {
            defer { close(descriptor) }
            try write(Array(text.utf8), to: descriptor, named: path)
        } catch {
            if !isSpecial { unsafe unlink(target) }
            throw error
        }
        guard !isSpecial else { return }
        guard unsafe rename(target, path) == 0 else {
            let error = CommandError(path, number: errno)
            unsafe unlink(target)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt, named name: String) throws(CommandError) {
        var done = 0
        while done < bytes.count {
            let step = unsafe bytes.withUnsafeBytes { buffer in
                unsafe buffer.baseAddress.map { unsafe send(descriptor, $0 + done, buffer.count - done) } ?? 0
            }
            if step < 0, errno == EINTR { continue }
            guard step > 0 else { throw CommandError(name, number: errno) }
            done += step
        }
    }
}

/// Why a command could not do its work: ends with status 2.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// What the system said about `name`.
    init(_ name: String, number: CInt) {
        description = unsafe "\(name): \(String(cString: strerror(number)))"
    }
}
