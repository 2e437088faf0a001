internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Opens content that is compressed as a whole, and judges the stream's own oddities.
struct StreamAnalyser: Analyser {
    let compression: Compression
    var format: FormatID { FormatID(rawValue: compression.rawValue) }

    static let all: [any Analyser] = [
        Compression.gzip, .zlib, .bzip2, .xz, .lzmaAlone, .zstd, .lz4, .lz4Legacy, .joblibZF,
    ].map { StreamAnalyser(compression: $0) }

    func recognise(_ item: ScanItem) -> Recognition {
        switch compression {
        case .zlib, .lzmaAlone: Compression.weakProbe(item.region, only: compression) ? .likely : .no
        default: Compression.probe(item.region) == compression ? .certain : .no
        }
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        ContainerJudge.nesting(item, in: scan)
        let start = compression == .joblibZF ? try Self.joblibHeaderLength(item.region) : 0
        let data = item.region.suffix(from: start)
        if compression == .gzip, let name = GzipHeader(item.region)?.name {
            if let escape = MemberName(name.text()).escape {
                scan.report(
                    "ARCHIVE-PATH-ESCAPE", "the name in the gzip header leaves the folder: \(escape)",
                    at: item.location, severity: .medium,
                    details: [.init("name", Printable.line(name.text(), limit: 200))])
            }
        }
        let name = Self.innerName(item)
        let location = item.location.member(name)
        let compression = compression
        let format = format
        scan.descend(into: name, of: item, as: format) { () throws(ParseError) -> ByteRegion in
            let content = try Decompressed(data, as: compression, budget: scan.budget)
            ContainerJudge.report(content, kind: compression.rawValue, at: location, in: scan)
            if content.stop == .end {
                ContainerJudge.trailing(data.suffix(from: content.consumed), of: item, as: format, in: scan)
            }
            return content.region
        }
    }

    /// The name without the extension that the compression added.
    private static func innerName(_ item: ScanItem) -> String {
        let added: Set = ["gz", "gzip", "tgz", "bz2", "tbz2", "xz", "txz", "lzma", "zst", "zstd", "lz4", "zlib", "z"]
        guard added.contains(item.fileExtension), let dot = item.name.lastIndex(of: ".") else { return item.name }
        let stem = String(item.name[..<dot])
        return ["tgz", "tbz2", "txz"].contains(item.fileExtension) ? stem + ".tar" : stem
    }

    /// joblib before 0.10: `ZF`, the decompressed length as `0x…` padded with spaces to 19 or 21 bytes.
    private static func joblibHeaderLength(_ region: ByteRegion) throws(ParseError) -> Int {
        for length in [21, 19, 23] where region[length] == 0x78 { return length }
        throw .malformed(at: 2, reading: "joblib header")
    }
}
