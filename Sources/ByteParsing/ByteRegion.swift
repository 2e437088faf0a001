internal import CBytes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A range of immutable bytes that shares its storage: a mapped file, a decompressed member or a constant in one.
///
/// Slicing never copies. No method traps on an offset that comes from the input: out of range is nil, empty or a throw.
public struct ByteRegion: Sendable {
    private let storage: ByteStorage
    /// Where the region starts in its storage, in bytes; for a mapped file this is the file offset.
    public let start: Int
    /// Length in bytes.
    public let count: Int

    private init(storage: ByteStorage, start: Int, count: Int) {
        self.storage = storage
        self.start = start
        self.count = count
    }

    /// A region over a copy of `bytes`.
    public init(_ bytes: [UInt8]) {
        let storage = unsafe bytes.withUnsafeBytes { unsafe ByteStorage(copying: $0) }
        self.init(storage: storage, start: 0, count: bytes.count)
    }

    /// A region over a copy of `bytes`.
    public init(copying bytes: RawSpan) {
        let storage = unsafe bytes.withUnsafeBytes { unsafe ByteStorage(copying: $0) }
        self.init(storage: storage, start: 0, count: storage.count)
    }

    /// A region of `capacity` bytes that `fill` writes; it says how many it wrote, and the region ends there.
    ///
    /// Decompressors write here, without an intermediate array.
    public init<E: Error>(
        capacity: Int, fill: (UnsafeMutableRawBufferPointer) throws(E) -> Int
    ) throws(E) {
        let storage = ByteStorage(capacity: max(0, capacity))
        let written = try unsafe storage.fill(fill)
        self.init(storage: storage, start: 0, count: min(max(0, written), storage.count))
    }

    /// A region over memory that is never freed or changed: data compiled into the program.
    @unsafe public init(immortal bytes: UnsafeRawBufferPointer) {
        unsafe self.init(storage: ByteStorage(immortal: bytes), start: 0, count: bytes.count)
    }

    /// Maps `count` bytes of an open file read-only; the descriptor may be closed afterwards, unless the region owns it.
    /// - Parameters:
    ///   - offset: where the bytes start in the file, a multiple of the page size.
    ///   - owner: kept alive for as long as the mapping is.
    ///   - isOwned: the descriptor is closed with the mapping, whether this succeeds or not; until then `peek` uses it.
    /// - Throws: `unsupported` with the system's error number as its offset when the file cannot be mapped.
    public static func map(
        descriptor: CInt, offset: Int = 0, count: Int, keeping owner: AnyObject? = nil, isOwned: Bool = false
    ) throws(ParseError) -> ByteRegion {
        guard count > 0,
            let storage = ByteStorage(
                mapping: descriptor, offset: offset, count: count, keeping: owner, isOwned: isOwned)
        else {
            let error = errno
            if isOwned { close(descriptor) }
            if count <= 0 { return ByteRegion([]) }
            throw .unsupported(at: Int(error), reading: "file into memory")
        }
        return ByteRegion(storage: storage, start: 0, count: count)
    }

    /// Reads `count` bytes of an open file into memory: for small files cheaper than mapping.
    /// - Throws: `truncated` when the file is shorter.
    public static func read(descriptor: CInt, count: Int) throws(ParseError) -> ByteRegion {
        try unsafe ByteRegion(capacity: count) { (buffer) throws(ParseError) -> Int in
            var done = 0
            while done < buffer.count {
                guard let base = buffer.baseAddress else { break }
                let step = unsafe pread(descriptor, base + done, buffer.count - done, off_t(done))
                if step < 0, errno == EINTR { continue }
                guard step > 0 else { throw .truncated(at: done, reading: "file") }
                done += step
            }
            return done
        }
    }

    public var isEmpty: Bool { count == 0 }

    /// Whether both are parts of the same memory, so that equal starts and counts mean the same bytes.
    public func sharesStorage(with other: ByteRegion) -> Bool { storage === other.storage }

