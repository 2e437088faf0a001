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

/// LZ4's legacy frame: a mark, and blocks of up to 8 MiB with their compressed size before each; no mark ends it.
@safe
final class LZ4LegacyDecoder: StreamDecoder {
    private static let mark: UInt32 = 0x184C_2102
    private static let blockSize = 8 << 20
    private var block: [UInt8] = []
    private var taken = 0
    private var hasStarted = false

    @unsafe func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(ParseError) -> StreamStep {
        var consumed = 0
        if taken == block.count {
            if !hasStarted {
                guard input.count >= 4, unsafe Self.number(input, 0) == Self.mark else {
                    throw .malformed(reading: "lz4 legacy mark")
                }
                hasStarted = true
                consumed = 4
            }
            guard input.count - consumed >= 4 else {
                return StreamStep(consumed: consumed, produced: 0, isAtEnd: input.count == consumed)
            }
            let size = unsafe Int(Self.number(input, consumed))
            // The mark of another frame ends this one.
            if size == Int(Self.mark) || size >> 8 == 0x184D22 || size & ~0xF == 0x184D_2A50 {
                return StreamStep(consumed: consumed, produced: 0, isAtEnd: true)
            }
            guard size > 0, size <= Self.blockSize + Self.blockSize / 255 + 16 else {
                throw .malformed(reading: "lz4 legacy block")
            }
            guard input.count - consumed - 4 >= size else {
                return StreamStep(consumed: 0, produced: 0, isAtEnd: false)
            }
            let source = unsafe UnsafeRawBufferPointer(rebasing: input[(consumed + 4)..<(consumed + 4 + size)])
            block = unsafe try Self.decoded(source)
            taken = 0
            consumed += 4 + size
        }
        let count = min(output.count, block.count - taken)
        unsafe block.withUnsafeBytes { decoded in
            unsafe output.copyMemory(from: UnsafeRawBufferPointer(rebasing: decoded[taken..<(taken + count)]))
        }
        taken += count
        return StreamStep(consumed: consumed, produced: count, isAtEnd: false)
    }

    @unsafe private static func decoded(_ source: UnsafeRawBufferPointer) throws(ParseError) -> [UInt8] {
        var isDamaged = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: blockSize) { buffer, count in
            let start = unsafe source.baseAddress?.assumingMemoryBound(to: CChar.self)
            let room = unsafe UnsafeMutableRawBufferPointer(buffer).baseAddress?.assumingMemoryBound(to: CChar.self)
            let produced = unsafe LZ4_decompress_safe(start, room, CInt(source.count), CInt(blockSize))
            isDamaged = produced < 0
            count = max(0, Int(produced))
        }
        if isDamaged { throw .malformed(reading: "lz4 legacy block") }
        return bytes
    }

    @unsafe private static func number(_ input: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        unsafe UInt32(littleEndian: input.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
