internal import ByteParsing
internal import CBzip2

/// libbz2's decoder.
@safe
final class Bzip2Decoder: StreamDecoder {
    private let stream: UnsafeMutablePointer<bz_stream>

    init() throws(ParseError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: bz_stream())
        guard unsafe BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
            throw .limit(reading: "memory for bzip2")
        }
    }

    // Runs after a failed initialiser too, since the one property is set by then; the libraries take an unused stream.
    deinit {
        unsafe BZ2_bzDecompressEnd(stream)
        unsafe stream.deallocate()
    }

    @unsafe func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(ParseError) -> StreamStep {
        let offered = min(input.count, Int(UInt32.max))
        let room = min(output.count, Int(UInt32.max))
        // libbz2's interface lacks const; it does not write to its input.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
        unsafe stream.pointee.avail_in = CUnsignedInt(offered)
        unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        unsafe stream.pointee.avail_out = CUnsignedInt(room)
        let result = unsafe BZ2_bzDecompress(stream)
        let consumed = offered - Int(unsafe stream.pointee.avail_in)
        let produced = room - Int(unsafe stream.pointee.avail_out)
        switch result {
        case BZ_STREAM_END: return StreamStep(consumed: consumed, produced: produced, isAtEnd: true)
        case BZ_OK: return StreamStep(consumed: consumed, produced: produced, isAtEnd: false)
        case BZ_MEM_ERROR: throw .limit(reading: "memory for bzip2")
        default:
            if produced > 0 { return StreamStep(consumed: consumed, produced: produced, isAtEnd: false) }
            throw .malformed(reading: "bzip2 stream")
        }
    }
}
