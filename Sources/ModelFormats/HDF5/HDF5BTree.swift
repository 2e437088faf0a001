internal import ByteParsing

/// Version 2 B-trees (specification, III.A.2): the records of all nodes, in no promised order.
enum HDF5BTree {
    /// Calls `visit` with each record.
    static func records(
        _ source: HDF5Source, at address: Int, visit: (ByteRegion) throws(ParseError) -> Void
    ) throws(ParseError) {
        var cursor = try source.cursor(at: address)
        try cursor.expect("BTHD", "HDF5 B-tree header")
        try cursor.skip(2, "HDF5 B-tree header")
        let nodeSize = try cursor.word("HDF5 B-tree node size")
        let recordSize = try cursor.short("HDF5 B-tree record size")
        let depth = try cursor.short("HDF5 B-tree depth")
        try cursor.skip(2, "HDF5 B-tree header")
        guard let root = try cursor.address("HDF5 B-tree root") else { return }
        let rootRecords = try cursor.short("HDF5 B-tree root records")
        guard recordSize > 0, nodeSize > 10 + recordSize, depth <= 64 else {
            throw .malformed(at: address, reading: "HDF5 B-tree header")
        }

        // Widths of the counts in child pointers follow from how many records a subtree could hold.
        var capacity = [(nodeSize - 10) / recordSize]
        var widths = [0]
        let countWidth = HDF5BTree.width(of: capacity[0])
        var total = capacity[0]
        for level in 0..<depth {
            let pointer = source.sizes.offset + countWidth + (level == 0 ? 0 : widths[level])
            let most = max(0, (nodeSize - 10 - pointer) / (recordSize + pointer))
            capacity.append(most)
            let (product, overflow) = (most + 1).multipliedReportingOverflow(by: total)
            total = overflow ? .max : product.adding(checked: most) ?? .max
            widths.append(width(of: total))
        }

        var pending: [(address: Int, records: Int, level: Int)] = [(root, rootRecords, depth)]
        var seen = Set<Int>()
        while let node = pending.popLast() {
            guard seen.insert(node.address).inserted else {
                throw .malformed(at: node.address, reading: "HDF5 B-tree (a node occurs twice)")
            }
            var cursor = try source.cursor(at: node.address)
            try cursor.expect(node.level == 0 ? "BTLF" : "BTIN", "HDF5 B-tree node")
            try cursor.skip(2, "HDF5 B-tree node")
            for _ in 0..<node.records {
                try source.budget.spend(operations: 1, reading: "HDF5 B-tree records")
                try visit(try cursor.bytes(recordSize, "HDF5 B-tree record"))
            }
            guard node.level > 0 else { continue }
            for _ in 0...node.records {
                try source.budget.spend(operations: 1, reading: "HDF5 B-tree nodes")
                let child = try cursor.address("HDF5 B-tree child")
                let records = try cursor.integer(countWidth, "HDF5 B-tree child")
                if node.level > 1 { try cursor.skip(widths[node.level - 1], "HDF5 B-tree child") }
                if let child { pending.append((child, records, node.level - 1)) }
            }
        }
    }

    /// Bytes that a count up to `limit` is written in.
    static func width(of limit: Int) -> Int {
        var bits = 0
        var rest = limit
        while rest > 1 {
            rest >>= 1
            bits += 1
        }
        return bits / 8 + 1
    }
}

/// Version 1 B-trees (specification, III.A.1): the children of all leaves, left to right.
enum HDF5GroupTree {
    /// Calls `visit` with the key before each child of a leaf and the child's address.
    ///
    /// - Parameter keySize: bytes of a key: one length for groups, more for chunks.
    static func children(
        _ source: HDF5Source, at address: Int, type: Int, keySize: Int,
        visit: (ByteRegion, Int) throws(ParseError) -> Void
    ) throws(ParseError) {
        var pending = [address]
        var seen = Set<Int>()
        var pages = PageReturn()
        while let address = pending.popLast() {
            pages.look(at: address, in: source.region)
            guard seen.insert(address).inserted else {
                throw .malformed(at: address, reading: "HDF5 B-tree (a node occurs twice)")
            }
            var cursor = try source.cursor(at: address)
            try cursor.expect("TREE", "HDF5 B-tree node")
            guard try cursor.byte("HDF5 B-tree type") == type else {
                throw .malformed(at: address, reading: "HDF5 B-tree type")
            }
            let level = try cursor.byte("HDF5 B-tree level")
            let entries = try cursor.short("HDF5 B-tree entries")
            try cursor.skip(2 * source.sizes.offset, "HDF5 B-tree siblings")
            var below: [Int] = []
            for _ in 0..<entries {
                try source.budget.spend(operations: 1, reading: "HDF5 B-tree entries")
                let key = try cursor.bytes(keySize, "HDF5 B-tree key")
                guard let child = try cursor.address("HDF5 B-tree child") else { continue }
                pages.look(at: child, in: source.region)
                if level == 0 { try visit(key, child) } else { below.append(child) }
            }
            pending.append(contentsOf: below.reversed())
        }
    }
}
