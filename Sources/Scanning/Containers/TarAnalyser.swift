internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges tar archives and hands on their members.
struct TarAnalyser: Analyser {
    let format: FormatID = "tar"

    func recognise(_ item: ScanItem) -> Recognition {
        item.facts.isTar ? .certain : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let archive = try TarArchive(item.region, budget: scan.budget)
        let composition = Self.composition(of: archive)
        if item.depth == 0, scan.format == format { scan.format = composition }
        ContainerJudge.nesting(item, in: scan)
        if let stop = archive.stop {
            scan.report(stop, at: item.location, format: format)
        } else if !archive.hasEndMark {
            // Most programs read such an archive without a word, and miss what was cut off.
            scan.report(
                .truncated(at: archive.end, reading: "the tar end mark"), at: item.location, format: format)
        }
        for odd in archive.oddities {
            scan.report("TAR-AMBIGUOUS-HEADER", odd.text, at: item.location.at(odd.offset))
        }
        var names = MemberNames()
        var pages = PageReturn()
        let entries = archive.entries
        for entry in entries {
            try scan.budget.spend(operations: 8, reading: "tar entries")
            pages.look(at: entry.headerOffset, in: item.region)
            judge(entry, &names, item, scan)
        }
        scan.descend(intoEach: entries.count, of: item) { number in
            item.region.slice(entries[number].dataOffset, entries[number].size)
        } queueing: { [unowned scan] number in
            let entry = entries[number]
            guard entry.size > 0, let data = item.region.slice(entry.dataOffset, entry.size) else { return }
            scan.descend(into: data, named: entry.name.text(limit: 65_535), of: item, as: composition)
        }
        ContainerJudge.trailing(item.region.suffix(from: archive.end), of: item, as: composition, in: scan)
    }

    private func judge(_ entry: TarEntry, _ names: inout MemberNames, _ item: ScanItem, _ scan: Scan) {
        let name = entry.name.text(limit: 65_535)
        let location = item.location.member(name).at(entry.headerOffset)
        names.judge(entry.name, isFolder: entry.kind == .folder, of: item, in: scan)
        for odd in entry.oddities { scan.report("TAR-AMBIGUOUS-HEADER", odd, at: location) }
        switch entry.kind {
        case .symbolicLink:
            names.judge(link: name, to: entry.linkTarget.text(), isHard: false, of: item, in: scan)
        case .hardLink:
            names.judge(link: name, to: entry.linkTarget.text(), isHard: true, of: item, in: scan)
        case .device, .pipe:
            let kind = entry.kind == .pipe ? "pipe" : "device"
            scan.report("ARCHIVE-SPECIAL-FILE", "the member is a \(kind)", at: location)
        case .file where entry.mode & 0o6000 != 0:
            scan.report("ARCHIVE-SPECIAL-FILE", "the member is set-user-ID or set-group-ID", at: location)
        default: break
        }
    }

    /// What the archive is used for, by the names of its members.
    private static func composition(of archive: TarArchive) -> FormatID {
        var names: Set<String> = []
        for entry in archive.entries.prefix(10_000) where entry.name.count < 256 {
            let name = entry.name.text()
            names.insert(name.hasPrefix("./") ? String(name.dropFirst(2)) : name)
        }
        if names.contains("model_config.yaml") { return "nemo" }
        if names.contains("oci-layout") || (names.contains("manifest.json") && names.contains("repositories")) {
            return "oci-layout"
        }
        if names.isSuperset(of: ["pickle", "storages", "tensors"]) { return "pytorch-tar" }
        return "tar"
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let archive = try TarArchive(item.region, budget: budget)
        let members = archive.entries.map { entry in
            var detail = "\(entry.kind), \(entry.size) bytes at 0x" + String(entry.dataOffset, radix: 16)
            detail += ", mode 0" + String(entry.mode, radix: 8)
            if !entry.linkTarget.isEmpty { detail += ", to " + entry.linkTarget.text(limit: 1000) }
            return Outline(entry.name.text(limit: 65_535), detail)
        }
        let children = [Outline("members", "\(members.count)", children: members)]
        return Outline(Self.composition(of: archive).rawValue, "\(item.region.count) bytes", children: children)
    }
}
