package import ByteParsing

/// The names in a PDF document that are written outside of its content: what its actions are called.
///
/// Object streams, in which later versions keep their dictionaries, are inflated; in the data of other streams only long
/// names count, which nothing spells by chance: what begins like a stream may be none. Not read: cross-reference tables,
/// strings, encrypted documents, and filters other than Flate.
///
/// Source: ISO 32000-1, sections 7.2, 7.3 and 7.5.7.
package struct PDFNames: Sendable {
    package struct Found: Sendable, Hashable {
        package let name: String
        /// In the file; for a name in an object stream, where that stream begins.
        package let offset: Int
    }

    /// The names asked for that occur, each at its first place.
    package private(set) var found: [Found] = []
    /// Why not all of the document was read, or nil.
    package private(set) var failure: ParseError?

    private static let wanted: Set<String> = [
        "Launch", "JavaScript", "JS", "OpenAction", "AA", "EmbeddedFile", "Encrypt", "RichMedia", "ImportData",
    ]
    private static let longestName = 64
    /// Bytes before a stream in which its dictionary is looked for.
    private static let dictionary = 1_024

    package static func isPresent(in region: ByteRegion) -> Bool { region.starts(with: "%PDF-") }

    package init(_ region: ByteRegion, budget: Budget) {
        do throws(ParseError) {
            try read(region, at: nil, budget: budget)
        } catch {
            failure = error
        }
    }

    private mutating func read(_ region: ByteRegion, at place: Int?, budget: Budget) throws(ParseError) {
        var at = 0
        var spent = 0
        var streamEnd = 0
        while let slash = region.firstOffset(of: "/", from: at) {
            if place == nil, slash >= streamEnd, let start = Self.stream(in: region, from: at, before: slash) {
                streamEnd = region.firstOffset(of: "endstream", from: start) ?? region.count
                try budget.spend(operations: 16, reading: "PDF")
                try open(region, start, streamEnd, budget: budget)
            }
            at = name(region, slash, place, isInStream: slash < streamEnd)
            try budget.spend(operations: 1 + (at - spent) / 256, reading: "PDF")
            spent = at
        }
    }

    /// Where the data of a stream begins whose keyword stands between the two offsets, behind a dictionary.
    private static func stream(in region: ByteRegion, from: Int, before end: Int) -> Int? {
        guard let window = region.slice(from, end - from), let key = window.firstOffset(of: "stream"),
            let next = window[key + 6], next == 0x0D || next == 0x0A
        else { return nil }
        var before = key
        while before > 0, let byte = window[before - 1], byte <= 0x20 { before -= 1 }
        guard window.starts(with: ">>", at: before - 2) else { return nil }
        return from + key + (next == 0x0D && window[key + 7] == 0x0A ? 8 : 7)
    }

    private mutating func open(_ region: ByteRegion, _ start: Int, _ end: Int, budget: Budget) throws(ParseError) {
        guard let data = region.slice(start, end - start),
            let before = region.slice(max(0, start - Self.dictionary), min(start, Self.dictionary))
        else { return }
        // Only the dictionary of this object counts.
        var from = 0
        while let next = before.firstOffset(of: " obj", from: from) { from = next + 4 }
        let dictionary = before.suffix(from: from)
        guard dictionary.firstOffset(of: "/ObjStm") != nil, dictionary.firstOffset(of: "/FlateDecode") != nil else {
            return
        }
        let content = try Decompressed(data, as: .zlib, budget: budget)
        try read(content.region, at: start, budget: budget)
    }

    /// Reads the name at a slash; returns where it ends.
    private mutating func name(_ region: ByteRegion, _ slash: Int, _ place: Int?, isInStream: Bool) -> Int {
        var at = slash + 1
        var text: [UInt8] = []
        while text.count < Self.longestName, let byte = region[at], !Self.isDelimiter(byte) {
            at += 1
            if byte == UInt8(ascii: "#"), let high = Self.digit(region[at]), let low = Self.digit(region[at + 1]) {
                text.append(high << 4 | low)
                at += 2
            } else {
                text.append(byte)
            }
        }
        let name = String(decoding: text, as: UTF8.self)
        // Compressed data spells two letters by chance.
        if isInStream, text.count < 6 { return at }
        if Self.wanted.contains(name), !found.contains(where: { $0.name == name }) {
            found.append(Found(name: name, offset: place ?? slash))
        }
        return at
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case let byte? where (0x30...0x39).contains(byte): byte - 0x30
        case let byte? where (0x61...0x66).contains(byte | 0x20): (byte | 0x20) - 0x57
        default: nil
        }
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool { byte <= 0x20 || "()<>[]{}/%".utf8.contains(byte) }
}
