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

/// Writes text to descriptors, to the last byte.
enum Output {
    /// Writes a message for a person to standard error.
    static func complain(_ message: String) { note(message + "\n") }

    /// Writes text to standard error as it is.
    static func note(_ text: String) { _ = write(Array(text.utf8), to: STDERR_FILENO) }

    /// Writes text to standard output.
    static func show(_ text: String) throws(CommandFailure) { try FileOutput.write(Array(text.utf8), to: "-") }

    /// Writes bytes that come in pieces, and says whether all arrived.
    static func write(_ pieces: (([UInt8]) -> Void) -> Void, to descriptor: CInt) -> Bool {
        var isWritten = true
        pieces { piece in isWritten = isWritten && write(piece, to: descriptor) }
        return isWritten
    }

    /// Writes all bytes, and says whether they arrived.
    static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        unsafe bytes.withUnsafeBytes { buffer -> Bool in
            var done = 0
            while done < buffer.count {
                guard let base = buffer.baseAddress else { return true }
                let step = unsafe send(descriptor, base + done, buffer.count - done)
                if step < 0, errno == EINTR { continue }
                guard step > 0 else { return false }
                done += step
            }
            return true
        }
    }
}
