internal import ByteParsing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Room on disk for decompressed content that is too large for memory.
///
/// A process that may not create files adopts a descriptor that was opened for it; without one, an unlinked file in the
/// temporary folder is used, and where that is not allowed either, there is no scratch space.
///
/// Unchecked Sendable: the state is only touched by the one thread of the process that reads hostile bytes; a process
/// that reads on several threads gives each a space of its own.
package final class ScratchSpace: @unchecked Sendable {
    package static let shared = ScratchSpace()

    private var adopted: CInt?
    /// End of what was handed out of the adopted file.
    private var end = 0
    private var live = 0
    private var isDisabled = false

    package init() {}

    /// Uses the open, empty, unlinked file behind `descriptor`, which stays open, instead of making files; anything but
    /// a plain file is as good as none.
    package func adopt(descriptor: CInt) {
        isDisabled = true
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        // Where the file's size is limited, a write fails instead of ending the process.
        _ = signal(SIGXFSZ, SIG_IGN)
        adopted = descriptor
        isDisabled = false
    }

    /// Makes no files: for processes that have no room to write.
    package func disable() {
        adopted = nil
        isDisabled = true
    }

    /// A fresh file, or nil when there is no room.
    func open() -> ScratchFile? {
        guard !isDisabled else { return nil }
        if let adopted {
            // Everything handed out before has been released: begin anew.
            if live == 0 {
                end = 0
                _ = ftruncate(adopted, 0)
            }
            live += 1
            return ScratchFile(descriptor: adopted, start: end, space: self)
        }
        var template = Array("/tmp/assay-scratch-XXXXXX\0".utf8).map { CChar(bitPattern: $0) }
        let descriptor = unsafe mkstemp(&template)
        guard descriptor >= 0 else { return nil }
        unsafe _ = unlink(template)
        return ScratchFile(descriptor: descriptor, start: 0, space: nil)
    }

    fileprivate func close(upTo end: Int) { self.end = max(self.end, end) }
    fileprivate func release() { live -= 1 }
}

/// Bytes being written to scratch space, then mapped.
final class ScratchFile {
    private let descriptor: CInt
    private let start: Int
    private var count = 0
    private let space: ScratchSpace?

    init(descriptor: CInt, start: Int, space: ScratchSpace?) {
        self.descriptor = descriptor
        self.start = start
        self.space = space
    }

    deinit {
        if let space {
            space.release()
        } else {
            close(descriptor)
        }
    }

    /// Appends; false when the file cannot grow.
    func append(_ bytes: RawSpan) -> Bool {
        var done = 0
        while done < bytes.byteCount {
            let written = unsafe bytes.withUnsafeBytes { buffer -> Int in
                guard let base = buffer.baseAddress else { return -1 }
                return unsafe pwrite(descriptor, base + done, buffer.count - done, off_t(start + count))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return false }
            done += written
            count += written
        }
        return true
    }

    /// The bytes written, mapped; the space is free again when the last region over them is gone.
    func map() throws(ParseError) -> ByteRegion {
        // Mappings start on pages of any common size.
        space?.close(upTo: (start + count + 65535) & ~65535)
        return try ByteRegion.map(
            descriptor: descriptor, offset: start, count: count, keeping: space == nil ? nil : self)
    }
}
