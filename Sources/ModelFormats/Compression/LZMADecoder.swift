internal import ByteParsing
internal import CLzma

/// liblzma's decoders: the .xz container, the older .lzma container, and raw filter chains.
@safe
final class LZMADecoder: StreamDecoder {
    enum Container { case xz, alone }

    /// `LZMA_IGNORE_CHECK`, a macro that the importer leaves out.
    private static let ignoreCheck: UInt32 = 0x10

    private let stream: UnsafeMutablePointer<lzma_stream>

    init(_ container: Container) throws(ParseError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: lzma_stream())
        unsafe stream.pointee.allocator = DictionaryMemory.allocator
        let memory = UInt64(Compression.memoryLimit)
        let result =
            switch container {
            // Check values are ignored: what a tampered check hides must be read all the same.
            case .xz: unsafe lzma_stream_decoder(stream, memory, Self.ignoreCheck)
            case .alone: unsafe lzma_alone_decoder(stream, memory)
            }
        guard result == LZMA_OK else {
            throw .limit(reading: "memory for lzma")
        }
    }

    /// A raw chain of filters with their encoded properties, as 7z coders and ZIP's method 14 name them; LZMA last.
    ///
    /// An LZMA filter of liblzma's extended kind ends after `unpackedSize` bytes, since 7z has no end marks.
    init(chain: [(id: UInt64, properties: ByteRegion)], unpackedSize: Int = 0) throws(ParseError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: lzma_stream())
        unsafe stream.pointee.allocator = DictionaryMemory.allocator
        var filters = unsafe chain.map { unsafe lzma_filter(id: $0.id, options: nil) }
        unsafe filters.append(lzma_filter(id: UInt64.max, options: nil))
        defer { unsafe lzma_filters_free(&filters, nil) }
        for (index, link) in chain.enumerated() {
            let span = link.properties.bytes
            let result = unsafe span.withUnsafeBytes { buffer -> lzma_ret in
                unsafe lzma_properties_decode(
                    &filters[index], nil, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count)
            }
            guard result == LZMA_OK else {
                throw .malformed(reading: "lzma properties")
            }
            if link.id == SevenZipMethod.lzma, let options = unsafe filters[index].options {
                let settings = unsafe options.assumingMemoryBound(to: lzma_options_lzma.self)
                // LZMA_LZMA1EXT_ALLOW_EOPM: some writers leave an end mark all the same.
                unsafe settings.pointee.ext_flags = 1
                unsafe settings.pointee.ext_size_low = UInt32(truncatingIfNeeded: unpackedSize)
                unsafe settings.pointee.ext_size_high = UInt32(truncatingIfNeeded: unpackedSize >> 32)
            }
        }
        guard unsafe lzma_raw_decoder_memusage(filters) <= UInt64(Compression.memoryLimit),
            unsafe lzma_raw_decoder(stream, filters) == LZMA_OK
        else {
            throw .limit(reading: "memory for lzma")
        }
    }

    // Runs after a failed initialiser too, since the one property is set by then; the libraries take an unused stream.
    deinit {
        unsafe lzma_end(stream)
        unsafe stream.deallocate()
    }

    @unsafe func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(ParseError) -> StreamStep {
        unsafe stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_in = input.count
        unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_out = output.count
        let result = unsafe lzma_code(stream, LZMA_RUN)
        let consumed = unsafe input.count - stream.pointee.avail_in
        let produced = unsafe output.count - stream.pointee.avail_out
        switch result {
        case LZMA_STREAM_END: return StreamStep(consumed: consumed, produced: produced, isAtEnd: true)
        case LZMA_OK, LZMA_BUF_ERROR: return StreamStep(consumed: consumed, produced: produced, isAtEnd: false)
        case LZMA_MEMLIMIT_ERROR, LZMA_MEM_ERROR: throw .limit(reading: "memory for lzma")
        default:
            if produced > 0 { return StreamStep(consumed: consumed, produced: produced, isAtEnd: false) }
            throw .malformed(reading: "lzma stream")
        }
    }
}

/// ZIP's method 14: two version bytes, the length of the properties, the properties, a raw LZMA stream.
final class ZipLZMADecoder: StreamDecoder {
    private var decoder: LZMADecoder?

    init() throws(ParseError) {}

    @unsafe func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(ParseError) -> StreamStep {
        if let decoder { return try unsafe decoder.step(input, into: output) }
        let header = ByteRegion(
            copying: unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: input.prefix(9))))
        guard header.little(UInt16.self, at: 2) == 5, let properties = header.slice(4, 5) else {
            throw .malformed(reading: "lzma properties of a zip entry")
        }
        let decoder = try LZMADecoder(chain: [(0x4000_0000_0000_0001, properties)])
        self.decoder = decoder
        var step = try unsafe decoder.step(UnsafeRawBufferPointer(rebasing: input.dropFirst(9)), into: output)
        step.consumed += 9
        return step
    }
}
