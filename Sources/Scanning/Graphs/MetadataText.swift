internal import AssayCore
internal import ByteParsing

/// Hands a model's metadata to the judges of text, in pieces that keep memory flat.
enum MetadataText {
    /// Bytes that are decoded at a time, and how far neighbouring pieces overlap.
    private static let window = 1 << 20
    private static let overlap = 1 << 12

    /// Judges the bytes of one metadata value: as free text, and as a template when it is one or is named one.
    static func judge(
        _ value: ByteRegion, key: String, at location: Location, in scan: Scan
    ) throws(ParseError) {
        guard !value.isEmpty else { return }
        try scan.budget.spend(operations: value.count / 4 + 1, reading: "metadata")
        guard value.count <= scan.limits.textBytes else {
            scan.report(incomplete: "the metadata value “\(key.prefix(100))” is too long to be judged", at: location)
            return
        }
        if isTemplate(value, key: key) {
            TemplateJudge.judge(value, at: location, in: scan)
        }
        var from = 0
        repeat {
            let piece = value.suffix(from: from).prefix(window)
            MetadataJudge.judge(piece, named: key, at: location, in: scan)
            from += window - overlap
        } while from + overlap < value.count
    }

    static func judge(_ value: String, key: String, at location: Location, in scan: Scan) throws(ParseError) {
        try judge(ByteRegion(Array(value.utf8)), key: key, at: location, in: scan)
    }

    /// Whether a runtime could render the value: its key says so, or it holds what only a template holds.
    private static func isTemplate(_ value: ByteRegion, key: String) -> Bool {
        key.lowercased().contains("template") || value.firstOffset(of: Array("{%".utf8)) != nil
            || value.firstOffset(of: Array("{{".utf8)) != nil
    }
}
