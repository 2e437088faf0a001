internal import ByteParsing

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
