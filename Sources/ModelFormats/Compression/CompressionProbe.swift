package import ByteParsing

extension Compression {
    /// The kind of compressed stream that begins here, by its magic number.
    package static func probe(_ region: ByteRegion) -> Compression? {
        guard region.count >= 9, let first = region[0] else { return nil }
        switch first {
        case 0x1F: return region.starts(with: [0x1F, 0x8B, 8]) ? .gzip : nil
        case UInt8(ascii: "B"):
            guard region.starts(with: Array("BZh".utf8)), let level = region[3], (0x31...0x39).contains(level) else {
                return nil
            }
            let isBlock = region.starts(with: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], at: 4)
            let isEnd = region.starts(with: [0x17, 0x72, 0x45, 0x38, 0x50, 0x90], at: 4)
            return isBlock || isEnd ? .bzip2 : nil
        case 0xFD: return region.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]) ? .xz : nil
        case 0x28: return isZstdFrame(region) ? .zstd : nil
        case 0x02: return region.starts(with: [0x02, 0x21, 0x4C, 0x18]) ? .lz4Legacy : nil
        case 0x04: return region.starts(with: [0x04, 0x22, 0x4D, 0x18]) ? .lz4 : nil
        case UInt8(ascii: "Z") where region.starts(with: Array("ZF0x".utf8)): return .joblibZF
        case 0x50...0x5F: return isZstdFrame(region) ? .zstd : nil
        default: return nil
        }
    }

    /// Whether a stream of one of the kinds begins here whose magic number is too weak to be believed: decoding the
    /// first bytes decides.
    package static func weakProbe(_ region: ByteRegion, only kind: Compression) -> Bool {
        guard region.count >= 8, let first = region[0], let second = region[1] else { return false }
        if kind == .zlib {
            guard first & 0x0F == 8, first >> 4 <= 7, second & 0x20 == 0, (Int(first) << 8 | Int(second)) % 31 == 0
            else { return false }
            // A short stream with a wrong checksum fails at once; what loaders make of it before they notice counts.
            return decodes(region, as: .zlib) || isWholeDeflate(region.suffix(from: 2))
        }
        // .lzma: properties below 225, a dictionary of 2^n or 2^n + 2^(n-1), a size that is unknown or below 2^38.
        if first < 225, region.count > 13, let dictionary = region.little(UInt32.self, at: 1), dictionary >= 4096,
            let size = region.little(UInt64.self, at: 5), size == UInt64.max || size < 1 << 38, region[13] == 0
        {
            let high = UInt32(1) << (31 - UInt32(dictionary.leadingZeroBitCount))
            guard dictionary == high || dictionary == high | high >> 1 || dictionary == UInt32.max else { return false }
            return decodes(region, as: .lzmaAlone)
        }
        return false
    }

    /// Whether a deflate stream of a few bytes or more ends within the first bytes, with room for a checksum behind it.
    private static func isWholeDeflate(_ region: ByteRegion) -> Bool {
        guard let decoder = try? Compression.deflate.makeDecoder() else { return false }
        let span = region.prefix(65_536).bytes
        return unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { output -> Bool in
            unsafe span.withUnsafeBytes { input -> Bool in
                guard let step = try? unsafe decoder.step(input, into: output) else { return false }
                return step.isAtEnd && step.produced >= 4 && input.count - step.consumed >= 4
            }
        }
    }

    /// Whether the first bytes decode to something.
    private static func decodes(_ region: ByteRegion, as compression: Compression) -> Bool {
        guard let decoder = try? compression.makeDecoder() else { return false }
        let span = region.prefix(65_536).bytes
        let produced = unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { output -> Int in
            unsafe span.withUnsafeBytes { input -> Int in
                var done = 0
                var taken = 0
                // A few rounds: decoders may take the header in a step of its own.
                for _ in 0..<8 {
                    let rest = unsafe UnsafeRawBufferPointer(rebasing: input.dropFirst(taken))
                    guard let step = try? unsafe decoder.step(rest, into: output) else { return done > 0 ? -1 : 0 }
                    done += step.produced
                    taken += step.consumed
                    if step.isAtEnd { return max(done, 1) }
                    if done >= 64 || (step.consumed == 0 && step.produced == 0) { return done }
                }
                return done
            }
        }
        return produced > 0
    }
}
