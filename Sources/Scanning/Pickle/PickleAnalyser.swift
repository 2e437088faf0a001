import AssayCore
package import ByteParsing
import ModelFormats

/// Pickles of every protocol, one or several in a row, with whatever lies between and behind them.
package struct PickleAnalyser: Analyser {
    package let format: FormatID = "pickle"

    package init() {}

    /// Extensions that only name pickles.
    private static let names: Set<String> = ["pkl", "pickle", "joblib", "dill", "pck", "pcl", "p"]

    package func recognise(_ item: ScanItem) -> Recognition { item.facts.pickle }

    /// How surely `region` is a pickle; where the bytes leave it open, the name's extension may claim it.
    static func recognition(of region: ByteRegion, named fileExtension: String) -> Recognition {
        // Whoever reads a pickle out of a compressed stream reads what is in it.
        let claims = names.contains(fileExtension) && !isCompressed(region)
        guard let first = region[0] else { return claims ? .possible : .no }
        if first == 0x80, let version = region[1] {
            guard version <= 5 else { return claims ? .possible : .no }
            if version >= 4, region[2] == PickleOpcode.frame.rawValue,
                let length = region.little(UInt64.self, at: 3), length <= UInt64(max(0, region.count - 11))
            {
                return .certain
            }
            let probe = PickleProbe(region, at: 0, opcodes: 24)
            if probe.stops || !probe.breaks || probe.calls > 0 { return .certain }
            return probe.opcodes > 3 || probe.isTruncated ? .likely : .possible
        }
        guard let opcode = PickleOpcode(rawValue: first), opcode.startsText else { return claims ? .possible : .no }
        let probe = PickleProbe(region, at: 0, opcodes: 4096)
        if probe.calls > 0 || probe.imports > 0 && probe.stops { return .certain }
        if probe.stops, probe.opcodes >= 2, endsPlainly(region, from: probe.end) { return .likely }
        // Prose may spell opcodes for a while: without a name or a call in it, it is one when it says so.
        if !probe.breaks {
            return TextSample.isText(region) && probe.imports == 0 ? (claims ? .possible : .no) : .likely
        }
        return claims ? .possible : .no
    }

    private static func isCompressed(_ region: ByteRegion) -> Bool {
        Compression.probe(region) != nil || Compression.weakProbe(region, only: .zlib)
            || Compression.weakProbe(region, only: .lzmaAlone)
    }

    /// Whether nothing but padding follows, or another pickle.
    private static func endsPlainly(_ region: ByteRegion, from end: Int) -> Bool {
        let bytes = region.bytes
        for index in end..<min(end + 64, region.count) {
            guard let byte = bytes.byte(at: index) else { break }
            if byte == 0x80 { return true }
            guard byte == 0 || byte == 0x0A || byte == 0x0D || byte == 0x20 else { return false }
        }
        return true
    }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        try PickleStreams(item: item, scan: scan).analyse()
    }

    package func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        try PickleOutline.of(item.region, budget: budget)
    }
}

extension PickleOpcode {
    /// Whether a pickle of protocol 0 or 1 may begin with it.
    var startsText: Bool {
        switch self {
        case .mark, .emptyTuple, .binBytes, .shortBinBytes, .float, .binFloat, .int, .binInt, .binInt1, .long,
            .binInt2, .none, .persid, .string, .binString, .shortBinString, .unicode, .binUnicode, .emptyList, .global,
            .emptyDict, .frame, .shortBinUnicode, .newTrue, .newFalse, .long1, .long4, .ext1, .ext2, .ext4,
            .binUnicode8, .binBytes8, .emptySet, .byteArray8, .nextBuffer:
            true
        default: false
        }
    }
}
