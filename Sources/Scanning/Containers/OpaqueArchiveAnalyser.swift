internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Says of archives that cannot be opened that they were not.
struct OpaqueArchiveAnalyser: Analyser {
    let format: FormatID = "archive"

    func recognise(_ item: ScanItem) -> Recognition {
        if OpaqueArchive(item.region) != nil { return .certain }
        return Self.isBrotli(item) ? .possible : .no
    }

    /// Brotli has no mark: only the name tells.
    private static func isBrotli(_ item: ScanItem) -> Bool {
        item.fileExtension == "br" && item.region.count > 4 && !item.facts.isText
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard let kind = OpaqueArchive(item.region) ?? (Self.isBrotli(item) ? .brotli : nil) else { return }
        if item.depth == 0, scan.format == format { scan.format = FormatID(rawValue: kind.rawValue) }
        scan.report("ARCHIVE-UNSUPPORTED", "an archive of the format \(kind.rawValue)", at: item.location)
        scan.report(incomplete: "\(kind.rawValue): archives of this format are not opened", at: item.location)
    }
}
