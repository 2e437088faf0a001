package import ByteParsing

/// What one step of a decoder did.
package struct StreamStep: Sendable, Hashable {
    /// Bytes taken from the input.
    package var consumed: Int
    /// Bytes written to the output.
    package var produced: Int
    /// Whether the stream (or frame, or member) is complete.
    package var isAtEnd: Bool

    package init(consumed: Int, produced: Int, isAtEnd: Bool) {
        self.consumed = consumed
        self.produced = produced
        self.isAtEnd = isAtEnd
    }
}

/// A decompressor of the system's libraries behind one interface: bytes in, bytes out, no state shared.
///
/// Each conforming class owns its library's state and frees it; none allocates in proportion to a declared size except
/// within the library's own memory limit.
package protocol StreamDecoder: AnyObject {
    /// Decodes from `input` into `output` as far as either reaches.
    /// - Throws: `malformed` when the stream breaks a rule of its format, `limit` when it asks for too much memory.
    @unsafe func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(ParseError) -> StreamStep
}

/// A way in which bytes are compressed.
package enum Compression: String, Sendable, Hashable, CaseIterable {
    /// Raw DEFLATE (RFC 1951).
    case deflate
    /// DEFLATE with a window of 64 KiB, as ZIP and 7z name it; no container of its own.
    case deflate64
    /// RFC 1952.
    case gzip
    /// RFC 1950.
    case zlib
    case bzip2
    /// The .xz format 1.1, one stream at a time.
    case xz
    /// The older `.lzma` container: properties, dictionary size, size, stream.
    case lzmaAlone = "lzma"
    /// LZMA as a ZIP method (APPNOTE 5.8.8): version, properties, stream.
    case zipLZMA = "zip-lzma"
    /// RFC 8878.
    case zstd
    /// LZ4 frame format 1.6.
    case lz4
    /// LZ4's legacy frame, as `lz4 -l` and the Linux kernel write it.
    case lz4Legacy = "lz4-legacy"
    /// joblib before 0.10: `ZF`, the length in hexadecimal, a zlib stream.
    case joblibZF = "joblib-zf"

    /// Memory that a stream may ask its decoder to use: dictionaries and windows, in bytes.
    static let memoryLimit = 160 << 20

    func makeDecoder() throws(ParseError) -> any StreamDecoder {
        switch self {
        case .deflate: try ZlibDecoder(.raw)
        case .deflate64: Deflate64Decoder()
        case .gzip: try ZlibDecoder(.gzip)
        case .zlib, .joblibZF: try ZlibDecoder(.zlib)
        case .bzip2: try Bzip2Decoder()
        case .xz: try LZMADecoder(.xz)
        case .lzmaAlone: try LZMADecoder(.alone)
        case .zipLZMA: try ZipLZMADecoder()
        case .zstd: try ZstdDecoder()
        case .lz4: try LZ4Decoder()
        case .lz4Legacy: LZ4LegacyDecoder()
        }
    }
}
