internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Programs that lie in the middle or at the end of other content: of weights, of a pickle's bytes, of a model whose format
/// is not known.
///
/// Small content is searched as a whole, large content at its start and its end, where a program is hung that is to be cut
/// out again: weights are not read. Containers are left out, since their members are looked at one by one.
struct EmbeddedProgramAnalyser: Analyser {
    let format: FormatID = "embedded-program"

    /// Files up to this size are searched as a whole, and of larger ones that much at the end.
    private static let file = 1 << 20
    private static let head = 64 << 10
    /// The same of members of archives and of pickles, of which there may be many.
    private static let part = 1 << 18
    private static let tail = 1 << 17
    /// Programs that are reported, and magic numbers that are looked at, for each content.
    private static let reported = 4
    private static let examined = 4_096

    func recognise(_ item: ScanItem) -> Recognition {
        guard item.region.count > 64, !item.facts.isText, !item.facts.isTar, !Self.isContainer(item),
            ExecutableHeader(item.region) == nil
        else { return .no }
        return .possible
    }

    private static func isContainer(_ item: ScanItem) -> Bool {
        switch item.facts.magic {
        case .zip, .sevenZip, .gzip: return true
        default: return Compression.probe(item.region) != nil || OpaqueArchive(item.region) != nil
        }
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let count = item.region.count
        let isFile = item.depth == 0 && item.facts.pickle < .likely
        let whole = isFile ? Self.file : Self.part
        guard count > whole else { return try search(0, count, item, scan) }
        if isFile { try search(0, Self.head, item, scan) }
        try search(count - (isFile ? Self.file : Self.tail), count, item, scan)
        // Nothing else looks there: the pages need not stay. What members leave is given back by the scan.
        if isFile, item.region.mappedEnd != nil {
            item.region.discardMapped(from: item.region.start + max(0, count - Self.file))
        }
    }

    private func search(_ start: Int, _ end: Int, _ item: ScanItem, _ scan: Scan) throws(ParseError) {
        guard let window = item.region.slice(start, end - start) else { return }
        try scan.budget.spend(operations: window.count / 256, reading: "embedded programs")
        let bytes = window.bytes
        var found = 0
        var from = start == 0 ? 1 : 0
        for _ in 0..<Self.examined {
            guard let at = bytes.firstProgram(from: from) else { return }
            from = at + 1
            guard let program = EmbeddedProgram.header(in: item.region, at: start + at) else { continue }
            let location = item.location.at(start + at, item.location.detail)
            // The reader of the format may have named it already.
            let isKnown = scan.findings.contains {
                $0.rule == "TENSOR-PROGRAM" && $0.location.offset == location.offset
                    && $0.location.members == location.members
            }
            if !isKnown {
                scan.report(
                    "TENSOR-PROGRAM", "a program (\(program.rawValue)) lies inside of the content", at: location)
            }
            found += 1
            // A program that is linked to others may hold them: one is enough to be said of each neighbourhood.
            from = at + 4_096
            guard found < Self.reported else { return }
        }
    }
}
