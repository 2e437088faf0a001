internal import AssayCore
package import ByteParsing
package import Documents

/// What can be counted in a table without knowing what it means: rows, missing cells, repeated rows, classes, and how
/// much one labeller gave.
package struct TableStatistics: Sendable {
    /// How a table is written.
    package enum Format: String, Sendable, CaseIterable { case csv, tsv, jsonl }

    /// Rows among which repetitions are looked for.
    static let remembered = 4_000_000
    /// Values that are told apart in one column.
    static let distinct = 100_000
    /// Columns that are counted.
    static let columnLimit = 1_000
    /// Classes that are listed one by one.
    static let classes = 200

    package var format: Format
    /// Names of the columns that hold the class and who gave it; nil looks for a column of a usual name.
    package var classColumn: String?
    /// The column of who gave the label; nil looks for a usual name.
    package var labellerColumn: String?

    package init(format: Format) { self.format = format }

    static let classNames = ["label", "labels", "class", "target", "y", "category"]
    static let labellerNames = [
        "labeller", "labeler", "annotator", "labeller_id", "labeler_id", "annotator_id", "worker", "worker_id",
        "labelled_by",
        "labeled_by", "annotated_by",
    ]

    /// Counts everything; the file's name is told, its bytes are hashed.
    /// - Throws: `DocumentError` when the table has no header or a column that was named is not in it.
    package func count(_ region: ByteRegion, name: String) throws(DocumentError) -> DocumentValue {
        var counting = Counting(settings: self)
        let separator = format == .tsv ? UInt8(ascii: "\t") : Self.separator(region)
        var reader = RecordReader(format == .jsonl ? .lines : .separated(separator))
        let step = 1 << 20
        var at = 0
        while let part = region.slice(at, min(step, region.count - at)), !part.isEmpty {
            for byte in part.array() { reader.take(byte) { counting.take($0) } }
            at += part.count
            region.discard(before: at)
        }
        reader.finish { counting.take($0) }
        for (role, wanted) in [("class", classColumn), ("labeller", labellerColumn)] {
            if let wanted, counting.place(of: wanted) == nil {
                throw DocumentError(line: 1, message: "\(name) has no column \(wanted) for the \(role)")
            }
        }
        guard counting.hasColumns else { throw DocumentError(line: 1, message: "\(name) has no columns") }
        var result = DocumentValue.object([
            "source": .object([
                "name": .string(name), "sha256": .string(Digest(sha256: region).description),
                "format": .string(format.rawValue), "bytes": .integer(region.count),
            ])
        ])
        counting.write(to: &result)
        return result
    }

    /// A semicolon where the first line has more of them than commas, as spreadsheets of many countries write.
    private static func separator(_ region: ByteRegion) -> UInt8 {
        let line = (region.slice(0, min(region.count, 1 << 16))?.array() ?? []).prefix { $0 != 0x0A }
        let semicolons = line.count { $0 == UInt8(ascii: ";") }
        return semicolons > line.count { $0 == UInt8(ascii: ",") } ? UInt8(ascii: ";") : UInt8(ascii: ",")
    }
}
