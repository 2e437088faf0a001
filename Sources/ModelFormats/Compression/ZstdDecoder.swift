internal import ByteParsing
internal import CZstd

/// libzstd's streaming decoder, one frame at a time.
@safe
final class ZstdDecoder: StreamDecoder {
    private let context: OpaquePointer

    init() throws(ParseError) {
        guard let context = unsafe ZSTD_createDCtx() else { throw .limit(reading: "memory for zstd") }
        unsafe self.context = unsafe context
        // 2^27 bytes: the window that every decoder must allow for by default.
        unsafe _ = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 27)
    }

    deinit { unsafe _ = ZSTD_freeDCtx(context) }

    @unsafe func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(ParseError) -> StreamStep {
        var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let result = unsafe ZSTD_decompressStream(context, &target, &source)
        let consumed = unsafe source.pos
        let produced = unsafe target.pos
        if ZSTD_isError(result) != 0 {
            if produced > 0 { return StreamStep(consumed: consumed, produced: produced, isAtEnd: false) }
            throw .malformed(reading: "zstd frame")
        }
        return StreamStep(consumed: consumed, produced: produced, isAtEnd: result == 0)
    }
}
