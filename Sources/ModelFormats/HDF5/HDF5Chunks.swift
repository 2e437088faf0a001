internal import ByteParsing

/// Finds and unpacks the chunks of a dataset, in the order of the index.
///
/// All five index structures of the format are followed; of an extensible array only the part that is reached without
/// its secondary blocks, which is the first chunks. Filters undone: deflate, shuffle, Fletcher's checksum (not
/// verified) and LZF; others are refused as unsupported.
struct HDF5Chunks {
    struct Chunk {
        let address: Int
        /// Stored bytes; nil when the chunk has its full size.
        let size: Int?
        /// Bits of filters that were left out.
        let mask: Int
    }

    private let source: HDF5Source
    private let filters: [HDF5Filter]
    private let elementSize: Int
    /// Bytes of a whole chunk.
    private let chunkSize: Int
    private let rank: Int
    /// Chunks that are still looked for.
    private let most: Int

    init(
        _ source: HDF5Source, shape: [Int], elementSize: Int, filters: [HDF5Filter], limit: Int
    ) throws(ParseError) {
        guard let elements = shape.checkedProduct(), let size = elements.multiplied(checked: elementSize), size > 0
        else { throw .malformed(reading: "HDF5 chunk size") }
        guard size <= limit else { throw .limit(reading: "HDF5 chunk") }
        self.source = source
        self.filters = filters
        self.elementSize = elementSize
        chunkSize = size
        rank = shape.count
        most = max(1, limit / size)
    }

    /// The values of the first chunks, together at most the limit.
    func values(_ index: HDF5ChunkIndex, declared: Int) throws(ParseError) -> ByteRegion {
        var result: [UInt8] = []
        let wanted = min(most, max(1, declared / chunkSize + (declared % chunkSize == 0 ? 0 : 1)))
        let chunks = try list(index, wanted)
        // One plain chunk is shown where it lies.
        if chunks.count == 1, filters.isEmpty, let chunk = chunks.first {
            return try stored(chunk).prefix(declared)
        }
        for chunk in chunks.prefix(wanted) {
            try source.budget.spend(inflated: chunkSize, reading: "HDF5 chunks")
            result.append(contentsOf: try unpack(chunk))
        }
        return ByteRegion(result).prefix(declared)
    }

    private func stored(_ chunk: Chunk) throws(ParseError) -> ByteRegion {
        guard let bytes = source.region.slice(chunk.address, chunk.size ?? chunkSize) else {
            throw .truncated(at: chunk.address, reading: "HDF5 chunk")
        }
        return bytes
    }

    // MARK: Index

    private func list(_ index: HDF5ChunkIndex, _ wanted: Int) throws(ParseError) -> [Chunk] {
        switch index {
        case .tree(let address):
            guard let address else { return [] }
            var chunks: [Chunk] = []
            let source = source
            let keySize = 8 + 8 * (rank + 1)
            try HDF5GroupTree.children(source, at: address, type: 1, keySize: keySize) {
                (key, child) throws(ParseError) in
                guard chunks.count < wanted else { return }
                chunks.append(
                    Chunk(
                        address: child, size: Int(key.little(UInt32.self, at: 0) ?? 0),
                        mask: Int(key.little(UInt32.self, at: 4) ?? 0)))
            }
            return chunks
        case .single(let address, let size, let mask):
            guard let address else { return [] }
            return [Chunk(address: address, size: size.flatMap { Int(exactly: $0) }, mask: mask)]
        case .implicit(let address):
            guard let address else { return [] }
            var chunks: [Chunk] = []
            for number in 0..<wanted {
                guard let step = number.multiplied(checked: chunkSize), let at = address.adding(checked: step) else {
                    break
                }
                chunks.append(Chunk(address: at, size: nil, mask: 0))
            }
            return chunks
        case .fixedArray(let address): return try fixedArray(address, wanted)
        case .extensibleArray(let address): return try extensibleArray(address, wanted)
        case .tree2(let address): return try tree2(address, wanted)
        }
    }

    /// One entry of an array index: an address, with size and mask where filters are at work.
    private func entry(_ cursor: inout HDF5Cursor, size: Int, into chunks: inout [Chunk]) throws(ParseError) {
        try source.budget.spend(operations: 1, reading: "HDF5 chunk index")
        let address = try cursor.address("HDF5 chunk")
        var stored: Int?
        var mask = 0
        let width = size - source.sizes.offset - 4
        if width > 0 {
            stored = try cursor.integer(width, "HDF5 chunk size")
            mask = try cursor.word("HDF5 chunk filter mask")
        }
        if let address { chunks.append(Chunk(address: address, size: stored, mask: mask)) }
    }

