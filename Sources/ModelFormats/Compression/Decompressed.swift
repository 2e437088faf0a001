package import ByteParsing

/// What decompression gave, and why it stopped.
package struct Decompressed: Sendable {
    package enum Stop: Sendable, Hashable {
        /// The stream's own end.
        case end
        /// The input ended before the stream did.
        case inputEnded
        /// The stream broke a rule of its format.
        case damaged
        /// More than the expansion ratio allows.
        case ratio
        /// The budget of decompressed bytes for the file is used up.
        case budget
        /// Larger than memory may hold, and no scratch space is available.
        case memory
    }

    /// The bytes that came out before the stop.
    package var region: ByteRegion
    /// Bytes of the input that belong to the stream.
    package var consumed: Int
    package var stop: Stop
    /// Streams (gzip members, frames) that were joined.
    package var streams: Int

    /// Decodes `input`, and the streams of the same kind that follow it directly, within the limits of `budget`.
    ///
    /// Output stays in memory up to `limits.memberBytes` and goes to the scratch space beyond it.
    /// - Parameters:
    ///   - declared: the size that a container states; with `deflate` it allows decoding in one go.
    ///   - deflate: working memory for that.
    /// - Throws: `malformed` or `limit` when not a single byte came out.
    package init(
        _ input: ByteRegion, as compression: Compression, budget: Budget, declared: Int? = nil,
        with deflate: WholeDeflate? = nil, scratch: ScratchSpace = .shared
    ) throws(ParseError) {
        if compression == .deflate, let declared, let deflate, declared <= budget.limits.memberBytes,
            let whole = Self.whole(input, declared: declared, budget: budget, with: deflate)
        {
            self = whole
            return
        }
        try self.init(
            Run(input, compression: compression, decoder: compression.makeDecoder(), budget: budget), scratch: scratch)
    }

    /// Decodes `input` with a decoder that was set up for it, to the end of one stream.
    init(_ input: ByteRegion, decoder: any StreamDecoder, budget: Budget) throws(ParseError) {
        try self.init(Run(input, compression: nil, decoder: decoder, budget: budget), scratch: .shared)
    }

    /// Bytes that are not compressed at all.
    init(stored region: ByteRegion) {
        self.init(region: region, consumed: region.count, stop: .end, streams: 1)
    }

    private init(_ start: Run, scratch: ScratchSpace) throws(ParseError) {
        var run = start
        let budget = run.budget
        let capacity = budget.limits.memberBytes
        let head = try unsafe ByteRegion(capacity: capacity) { (buffer) throws(ParseError) -> Int in
            try unsafe run.fill(buffer)
        }
        if run.stop == nil, !head.isEmpty || capacity == 0 {
            if let file = scratch.open() {
                region = try Self.spill(head, &run, into: file)
            } else {
                region = head
                run.stop = .memory
            }
        } else {
            region = head
        }
        consumed = run.consumed
        stop = run.stop ?? .memory
        streams = run.streams
    }

    /// Writes what was decoded so far and everything that follows to `file`, and maps it.
    private static func spill(
        _ head: ByteRegion, _ run: inout Run, into file: ScratchFile
    ) throws(ParseError) -> ByteRegion {
        guard file.append(head.bytes) else {
            run.stop = .memory
            return head
        }
        while run.stop == nil {
            var moving = run
            let part = try unsafe ByteRegion(capacity: 1 << 20) { (buffer) throws(ParseError) -> Int in
                try unsafe moving.fill(buffer)
            }
            run = moving
            guard part.isEmpty || file.append(part.bytes) else {
                run.stop = .memory
                break
            }
        }
        guard let region = try? file.map() else {
            run.stop = .memory
            return head
        }
        return region
    }

    /// The state of one run over the input, across output buffers.
    private struct Run {
        let input: ByteRegion
        /// The kind of streams that may follow each other; nil for a single stream.
        let compression: Compression?
        let budget: Budget
        var decoder: any StreamDecoder
        var consumed = 0
        var produced = 0
        var streams = 1
        var stop: Stop?

        init(_ input: ByteRegion, compression: Compression?, decoder: any StreamDecoder, budget: Budget) {
            self.input = input
            self.compression = compression
            self.decoder = decoder
            self.budget = budget
        }

        /// Decodes until the buffer is full or the stream stops; the number of bytes written.
        @unsafe mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(ParseError) -> Int {
            var written = 0
            while stop == nil, written < buffer.count {
                let room = min(buffer.count - written, 1 << 20)
                let step: StreamStep
                do throws(ParseError) {
                    step = try unsafe self.step(
                        into: UnsafeMutableRawBufferPointer(rebasing: buffer[written..<(written + room)]))
                } catch {
                    guard produced > 0 else { throw error }
                    stop = .damaged
                    break
                }
                written += step.produced
                produced += step.produced
                consumed += step.consumed
                do throws(ParseError) { try budget.spend(inflated: step.produced) } catch {
                    stop = .budget
                    break
                }
                if step.isAtEnd {
                    guard try restart() else {
                        stop = .end
                        break
                    }
                } else if step.produced == 0, step.consumed == 0 {
                    stop = consumed >= input.count ? .inputEnded : .damaged
                }
                if stop == nil, budget.limits.isBomb(produced, from: consumed) { stop = .ratio }
            }
            return written
        }

        @unsafe private mutating func step(
            into output: UnsafeMutableRawBufferPointer
        ) throws(ParseError) -> StreamStep {
            let rest = input.suffix(from: consumed)
            let span = rest.bytes
            let decoder = decoder
            return try unsafe span.withUnsafeBytes { (source) throws(ParseError) -> StreamStep in
                try unsafe decoder.step(source, into: output)
            }
        }

        /// Zeros at `start`, of which a mebibyte is passed over.
        private static func zeros(in input: ByteRegion, from start: Int) -> Int {
            let bytes = input.bytes
            var count = 0
            while count < 1 << 20, bytes.byte(at: start + count) == 0 { count += 1 }
            return count
        }

        /// Prepares for a further stream of the same kind directly behind the one that ended.
        private mutating func restart() throws(ParseError) -> Bool {
            guard let compression, streams < 100_000 else { return false }
            let padding = compression.allowsPadding ? Self.zeros(in: input, from: consumed) : 0
            let rest = input.suffix(from: consumed + padding)
            guard compression.continues(in: rest) else { return false }
            consumed += padding
            try budget.spend(operations: 64, reading: "concatenated streams")
            decoder = try compression.makeDecoder()
            streams += 1
            return true
        }
    }
}

extension Compression {
    /// Whether a further stream of this kind begins here, which the format's tools would decode as one content.
    func continues(in rest: ByteRegion) -> Bool {
        switch self {
        case .gzip: rest.starts(with: [0x1F, 0x8B, 8])
        case .bzip2: rest.starts(with: Array("BZh".utf8))
        case .xz: rest.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0])
        case .zstd: Self.isZstdFrame(rest)
        case .lz4: rest.starts(with: [0x04, 0x22, 0x4D, 0x18])
        case .deflate, .deflate64, .zlib, .lzmaAlone, .zipLZMA, .joblibZF, .lz4Legacy: false
        }
    }

    /// Whether tools pass over zeros between two streams: gzip(1) and Python's module do, the .xz format asks for it.
    var allowsPadding: Bool { self == .gzip || self == .xz }

    /// A zstd frame or a skippable one.
    static func isZstdFrame(_ region: ByteRegion) -> Bool {
        guard let magic = region.little(UInt32.self, at: 0) else { return false }
        return magic == 0xFD2F_B528 || (magic & 0xFFFF_FFF0 == 0x184D_2A50)
    }
}
