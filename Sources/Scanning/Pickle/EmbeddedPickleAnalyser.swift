import AssayCore
package import ByteParsing
import ModelFormats

/// Pickles that lie inside of content of another kind, behind a prefix or at the end.
///
/// Small content is searched as a whole, large content at its start and its end: weights are not read.
package struct EmbeddedPickleAnalyser: Analyser {
    package let format: FormatID = "embedded-pickle"

    package init() {}

    /// What counts in foreign content: known dangers by name. A search may begin in the middle of an honest pickle,
    /// where everything looks computed and unknown.
    private static let rules: Set<String> = [
        "PICKLE-CODE-EXECUTION", "PICKLE-NATIVE-CODE", "PICKLE-IMPORT-BY-STRING", "PICKLE-INDIRECT-LOAD",
        "PICKLE-CODE-OBJECT", "PICKLE-FILE-ACCESS", "PICKLE-NETWORK-ACCESS", "PICKLE-PROCESS-STATE",
    ]
    private static let whole = 1 << 18
    private static let head = 16 << 10
    private static let tail = 32 << 10

    package func recognise(_ item: ScanItem) -> Recognition {
        guard item.region.count > 16, !item.region.starts(with: NPYHeader.magic),
            item.facts.pickle == .no
        else { return .no }
        return .possible
    }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let region = item.region
        if region.count <= Self.whole {
            try search(1, region.count, item, scan)
        } else {
            try search(1, Self.head, item, scan)
            try search(region.count - Self.tail, region.count, item, scan)
        }
    }

    private func search(_ start: Int, _ end: Int, _ item: ScanItem, _ scan: Scan) throws(ParseError) {
        let region = item.region
        guard let window = region.slice(start, end - start) else { return }
        // Prose about pickles is no pickle: without any byte that text doesn't have, nothing is looked for.
        guard window.bytes.firstOffset(of: 0x80) != nil || window.bytes.firstOffset(of: 0) != nil else { return }
        var at = start
        var found = 0
        while found < 8, let offset = try PickleProbe.next(in: region, from: at, to: end, budget: scan.budget) {
            // A member of an archive is judged as itself.
            if let past = scan.awaited(at: offset, of: region) {
                at = max(past, offset + 1)
                continue
            }
            at = offset + 1
            found += 1
            NestedPickle.report(
                region.suffix(from: offset), at: offset, "bytes in the middle of the content", of: item, scan: scan,
                atMost: .medium, rules: Self.rules)
        }
    }
}
