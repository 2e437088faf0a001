public import AssayCore
public import ByteParsing

/// Everything that lies inside of a file, as the scan sees it, with sizes and digests.
///
/// This is what other readers of archives are compared with: it takes the same way as a scan does.
public struct MemberListing: Sendable {
    public struct Member: Sendable {
        /// Names that lead to the member, outermost first.
        public let names: [String]
        /// Bytes after decompression.
        public let size: Int
        public let digest: Digest
    }

    public let members: [Member]
    /// Reasons why not everything is listed.
    public let incomplete: [String]

    public init(_ region: ByteRegion, path: String, settings: ScanSettings = ScanSettings()) {
        let recorder = MemberRecorder()
        let scan = Scan(settings: settings)
        scan.run(ScanItem(region: region, path: path), analysers: Analysers.containers + [recorder])
        members = recorder.members
        incomplete = scan.incomplete
    }
}

/// Takes note of every item that comes by.
///
/// Unchecked Sendable: one listing uses it on one thread and drops it.
private final class MemberRecorder: Analyser, @unchecked Sendable {
    let format: FormatID = "member"
    private(set) var members: [MemberListing.Member] = []

    func recognise(_ item: ScanItem) -> Recognition { item.depth > 0 ? .possible : .no }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        members.append(
            MemberListing.Member(
                names: item.location.members, size: item.region.count, digest: Digest(sha256: item.region)))
    }
}
