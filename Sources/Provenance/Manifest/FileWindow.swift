#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A part of a file, mapped into memory: what is hashed once need not be copied first.
///
/// The bytes are read-only, but they are the file's: another process can change them, and when it makes the file shorter,
/// reading what is gone raises a signal. Only functions of C read them, by `assay_read_mapped`, which expects that.
@safe final class FileWindow {
    private let start: UnsafeMutableRawPointer
    private let length: Int
    private let offset: Int
    private let size: Int

    /// - Parameter range: of the file, whole; it may begin anywhere.
    /// - Returns: nil for files that cannot be mapped, as on some network file systems.
    init?(_ file: CInt, _ range: Range<Int>) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        guard page > 0 else { return nil }
        offset = range.lowerBound % page
        size = range.count
        length = offset + range.count
        let found = unsafe mmap(nil, length, PROT_READ, MAP_SHARED, file, off_t(range.lowerBound - offset))
        guard let found = unsafe found, unsafe found != MAP_FAILED else { return nil }
        unsafe start = found
        unsafe madvise(found, length, MADV_SEQUENTIAL)
    }

    deinit { unsafe munmap(start, length) }

    /// Valid as long as the window is.
    var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: start + offset, count: size) }
}
