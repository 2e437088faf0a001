internal import ByteParsing
internal import CZlib

/// zlib's inflate for raw, zlib and gzip streams.
@safe
final class ZlibDecoder: StreamDecoder {
    enum Wrapper: CInt {
        case raw = -15
        case zlib = 15
        case gzip = 31
    }

    // Heap memory of a stable address: zlib's state points back at its stream.
    private let stream: UnsafeMutablePointer<z_stream>

    init(_ wrapper: Wrapper) throws(ParseError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let size = unsafe CInt(MemoryLayout<z_stream>.size)
        guard unsafe inflateInit2_(stream, wrapper.rawValue, ZLIB_VERSION, size) == Z_OK else {
            throw .limit(reading: "memory for inflate")
        }
    }

    // Runs after a failed initialiser too, since the one property is set by then; the libraries take an unused stream.
    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    @unsafe func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(ParseError) -> StreamStep {
        let offered = min(input.count, Int(UInt32.max))
        let room = min(output.count, Int(UInt32.max))
        // zlib's interface lacks const; it does not write to its input.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
        unsafe stream.pointee.avail_in = uInt(offered)
        unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
        unsafe stream.pointee.avail_out = uInt(room)
        let result = unsafe inflate(stream, Z_NO_FLUSH)
        let consumed = offered - Int(unsafe stream.pointee.avail_in)
        let produced = room - Int(unsafe stream.pointee.avail_out)
        switch result {
        case Z_STREAM_END: return StreamStep(consumed: consumed, produced: produced, isAtEnd: true)
        case Z_OK, Z_BUF_ERROR: return StreamStep(consumed: consumed, produced: produced, isAtEnd: false)
        case Z_MEM_ERROR: throw .limit(reading: "memory for inflate")
        default:
            // What was produced before the damage counts: report it first, fail at the next step.
            if produced > 0 { return StreamStep(consumed: consumed, produced: produced, isAtEnd: false) }
            throw .malformed(reading: "deflate stream")
        }
    }
}
