internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Turns the facts of a ZIP archive into findings.
enum ZipJudge {
    static func report(_ discrepancy: ZipDiscrepancy, of item: ScanItem, in scan: Scan) {
        let place = discrepancy.entry.map { item.location.member($0) } ?? item.location
        let location = place.at(discrepancy.offset)
        let message = "\(discrepancy.kind.rawValue): \(discrepancy.text)"
        switch discrepancy.kind {
        case .hiddenEntry: scan.report("ZIP-HIDDEN-ENTRY", message, at: location)
        case .overlap: scan.report("ZIP-OVERLAP", message, at: location)
        // All the archives are read, and none of them is hidden from who reads one after another.
        case .sequence: scan.report("ZIP-VIEWS-DISAGREE", message, at: location, severity: .low)
        default: scan.report("ZIP-VIEWS-DISAGREE", message, at: location)
        }
    }

    /// What an entry's headers say that makes one reader refuse what another takes; the same thing said of many members
    /// is reported once, with their number, at the first.
    struct Headers {
        private var places: [String: Location] = [:]
        private let item: ScanItem
        private let scan: Scan

        init(_ item: ScanItem, _ scan: Scan) {
            self.item = item
            self.scan = scan
        }

        mutating func report(_ entry: ZipEntry) {
            let location = item.location.member(entry.nameText).at(entry.headerOffset)
            let flags = entry.records.reduce(UInt16(0)) { $0 | $1.flags }
            if flags & 0x1 != 0 {
                report("ARCHIVE-ENCRYPTED", "the member is marked as encrypted", location)
                if entry.dataLength > 0 {
                    let place = first("encrypted", location)
                    scan.report(incomplete: "zip: encrypted members were read as they are", at: place)
                }
            }
            // Bits 0-3 and 11 are in common use, 4 belongs to deflate64; the rest is encryption of PKWARE's own, patch
            // data or reserved.
            let unusual = flags & ~0x081F
            if unusual != 0 {
                report(
                    "ZIP-EVASIVE-HEADER", "flag bits 0x\(String(unusual, radix: 16)) that some readers refuse", location
                )
            }
            if let version = entry.records.map({ $0.versionNeeded & 0xFF }).max(), version > 63 {
                report(
                    "ZIP-EVASIVE-HEADER", "needs version \(version / 10).\(version % 10), which some readers refuse",
                    location)
            }
            for record in entry.records where ZipMethod(rawValue: record.method) == nil {
                report("ZIP-EVASIVE-HEADER", "unknown compression method \(record.method)", location)
            }
            guard let mode = entry.central.first(where: { $0.versionMadeBy >> 8 == 3 })?.externalAttributes else {
                return
            }
            let kind = (mode >> 16) & 0xF000
            // What zip(1) writes of its standard input is called so, and carries the pipe's mode.
            if kind == 0x1000, entry.nameText == "-" { return }
            if kind == 0x1000 || kind == 0x2000 || kind == 0x6000 || kind == 0xC000 {
                report("ARCHIVE-SPECIAL-FILE", "the member is a device, pipe or socket", location)
            } else if (mode >> 16) & 0o6000 != 0, kind == 0x8000 {
                report("ARCHIVE-SPECIAL-FILE", "the member is set-user-ID or set-group-ID", location)
            }
        }

        private mutating func report(_ rule: String, _ message: String, _ location: Location) {
            scan.report(rule, message, at: first(rule + message, location))
        }

        private mutating func first(_ key: String, _ location: Location) -> Location {
            if let known = places[key] { return known }
            places[key] = location
            return location
        }
    }

    /// A comment that is no text is content that no reader shows.
    static func report(
        comment: ByteRegion, named name: String, of item: ScanItem, as format: FormatID, in scan: Scan
    ) {
        let location = item.location.member(name)
        if !ContainerJudge.isText(comment) {
            scan.report(
                "ARCHIVE-HIDDEN-CONTENT", "a comment of \(comment.count) bytes is not text", at: location,
                severity: .medium)
        }
        scan.descend(into: comment, named: name, of: item, as: format)
    }

    /// Bytes that belong to nothing.
    static func report(gap: Range<Int>, of item: ScanItem, in scan: Scan) {
        scan.report(
            "ARCHIVE-UNCLAIMED-BYTES", "\(gap.count) bytes that belong to no member",
            at: item.location.member(name(of: gap)).at(gap.lowerBound))
    }

    static func descend(into gap: Range<Int>, of item: ScanItem, as format: FormatID, in scan: Scan) {
        guard let bytes = item.region.slice(gap.lowerBound, gap.count) else { return }
        scan.descend(into: bytes, named: name(of: gap), of: item, as: format)
    }

    private static func name(of gap: Range<Int>) -> String {
        gap.lowerBound == 0 ? "(bytes before the archive)" : "(bytes between the members)"
    }
}