    private func fixedArray(_ address: Int?, _ wanted: Int) throws(ParseError) -> [Chunk] {
        guard let address else { return [] }
        var cursor = try source.cursor(at: address)
        try cursor.expect("FAHD", "HDF5 fixed array")
        try cursor.skip(2, "HDF5 fixed array")
        let size = try cursor.byte("HDF5 fixed array")
        let pageBits = try cursor.byte("HDF5 fixed array")
        let count = try cursor.length("HDF5 fixed array")
        guard let block = try cursor.address("HDF5 fixed array"), pageBits < 32, count >= 0 else { return [] }
        cursor = try source.cursor(at: block)
        try cursor.expect("FADB", "HDF5 fixed array block")
        try cursor.skip(2 + source.sizes.offset, "HDF5 fixed array block")
        let pageSize = 1 << pageBits
        let isPaged = count > pageSize
        if isPaged {
            let pages = (count - 1) / pageSize + 1
            try cursor.skip((pages + 7) / 8 + 4, "HDF5 fixed array pages")
        }
        var chunks: [Chunk] = []
        var number = 0
        while number < count, chunks.count < wanted {
            if isPaged, number > 0, number % pageSize == 0 { try cursor.skip(4, "HDF5 fixed array page") }
            try entry(&cursor, size: size, into: &chunks)
            number += 1
        }
        return chunks
    }

    private func extensibleArray(_ address: Int?, _ wanted: Int) throws(ParseError) -> [Chunk] {
        guard let address else { return [] }
        var cursor = try source.cursor(at: address)
        try cursor.expect("EAHD", "HDF5 extensible array")
        try cursor.skip(2, "HDF5 extensible array")
        let size = try cursor.byte("HDF5 extensible array")
        let maxBits = try cursor.byte("HDF5 extensible array")
        let inIndex = try cursor.byte("HDF5 extensible array")
        let minElements = try cursor.byte("HDF5 extensible array")
        let minPointers = try cursor.byte("HDF5 extensible array")
        try cursor.skip(1 + 6 * source.sizes.length, "HDF5 extensible array")
        guard let index = try cursor.address("HDF5 extensible array"), minPointers > 0, maxBits <= 64 else { return [] }
        cursor = try source.cursor(at: index)
        try cursor.expect("EAIB", "HDF5 extensible array index")
        try cursor.skip(2 + source.sizes.offset, "HDF5 extensible array index")
        var chunks: [Chunk] = []
        for _ in 0..<inIndex where chunks.count < wanted { try entry(&cursor, size: size, into: &chunks) }
        // Data blocks double in size after every second group of them.
        var group = 0
        var leftInGroup = 1
        for _ in 0..<(2 * (minPointers - 1)) where chunks.count < wanted {
            guard let block = try cursor.address("HDF5 extensible array block") else { break }
            var data = try source.cursor(at: block)
            try data.expect("EADB", "HDF5 extensible array block")
            try data.skip(2 + source.sizes.offset + (maxBits + 7) / 8, "HDF5 extensible array block")
            let elements = min(1 << 20, (1 << min(20, (group + 1) / 2)) * max(1, minElements))
            for _ in 0..<elements where chunks.count < wanted { try entry(&data, size: size, into: &chunks) }
            leftInGroup -= 1
            if leftInGroup == 0 {
                group += 1
                leftInGroup = 1 << min(20, group / 2)
            }
        }
        return chunks
    }

    private func tree2(_ address: Int?, _ wanted: Int) throws(ParseError) -> [Chunk] {
        guard let address else { return [] }
        var found: [(order: [UInt64], chunk: Chunk)] = []
        let source = source
        let rank = rank
        try HDF5BTree.records(source, at: address) { (record) throws(ParseError) in
            var cursor = try HDF5Cursor(record, at: 0, sizes: source.sizes)
            guard let at = try cursor.address("HDF5 chunk") else { return }
            let width = record.count - source.sizes.offset - 8 * rank - 4
            var size: Int?
            var mask = 0
            if width > 0 {
                size = try cursor.integer(width, "HDF5 chunk size")
                mask = try cursor.word("HDF5 chunk filter mask")
            }
            var order: [UInt64] = []
            for _ in 0..<rank { order.append(try cursor.unsigned(8, reading: "HDF5 chunk place")) }
            found.append((order, Chunk(address: at, size: size, mask: mask)))
        }
        return found.sorted { $0.order.lexicographicallyPrecedes($1.order) }.prefix(wanted).map(\.chunk)
    }

    // MARK: Filters

    private func unpack(_ chunk: Chunk) throws(ParseError) -> [UInt8] {
        var bytes = try stored(chunk)
        for (position, filter) in filters.enumerated().reversed() where chunk.mask & 1 << min(position, 31) == 0 {
            switch filter.id {
            case HDF5Filter.fletcher32: bytes = bytes.prefix(max(0, bytes.count - 4))
            case HDF5Filter.shuffle: bytes = unshuffled(bytes)
            case HDF5Filter.deflate: bytes = try inflated(bytes)
            case 32_000: bytes = try LZFText.unpack(bytes, limit: chunkSize)
            default: throw .unsupported(at: chunk.address, reading: "HDF5 filter \(filter.id)")
            }
        }
        return bytes.prefix(chunkSize).array()
    }

    private func inflated(_ bytes: ByteRegion) throws(ParseError) -> ByteRegion {
        try Decompressed(bytes, as: .zlib, budget: source.budget).region
    }

    private func unshuffled(_ bytes: ByteRegion) -> ByteRegion {
        let width = elementSize
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
