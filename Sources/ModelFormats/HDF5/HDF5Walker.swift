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
    mutating func shared(_ reference: ByteRegion, type: Int) throws(ParseError) -> ByteRegion {
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

    mutating func sharedInHeap(_ id: ByteRegion, type: Int) throws(ParseError) -> ByteRegion {
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

    // MARK: Attributes
}
