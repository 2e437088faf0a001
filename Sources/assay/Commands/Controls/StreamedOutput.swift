#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is written piece by piece, and is there whole or not at all; `-` is standard output.
struct StreamedOutput {
    private let path: String
    private let temporary: String?
    private var descriptor: CInt
    private var buffer: [UInt8] = []

    init(_ path: String) throws(CommandFailure) {
        self.path = path
        guard path != "-" else {
            (temporary, descriptor) = (nil, STDOUT_FILENO)
            return
        }
        let name = path + ".\(getpid()).partial"
        descriptor = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CommandFailure(path: path) }
        temporary = name
    }

    mutating func write(_ bytes: [UInt8]) throws(CommandFailure) {
        buffer += bytes
        if buffer.count >= 1 << 20 { try flush() }
    }

    private mutating func flush() throws(CommandFailure) {
        guard Output.write(buffer, to: descriptor) else { throw CommandFailure("\(path): write failed") }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Puts the file into its place.
    mutating func finish() throws(CommandFailure) {
        try flush()
        guard let temporary else { return }
        let isClosed = close(descriptor) == 0
        descriptor = -1
        guard isClosed, unsafe rename(temporary, path) == 0 else {
            throw CommandFailure(path: path)
        }
    }

    /// Removes what was not finished.
    func discard() {
        guard let temporary, descriptor >= 0 else { return }
        close(descriptor)
        unsafe unlink(temporary)
    }
}
