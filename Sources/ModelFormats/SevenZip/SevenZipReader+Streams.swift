internal import ByteParsing

/// Packed streams, folders of coders, and the streams that come out of them.
extension SevenZipReader {
    mutating func readStreams(_ cursor: inout Cursor) throws(ParseError) {
        var packed: [(offset: Int, size: Int)] = []
        folders = []
        while true {
            try budget.spend(operations: 4, reading: "7z streams")
            switch try cursor.byte(reading: "7z streams") {
            case 0x00:
                // Without further word, each folder is one file.
                for index in folders.indices where folders[index].sizes.isEmpty && !hasSubstreams {
                    folders[index].sizes = [folders[index].unpackedSize]
                }
                return
            case 0x06: packed = try readPackInfo(&cursor)
            case 0x07: try readFolders(&cursor, packed)
            case 0x08: try readSubstreams(&cursor)
            default: throw .malformed(at: cursor.offset, reading: "7z streams")
            }
        }
    }

    private mutating func readPackInfo(_ cursor: inout Cursor) throws(ParseError) -> [(offset: Int, size: Int)] {
        guard var offset = try number(&cursor).adding(checked: 32) else {
            throw .overflow(at: cursor.offset, reading: "7z pack position")
        }
        let count = try count(&cursor, "7z packed streams")
        var packed: [(offset: Int, size: Int)] = []
        while true {
            switch try cursor.byte(reading: "7z pack info") {
            case 0x00: return packed
            case 0x09:
                for _ in 0..<count {
                    let size = try number(&cursor)
                    packed.append((offset, size))
                    guard let next = offset.adding(checked: size) else {
                        throw .overflow(at: cursor.offset, reading: "7z packed size")
                    }
                    offset = next
                }
            case 0x0A: try skipDigests(&cursor, count, areFolders: false)
            default: throw .malformed(at: cursor.offset, reading: "7z pack info")
            }
        }
    }

    private mutating func readFolders(
        _ cursor: inout Cursor, _ packed: [(offset: Int, size: Int)]
    ) throws(ParseError) {
        guard try cursor.byte() == 0x0B else { throw .malformed(at: cursor.offset, reading: "7z folders") }
        let count = try count(&cursor, "7z folders")
        guard try cursor.byte() == 0 else { throw .unsupported(at: cursor.offset, reading: "7z external folders") }
        var next = 0
        for _ in 0..<count {
            try budget.spend(operations: 8, reading: "7z folders")
            var folder = try readFolder(&cursor)
            for _ in 0..<max(1, folder.packedInputs.count) where next < packed.count {
                folder.packed.append(packed[next])
                next += 1
            }
            folders.append(folder)
        }
        guard try cursor.byte() == 0x0C else { throw .malformed(at: cursor.offset, reading: "7z unpacked sizes") }
        for index in folders.indices {
            for coder in folders[index].coders.indices {
                for output in 0..<folders[index].coders[coder].outputs {
                    let size = try number(&cursor)
                    if output == 0 { folders[index].coders[coder].unpackedSize = size }
                }
            }
        }
        while true {
            switch try cursor.byte(reading: "7z folders") {
            case 0x00: return
            case 0x0A: try skipDigests(&cursor, count)
            default: throw .malformed(at: cursor.offset, reading: "7z folders")
            }
        }
    }

    private func readFolder(_ cursor: inout Cursor) throws(ParseError) -> SevenZipFolder {
        var folder = SevenZipFolder()
        let count = try number(&cursor)
        guard (1...32).contains(count) else { throw .malformed(at: cursor.offset, reading: "7z coders") }
        for _ in 0..<count {
            let flags = try cursor.byte(reading: "7z coder")
            var coder = SevenZipFolder.Coder()
            coder.id = try cursor.array(Int(flags & 0x0F), reading: "7z coder id")
            if flags & 0x10 != 0 {
                coder.inputs = try number(&cursor)
                coder.outputs = try number(&cursor)
                guard (1...32).contains(coder.inputs), (1...32).contains(coder.outputs) else {
                    throw .malformed(at: cursor.offset, reading: "7z coder streams")
                }
            }
            if flags & 0x20 != 0 {
                let size = try number(&cursor)
                guard size <= 4096 else { throw .malformed(at: cursor.offset, reading: "7z coder properties") }
                coder.properties = ByteRegion(try cursor.array(size, reading: "7z coder properties"))
            }
            folder.coders.append(coder)
        }
        let inputs = folder.totalInputs
        let pairs = folder.totalOutputs - 1
        for _ in 0..<pairs { folder.bindPairs.append((try number(&cursor), try number(&cursor))) }
        let streams = inputs - pairs
        if streams > 1 {
            for _ in 0..<streams { folder.packedInputs.append(try number(&cursor)) }
        }
        return folder
    }

    private mutating func readSubstreams(_ cursor: inout Cursor) throws(ParseError) {
        hasSubstreams = true
        var counts = [Int](repeating: 1, count: folders.count)
        var property = try cursor.byte(reading: "7z substreams")
        if property == 0x0D {
            for index in folders.indices { counts[index] = try count(&cursor, "7z substreams") }
            property = try cursor.byte(reading: "7z substreams")
        }
        let hasSizes = property == 0x09
        for index in folders.indices where counts[index] > 0 {
            var rest = folders[index].unpackedSize
            for _ in 0..<(counts[index] - 1) {
                try budget.spend(operations: 2, reading: "7z substreams")
                let size = hasSizes ? try number(&cursor) : 0
                guard size <= rest else { throw .malformed(at: cursor.offset, reading: "7z file size") }
                folders[index].sizes.append(size)
                rest -= size
            }
            folders[index].sizes.append(rest)
        }
        if hasSizes { property = try cursor.byte(reading: "7z substreams") }
        // Checksums follow; nothing behind them is needed, but the list has to be left at its end.
        let total = counts.reduce(0) { $0.adding(checked: $1) ?? Int.max }
        while property != 0x00 {
            guard property == 0x0A else { throw .malformed(at: cursor.offset, reading: "7z substreams") }
            try skipSubstreamDigests(&cursor, total)
            property = try cursor.byte(reading: "7z substreams")
        }
    }

    /// Checksums of substreams leave out those of folders with one file that already have theirs: how many there are
    /// is only known by trying, so the list's own "all defined" byte and the end mark decide.
    private mutating func skipSubstreamDigests(_ cursor: inout Cursor, _ total: Int) throws(ParseError) {
        let known = folders.indices.filter { folders[$0].sizes.count == 1 && foldersWithDigest.contains($0) }.count
        try skipDigests(&cursor, total - known, areFolders: false)
    }

    private mutating func skipDigests(
        _ cursor: inout Cursor, _ count: Int, areFolders: Bool = true
    ) throws(ParseError) {
        let defined = try bits(&cursor, count, allDefined: true)
        if areFolders { foldersWithDigest = Set(defined.indices.filter { defined[$0] }) }
        try cursor.skip(4 * defined.filter { $0 }.count, reading: "7z checksums")
    }
}
