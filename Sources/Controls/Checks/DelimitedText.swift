package import ByteParsing

/// Rows of comma-separated values (RFC 4180) or of another separator, read forward in constant memory.
///
/// Read: quoted fields with doubled quotes and line breaks, LF, CRLF and CR, a byte order mark, a last line without an
/// end. Not read: escapes with backslashes, comments, several tables in one file.
package struct DelimitedText: Sendable {
    /// Bytes of one row.
    static let rowLimit = 1 << 24
    /// Fields of one row.
    static let fieldLimit = 1 << 16

    let region: ByteRegion
    let separator: UInt8

    /// - Parameter separator: the byte between fields: a comma, or a tab.
    package init(_ region: ByteRegion, separator: UInt8 = UInt8(ascii: ",")) {
        self.region = region
        self.separator = separator
    }

    /// Hands every row that is not empty to `body`, until it returns false.
    /// - Throws: `malformed` for a quote that is never closed, `limit` for a row that is too long or too wide.
    package func forEachRow(_ body: ([[UInt8]]) -> Bool) throws(ParseError) {
        var fields: [[UInt8]] = []
        var field: [UInt8] = []
        var isQuoted = false
        var wasQuoted = false
        var afterQuote = false
        var afterReturn = false
        var size = 0
        var at = region.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        func isBlank() -> Bool { fields.isEmpty && field.isEmpty && !wasQuoted }
        while at < region.count {
            guard let part = region.slice(at, min(1 << 18, region.count - at)) else { break }
            let chunk = part.array()
            region.discard(before: at)
            for (place, byte) in chunk.enumerated() {
                size += 1
                guard size <= Self.rowLimit else { throw .limit(at: at + place, reading: "row") }
                if isQuoted, !afterQuote {
                    if byte == UInt8(ascii: "\"") { afterQuote = true } else { field.append(byte) }
                    continue
                }
                if afterQuote {
                    afterQuote = false
                    if byte == UInt8(ascii: "\"") {
                        field.append(byte)
                        continue
                    }
                    isQuoted = false
                }
                switch byte {
                case UInt8(ascii: "\"") where field.isEmpty && !wasQuoted: (isQuoted, wasQuoted) = (true, true)
                case separator:
                    guard fields.count < Self.fieldLimit else {
                        throw .limit(at: at + place, reading: "fields of a row")
                    }
                    fields.append(field)
                    field = []
                    wasQuoted = false
                case 0x0A where afterReturn: break
                case 0x0A, 0x0D:
                    if !isBlank() {
                        fields.append(field)
                        guard body(fields) else { return }
                    }
                    fields.removeAll(keepingCapacity: true)
                    field = []
                    wasQuoted = false
                    size = 0
                default: field.append(byte)
                }
                afterReturn = byte == 0x0D
            }
            at += chunk.count
        }
        guard !isQuoted || afterQuote else { throw .malformed(at: region.count, reading: "quoted field") }
        if !isBlank() {
            fields.append(field)
            _ = body(fields)
        }
    }

    /// The separator that the first line has most of: a comma, semicolon, tab or vertical bar.
    package static func separator(of region: ByteRegion) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        for byte in region.prefix(1 << 16).array() {
            if byte == 0x0A { break }
            if ",;\t|".utf8.contains(byte) { counts[byte, default: 0] += 1 }
        }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? UInt8(ascii: ",")
    }
}