    /// The bytes; they cannot outlive the region.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get { storage.bytes.extracting(start..<(start &+ count)) }
    }

    /// The byte at `offset`, or nil outside of the region.
    public subscript(offset: Int) -> UInt8? { bytes.byte(at: offset) }

    /// The part of `length` bytes from `offset`, or nil when it does not lie inside.
    public func slice(_ offset: Int, _ length: Int) -> ByteRegion? {
        guard offset >= 0, length >= 0, offset <= count, length <= count &- offset else { return nil }
        return ByteRegion(storage: storage, start: start &+ offset, count: length)
    }

    /// What lies from `offset` to the end; empty when `offset` is past it.
    public func suffix(from offset: Int) -> ByteRegion {
        let from = min(max(0, offset), count)
        return ByteRegion(storage: storage, start: start &+ from, count: count &- from)
    }

    /// At most the first `length` bytes.
    public func prefix(_ length: Int) -> ByteRegion {
        ByteRegion(storage: storage, start: start, count: min(max(0, length), count))
    }

    /// A little-endian integer at `offset`, or nil when it does not lie inside.
    public func little<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, at offset: Int) -> T? {
        guard offset >= 0, offset <= count, count &- offset >= MemoryLayout<T>.size else { return nil }
        return unsafe T(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self))
    }

    /// The eight bytes at `offset` as a little-endian number, or nil when they do not lie inside.
    ///
    /// For a look at a place of a large file that nothing else looks at: where the region owns its descriptor, the bytes
    /// are read by a call, which takes a fraction of the time that mapping the pages around them would.
    public func peek(at offset: Int) -> UInt64? {
        guard offset >= 0, offset <= count, count &- offset >= 8 else { return nil }
        return storage.peek(at: start &+ offset) ?? little(UInt64.self, at: offset)
    }

    /// A big-endian integer at `offset`, or nil when it does not lie inside.
    public func big<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, at offset: Int) -> T? {
        little(type, at: offset).map { T(bigEndian: T(littleEndian: $0)) }
    }

    /// Whether the bytes at `offset` are these; false when the region ends before.
    public func starts(with prefix: [UInt8], at offset: Int = 0) -> Bool {
        guard let window = slice(offset, prefix.count) else { return false }
        return window.bytes.starts(with: prefix)
    }

    /// Whether a constant text stands at `offset`.
    public func starts(with text: StaticString, at offset: Int = 0) -> Bool { bytes.starts(with: text, at: offset) }

    /// Offset of the first occurrence of `needle` at or after `from`, or nil.
    public func firstOffset(of needle: [UInt8], from: Int = 0) -> Int? {
        bytes.firstOffset(of: needle, from: from)
    }

    /// Offset of the first occurrence of a constant text at or after `from`, or nil.
    public func firstOffset(of needle: StaticString, from: Int = 0) -> Int? {
        bytes.firstOffset(of: needle, from: from)
    }

    /// A copy of the bytes: for small regions only.
    public func array() -> [UInt8] { bytes.array() }

    /// The bytes as UTF-8 text with replacement characters, at most `limit` bytes of them.
    public func text(limit: Int = 1 << 20) -> String { String(decoding: prefix(limit).array(), as: UTF8.self) }

    /// Tells the system that the bytes before `offset` won't be needed soon, so that a long forward reading of a
    /// mapped file keeps resident memory flat. Reading them again is allowed and only costs time.
    public func discard(before offset: Int) {
        storage.discard(from: start, count: min(max(0, offset), count))
    }

    /// Makes the process give back pages of large mapped files while it reads them, whoever reads: for a process of one
    /// thread that takes no timer's signal for anything else.
    /// - Returns: whether the system lets it.
    @discardableResult
    public static func returnPagesWhileReading() -> Bool { assay_pages_start() != 0 }
}

extension ByteRegion {
    /// Where the region ends in a mapped file, as an offset of that file's mapping; nil for other memory.
    public var mappedEnd: Int? { storage.isMapped ? start &+ count : nil }

    /// Discards, as `discard(before:)` does, what lies in the mapped file from `offset` to the end of this region.
    public func discardMapped(from offset: Int) { storage.discard(from: offset, count: start &+ count &- offset) }
}
