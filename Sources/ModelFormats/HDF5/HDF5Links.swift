internal import ByteParsing

/// Links: of symbol tables, of object headers, and in heaps.
extension HDF5Walker {
    mutating func readSymbolTable(_ data: ByteRegion, into object: inout HDF5Object) throws(ParseError) {
        var cursor = try HDF5Cursor(data, at: 0, sizes: source.sizes)
        guard let tree = try cursor.address("HDF5 symbol table"), let heap = try cursor.address("HDF5 symbol table")
        else { return }
        let names = try HDF5LocalHeap(source, at: heap)
        var links: [HDF5Link] = []
        let source = source
        defer { object.links.append(contentsOf: links) }
        try HDF5GroupTree.children(source, at: tree, type: 0, keySize: source.sizes.length) {
            (_, address) throws(ParseError) in
            var cursor = try source.cursor(at: address)
            try cursor.expect("SNOD", "HDF5 symbol table node")
            try cursor.skip(2, "HDF5 symbol table node")
            let count = try cursor.short("HDF5 symbol table node")
            for _ in 0..<count {
                try source.budget.spend(operations: 1, reading: "HDF5 links")
                let name = try names.text(at: try cursor.integer(source.sizes.offset, "HDF5 link name"))
                let target = try cursor.address("HDF5 link")
                let cache = try cursor.word("HDF5 link")
                try cursor.skip(4, "HDF5 link")
                let scratch = try cursor.bytes(16, "HDF5 link")
                if cache == 2 {
                    let value = try names.text(at: Int(scratch.little(UInt32.self, at: 0) ?? 0))
                    links.append(HDF5Link(name: name, target: .soft(value)))
                } else if let target {
                    links.append(HDF5Link(name: name, target: .hard(target)))
                }
            }
        }
    }

    mutating func readLinkInfo(_ data: ByteRegion, into object: inout HDF5Object) throws(ParseError) {
        var cursor = try HDF5Cursor(data, at: 0, sizes: source.sizes)
        try cursor.skip(1, "HDF5 link info")
        if try cursor.byte("HDF5 link info") & 1 != 0 { try cursor.skip(8, "HDF5 link info") }
        guard let heapAddress = try cursor.address("HDF5 link heap"),
            let tree = try cursor.address("HDF5 link index")
        else { return }
        var heap = try HDF5FractalHeap(source, at: heapAddress)
        var links: [HDF5Link] = []
        defer { object.links.append(contentsOf: links) }
        let walker = self
        try HDF5BTree.records(source, at: tree) { (record) throws(ParseError) in
            // Type 5, by name: a hash of four bytes, then the heap ID.
            let id = record.suffix(from: 4)
            links.append(try walker.link(try heap.object(id)))
        }
    }

    func link(_ data: ByteRegion) throws(ParseError) -> HDF5Link {
        var cursor = try HDF5Cursor(data, at: 0, sizes: source.sizes)
        guard try cursor.byte("HDF5 link") == 1 else { throw .unsupported(reading: "HDF5 link version") }
        let flags = try cursor.byte("HDF5 link")
        let type = flags & 8 != 0 ? try cursor.byte("HDF5 link type") : 0
        if flags & 4 != 0 { try cursor.skip(8, "HDF5 link order") }
        if flags & 16 != 0 { try cursor.skip(1, "HDF5 link character set") }
        let length = try cursor.integer(1 << (flags & 3), "HDF5 link name")
        let name = try cursor.bytes(length, "HDF5 link name").text(limit: 1 << 16)
        switch type {
        case 0:
            guard let address = try cursor.address("HDF5 link") else {
                throw .malformed(at: cursor.offset, reading: "HDF5 link")
            }
            return HDF5Link(name: name, target: .hard(address))
        case 1:
            let length = try cursor.short("HDF5 soft link")
            return HDF5Link(name: name, target: .soft(try cursor.bytes(length, "HDF5 soft link").text()))
        case 64:
            let length = try cursor.short("HDF5 external link")
            var value = try HDF5Cursor(try cursor.bytes(length, "HDF5 external link"), at: 0, sizes: source.sizes)
            try value.skip(1, "HDF5 external link")
            let file = try value.terminated("HDF5 external link")
            let path = value.remaining > 0 ? (try? value.terminated("HDF5 external link")) ?? "" : ""
            return HDF5Link(name: name, target: .external(file: file, path: path))
        default: return HDF5Link(name: name, target: .userDefined(type))
        }
    }
}
