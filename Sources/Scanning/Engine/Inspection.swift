public import AssayCore
public import ByteParsing

/// The inside of a file: what every analyser that recognises it, or a member of it, can show of it.
///
/// Members are followed as in a scan, with the same limits; weights are not read.
public struct Inspection: Sendable {
    /// One item as one format.
    public struct Piece: Sendable {
        /// Names of the members that lead to it, outermost first; empty for the file itself.
        public var members: [String]
        public var format: String
        public var size: Int
        package var outline: Outline
    }

    /// In the order of the file; an item that is of several formats has several pieces.
    public private(set) var pieces: [Piece] = []
    /// Reasons why not everything was read.
    public private(set) var incomplete: [String] = []
    /// Findings of the scan that was made on the way, so that a reader knows that there is more to ask for.
    public private(set) var findings: [Finding] = []

    /// - Parameters:
    ///   - member: only the items whose members, joined by `/`, match this pattern.
    ///   - followsMembers: whether members are opened at all.
    public init(
        _ region: ByteRegion, path: String, settings: ScanSettings = ScanSettings(), member: Glob? = nil,
        followsMembers: Bool = true
    ) {
        self.init(
            region, path: path, settings: settings, member: member, followsMembers: followsMembers,
            analysers: Analysers.all)
    }

    package init(
        _ region: ByteRegion, path: String, settings: ScanSettings, member: Glob?, followsMembers: Bool,
        analysers: [any Analyser]
    ) {
        let budget = Budget(settings.limits)
        var pieces: [Piece] = []
        let scan = Scan(settings: settings)
        let limit = settings.limits.findings
        var isCut = false
        scan.observe = { item, analyser, recognition in
            guard recognition >= .likely, followsMembers || item.depth == 0 else { return }
            if let member, !member.matches(item.location.members.joined(separator: "/")) { return }
            guard pieces.count < limit else { return isCut = true }
            var outline: Outline
            do throws(ParseError) {
                outline = try analyser.outline(item, budget: budget)
            } catch {
                outline = Outline(analyser.format.rawValue, "cannot be shown: \(error)")
            }
            pieces.append(
                Piece(
                    members: item.location.members, format: analyser.format.rawValue, size: item.region.count,
                    outline: outline))
        }
        scan.run(ScanItem(region: region, path: path), analysers: analysers)
        self.pieces = pieces
        findings = scan.findings
        incomplete = scan.incomplete + (isCut ? ["more than \(limit) items: the rest are not shown"] : [])
    }
}
