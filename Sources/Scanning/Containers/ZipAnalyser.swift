internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges ZIP archives and hands on what is in them, by every view that a loader could take.
struct ZipAnalyser: Analyser {
    let format: FormatID = "zip"

    func recognise(_ item: ScanItem) -> Recognition {
        if ZipArchive.begins(item.region) { return .certain }
        guard item.region.count >= 22 else { return .no }
        var best = Recognition.no
        for offset in item.facts.zipEnds.prefix(64) {
            guard let probe = ZipDirectory.probe(item.region, endAt: offset) else { continue }
            best = max(best, probe.isExact ? .likely : .possible)
        }
        // The last member of a tar or of a stored 7z may be a zip: it is read there.
        if best == .possible, item.facts.isTar || item.facts.magic == .sevenZip { return .no }
        return best
    }

    /// Extensions of formats that are archives of certain members.
    private static let composed: Set = ["pt", "pth", "keras", "npz", "skops", "mar", "pt2"]

    /// Compositions in which a pickle names members that hold the elements of its tensors.
    private static let hasStorages: Set<FormatID> = ["pytorch-zip", "torchscript", "torch-package"]

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let archive = try ZipArchive(item.region, budget: scan.budget)
        if archive.directories.isEmpty, ZipArchive.begins(item.region) {
            // Readers look for the end record first: without one, the file has been cut off.
            scan.report(
                .truncated(at: item.region.count, reading: "zip end record"), at: item.location, format: format)
        }
        if archive.directories.isEmpty, archive.entries.isEmpty { return }
        if archive.directories.count == 1, let flaw = archive.directories[0].flaw {
            scan.report(flaw, at: item.location, format: format)
        }
        let composition = ZipComposition.format(of: archive)
        if composition == format, Self.composed.contains(item.fileExtension),
            let promised = ModelNames.format(promisedBy: item.fileExtension)
        {
            scan.report(
                "SCAN-UNRECOGNISED",
                "the name promises \(promised), but the archive has none of the members that make one",
                at: item.location)
        }
        if composition == "jar", let promised = ModelNames.format(promisedBy: item.fileExtension),
            promised != "a zip archive"
        {
            scan.report(
                "NATIVE-EXECUTABLE", "a program (Java archive) under a name that promises \(promised)",
                at: item.location,
                severity: .medium)
        }
        if item.depth == 0, scan.format == format { scan.format = composition }
        ContainerJudge.nesting(item, in: scan)
        if let stop = archive.stop { scan.report(stop, at: item.location, format: format) }
        for discrepancy in archive.discrepancies { ZipJudge.report(discrepancy, of: item, in: scan) }

