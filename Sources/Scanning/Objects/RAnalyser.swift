internal import AssayCore
package import ByteParsing
internal import ModelFormats

/// Judges serialised R objects by the code in them: promises that run when a value is looked at, closures, calls and
/// bytecode that reach programs, files or the network.
///
/// Models of R hold a lot of harmless code: the call that made them, their formula and its environment. So language is
/// judged by what it names, and only code that runs by itself is bad as such.
package struct RAnalyser: Analyser {
    package let format: FormatID = "r-data"

    package init() {}

    package func recognise(_ item: ScanItem) -> Recognition {
        RStream.start(of: item.region) == nil ? .no : .certain
    }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let stream = try RStream(item.region, budget: scan.budget)
        var judge = RJudge(stream, item: item, scan: scan)
        try judge.judge()
        if stream.trailing > 0 {
            let end = item.region.count - stream.trailing
            scan.report(
                "SCAN-MALFORMED", "r-data: \(stream.trailing) bytes follow the object", at: item.location.at(end))
            HiddenContent.open([(end, stream.trailing)], of: item, as: format, in: scan)
        }
        if let failure = stream.failure { throw failure }
    }

    package func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let stream = try RStream(item.region, budget: budget)
        var lines: [Outline] = []
        var depths: [Int32: Int] = [-1: -1]
        for (index, node) in stream.nodes.enumerated() {
            let depth = (depths[node.parent] ?? 0) + (node.role == .rest ? 0 : 1)
            depths[Int32(truncatingIfNeeded: index)] = depth
            guard lines.count < 10_000, node.type != .nilValue else { continue }
            let text = node.text >= 0 ? Printable.line(stream.texts[Int(node.text)], limit: 120) : ""
            let count = node.count > 0 ? "[\(node.count)] " : ""
            lines.append(
                Outline(String(repeating: "  ", count: min(depth, 40)) + "\(node.role) \(node.type)", count + text))
        }
        return Outline("r-data", "version \(stream.version), \(stream.nodes.count) objects", children: lines)
    }
}
