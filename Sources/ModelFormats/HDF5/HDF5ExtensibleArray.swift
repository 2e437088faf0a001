internal import ByteParsing

/// An extensible array (specification, VII.D): the chunk index of datasets that grow along one dimension.
///
/// The first elements are in the index block, further ones in data blocks that it points to, the rest in data blocks
/// that secondary blocks point to. Super block `n` of them has 2^(n/2) data blocks of 2^((n+1)/2) times the smallest
/// number of elements. Large data blocks are divided into pages, of which unused ones are marked as such.
struct HDF5ExtensibleArray {
    private let source: HDF5Source
    /// Bytes of one element.
    let elementSize: Int
    /// Bytes of a block's place in the array.
    private let placeWidth: Int
    private let inIndex: Int
    private let minElements: Int
    private let minPointers: Int
    private let pageElements: Int
    private let superBlocks: Int
    private let index: Int?

    /// A cursor over the bytes of one element.
    typealias Visit = (inout HDF5Cursor) throws(ParseError) -> Bool

    init(_ source: HDF5Source, at address: Int) throws(ParseError) {
        self.source = source
        var cursor = try source.cursor(at: address)
        try cursor.expect("EAHD", "HDF5 extensible array")
        try cursor.skip(2, "HDF5 extensible array")
        elementSize = try cursor.byte("HDF5 extensible array")
        let maxBits = try cursor.byte("HDF5 extensible array")
        inIndex = try cursor.byte("HDF5 extensible array")
        minElements = try cursor.byte("HDF5 extensible array")
        minPointers = try cursor.byte("HDF5 extensible array")
        let pageBits = try cursor.byte("HDF5 extensible array")
        try cursor.skip(6 * source.sizes.length, "HDF5 extensible array")
        index = try cursor.address("HDF5 extensible array")
        guard minElements > 0, minElements.nonzeroBitCount == 1, minPointers > 0, minPointers.nonzeroBitCount == 1,
            maxBits <= 64, maxBits >= minElements.trailingZeroBitCount, pageBits < 32, elementSize > 0
        else { throw .malformed(at: address, reading: "HDF5 extensible array header") }
        placeWidth = (maxBits + 7) / 8
        pageElements = 1 << pageBits
        superBlocks = 1 + maxBits - minElements.trailingZeroBitCount
    }

    /// Calls `visit` for each element in order until it answers false.
    func elements(_ visit: Visit) throws(ParseError) {
        guard let index else { return }
        var cursor = try source.cursor(at: index)
        try cursor.expect("EAIB", "HDF5 extensible array index")
        try cursor.skip(2 + source.sizes.offset, "HDF5 extensible array index")
        for _ in 0..<inIndex {
            guard try visit(&cursor) else { return }
        }
        // As many super blocks as the pointers to data blocks in the index serve; behind them come those to secondary
        // blocks, one for each further super block.
        let inIndexSuperBlocks = 2 * minPointers.trailingZeroBitCount
        for number in 0..<min(superBlocks, inIndexSuperBlocks) {
            for _ in 0..<dataBlocks(number) {
                guard let block = try cursor.address("HDF5 extensible array block") else { continue }
                guard try dataBlock(at: block, number, pages: nil, visit) else { return }
            }
        }
        for number in min(superBlocks, inIndexSuperBlocks)..<superBlocks {
            guard let block = try cursor.address("HDF5 extensible array secondary block") else { continue }
            guard try secondaryBlock(at: block, number, visit) else { return }
        }
    }

    private func dataBlocks(_ number: Int) -> Int { 1 << min(number / 2, 40) }

    private func elements(inBlocksOf number: Int) throws(ParseError) -> Int {
        guard number < 100, let count = (1 << ((number + 1) / 2)).multiplied(checked: minElements) else {
            throw .overflow(reading: "HDF5 extensible array block size")
        }
        return count
    }

    private func secondaryBlock(at address: Int, _ number: Int, _ visit: Visit) throws(ParseError) -> Bool {
        var cursor = try source.cursor(at: address)
        try cursor.expect("EASB", "HDF5 extensible array secondary block")
        try cursor.skip(2 + source.sizes.offset + placeWidth, "HDF5 extensible array secondary block")
        let count = try elements(inBlocksOf: number)
        let maskSize = count > pageElements ? (count / pageElements + 7) / 8 : 0
        guard let length = maskSize.multiplied(checked: dataBlocks(number)) else {
            throw .overflow(at: address, reading: "HDF5 extensible array pages")
        }
        let masks = try cursor.bytes(length, "HDF5 extensible array pages")
        for block in 0..<dataBlocks(number) {
            try source.budget.spend(operations: 1, reading: "HDF5 extensible array blocks")
            guard let data = try cursor.address("HDF5 extensible array block") else { continue }
            let pages = masks.suffix(from: block * maskSize).prefix(maskSize)
            guard try dataBlock(at: data, number, pages: pages, visit) else { return false }
        }
        return true
    }

    /// - Parameter pages: a bit for each page that was written, the highest first; nil where blocks have no pages.
    private func dataBlock(
        at address: Int, _ number: Int, pages: ByteRegion?, _ visit: Visit
    ) throws(ParseError) -> Bool {
        var cursor = try source.cursor(at: address)
        try cursor.expect("EADB", "HDF5 extensible array block")
        try cursor.skip(2 + source.sizes.offset + placeWidth, "HDF5 extensible array block")
        let count = try elements(inBlocksOf: number)
        guard let pages, count > pageElements else {
            for _ in 0..<count {
                guard try visit(&cursor) else { return false }
            }
            return true
        }
        try cursor.skip(4, "HDF5 extensible array block")
        for page in 0..<(count / pageElements) {
            try source.budget.spend(operations: 1, reading: "HDF5 extensible array pages")
            let isWritten = (pages[page / 8] ?? 0) & (0x80 >> UInt8(page % 8)) != 0
            if isWritten {
                for _ in 0..<pageElements {
                    guard try visit(&cursor) else { return false }
                }
                try cursor.skip(4, "HDF5 extensible array page")
            } else {
                guard let length = pageElements.multiplied(checked: elementSize) else {
                    throw .overflow(at: address, reading: "HDF5 extensible array page")
                }
                try cursor.skip(length + 4, "HDF5 extensible array page")
            }
        }
        return true
    }
}
