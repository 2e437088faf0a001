package import ByteParsing
internal import CLz4

/// A chunk of Blosc 1, as PyTables and Zarr write it: a header of 16 bytes, the offsets of the blocks, and the blocks, whose
/// bytes or bits were put in order of significance before they were compressed.
///
/// Not read: the codec Snappy, and the frames of Blosc 2.
///
/// Source: README_CHUNK_FORMAT of C-Blosc 1.21.
package enum BloscChunk {
    private static let headerSize = 16
    /// Element sizes up to which the bytes of one significance are compressed apart, and the elements that takes.
    private static let mostSplits = 16
    private static let leastElements = 128

    /// The content of the chunk.
    /// - Throws: `malformed` or `truncated` for what Blosc would refuse, `unsupported` for Snappy, `limit` when more than
    ///   `limit` bytes would come out.
    package static func content(
        of chunk: ByteRegion, limit: Int, budget: Budget
    ) throws(ParseError) -> ByteRegion {
        guard let flags = chunk[2], let width = chunk[3], let total = chunk.little(UInt32.self, at: 4),
            let blockSize = chunk.little(UInt32.self, at: 8), let stored = chunk.little(UInt32.self, at: 12)
        else { throw .truncated(at: chunk.start, reading: "Blosc header") }
        guard total <= limit else { throw .limit(at: chunk.start, reading: "Blosc chunk") }
        try budget.spend(inflated: Int(total), reading: "Blosc chunk")
        let chunk = chunk.prefix(Int(stored))
        if flags & 0x02 != 0 {
            guard let plain = chunk.slice(headerSize, Int(total)) else {
                throw .truncated(at: chunk.start, reading: "Blosc chunk")
            }
            return plain
        }
        guard blockSize > 0, total > 0 else { throw .malformed(at: chunk.start, reading: "Blosc block size") }
        let layout = Layout(flags: flags, width: max(1, Int(width)))
        var result: [UInt8] = []
        result.reserveCapacity(Int(total))
        var number = 0
        while result.count < Int(total) {
            let size = min(Int(blockSize), Int(total) - result.count)
            guard let start = chunk.little(UInt32.self, at: headerSize + 4 * number) else {
                throw .truncated(at: chunk.start, reading: "Blosc block offsets")
            }
            let isWhole = size == Int(blockSize)
            let block = try layout.block(chunk.suffix(from: Int(start)), size: size, isWhole: isWhole, budget: budget)
            result += layout.inOrder(block)
            number += 1
        }
        return ByteRegion(result)
    }

    /// How the blocks of a chunk are laid out.
    private struct Layout {
        let flags: UInt8
        let width: Int

        /// The bytes of a block as they were compressed.
        func block(
            _ stored: ByteRegion, size: Int, isWhole: Bool, budget: Budget
        ) throws(ParseError) -> [UInt8] {
            let isSplit = flags & 0x10 == 0 && width <= mostSplits && size / width >= leastElements && isWhole
            let parts = isSplit ? width : 1
            let partSize = size / parts
            var block: [UInt8] = []
            var at = 0
            for _ in 0..<parts {
                guard let length = stored.little(UInt32.self, at: at), let part = stored.slice(at + 4, Int(length))
                else { throw .truncated(at: stored.start + at, reading: "Blosc block") }
                at += 4 + Int(length)
                block += part.count == partSize ? part.array() : try inflated(part, size: partSize, budget: budget)
            }
            guard block.count == size else { throw .malformed(at: stored.start, reading: "Blosc block") }
            return block
        }

        private func inflated(_ part: ByteRegion, size: Int, budget: Budget) throws(ParseError) -> [UInt8] {
            switch flags >> 5 {
            case 0: return try BloscLZ.unpack(part, size: size)
            case 1: return try LZ4Block.unpack(part, size: size)
            case 3: return try Decompressed(part, as: .zlib, budget: budget).region.prefix(size).array()
            case 4: return try Decompressed(part, as: .zstd, budget: budget).region.prefix(size).array()
            default: throw .unsupported(at: part.start, reading: "Blosc codec \(flags >> 5)")
            }
        }

        /// The bytes of a block in the order of its elements.
        func inOrder(_ block: [UInt8]) -> [UInt8] {
            let elements = block.count / width
            var result = block
            if flags & 0x04 != 0 {
                guard elements % 8 == 0 else { return block }
                for element in 0..<elements {
                    for byte in 0..<width {
                        var value: UInt8 = 0
                        for bit in 0..<8 {
                            let row = (byte * 8 + bit) * (elements / 8)
                            value |= (block[row + element / 8] >> UInt8(element % 8) & 1) << UInt8(bit)
                        }
                        result[element * width + byte] = value
                    }
                }
            } else if flags & 0x01 != 0, width > 1 {
                for element in 0..<elements {
                    for byte in 0..<width { result[element * width + byte] = block[byte * elements + element] }
                }
            }
            return result
        }
    }
}

