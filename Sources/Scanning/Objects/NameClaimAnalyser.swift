internal import AssayCore
package import ByteParsing
internal import ModelFormats

/// Notices files whose name says a format that their bytes are not: renamed, cut off or made to mislead.
package struct NameClaimAnalyser: Analyser {
    package let format: FormatID = "unknown"

    package init() {}

    package func recognise(_ item: ScanItem) -> Recognition {
        guard item.region.count > 0, let claimed = NameClaimAnalyser.claims[item.fileExtension] else { return .no }
        return claimed.holds(item.region) || NameClaimAnalyser.isCompressed(item.region) ? .no : .possible
    }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard let claimed = NameClaimAnalyser.claims[item.fileExtension] else { return }
        scan.report(
            "SCAN-MALFORMED", "the name says \(claimed.name), the bytes are something else", at: item.location)
    }

    private struct Claim: Sendable {
        let name: String
        let holds: @Sendable (ByteRegion) -> Bool
    }

    private static func isCompressed(_ region: ByteRegion) -> Bool {
        region.starts(with: [0x1F, 0x8B]) || region.starts(with: Array("BZh".utf8))
            || region.starts(with: [0xFD, 0x37, 0x7A]) || region.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
    }

    private static let claims: [String: Claim] = {
        let hdf5 = Claim(name: "HDF5") { HDF5Superblock.find(in: $0) != nil }
        let zip = Claim(name: "a zip archive") {
            $0.starts(with: [0x50, 0x4B]) || $0.firstOffset(of: [0x50, 0x4B, 5, 6]) != nil
                || HDF5Superblock.find(in: $0) != nil
        }
        let rData = Claim(name: "R data") { RStream.start(of: $0) != nil }
        let torch7 = Claim(name: "Torch7") { Torch7Stream.start(of: $0) != nil }
        let markup = Claim(name: "XML") { XMLAnalyser.start($0) != nil }
        let catBoost = Claim(name: "CatBoost") { $0.starts(with: Array("CBM1".utf8)) }
        return [
            "h5": hdf5, "hdf5": hdf5, "keras": zip, "skops": zip, "rds": rData, "rdata": rData, "rda": rData,
            "t7": torch7, "pmml": markup, "cbm": catBoost,
        ]
    }()
}
