internal import ByteParsing

// Messages that say where a dataset's values are stored and what was done to them.
extension HDF5Walker {
    /// Data layout, versions 1 to 4 (specification, IV.A.2.i).
    func readLayout(_ data: ByteRegion, into object: inout HDF5Object) throws(ParseError) {
        var cursor = try HDF5Cursor(data, at: 0, sizes: source.sizes)
        let version = try cursor.byte("HDF5 layout")
        switch version {
        case 1, 2:
            let rank = try cursor.byte("HDF5 layout")
            let kind = try cursor.byte("HDF5 layout")
            try cursor.skip(5, "HDF5 layout")
            let address = kind == 0 ? nil : try cursor.address("HDF5 layout")
            var shape: [Int] = []
            for _ in 0..<min(rank, 33) { shape.append(try cursor.word("HDF5 layout")) }
            switch kind {
            case 0:
                let size = try cursor.word("HDF5 layout")
                object.layout = .compact(try cursor.bytes(size, "HDF5 compact data"))
            case 1: object.layout = .contiguous(address: address, size: declaredSize(object))
            case 2: object.layout = .chunked(shape: shape.dropLast(), index: .tree(address))
            default: throw .unsupported(reading: "HDF5 layout class")
            }
        case 3, 4, 5:
            let kind = try cursor.byte("HDF5 layout")
            switch kind {
            case 0:
                let size = try cursor.short("HDF5 layout")
                object.layout = .compact(try cursor.bytes(size, "HDF5 compact data"))
            case 1:
                let address = try cursor.address("HDF5 layout")
                object.layout = .contiguous(
                    address: address, size: try cursor.unsigned(source.sizes.length, reading: "HDF5 layout"))
            case 2 where version == 3:
                let rank = try cursor.byte("HDF5 layout")
                let address = try cursor.address("HDF5 layout")
                var shape: [Int] = []
                for _ in 0..<min(rank, 33) { shape.append(try cursor.word("HDF5 layout")) }
                object.layout = .chunked(shape: shape.dropLast(), index: .tree(address))
            case 2: object.layout = try chunkedLayout(&cursor)
            case 3:
                let address = try cursor.address("HDF5 virtual layout")
                let index = try cursor.word("HDF5 virtual layout")
                object.layout = .virtual(address: address, index: index)
                if let address { try readVirtualSources(address, index, into: &object) }
            default: throw .unsupported(reading: "HDF5 layout class")
            }
        default: throw .unsupported(reading: "HDF5 layout version \(version)")
        }
    }

    private func declaredSize(_ object: HDF5Object) -> UInt64 {
        guard let size = object.datatype?.size, let count = object.dataspace?.count else { return 0 }
        return count.multiplied(checked: UInt64(size)) ?? .max
    }

    private func chunkedLayout(_ cursor: inout HDF5Cursor) throws(ParseError) -> HDF5Layout {
        let flags = try cursor.byte("HDF5 chunked layout")
        let rank = try cursor.byte("HDF5 chunked layout")
        let width = try cursor.byte("HDF5 chunked layout")
        guard rank <= 33 else { throw .malformed(at: cursor.offset, reading: "HDF5 chunk rank") }
        var shape: [Int] = []
        for _ in 0..<rank { shape.append(try cursor.integer(width, "HDF5 chunk extent")) }
        let index: HDF5ChunkIndex
        switch try cursor.byte("HDF5 chunk index") {
        case 1:
            var size: UInt64?
            var mask = 0
            if flags & 2 != 0 {
                size = try cursor.unsigned(source.sizes.length, reading: "HDF5 chunk size")
                mask = try cursor.word("HDF5 chunk filter mask")
            }
            index = .single(try cursor.address("HDF5 chunk"), size: size, mask: mask)
        case 2: index = .implicit(try cursor.address("HDF5 chunks"))
        case 3:
            try cursor.skip(1, "HDF5 fixed array")
            index = .fixedArray(try cursor.address("HDF5 fixed array"))
        case 4:
            try cursor.skip(5, "HDF5 extensible array")
            index = .extensibleArray(try cursor.address("HDF5 extensible array"))
        case 5:
            try cursor.skip(6, "HDF5 chunk tree")
            index = .tree2(try cursor.address("HDF5 chunk tree"))
        default: throw .unsupported(at: cursor.offset, reading: "HDF5 chunk index")
        }
        return .chunked(shape: shape.dropLast(), index: index)
    }

    /// External file list (specification, IV.A.2.h).
    func readExternalFiles(_ data: ByteRegion, into object: inout HDF5Object) throws(ParseError) {
        var cursor = try HDF5Cursor(data, at: 0, sizes: source.sizes)
        try cursor.skip(4, "HDF5 external files")
        try cursor.skip(2, "HDF5 external files")
        let used = try cursor.short("HDF5 external files")
        let heap = try cursor.address("HDF5 external files")
        let names = try heap.map { (address) throws(ParseError) in try HDF5LocalHeap(source, at: address) }
        for _ in 0..<used {
            try source.budget.spend(operations: 1, reading: "HDF5 external files")
            let name = try cursor.integer(source.sizes.length, "HDF5 external file")
            let offset = try cursor.unsigned(source.sizes.length, reading: "HDF5 external file")
            let size = try cursor.unsigned(source.sizes.length, reading: "HDF5 external file")
            // A name that cannot be read still says that values lie elsewhere.
            object.externalFiles.append(
                HDF5ExternalFile(name: (try? names?.text(at: name)) ?? "?", offset: offset, size: size))
        }
    }

