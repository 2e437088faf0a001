package import ByteParsing

/// What a table's columns hold, as far as the sample-size rules need it.
package struct TableProfile: Sendable {
    /// Different values of one column that are counted.
    static let valueLimit = 100_000

    /// The names in the first row.
    package let columns: [String]
    /// Rows below the header, the irregular ones included.
    package private(set) var rows = 0
    /// Rows with another number of fields than the header.
    package private(set) var irregular = 0
    /// How often each value stands in the column that was asked for.
    package private(set) var counts: [[UInt8]: Int] = [:]
    /// Values beyond the limit were not told apart.
    package private(set) var isCut = false

    /// Counts rows, and the values of one column.
    /// - Parameter column: its name, or its number from 1 when there is no such name; nil counts rows alone.
    /// - Throws: `ParseError` for malformed text, `unsupported` when there is no such column.
    package init(_ table: DelimitedText, counting column: String? = nil) throws(ParseError) {
        var columns: [String]?
        var place: Int?
        var isUnknown = false
        var (rows, irregular, isCut) = (0, 0, false)
        var counts: [[UInt8]: Int] = [:]
        try table.forEachRow { fields in
            guard let header = columns else {
                let names = fields.map { String(decoding: $0, as: UTF8.self) }
                columns = names
                if let column {
                    place = names.firstIndex { $0.utf8.elementsEqual(column.utf8) }
                    if place == nil, let number = Int(column), (1...names.count).contains(number) { place = number - 1 }
                    isUnknown = place == nil
                }
                return !isUnknown
            }
            rows += 1
            if fields.count != header.count { irregular += 1 }
            if let place, place < fields.count {
                if counts[fields[place]] != nil || counts.count < Self.valueLimit {
                    counts[fields[place], default: 0] += 1
                } else {
                    isCut = true
                }
            }
            return true
        }
        guard !isUnknown else { throw .unsupported(reading: "column \(column ?? "")") }
        self.columns = columns ?? []
        (self.rows, self.irregular, self.isCut, self.counts) = (rows, irregular, isCut, counts)
    }
}
