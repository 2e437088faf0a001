internal import ByteParsing

/// Finds and unpacks the chunks of a dataset, in the order of the index.
///
/// All five index structures of the format are followed.
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
            let bytes = try HDF5Filter.undo(
                filters, on: try stored(chunk), mask: chunk.mask, elementSize: elementSize, limit: chunkSize,
                budget: source.budget)
            result.append(contentsOf: bytes.array())
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
        let array = try HDF5ExtensibleArray(source, at: address)
        var chunks: [Chunk] = []
        try array.elements { (cursor) throws(ParseError) in
            guard chunks.count < wanted else { return false }
            try entry(&cursor, size: array.elementSize, into: &chunks)
            return true
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
}
