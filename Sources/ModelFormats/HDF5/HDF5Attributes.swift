internal import ByteParsing

/// Attributes: in object headers and in heaps.
extension HDF5Walker {
    mutating func readAttributeInfo(_ data: ByteRegion, into object: inout HDF5Object) throws(ParseError) {
        var cursor = try HDF5Cursor(data, at: 0, sizes: source.sizes)
        try cursor.skip(1, "HDF5 attribute info")
        if try cursor.byte("HDF5 attribute info") & 1 != 0 { try cursor.skip(2, "HDF5 attribute info") }
        guard let heapAddress = try cursor.address("HDF5 attribute heap"),
            let tree = try cursor.address("HDF5 attribute index")
        else { return }
        var heap = try HDF5FractalHeap(source, at: heapAddress)
        var attributes: [HDF5Attribute] = []
        var failures: [ParseError] = []
        defer {
            object.attributes.append(contentsOf: attributes)
            object.failures.append(contentsOf: failures)
        }
        var walker = self
        try HDF5BTree.records(source, at: tree) { (record) throws(ParseError) in
            // Type 8, by name: the heap ID of eight bytes, the message's flags, creation order, hash.
            let id = record.prefix(8)
            do throws(ParseError) {
                let isShared = (record[8] ?? 0) & 2 != 0
                let message = isShared ? try walker.sharedInHeap(id, type: 0x0C) : try heap.object(id)
                attributes.append(try walker.attribute(message))
            } catch {
                if error.code == .limit { throw error }
                failures.append(error)
            }
        }
    }

    mutating func attribute(_ data: ByteRegion) throws(ParseError) -> HDF5Attribute {
        var cursor = try HDF5Cursor(data, at: 0, sizes: source.sizes)
        let version = try cursor.byte("HDF5 attribute")
        let flags = try cursor.byte("HDF5 attribute")
        guard 1...3 ~= version else { throw .unsupported(reading: "HDF5 attribute version \(version)") }
        let nameSize = try cursor.short("HDF5 attribute")
        let typeSize = try cursor.short("HDF5 attribute")
        let spaceSize = try cursor.short("HDF5 attribute")
        if version == 3 { try cursor.skip(1, "HDF5 attribute encoding") }
        func field(_ size: Int, _ what: String) throws(ParseError) -> ByteRegion {
            let part = try cursor.bytes(size, what)
            if version == 1 { try cursor.skip((8 - size % 8) % 8, what) }
            return part
        }
        let name = try field(nameSize, "HDF5 attribute name").text(limit: 1 << 16)
        var typeMessage = try field(typeSize, "HDF5 attribute datatype")
        var spaceMessage = try field(spaceSize, "HDF5 attribute dataspace")
        if version > 1, flags & 1 != 0 { typeMessage = try shared(typeMessage, type: 0x03) }
        if version > 1, flags & 2 != 0 { spaceMessage = try shared(spaceMessage, type: 0x01) }
        let datatype = try HDF5Datatype(typeMessage, sizes: source.sizes, budget: source.budget)
        let dataspace = try HDF5Dataspace(spaceMessage, sizes: source.sizes)
        let rest = cursor.region.suffix(from: cursor.offset)
        var values: [ByteRegion] = []
        if datatype.holdsBytes {
            values = try HDF5Values.elements(of: rest, datatype: datatype, count: dataspace.count, source)
        }
        return HDF5Attribute(
            name: String(name.prefix { $0 != "\0" }), datatype: datatype, dataspace: dataspace, data: rest,
            values: values)
    }
}
