internal import ByteParsing

/// Reads the property lists of a 7z header.
struct SevenZipReader {
    var folders: [SevenZipFolder] = []
    private var names: [String] = []
    private var fileCount = 0
    private var emptyStreams: [Bool] = []
    private var emptyFiles: [Bool] = []
    private var attributes: [UInt32] = []
    let budget: Budget

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
            case 0x05: try readFiles(&cursor)
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

    var hasSubstreams = false

    var foldersWithDigest: Set<Int> = []

    // MARK: Files

    private mutating func readFiles(_ cursor: inout Cursor) throws(ParseError) {
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
    func count(_ cursor: inout Cursor, _ what: String) throws(ParseError) -> Int {
        let count = try number(&cursor)
        guard count <= budget.limits.entries else { throw .limit(at: cursor.offset, reading: what) }
        return count
    }

    /// A bit for each of `count` things, the highest first; with `allDefined`, one byte may stand for all.
    func bits(_ cursor: inout Cursor, _ count: Int, allDefined: Bool) throws(ParseError) -> [Bool] {
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
    func number(_ cursor: inout Cursor) throws(ParseError) -> Int {
        let first = try cursor.byte(reading: "7z number")
        let extra = (~first).leadingZeroBitCount
        var value: UInt64 = 0
        for index in 0..<extra { value |= UInt64(try cursor.byte(reading: "7z number")) << UInt64(8 * index) }
        if extra < 7 { value |= UInt64(first & (0x7F >> UInt8(extra))) << UInt64(8 * extra) }
        guard let result = Int(exactly: value) else { throw .overflow(at: cursor.offset, reading: "7z number") }
        return result
    }
}
