internal import AssayCore
internal import ByteParsing

/// Text that no other analyser claims: cards, vocabularies, tables, notes. Searched for credentials only: code and
/// addresses belong into prose about models.
struct TextAnalyser: Analyser {
    let format: FormatID = "text"
    /// Bytes that are searched at a time; neighbours overlap.
    static let window = 4 << 20
    static let overlap = 8 << 10

    func recognise(_ item: ScanItem) -> Recognition {
        guard item.facts.isText else {
            return item.facts.opensAsText && !item.facts.isWideText && PackageList.reads(item) ? .likely : .no
        }
        if let start = item.facts.firstInk, JSONAnalyser.opens(item.region, at: start) { return .no }
        return .likely
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        Self.search(item.region, at: item.location, in: scan)
        if item.region.count <= Self.window { openPayloads(of: item, in: scan) }
        PackageList.judge(item, in: scan)
    }

    /// Opens what is written in base64 or hexadecimal: text alone runs nothing, so that it stands there is a note, and
    /// what it holds is judged for itself.
    private func openPayloads(of item: ScanItem, in scan: Scan) {
        for payload in EncodedPayload.all(in: item.region) {
            scan.report(
                "METADATA-PAYLOAD", "The text holds \(payload.content) written in \(payload.encoding)",
                at: item.location,
                severity: .low)
            scan.descend(into: payload.region, named: "\(payload.encoding) text", of: item, as: format)
        }
    }

    /// Searches all of a text for credentials, window by window.
    static func search(_ region: ByteRegion, at location: Location, in scan: Scan) {
        var start = 0
        while start < region.count {
            guard let part = region.slice(start, min(window, region.count - start)) else { return }
            MetadataJudge.secrets(in: part, named: "", at: location, in: scan)
            guard start + part.count < region.count else { return }
            start += part.count - overlap
            region.discard(before: start)
        }
    }
}
