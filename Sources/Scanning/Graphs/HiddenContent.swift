internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Looks into bytes that no part of a format accounts for, where somebody may have put another file.
enum HiddenContent {
    /// How many such places of one file are opened.
    private static let placeLimit = 64

    /// Shows each place to all analysers, unless it is padding.
    static func open(
        _ places: [(offset: Int, count: Int)], of item: ScanItem, as format: FormatID, in scan: Scan
    ) {
        for (index, place) in places.enumerated() {
            guard index < placeLimit else {
                scan.report(
                    incomplete: "more than \(placeLimit) unclaimed ranges: the rest were not opened", at: item.location)
                return
            }
            guard let bytes = item.region.slice(place.offset, place.count), !isPadding(bytes) else { continue }
            scan.descend(
                into: bytes, named: "unclaimed bytes at 0x\(String(place.offset, radix: 16))", of: item, as: format)
        }
    }

    /// Whether the range repeats one byte; looks at a bounded part of it.
    private static func isPadding(_ region: ByteRegion) -> Bool {
        guard region.count <= 4096, let first = region[0], first == 0 || first == 0x20 || first == 0xFF else {
            return region.isEmpty
        }
        let bytes = region.bytes
        for index in 0..<bytes.byteCount where bytes.byte(at: index) != first { return false }
        return true
    }
}
