internal import ByteParsing
internal import CLz4

/// liblz4's frame decoder, one frame at a time.
@safe
final class LZ4Decoder: StreamDecoder {
    private let context: OpaquePointer

    init() throws(ParseError) {
        var made: OpaquePointer?
        let result = unsafe LZ4F_createDecompressionContext(&made, UInt32(LZ4F_VERSION))
        guard LZ4F_isError(result) == 0, let made = unsafe made else { throw .limit(reading: "memory for lz4") }
        unsafe context = unsafe made
    }

    deinit { unsafe _ = LZ4F_freeDecompressionContext(context) }

    @unsafe func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(ParseError) -> StreamStep {
        var consumed = input.count
        var produced = output.count
        let result = unsafe LZ4F_decompress(
            context, output.baseAddress, &produced, input.baseAddress, &consumed, nil)
        if LZ4F_isError(result) != 0 { throw .malformed(reading: "lz4 frame") }
        return StreamStep(consumed: consumed, produced: produced, isAtEnd: result == 0)
    }
}
