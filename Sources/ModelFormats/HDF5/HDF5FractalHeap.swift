package import ByteParsing

/// A fractal heap (specification, III.G): where groups and objects with many links or attributes keep them.
///
/// Heaps whose blocks went through filters are refused as unsupported: libraries write them only on request.
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
    private let isFiltered: Bool
    private let hugeTree: Int?
    /// Huge objects by their number, read when first needed.
    private var huge: [UInt64: (address: Int, length: Int)]?

    init(_ source: HDF5Source, at address: Int) throws(ParseError) {
        self.source = source
        var cursor = try source.cursor(at: address)
        try cursor.expect("FRHP", "HDF5 fractal heap")
        guard try cursor.byte("HDF5 fractal heap version") == 0 else {
            throw .unsupported(at: address, reading: "HDF5 fractal heap version")
        }
        idLength = try cursor.short("HDF5 fractal heap")
        isFiltered = try cursor.short("HDF5 fractal heap filters") > 0
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
            guard !isFiltered else { throw .unsupported(reading: "HDF5 fractal heap with filters") }
            if idLength - 1 >= source.sizes.offset + source.sizes.length {
                guard let address = try cursor.address("HDF5 heap ID") else {
                    throw .malformed(reading: "HDF5 heap ID")
                }
                return try slice(address, try cursor.length("HDF5 heap ID"))
            }
            let number = try cursor.unsigned(
                min(8, min(idLength - 1, source.sizes.length)), reading: "HDF5 heap ID")
            if huge == nil { try readHuge() }
            guard let place = huge?[number] else { throw .malformed(reading: "HDF5 huge object") }
            return try slice(place.address, place.length)
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
        var found: [UInt64: (address: Int, length: Int)] = [:]
        let source = source
        if let hugeTree {
            try HDF5BTree.records(source, at: hugeTree) { (record) throws(ParseError) in
                var cursor = try HDF5Cursor(record, at: 0, sizes: source.sizes)
                guard let address = try cursor.address("HDF5 huge object") else { return }
                let length = try cursor.length("HDF5 huge object")
                found[try cursor.unsigned(source.sizes.length, reading: "HDF5 huge object")] = (address, length)
            }
        }
        huge = found
    }

    /// Size of a block in row `row` of the doubling table, or nil when it is absurd.
    private func blockSize(_ row: Int) -> Int? {
        let shift = max(0, row - 1)
        guard shift < 62, startSize <= Int.max >> shift else { return nil }
        return startSize << shift
    }

    private func managed(_ offset: Int, _ length: Int) throws(ParseError) -> ByteRegion {
        guard !isFiltered else { throw .unsupported(reading: "HDF5 fractal heap with filters") }
        guard var block = root else { throw .malformed(reading: "HDF5 fractal heap root") }
        if rootRows == 0 {
            guard offset.adding(checked: length).map({ $0 <= maxDirectSize }) == true else {
                throw .malformed(at: offset, reading: "HDF5 heap offset")
            }
            return try direct(block, offset, length)
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
            guard let skipped = (row * tableWidth + column).multiplied(checked: source.sizes.offset) else {
                throw .overflow(at: offset, reading: "HDF5 heap offset")
            }
            try cursor.skip(skipped, "HDF5 indirect block")
            guard let child = try cursor.address("HDF5 indirect block entry") else {
                throw .malformed(at: block, reading: "HDF5 indirect block entry")
            }
            if size <= maxDirectSize { return try direct(child, rest, length) }
            block = child
        }
        throw .malformed(at: offset, reading: "HDF5 fractal heap depth")
    }

    private func direct(_ block: Int, _ offset: Int, _ length: Int) throws(ParseError) -> ByteRegion {
        guard source.region.starts(with: Array("FHDB".utf8), at: block) else {
            throw .malformed(at: block, reading: "HDF5 direct block")
        }
        guard let start = block.adding(checked: offset) else { throw .overflow(at: block, reading: "HDF5 heap offset") }
        return try slice(start, length)
    }
}

/// Global heap collections (specification, III.E): where variable-length values live.
///
/// A collection is walked once and remembered: values of one dataset come from few collections, in any order.
struct HDF5GlobalHeap {
    private let source: HDF5Source
    private var collections: [Int: [Int: ByteRegion]] = [:]
    private var remembered = 0

    init(_ source: HDF5Source) { self.source = source }

    /// The bytes of object `index` in the collection at `address`.
    static func object(_ source: HDF5Source, at address: Int, index: Int) throws(ParseError) -> ByteRegion {
        var heap = HDF5GlobalHeap(source)
        return try heap.object(at: address, index: index)
    }

    /// The bytes of object `index` in the collection at `address`.
    mutating func object(at address: Int, index: Int) throws(ParseError) -> ByteRegion {
        if collections[address] == nil {
            let objects = try read(address)
            // What is remembered stays small: a file may name any number of collections.
            if remembered > 1 << 16 {
                collections.removeAll()
                remembered = 0
            }
            remembered += objects.count + 1
            collections[address] = objects
        }
        guard let object = collections[address]?[index] else {
            throw .malformed(at: address, reading: "HDF5 global heap object")
        }
        return object
    }

    private func read(_ address: Int) throws(ParseError) -> [Int: ByteRegion] {
        var objects: [Int: ByteRegion] = [:]
        var cursor = try source.cursor(at: address)
        try cursor.expect("GCOL", "HDF5 global heap")
        try cursor.skip(4, "HDF5 global heap")
        let size = try cursor.length("HDF5 global heap size")
        guard let end = address.adding(checked: size) else { throw .overflow(at: address, reading: "HDF5 global heap") }
        while cursor.offset + 8 + source.sizes.length <= min(end, source.region.count) {
            try source.budget.spend(operations: 20, reading: "HDF5 global heap objects")
            let number = try cursor.short("HDF5 global heap object")
            try cursor.skip(6, "HDF5 global heap object")
            let length = try cursor.length("HDF5 global heap object")
            guard number != 0, let object = source.region.slice(cursor.offset, length) else { break }
            if objects[number] == nil { objects[number] = object }
            // A length that cannot be passed over ends the collection; what was found before it stands.
            guard let padded = length.aligned(to: 8), padded <= cursor.remaining else { break }
            try cursor.skip(padded, "HDF5 global heap object")
        }
        return objects
    }
}

/// The heap of names of an old-style group (specification, III.D).
struct HDF5LocalHeap {
    private let source: HDF5Source
    private let data: Int

    init(_ source: HDF5Source, at address: Int) throws(ParseError) {
        var cursor = try source.cursor(at: address)
        try cursor.expect("HEAP", "HDF5 local heap")
        try cursor.skip(4, "HDF5 local heap")
        _ = try cursor.length("HDF5 local heap size")
        _ = try cursor.unsigned(source.sizes.length, reading: "HDF5 local heap free list")
        guard let data = try cursor.address("HDF5 local heap data") else {
            throw .malformed(at: address, reading: "HDF5 local heap data")
        }
        self.source = source
        self.data = data
    }

    /// The text at `offset`, up to its zero byte.
    func text(at offset: Int) throws(ParseError) -> String {
        guard let start = data.adding(checked: offset) else { throw .overflow(at: data, reading: "HDF5 local heap") }
        var cursor = try source.cursor(at: start)
        return try cursor.terminated("HDF5 name")
    }
}
