internal import ByteParsing

/// A fractal heap (specification, III.G): where groups and objects with many links or attributes keep them.
struct HDF5FractalHeap {
    private let source: HDF5Source
    private let idLength: Int
    private let offsetWidth: Int
    private let lengthWidth: Int
    private let tableWidth: Int
    private let startSize: Int
    private let maxDirectSize: Int
    private let rootRows: Int
    private let root: Int?
    /// What the heap's direct blocks and huge objects went through.
    private var filters: [HDF5Filter] = []
    private let isFiltered: Bool
    /// Stored size and filter mask of a root that is a direct block of a filtered heap.
    private var filteredRoot = (size: 0, mask: 0)
    private let hugeTree: Int?
    /// Huge objects by their number, read when first needed.
    private var huge: [UInt64: Huge]?
    /// The direct block that was unpacked last.
    private var unpacked: (address: Int, block: ByteRegion)?

    /// Bytes of a direct block that is unpacked; libraries make blocks of at most 64 KiB unless told otherwise.
    private static let unpackedLimit = 4 << 20

    private struct Huge {
        var address: Int
        var length: Int
        /// Filter mask and size in memory, where filters are at work.
        var mask = 0
        var size = 0
    }

    init(_ source: HDF5Source, at address: Int) throws(ParseError) {
        self.source = source
        var cursor = try source.cursor(at: address)
        try cursor.expect("FRHP", "HDF5 fractal heap")
        guard try cursor.byte("HDF5 fractal heap version") == 0 else {
            throw .unsupported(at: address, reading: "HDF5 fractal heap version")
        }
        idLength = try cursor.short("HDF5 fractal heap")
        let filterLength = try cursor.short("HDF5 fractal heap filters")
        isFiltered = filterLength > 0
        try cursor.skip(1, "HDF5 fractal heap flags")
        let maxManaged = try cursor.word("HDF5 fractal heap")
        _ = try cursor.length("HDF5 fractal heap")
        hugeTree = try cursor.address("HDF5 fractal heap huge objects")
        _ = try cursor.length("HDF5 fractal heap free space")
        _ = try cursor.address("HDF5 fractal heap free space")
        for _ in 0..<8 { _ = try cursor.unsigned(source.sizes.length, reading: "HDF5 fractal heap counts") }
        tableWidth = try cursor.short("HDF5 fractal heap table width")
        startSize = try cursor.length("HDF5 fractal heap block size")
        maxDirectSize = try cursor.length("HDF5 fractal heap block size")
        let maxBits = try cursor.short("HDF5 fractal heap size")
        _ = try cursor.short("HDF5 fractal heap rows")
        root = try cursor.address("HDF5 fractal heap root")
        rootRows = try cursor.short("HDF5 fractal heap rows")
        guard tableWidth > 0, tableWidth <= 1 << 12, startSize > 0, startSize.nonzeroBitCount == 1,
            maxDirectSize >= startSize, maxDirectSize <= 1 << 32, maxDirectSize.nonzeroBitCount == 1, maxBits <= 64,
            idLength >= 2
        else { throw .malformed(at: address, reading: "HDF5 fractal heap header") }
        offsetWidth = (maxBits + 7) / 8
        lengthWidth = min(HDF5BTree.width(of: maxDirectSize), HDF5BTree.width(of: maxManaged))
        guard isFiltered else { return }
        filteredRoot.size = try cursor.length("HDF5 fractal heap root")
        filteredRoot.mask = try cursor.word("HDF5 fractal heap root")
        filters = try HDF5Walker.filters(try cursor.bytes(filterLength, "HDF5 fractal heap filters"), source)
    }

    /// The object that a heap ID stands for.
    mutating func object(_ id: ByteRegion) throws(ParseError) -> ByteRegion {
        try source.budget.spend(operations: 4, reading: "HDF5 fractal heap objects")
        var cursor = try HDF5Cursor(id, at: 0, sizes: source.sizes)
        let flags = try cursor.byte("HDF5 heap ID")
        guard flags >> 6 == 0 else { throw .unsupported(reading: "HDF5 heap ID version") }
        switch flags >> 4 & 3 {
        case 0:
            let offset = try cursor.integer(offsetWidth, "HDF5 heap ID")
            let length = try cursor.integer(lengthWidth, "HDF5 heap ID")
            return try managed(offset, length)
        case 1:
            let inPlace = source.sizes.offset + source.sizes.length * (isFiltered ? 2 : 1) + (isFiltered ? 4 : 0)
            if idLength - 1 >= inPlace {
                guard let object = try hugeObject(&cursor) else { throw .malformed(reading: "HDF5 heap ID") }
                return try open(object)
            }
            let number = try cursor.unsigned(
                min(8, min(idLength - 1, source.sizes.length)), reading: "HDF5 heap ID")
            if huge == nil { try readHuge() }
            guard let object = huge?[number] else { throw .malformed(reading: "HDF5 huge object") }
            return try open(object)
        case 2:
            var length = flags & 15
            if idLength - 1 > 16 { length = length << 8 | (try cursor.byte("HDF5 heap ID")) }
            return try cursor.bytes(length + 1, "HDF5 tiny object")
        default: throw .malformed(reading: "HDF5 heap ID type")
        }
    }

