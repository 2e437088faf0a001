internal import ByteParsing
internal import CBytes

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
    /// Files that are still being written: theirs is what follows `end`.
    private var writing = 0
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
            writing += 1
            return ScratchFile(descriptor: adopted, start: end, space: self)
        }
        var template = Array("/tmp/assay-scratch-XXXXXX\0".utf8).map { CChar(bitPattern: $0) }
        let descriptor = unsafe mkstemp(&template)
        guard descriptor >= 0 else { return nil }
        unsafe _ = unlink(template)
        return ScratchFile(descriptor: descriptor, start: 0, space: nil)
    }

    /// Memory of `count` bytes of any content that lies on disk, so that a process holds no more of it than it has just
    /// used; nil where there is no room for it. It ends with the file that comes with it.
    @unsafe func memory(_ count: Int) -> (start: UnsafeMutableRawPointer, file: ScratchFile)? {
        guard adopted != nil, writing == 0, let file = open() else { return nil }
        guard let start = unsafe file.reserve(count) else { return nil }
        return unsafe (start, file)
    }

    fileprivate func close(upTo end: Int) {
        self.end = max(self.end, end)
        writing -= 1
    }

    fileprivate func release(isClosed: Bool) {
        live -= 1
        if !isClosed { writing -= 1 }
    }
}

/// Bytes being written to scratch space, then mapped.
@safe
final class ScratchFile {
    private let descriptor: CInt
    private let start: Int
    private var count = 0
    private let space: ScratchSpace?
    /// Whether nothing more is written behind it.
    private var isClosed = false
    private var reserved: UnsafeMutableRawBufferPointer?

    init(descriptor: CInt, start: Int, space: ScratchSpace?) {
        self.descriptor = descriptor
        self.start = start
        self.space = space
    }

    deinit {
        if let reserved = unsafe reserved {
            unsafe assay_pages_unwatch(reserved.baseAddress)
            unsafe munmap(reserved.baseAddress, reserved.count)
        }
        if let space {
            space.release(isClosed: isClosed)
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
        end()
        return try ByteRegion.map(
            descriptor: descriptor, offset: start, count: count, keeping: space == nil ? nil : self)
    }

    /// Makes an empty file `count` bytes long and maps it for writing.
    @unsafe fileprivate func reserve(_ count: Int) -> UnsafeMutableRawPointer? {
        guard ftruncate(descriptor, off_t(start + count)) == 0,
            let address = unsafe mmap(
                nil, count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, off_t(start)),
            unsafe address != MAP_FAILED
        else { return nil }
        self.count = count
        end()
        unsafe reserved = UnsafeMutableRawBufferPointer(start: address, count: count)
        unsafe assay_pages_watch(address, count)
        return unsafe address
    }

    private func end() {
        guard !isClosed else { return }
        isClosed = true
        // Mappings start on pages of any common size.
        space?.close(upTo: (start + count + 65535) & ~65535)
    }
}