    /// The mapping of a virtual dataset (specification, "virtual dataset storage" in the global heap).
    private func readVirtualSources(
        _ address: Int, _ index: Int, into object: inout HDF5Object
    ) throws(ParseError) {
        let block = try HDF5GlobalHeap.object(source, at: address, index: index)
        var cursor = try HDF5Cursor(block, at: 0, sizes: source.sizes)
        let version = try cursor.byte("HDF5 virtual mapping")
        let count = try cursor.length("HDF5 virtual mapping")
        var known: [HDF5VirtualSource] = []
        for _ in 0..<max(0, count) {
            try source.budget.spend(operations: 1, reading: "HDF5 virtual mapping")
            // Version 1 may leave names out and refer to an earlier entry.
            var file = "."
            var dataset = ""
            let flags = version == 0 ? 0 : try cursor.byte("HDF5 virtual mapping flags")
            if flags & 4 != 0 {
                file = "."
            } else if flags & 1 != 0 {
                let earlier = try cursor.length("HDF5 virtual file name")
                file = earlier < known.count ? known[max(0, earlier)].file : "?"
            } else {
                file = try cursor.terminated("HDF5 virtual file name")
            }
            if flags & 2 != 0 {
                let earlier = try cursor.length("HDF5 virtual dataset name")
                dataset = earlier < known.count ? known[max(0, earlier)].dataset : "?"
            } else {
                dataset = try cursor.terminated("HDF5 virtual dataset name")
            }
            let entry = HDF5VirtualSource(file: file, dataset: dataset)
            if known.count < 10_000 { known.append(entry) }
            if object.virtualSources.count < 1_000 { object.virtualSources.append(entry) }
            try HDF5Walker.skipSelection(&cursor)
            try HDF5Walker.skipSelection(&cursor)
        }
    }

    private static func skipSelection(_ cursor: inout HDF5Cursor) throws(ParseError) {
        let type = try cursor.word("HDF5 selection")
        let version = try cursor.word("HDF5 selection")
        switch (type, version) {
        case (0, _), (3, _): try cursor.skip(8, "HDF5 selection")
        case (_, 1):
            try cursor.skip(4, "HDF5 selection")
            try cursor.skip(try cursor.word("HDF5 selection"), "HDF5 selection")
        case (2, 2):
            try cursor.skip(1, "HDF5 selection")
            try cursor.skip(try cursor.word("HDF5 selection"), "HDF5 selection")
        case (2, 3):
            let flags = try cursor.byte("HDF5 selection")
            let width = try cursor.byte("HDF5 selection")
            let rank = try cursor.word("HDF5 selection")
            guard rank <= 32, width <= 8 else { throw .malformed(at: cursor.offset, reading: "HDF5 selection") }
            if flags & 1 != 0 {
                try cursor.skip(4 * rank * width, "HDF5 selection")
            } else {
                let blocks = try cursor.integer(width, "HDF5 selection")
                guard let length = blocks.multiplied(checked: 2 * rank * width) else {
                    throw .overflow(at: cursor.offset, reading: "HDF5 selection")
                }
                try cursor.skip(length, "HDF5 selection")
            }
        case (1, 2):
            let width = try cursor.byte("HDF5 selection")
            let rank = try cursor.word("HDF5 selection")
            guard rank <= 32, width <= 8 else { throw .malformed(at: cursor.offset, reading: "HDF5 selection") }
            guard let length = try cursor.integer(width, "HDF5 selection").multiplied(checked: rank * width) else {
                throw .overflow(at: cursor.offset, reading: "HDF5 selection")
            }
            try cursor.skip(length, "HDF5 selection")
        default: throw .unsupported(at: cursor.offset, reading: "HDF5 selection")
        }
    }

    /// Filter pipeline, versions 1 and 2 (specification, IV.A.2.l).
    static func filters(_ data: ByteRegion, _ source: HDF5Source) throws(ParseError) -> [HDF5Filter] {
        var cursor = try HDF5Cursor(data, at: 0, sizes: source.sizes)
        let version = try cursor.byte("HDF5 filters")
        let count = try cursor.byte("HDF5 filters")
        if version == 1 { try cursor.skip(6, "HDF5 filters") }
        var filters: [HDF5Filter] = []
        for _ in 0..<count {
            try source.budget.spend(operations: 1, reading: "HDF5 filters")
            let id = try cursor.short("HDF5 filter")
            let nameLength = version == 1 || id >= 256 ? try cursor.short("HDF5 filter name") : 0
            try cursor.skip(2, "HDF5 filter flags")
            let values = try cursor.short("HDF5 filter values")
            let name = try cursor.bytes(nameLength, "HDF5 filter name").text(limit: 256)
            if version == 1 { try cursor.skip((8 - nameLength % 8) % 8, "HDF5 filter name") }
            var parameters: [Int] = []
            for _ in 0..<values {
                let value = try cursor.word("HDF5 filter values")
                if parameters.count < 16 { parameters.append(value) }
            }
            if version == 1, values % 2 == 1 { try cursor.skip(4, "HDF5 filter values") }
            filters.append(HDF5Filter(id: id, name: String(name.prefix { $0 != "\0" }), values: parameters))
        }
        return filters
    }
}