        // Names are held against those of the same archive.
        var names = [MemberNames](repeating: MemberNames(), count: max(1, archive.sequence.count))
        var headers = ZipJudge.Headers(item, scan)
        let declared = archive.declaredSize
        if declared > 64 << 20, declared / scan.limits.expansionRatio > item.region.count {
            scan.report(
                "ARCHIVE-BOMB", "\(item.region.count) bytes claim to hold \(declared)", at: item.location)
        }
        var pages = PageReturn()
        for entry in archive.entries {
            pages.look(at: entry.central.first?.offset ?? entry.headerOffset, in: item.region)
            try scan.budget.spend(operations: 8, reading: "zip entries")
            let number = (archive.sequence.firstIndex { $0 > entry.headerOffset } ?? archive.sequence.count) - 1
            judge(entry, &names[max(0, number)], item, scan)
            headers.report(entry)
        }
        let entries = archive.entries
        if Self.hasStorages.contains(composition), archive.sequence.isEmpty {
            scan.storages = TorchStorages(entries, of: item)
        }
        let deflate = WholeDeflate()
        scan.descend(intoEach: entries.count, of: item) { number in
            ZipMembers.storedPart(entries[number], of: item)
        } queueing: { [unowned scan] number in
            pages.look(at: entries.headerOffset(of: number), in: item.region)
            let entry = entries[number]
            for record in entry.central where record.comment.count > 4 {
                ZipJudge.report(comment: record.comment, named: "(member comment)", of: item, as: composition, in: scan)
            }
            ZipMembers.descend(entry, of: item, as: composition, deflate: deflate, in: scan)
        }
        for directory in archive.directories where directory.comment.count > 0 {
            ZipJudge.report(comment: directory.comment, named: "(archive comment)", of: item, as: composition, in: scan)
        }
        for gap in archive.gaps { ZipJudge.report(gap: gap, of: item, in: scan) }
        // A pickle with an archive among its values has been judged as a whole: what stands before the archive is no
        // pickle of its own, but the first part of that one.
        let isPickle = item.facts.pickle >= .likely
        let gaps = archive.gaps.filter { !(isPickle && $0.lowerBound == 0) }
        scan.descend(intoEach: gaps.count, of: item) { number in
            item.region.slice(gaps[number].lowerBound, gaps[number].count)
        } queueing: { [unowned scan] number in
            ZipJudge.descend(into: gaps[number], of: item, as: composition, in: scan)
        }
    }

    private func judge(_ entry: ZipEntry, _ names: inout MemberNames, _ item: ScanItem, _ scan: Scan) {
        guard let name = entry.name else { return }
        names.judge(name, isFolder: entry.isDirectory, of: item, in: scan)
        if let local = entry.local, !entry.central.isEmpty, !local.name.hasSameBytes(as: name),
            let escape = MemberName(local.name.text(limit: 65_535)).escape
        {
            scan.report(
                "ARCHIVE-PATH-ESCAPE", "the local header's name leaves the folder: \(escape)",
                at: item.location.member(entry.nameText))
        }
        if let unicode = entry.records.lazy.compactMap(\.unicodeName).first, !unicode.hasSameBytes(as: name),
            let escape = MemberName(unicode.text(limit: 65_535)).escape
        {
            scan.report(
                "ARCHIVE-PATH-ESCAPE", "the name in the Unicode path field leaves the folder: \(escape)",
                at: item.location.member(entry.nameText))
        }
        if let target = ZipMembers.linkTarget(entry, in: item.region, budget: scan.budget) {
            names.judge(link: entry.nameText, to: target, isHard: false, of: item, in: scan)
        }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let archive = try ZipArchive(item.region, budget: budget)
        let members = archive.entries.map { entry in
            let record = entry.central.first ?? entry.local
            var detail = "\(ZipMethod.name(record?.method ?? 0)), \(record?.uncompressedSize ?? 0) bytes"
            if record?.method != 0 { detail += " in \(entry.dataLength)" }
            detail += " at 0x" + String(entry.headerOffset, radix: 16)
            if let flags = record?.flags, flags & ~0x0808 != 0 { detail += ", flags 0x" + String(flags, radix: 16) }
            if entry.central.isEmpty { detail += ", not in the directory" }
            if entry.local == nil { detail += ", no local header" }
            return Outline(entry.nameText, detail)
        }
        var children = [Outline("members", "\(archive.entries.count)", children: members)]
        children += archive.directories.map { directory in
            Outline(
                "directory",
                "\(directory.count) records at 0x" + String(directory.start, radix: 16)
                    + (directory.usesZip64 ? ", ZIP64" : ""))
        }
        children += archive.directories.filter { !$0.comment.isEmpty }.map {
            Outline("comment", $0.comment.text(limit: 1000))
        }
        children += archive.gaps.map {
            Outline("unclaimed", "\($0.count) bytes at 0x" + String($0.lowerBound, radix: 16))
        }
        children += archive.discrepancies.prefix(100).map {
            Outline($0.kind.rawValue, ($0.entry.map { $0 + ": " } ?? "") + $0.text)
        }
        let composition = ZipComposition.format(of: archive).rawValue
        return Outline(composition, "\(item.region.count) bytes", children: children)
    }
}
