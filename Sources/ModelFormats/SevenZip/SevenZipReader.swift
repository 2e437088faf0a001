internal import ByteParsing

/// Reads the property lists of a 7z header.
struct SevenZipReader {
    private(set) var folders: [SevenZipFolder] = []
    private var names: [String] = []
    private var fileCount = 0
    private var emptyStreams: [Bool] = []
    private var emptyFiles: [Bool] = []
    private var attributes: [UInt32] = []
    private let budget: Budget

    init(budget: Budget) { self.budget = budget }

    mutating func readHeader(_ header: ByteRegion) throws(ParseError) {
        var cursor = Cursor(header.bytes)
        try cursor.skip(1)
        while true {
            try budget.spend(operations: 4, reading: "7z header")
            switch try cursor.byte(reading: "7z property") {
            case 0x00: return
            case 0x02: try skipProperties(&cursor)
            case 0x03, 0x04: try readStreams(&cursor)
            case 0x05: try readFiles(&cursor, header)
            default: throw .malformed(at: cursor.offset, reading: "7z property")
            }
        }
    }

    mutating func readEncodedHeader(_ header: ByteRegion) throws(ParseError) {
        var cursor = Cursor(header.bytes)
        try cursor.skip(1)
        try readStreams(&cursor)
    }

    /// The files with their places in the folders.
    func assemble() throws(ParseError) -> [SevenZipEntry] {
        var entries: [SevenZipEntry] = []
        var empties = 0
        var folder = 0
        var index = 0
        var offset = 0
        for file in 0..<fileCount {
            try budget.spend(operations: 4, reading: "7z files")
            var entry = SevenZipEntry(name: file < names.count ? names[file] : "")
            if file < attributes.count { entry.attributes = attributes[file] }
            if file < emptyStreams.count, emptyStreams[file] {
                // An empty stream that isn't an empty file is a directory.
                entry.isDirectory = !(empties < emptyFiles.count && emptyFiles[empties])
                empties += 1
            } else {
                while folder < folders.count, index >= folders[folder].sizes.count {
                    folder += 1
                    index = 0
                    offset = 0
                }
                guard folder < folders.count else { throw .malformed(reading: "7z file without data") }
                entry.folder = folder
                entry.offset = offset
                entry.size = folders[folder].sizes[index]
                guard let next = offset.adding(checked: entry.size) else { throw .overflow(reading: "7z file size") }
                offset = next
                index += 1
            }
            entries.append(entry)
        }
        return entries
    }

    // MARK: Streams

    private mutating func readStreams(_ cursor: inout Cursor) throws(ParseError) {
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

    private var hasSubstreams = false

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

    private var foldersWithDigest: Set<Int> = []

    private mutating func skipDigests(
        _ cursor: inout Cursor, _ count: Int, areFolders: Bool = true
    ) throws(ParseError) {
        let defined = try bits(&cursor, count, allDefined: true)
        if areFolders { foldersWithDigest = Set(defined.indices.filter { defined[$0] }) }
        try cursor.skip(4 * defined.filter { $0 }.count, reading: "7z checksums")
    }

    // MARK: Files

    private mutating func readFiles(_ cursor: inout Cursor, _ header: ByteRegion) throws(ParseError) {
        fileCount = try count(&cursor, "7z files")
        while true {
            try budget.spend(operations: 4, reading: "7z files")
            let property = try cursor.byte(reading: "7z file property")
            if property == 0 { return }
            let size = try number(&cursor)
            guard size <= cursor.remaining else { throw .truncated(at: cursor.offset, reading: "7z file property") }
            let end = cursor.offset + size
            switch property {
            case 0x0E: emptyStreams = try bits(&cursor, fileCount, allDefined: false)
            case 0x0F: emptyFiles = try bits(&cursor, emptyStreams.filter { $0 }.count, allDefined: false)
            case 0x11:
                guard try cursor.byte() == 0 else {
                    throw .unsupported(at: cursor.offset, reading: "7z external names")
                }
                try readNames(&cursor, until: end)
            case 0x15:
                let defined = try bits(&cursor, fileCount, allDefined: true)
                guard try cursor.byte() == 0 else { break }
                attributes = []
                for isDefined in defined { attributes.append(isDefined ? try cursor.little() : 0) }
            default: break
            }
            try cursor.seek(to: end, reading: "7z file property")
        }
    }

    private mutating func readNames(_ cursor: inout Cursor, until end: Int) throws(ParseError) {
        names = []
        var units: [UInt16] = []
        while cursor.offset + 1 < end, names.count < fileCount {
            try budget.spend(operations: 1, reading: "7z names")
            let unit = try cursor.little(UInt16.self, reading: "7z name")
            if unit == 0 {
                names.append(String(decoding: units, as: UTF16.self))
                units.removeAll(keepingCapacity: true)
            } else {
                units.append(unit)
            }
        }
    }

    // MARK: Primitives

    private func skipProperties(_ cursor: inout Cursor) throws(ParseError) {
        while try cursor.byte(reading: "7z archive property") != 0 {
            try budget.spend(operations: 1, reading: "7z archive properties")
            try cursor.skip(try number(&cursor), reading: "7z archive property")
        }
    }

    /// A count of things of which each takes at least a bit of the header that is left.
    private func count(_ cursor: inout Cursor, _ what: String) throws(ParseError) -> Int {
        let count = try number(&cursor)
        guard count <= budget.limits.entries else { throw .limit(at: cursor.offset, reading: what) }
        return count
    }

    /// A bit for each of `count` things, the highest first; with `allDefined`, one byte may stand for all.
    private func bits(_ cursor: inout Cursor, _ count: Int, allDefined: Bool) throws(ParseError) -> [Bool] {
        guard count >= 0 else { throw .malformed(at: cursor.offset, reading: "7z bit vector") }
        if allDefined, try cursor.byte(reading: "7z bit vector") != 0 { return [Bool](repeating: true, count: count) }
        guard (count + 7) / 8 <= cursor.remaining else {
            throw .truncated(at: cursor.offset, reading: "7z bit vector")
        }
        var bits: [Bool] = []
        var byte: UInt8 = 0
        for index in 0..<count {
            if index % 8 == 0 { byte = try cursor.byte() }
            bits.append(byte & (0x80 >> UInt8(index % 8)) != 0)
        }
        return bits
    }

    /// 7z's variable-length number: the leading ones of the first byte count the bytes that follow.
    private func number(_ cursor: inout Cursor) throws(ParseError) -> Int {
        let first = try cursor.byte(reading: "7z number")
        let extra = (~first).leadingZeroBitCount
        var value: UInt64 = 0
        for index in 0..<extra { value |= UInt64(try cursor.byte(reading: "7z number")) << UInt64(8 * index) }
        if extra < 7 { value |= UInt64(first & (0x7F >> UInt8(extra))) << UInt64(8 * extra) }
        guard let result = Int(exactly: value) else { throw .overflow(at: cursor.offset, reading: "7z number") }
        return result
    }
}
