internal import ByteParsing
internal import CDeflate

/// libdeflate's working memory, for the members of one archive: making it costs as much as a small member.
///
/// Not thread-safe: one file is read by one thread.
@safe
package final class WholeDeflate {
    fileprivate let decompressor: OpaquePointer?
    package init() { unsafe decompressor = libdeflate_alloc_decompressor() }
    deinit { unsafe libdeflate_free_decompressor(decompressor) }
}

extension Decompressed {
    /// Decodes a raw deflate stream of a stated size in one go, which takes half of what streaming does.
    ///
    /// Nil when the stated size does not hold or the stream is damaged: the streaming decoder then says more.
    static func whole(
        _ input: ByteRegion, declared: Int, budget: Budget, with deflate: WholeDeflate
    ) -> Decompressed? {
        // The ratio of deflate is at most 1032; a larger claim is a lie that shall not cost memory.
        guard declared >= 0, declared / 1040 <= input.count else { return nil }
        var consumed = 0
        var matched = false
        let span = input.bytes
        let region = unsafe ByteRegion(capacity: declared) { buffer -> Int in
            unsafe span.withUnsafeBytes { source -> Int in
                guard let decompressor = unsafe deflate.decompressor else { return 0 }
                var taken = 0
                var written = 0
                let result = unsafe libdeflate_deflate_decompress_ex(
                    decompressor, source.baseAddress, source.count, buffer.baseAddress, buffer.count, &taken,
                    &written)
                matched = result == LIBDEFLATE_SUCCESS
                consumed = taken
                return written
            }
        }
        guard matched else { return nil }
        do throws(ParseError) { try budget.spend(inflated: region.count) } catch { return nil }
        return Decompressed(region: region, consumed: consumed, stop: .end, streams: 1)
    }

    init(region: ByteRegion, consumed: Int, stop: Stop, streams: Int) {
        self.region = region
        self.consumed = consumed
        self.stop = stop
        self.streams = streams
    }
}
