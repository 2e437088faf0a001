internal import CBytes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The memory behind regions.
///
/// Unchecked Sendable: the bytes are written once, before the initialiser (or `fill`, called by the one owner before
/// the storage is shared) returns, and only read afterwards. The kept object is never used, only released.
@safe
final class ByteStorage: @unchecked Sendable {
    private let base: UnsafeMutableRawBufferPointer
    private enum Owner { case heap, mapping, program }
    private let owner: Owner
    /// What has to outlive the mapping, if anything.
    private let kept: AnyObject?
    /// The mapped file, when it is closed with the mapping; else -1.
    private let descriptor: CInt
    /// Where the mapping starts in the file, in bytes.
    private let fileOffset: Int
    var count: Int { unsafe base.count }
    var isMapped: Bool { owner == .mapping }

    init(capacity: Int) {
        unsafe base = .allocate(byteCount: capacity, alignment: 16)
        owner = .heap
        kept = nil
        descriptor = -1
        fileOffset = 0
    }

    init(copying bytes: UnsafeRawBufferPointer) {
        unsafe base = .allocate(byteCount: bytes.count, alignment: 16)
        unsafe base.copyMemory(from: bytes)
        owner = .heap
        kept = nil
        descriptor = -1
        fileOffset = 0
    }

    init(immortal bytes: UnsafeRawBufferPointer) {
        // Never written through: only `fill` writes, and it is called on fresh heap storage alone.
        unsafe base = UnsafeMutableRawBufferPointer(mutating: bytes)
        owner = .program
        kept = nil
        descriptor = -1
        fileOffset = 0
    }

    init?(mapping descriptor: CInt, offset: Int, count: Int, keeping kept: AnyObject?, isOwned: Bool) {
        guard let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, off_t(offset)),
            unsafe address != MAP_FAILED
        else { return nil }
        unsafe base = UnsafeMutableRawBufferPointer(start: address, count: count)
        owner = .mapping
        self.kept = kept
        self.descriptor = isOwned ? descriptor : -1
        fileOffset = offset
        unsafe assay_pages_watch(address, count)
    }

    deinit {
        switch owner {
        case .heap: unsafe base.deallocate()
        case .mapping:
            unsafe assay_pages_unwatch(base.baseAddress)
            unsafe munmap(base.baseAddress, base.count)
            if descriptor >= 0 { close(descriptor) }
        case .program: break
        }
    }

    var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // The storage owns the memory, and the result is tied to the storage's lifetime.
            let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(base))
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    func fill<E: Error>(_ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int) throws(E) -> Int {
        try unsafe body(base)
    }

    /// The eight bytes at `offset`, which lie inside, as the file has them; nil when only memory has them.
    func peek(at offset: Int) -> UInt64? {
        guard descriptor >= 0 else { return nil }
        var word: UInt64 = 0
        let size = MemoryLayout<UInt64>.size
        let got = unsafe withUnsafeMutableBytes(of: &word) {
            unsafe pread(descriptor, $0.baseAddress, size, off_t(fileOffset &+ offset))
        }
        return got == size ? UInt64(littleEndian: word) : nil
    }

    func discard(from start: Int, count: Int) {
        guard owner == .mapping, let address = unsafe base.baseAddress else { return }
        let page = 16384
        let first = (start + page - 1) / page * page
        let last = (start + count) / page * page
        guard last > first else { return }
        unsafe madvise(address + first, last - first, MADV_DONTNEED)
    }
}
