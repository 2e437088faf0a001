internal import ByteParsing

/// The messages of one object header, versions 1 and 2, through all its continuation blocks (specification, IV.A).
struct HDF5ObjectHeader {
    struct Message {
        /// Message type number: 0x01 dataspace, 0x03 datatype, 0x06 link, 0x0C attribute and so on.
        let type: Int
        /// Bit 1: the message is stored elsewhere and the data says where.
        let flags: Int
        let data: ByteRegion
        var isShared: Bool { flags & 2 != 0 }
    }

    private(set) var messages: [Message] = []
    /// What could not be followed: messages before it are kept.
    private(set) var failure: ParseError?

    /// How message prefixes look in this header.
    private let isVersion2: Bool
    private let hasOrder: Bool

    /// Reads the header at `address` of the file that `source` stands for.
    init(_ source: HDF5Source, at address: Int) throws(ParseError) {
        var cursor = try source.cursor(at: address)
        let size: Int
        if source.region.starts(with: Array("OHDR".utf8), at: address) {
            try cursor.skip(4, "HDF5 object header")
            guard try cursor.byte("HDF5 object header version") == 2 else {
                throw .unsupported(at: cursor.offset, reading: "HDF5 object header version")
            }
            let flags = try cursor.byte("HDF5 object header flags")
            if flags & 0x20 != 0 { try cursor.skip(16, "HDF5 object times") }
            if flags & 0x10 != 0 { try cursor.skip(4, "HDF5 attribute storage phase") }
            size = try cursor.integer(1 << (flags & 3), "HDF5 object header size")
            isVersion2 = true
            hasOrder = flags & 4 != 0
        } else {
            guard try cursor.byte("HDF5 object header") == 1 else {
                throw .malformed(at: address, reading: "HDF5 object header")
            }
            try cursor.skip(7, "HDF5 object header")
            size = try cursor.word("HDF5 object header size")
            try cursor.skip(4, "HDF5 object header padding")
            isVersion2 = false
            hasOrder = false
        }
        var blocks = [(offset: cursor.offset, size: size)]
        var seen = Set([cursor.offset])
        var position = 0
        do throws(ParseError) {
            while position < blocks.count {
                let block = blocks[position]
                position += 1
                // A declared size past the end is cut: the messages that are there still count.
                let room = min(block.size, source.region.count - block.offset)
                for next in try read(block.offset, max(0, room), source) where seen.insert(next.offset).inserted {
                    blocks.append(next)
                }
                if room < block.size { throw .truncated(at: block.offset, reading: "HDF5 object header block") }
            }
        } catch {
            failure = error
        }
    }

    /// Reads the messages of one block; returns the continuation blocks that it names.
    private mutating func read(
        _ offset: Int, _ size: Int, _ source: HDF5Source
    ) throws(ParseError) -> [(offset: Int, size: Int)] {
        var continuations: [(offset: Int, size: Int)] = []
        var cursor = try source.cursor(at: offset)
        let end = offset + size
        let prefix = isVersion2 ? (hasOrder ? 6 : 4) : 8
        while end - cursor.offset >= prefix {
            try source.budget.spend(operations: 1, reading: "HDF5 object header messages")
            let type = isVersion2 ? try cursor.byte("HDF5 message") : try cursor.short("HDF5 message")
            let length = try cursor.short("HDF5 message size")
            let flags = try cursor.byte("HDF5 message flags")
            try cursor.skip(prefix - (isVersion2 ? 4 : 5), "HDF5 message")
            guard length <= end - cursor.offset else {
                throw .truncated(at: cursor.offset, reading: "HDF5 message")
            }
            let data = try cursor.bytes(length, "HDF5 message")
            if type == 0x10 {
                var target = try HDF5Cursor(data, at: 0, sizes: source.sizes)
                guard let address = try target.address("HDF5 continuation") else { continue }
                var length = try target.length("HDF5 continuation")
                var start = address
                if isVersion2 {
                    guard source.region.starts(with: Array("OCHK".utf8), at: address), length >= 8 else {
                        throw .malformed(at: address, reading: "HDF5 continuation block")
                    }
                    start = address + 4
                    length -= 8
                }
                guard start <= source.region.count else {
                    throw .truncated(at: data.start, reading: "HDF5 continuation block")
                }
                continuations.append((start, length))
            } else if type != 0 {
                messages.append(Message(type: type, flags: flags, data: data))
            }
        }
        return continuations
    }
}

/// The file behind all structures: its bytes from the superblock on.
struct HDF5Source {
    let region: ByteRegion
    let sizes: HDF5Sizes
    let budget: Budget

    func cursor(at address: Int) throws(ParseError) -> HDF5Cursor {
        try HDF5Cursor(region, at: address, sizes: sizes)
    }
}
