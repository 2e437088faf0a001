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
        _ = write(Array((message + "\n").utf8), to: STDERR_FILENO)
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
