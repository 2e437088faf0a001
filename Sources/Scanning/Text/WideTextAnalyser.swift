internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Text in UTF-16 or UTF-32, which Python's JSON, YAML and PowerShell read by its first bytes: handed on in UTF-8.
struct WideTextAnalyser: Analyser {
    let format: FormatID = "wide-text"

    private static let sample = 2_048

    func recognise(_ item: ScanItem) -> Recognition {
        // XML is read in each of its encodings.
        item.facts.isWideText && XMLAnalyser().recognise(item) == .no ? .likely : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard item.region.count <= scan.limits.textBytes else { throw .limit(reading: "text in UTF-16 or UTF-32") }
        try scan.budget.spend(operations: item.region.count / 4, reading: "text in UTF-16 or UTF-32")
        let text = UnicodeText.utf8(item.region)
        try scan.budget.spend(inflated: text.count, reading: "text in UTF-16 or UTF-32")
        scan.descend(into: text, named: item.name, of: item, as: format)
    }

    /// Whether the start of `region` says that it is wide text, and reads as such.
    static func isWideText(_ region: ByteRegion) -> Bool {
        guard region.count >= 4, UnicodeText.encoding(of: region) != .utf8 else { return false }
        let head = UnicodeText.utf8(region.prefix(sample))
        return TextSample.isText(head) && head.firstOffset(of: [0xEF, 0xBF, 0xBD]) == nil
    }
}
