internal import ByteParsing

extension HDF5Filter {
    /// Undoes a pipeline: deflate, shuffle, Fletcher's checksum (not verified), LZF, bzip2, Blosc, LZ4 and zstd; others
    /// are refused as unsupported.
    ///
    /// - Parameters:
    ///   - mask: bits of filters that were left out.
    ///   - limit: bytes that come out at most.
    static func undo(
        _ filters: [HDF5Filter], on stored: ByteRegion, mask: Int, elementSize: Int?, limit: Int, budget: Budget
    ) throws(ParseError) -> ByteRegion {
        var bytes = stored
        for (position, filter) in filters.enumerated().reversed() where mask & 1 << min(position, 31) == 0 {
            switch filter.id {
            case fletcher32: bytes = bytes.prefix(max(0, bytes.count - 4))
            case shuffle: bytes = unshuffled(bytes, width: elementSize ?? filter.values.first ?? 1)
            case deflate: bytes = try Decompressed(bytes, as: .zlib, budget: budget).region
            case 307: bytes = try Decompressed(bytes, as: .bzip2, budget: budget).region
            case 32_000: bytes = try LZFText.unpack(bytes, limit: limit)
            case 32_001: bytes = try BloscChunk.content(of: bytes, limit: limit, budget: budget)
            case 32_004: bytes = try LZ4Block.unpack(filtered: bytes, limit: limit)
            case 32_015: bytes = try Decompressed(bytes, as: .zstd, budget: budget).region
            default: throw .unsupported(at: stored.start, reading: "HDF5 filter \(filter.id)")
            }
        }
        return bytes.prefix(limit)
    }

    private static func unshuffled(_ bytes: ByteRegion, width: Int) -> ByteRegion {
        guard width > 1, bytes.count >= width else { return bytes }
        let count = bytes.count / width
        let span = bytes.array()
        var result = span
        for element in 0..<count {
            for byte in 0..<width { result[element * width + byte] = span[byte * count + element] }
        }
        return ByteRegion(result)
    }
}

/// The LZF compression that h5py brings (Marc Lehmann's format).
enum LZFText {
    static func unpack(_ region: ByteRegion, limit: Int) throws(ParseError) -> ByteRegion {
        var result: [UInt8] = []
        let input = region.array()
        var at = 0
        while at < input.count {
            let control = Int(input[at])
            at += 1
            if control < 32 {
                let length = control + 1
                guard length <= input.count - at, result.count + length <= limit else {
                    throw .malformed(at: at, reading: "LZF literal")
                }
                result.append(contentsOf: input[at..<(at + length)])
                at += length
            } else {
                var length = control >> 5
                if length == 7 {
                    guard at < input.count else { throw .truncated(at: at, reading: "LZF length") }
                    length += Int(input[at])
                    at += 1
                }
                guard at < input.count else { throw .truncated(at: at, reading: "LZF distance") }
                let distance = (control & 31) << 8 | Int(input[at])
                at += 1
                length += 2
                guard distance < result.count, result.count + length <= limit else {
                    throw .malformed(at: at, reading: "LZF distance")
                }
                for _ in 0..<length { result.append(result[result.count - distance - 1]) }
            }
        }
        return ByteRegion(result)
    }
}