/// The codec that Blosc brings, a relative of FastLZ.
private enum BloscLZ {
    /// Distances beyond it are written out in two more bytes.
    private static let longestShort = 8191

    static func unpack(_ region: ByteRegion, size: Int) throws(ParseError) -> [UInt8] {
        let input = region.array()
        var result: [UInt8] = []
        result.reserveCapacity(size)
        var at = 0
        func next() throws(ParseError) -> Int {
            guard at < input.count else { throw .truncated(at: region.start + at, reading: "BloscLZ stream") }
            defer { at += 1 }
            return Int(input[at])
        }
        var control = try next() & 31
        while true {
            if control < 32 {
                let count = control + 1
                guard count <= input.count - at, result.count + count <= size else {
                    throw .malformed(at: region.start + at, reading: "BloscLZ literal")
                }
                result += input[at..<(at + count)]
                at += count
            } else {
                var length = control >> 5 - 1
                if length == 6 {
                    var more = 255
                    while more == 255 {
                        more = try next()
                        length += more
                        guard length <= size else { throw .malformed(at: region.start + at, reading: "BloscLZ length") }
                    }
                }
                let high = control & 31
                let low = try next()
                var distance = high << 8 + low
                if low == 255, high == 31 {
                    let first = try next()
                    distance = try first << 8 + next() + longestShort
                }
                length += 3
                guard distance < result.count, result.count + length <= size else {
                    throw .malformed(at: region.start + at, reading: "BloscLZ distance")
                }
                for _ in 0..<length { result.append(result[result.count - distance - 1]) }
            }
            guard at < input.count else { return result }
            control = try next()
        }
    }
}

/// Blocks of LZ4 without a frame.
package enum LZ4Block {
    /// The content of one block, which has `size` bytes at most.
    static func unpack(_ block: ByteRegion, size: Int) throws(ParseError) -> [UInt8] {
        guard let most = CInt(exactly: size), let stored = CInt(exactly: block.count) else {
            throw .limit(at: block.start, reading: "lz4 block")
        }
        let content = try unsafe ByteRegion(capacity: size) { (output) throws(ParseError) -> Int in
            let count = unsafe block.bytes.withUnsafeBytes { input in
                unsafe LZ4_decompress_safe(
                    input.bindMemory(to: CChar.self).baseAddress, output.bindMemory(to: CChar.self).baseAddress, stored,
                    most)
            }
            guard count >= 0 else { throw .malformed(at: block.start, reading: "lz4 block") }
            return Int(count)
        }
        return content.array()
    }

    /// The blocks of HDF5's LZ4 filter: the size of all in eight bytes, that of a block in four, and before each block its
    /// own, the highest byte first; a block that is as long as its content is stored as it is.
    package static func unpack(filtered region: ByteRegion, limit: Int) throws(ParseError) -> ByteRegion {
        guard let total = region.big(UInt64.self, at: 0), let blockSize = region.big(UInt32.self, at: 8), blockSize > 0
        else { throw .truncated(at: region.start, reading: "lz4 chunk") }
        guard total <= UInt64(max(0, limit)) else { throw .limit(at: region.start, reading: "lz4 chunk") }
        var result: [UInt8] = []
        var at = 12
        while result.count < Int(total) {
            let size = min(Int(blockSize), Int(total) - result.count)
            guard let length = region.big(UInt32.self, at: at), let block = region.slice(at + 4, Int(length)) else {
                throw .truncated(at: region.start + at, reading: "lz4 block")
            }
            let content = block.count == size ? block.array() : try unpack(block, size: size)
            guard !content.isEmpty else { throw .malformed(at: region.start + at, reading: "lz4 block") }
            result += content
            at += 4 + Int(length)
        }
        return ByteRegion(result)
    }
}
