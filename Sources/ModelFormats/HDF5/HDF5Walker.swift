package import ByteParsing

/// Walks all objects of an HDF5 file that can be reached by hard links, each once.
///
/// Facts only: names, links, attributes with their text, types, shapes, layouts, filters and outside storage. Values of
/// datasets are read on request (`HDF5Values`). Not read: times, comments, free space, fill values, dimension scales
/// as such, checksums, member names of compounds: no rule needs them. Soft links are not followed (their targets are
/// reached by hard links if they exist), external ones never.
package struct HDF5Walker {
    package let superblock: HDF5Superblock
    let source: HDF5Source
    private var pending: [(path: String, address: Int)] = []
    private var seen = Set<Int>()
    private var sharedHeaps: [(types: Int, heap: HDF5FractalHeap)] = []
    /// What could not be read beside any object.
    package private(set) var failures: [ParseError] = []
    private var pages = PageReturn()

    package init(_ file: ByteRegion, budget: Budget) throws(ParseError) {
        superblock = try HDF5Superblock(file)
        source = HDF5Source(
            region: file.suffix(from: superblock.start), sizes: superblock.sizes, budget: budget)
        pending = [("/", superblock.root)]
        if let address = superblock.extensionAddress {
            do throws(ParseError) { try readExtension(address) } catch { failures.append(error) }
        }
    }

    /// The next object, or nil after the last.
    /// - Throws: `limit` when the budget is used up; everything else is among the object's `failures`.
    package mutating func next() throws(ParseError) -> HDF5Object? {
        while let (path, address) = pending.popLast() {
            guard seen.insert(address).inserted else { continue }
            guard seen.count <= source.budget.limits.entries else {
                throw .limit(at: address, reading: "HDF5 objects")
            }
            pages.look(at: address, in: source.region)
            var object = HDF5Object(path: path, address: address)
            do throws(ParseError) {
                let header = try HDF5ObjectHeader(source, at: address)
                if let failure = header.failure { object.failures.append(failure) }
                try read(header, into: &object)
            } catch {
                if error.code == .limit { throw error }
                object.failures.append(error)
            }
            for failure in object.failures where failure.code == .limit { throw failure }
            for link in object.links.reversed() {
                if case .hard(let target) = link.target, !seen.contains(target) {
                    pending.append((HDF5Walker.join(path, link.name), target))
                }
            }
            return object
        }
        return nil
    }

    /// Paths grow with depth; an endless chain of groups must not make memory quadratic.
    private static func join(_ path: String, _ name: String) -> String {
        let whole = path == "/" ? "/" + name : path + "/" + name
        guard whole.utf8.count > 2_000 else { return whole }
        return "/…/" + String(decoding: name.utf8.prefix(1_000), as: UTF8.self)
    }

    // MARK: Messages

    private mutating func read(_ header: HDF5ObjectHeader, into object: inout HDF5Object) throws(ParseError) {
        var isDataset = false
        var hasType = false
        for message in header.messages {
            try source.budget.spend(operations: 1, reading: "HDF5 messages")
            do throws(ParseError) {
                let data = message.isShared ? try shared(message.data, type: message.type) : message.data
                switch message.type {
                case 0x01: object.dataspace = try HDF5Dataspace(data, sizes: source.sizes)
                case 0x02: try readLinkInfo(data, into: &object)
                case 0x03:
                    hasType = true
                    object.datatype = try HDF5Datatype(data, sizes: source.sizes, budget: source.budget)
                case 0x06: object.links.append(try link(data))
                case 0x07: try readExternalFiles(data, into: &object)
                case 0x08:
                    isDataset = true
                    try readLayout(data, into: &object)
                case 0x0B: object.filters = try HDF5Walker.filters(data, source)
                case 0x0C: object.attributes.append(try attribute(data))
                case 0x11: try readSymbolTable(data, into: &object)
                case 0x15: try readAttributeInfo(data, into: &object)
                default: break
                }
            } catch {
                if error.code == .limit { throw error }
                object.failures.append(error)
            }
        }
        object.kind = isDataset ? .dataset : hasType ? .datatype : .group
    }

    /// The message that a shared one points at (specification, IV.A.2, "shared message").
    private mutating func shared(_ reference: ByteRegion, type: Int) throws(ParseError) -> ByteRegion {
        var cursor = try HDF5Cursor(reference, at: 0, sizes: source.sizes)
        let version = try cursor.byte("HDF5 shared message")
        let kind = try cursor.byte("HDF5 shared message")
        if version == 3, kind == 1 { return try sharedInHeap(try cursor.bytes(8, "HDF5 shared message"), type: type) }
        if version == 1 { try cursor.skip(6, "HDF5 shared message") }
        guard let address = try cursor.address("HDF5 shared message") else {
            throw .malformed(reading: "HDF5 shared message")
        }
        let header = try HDF5ObjectHeader(source, at: address)
        guard let message = header.messages.first(where: { $0.type == type && !$0.isShared }) else {
            throw .malformed(at: address, reading: "HDF5 shared message")
        }
        return message.data
    }

    private mutating func sharedInHeap(_ id: ByteRegion, type: Int) throws(ParseError) -> ByteRegion {
        for index in sharedHeaps.indices where type < 32 && sharedHeaps[index].types & 1 << type != 0 {
            return try sharedHeaps[index].heap.object(id)
        }
        throw .unsupported(reading: "HDF5 shared message table")
    }

    private mutating func readExtension(_ address: Int) throws(ParseError) {
        for message in try HDF5ObjectHeader(source, at: address).messages where message.type == 0x0F {
            var cursor = try HDF5Cursor(message.data, at: 0, sizes: source.sizes)
            try cursor.skip(1, "HDF5 shared message table")
            guard let table = try cursor.address("HDF5 shared message table") else { continue }
            let indexes = try cursor.byte("HDF5 shared message table")
            cursor = try source.cursor(at: table)
            try cursor.expect("SMTB", "HDF5 shared message table")
            for _ in 0..<min(indexes, 8) {
                try cursor.skip(2, "HDF5 shared message index")
                let types = try cursor.short("HDF5 shared message index")
                try cursor.skip(4 + 2 + 2 + 2, "HDF5 shared message index")
                _ = try cursor.address("HDF5 shared message index")
                guard let heap = try cursor.address("HDF5 shared message heap") else { continue }
                sharedHeaps.append((types, try HDF5FractalHeap(source, at: heap)))
            }
        }
    }

    // MARK: Links

    private mutating func readSymbolTable(_ data: ByteRegion, into object: inout HDF5Object) throws(ParseError) {
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

    private mutating func readLinkInfo(_ data: ByteRegion, into object: inout HDF5Object) throws(ParseError) {
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

    private func link(_ data: ByteRegion) throws(ParseError) -> HDF5Link {
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

    // MARK: Attributes

    private mutating func readAttributeInfo(_ data: ByteRegion, into object: inout HDF5Object) throws(ParseError) {
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

    private mutating func attribute(_ data: ByteRegion) throws(ParseError) -> HDF5Attribute {
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