    private func slice(_ address: Int, _ length: Int) throws(ParseError) -> ByteRegion {
        guard let region = source.region.slice(address, length) else {
            throw .truncated(at: address, reading: "HDF5 heap object")
        }
        return region
    }

    private mutating func readHuge() throws(ParseError) {
        var found: [UInt64: Huge] = [:]
        let source = source
        if let hugeTree {
            try HDF5BTree.records(source, at: hugeTree) { (record) throws(ParseError) in
                var cursor = try HDF5Cursor(record, at: 0, sizes: source.sizes)
                guard let object = try hugeObject(&cursor) else { return }
                found[try cursor.unsigned(source.sizes.length, reading: "HDF5 huge object")] = object
            }
        }
        huge = found
    }

    /// Where a huge object is, as IDs and B-tree records put it; nil for the undefined address.
    private func hugeObject(_ cursor: inout HDF5Cursor) throws(ParseError) -> Huge? {
        let address = try cursor.address("HDF5 huge object")
        var object = Huge(address: address ?? 0, length: try cursor.length("HDF5 huge object"))
        if isFiltered {
            object.mask = try cursor.word("HDF5 huge object")
            object.size = try cursor.length("HDF5 huge object")
        }
        return address == nil ? nil : object
    }

    private func open(_ object: Huge) throws(ParseError) -> ByteRegion {
        let stored = try slice(object.address, object.length)
        guard isFiltered else { return stored }
        return try HDF5Filter.undo(
            filters, on: stored, mask: object.mask, elementSize: nil, limit: object.size, budget: source.budget)
    }

    /// Size of a block in row `row` of the doubling table, or nil when it is absurd.
    private func blockSize(_ row: Int) -> Int? {
        let shift = max(0, row - 1)
        guard shift < 62, startSize <= Int.max >> shift else { return nil }
        return startSize << shift
    }

    private mutating func managed(_ offset: Int, _ length: Int) throws(ParseError) -> ByteRegion {
        guard var block = root else { throw .malformed(reading: "HDF5 fractal heap root") }
        if rootRows == 0 {
            guard offset.adding(checked: length).map({ $0 <= maxDirectSize }) == true else {
                throw .malformed(at: offset, reading: "HDF5 heap offset")
            }
            return try direct(block, filteredRoot, of: maxDirectSize, offset, length)
        }
        var rest = offset
        // Each step goes into a smaller block.
        for _ in 0..<64 {
            try source.budget.spend(operations: 1, reading: "HDF5 fractal heap blocks")
            var cursor = try source.cursor(at: block)
            try cursor.expect("FHIB", "HDF5 indirect block")
            try cursor.skip(1 + source.sizes.offset + offsetWidth, "HDF5 indirect block")
            var row = 0
            var size = startSize
            while true {
                guard let current = blockSize(row), let span = current.multiplied(checked: tableWidth) else {
                    throw .malformed(at: offset, reading: "HDF5 heap offset")
                }
                size = current
                if rest < span { break }
                rest -= span
                row += 1
            }
            let column = rest / size
            rest -= column * size
            // Entries of direct blocks, which come first, also have a size and a mask in a filtered heap.
            let directWidth = source.sizes.offset + (isFiltered ? source.sizes.length + 4 : 0)
            let directRows = min(row, (maxDirectSize / startSize).trailingZeroBitCount + 2)
            let number = row * tableWidth + column
            let before = size <= maxDirectSize ? number : directRows * tableWidth
            try cursor.skip(
                before * directWidth + (number - before) * source.sizes.offset, "HDF5 indirect block")
            guard let child = try cursor.address("HDF5 indirect block entry") else {
                throw .malformed(at: block, reading: "HDF5 indirect block entry")
            }
            if size <= maxDirectSize {
                var stored = (size: 0, mask: 0)
                if isFiltered {
                    stored.size = try cursor.length("HDF5 indirect block entry")
                    stored.mask = try cursor.word("HDF5 indirect block entry")
                }
                return try direct(child, stored, of: size, rest, length)
            }
            block = child
        }
        throw .malformed(at: offset, reading: "HDF5 fractal heap depth")
    }

    private mutating func direct(
        _ block: Int, _ stored: (size: Int, mask: Int), of size: Int, _ offset: Int, _ length: Int
    ) throws(ParseError) -> ByteRegion {
        let content = isFiltered ? try unpack(block, stored, of: size) : source.region.suffix(from: block)
        guard content.starts(with: Array("FHDB".utf8)) else {
            throw .malformed(at: block, reading: "HDF5 direct block")
        }
        guard let object = content.slice(offset, length) else {
            throw .truncated(at: block, reading: "HDF5 heap object")
        }
        return object
    }

    private mutating func unpack(
        _ block: Int, _ stored: (size: Int, mask: Int), of size: Int
    ) throws(ParseError) -> ByteRegion {
        if let unpacked, unpacked.address == block { return unpacked.block }
        guard size <= Self.unpackedLimit else { throw .limit(at: block, reading: "HDF5 filtered direct block") }
        let content = try HDF5Filter.undo(
            filters, on: try slice(block, stored.size), mask: stored.mask, elementSize: nil, limit: size,
            budget: source.budget)
        unpacked = (block, content)
        return content
    }
}
