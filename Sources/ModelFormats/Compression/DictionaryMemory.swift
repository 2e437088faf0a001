internal import ByteParsing
internal import CLzma

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory for liblzma, whose dictionaries are as large as the content they belong to: large ones lie in the scratch space,
/// where a process that reads hostile bytes has one.
enum DictionaryMemory {
    /// Smaller blocks are the heap's.
    private static let largeFrom = 8 << 20
    /// Bytes before each block, which say whose it is; as many as keep the block aligned.
    private static let header = 64

    /// For `lzma_stream.allocator`. Shared without a lock: it is written here, before anybody has it, then only read, and
    /// never freed.
    nonisolated(unsafe) static let allocator: UnsafePointer<lzma_allocator> = {
        let allocator = UnsafeMutablePointer<lzma_allocator>.allocate(capacity: 1)
        unsafe allocator.initialize(
            to: lzma_allocator(
                alloc: { unsafe DictionaryMemory.allocate($1, $2) }, free: { unsafe DictionaryMemory.release($1) },
                opaque: nil))
        return unsafe UnsafePointer(allocator)
    }()

    @unsafe private static func allocate(_ number: Int, _ size: Int) -> UnsafeMutableRawPointer? {
        let (bytes, isTooMuch) = number.multipliedReportingOverflow(by: size)
        let (count, overflows) = bytes.addingReportingOverflow(header)
        guard !isTooMuch, !overflows, bytes >= 0 else { return nil }
        var owner: UnsafeMutableRawPointer?
        let block: UnsafeMutableRawPointer
        if bytes >= largeFrom, let (start, file) = unsafe ScratchSpace.shared.memory(count) {
            unsafe block = start
            unsafe owner = Unmanaged.passRetained(file).toOpaque()
        } else {
            guard let start = unsafe malloc(count) else { return nil }
            unsafe block = start
        }
        unsafe block.storeBytes(of: owner, as: UnsafeMutableRawPointer?.self)
        return unsafe block + header
    }

    @unsafe private static func release(_ memory: UnsafeMutableRawPointer?) {
        guard let memory = unsafe memory else { return }
        let block = unsafe memory - header
        if let owner = unsafe block.load(as: UnsafeMutableRawPointer?.self) {
            unsafe Unmanaged<ScratchFile>.fromOpaque(owner).release()
        } else {
            unsafe free(block)
        }
    }
}
