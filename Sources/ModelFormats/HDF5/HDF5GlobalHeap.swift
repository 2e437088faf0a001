internal import ByteParsing

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
