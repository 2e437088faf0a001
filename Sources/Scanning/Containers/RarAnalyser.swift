internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges the names and links of RAR archives, and hands on what is stored in them without compression.
struct RarAnalyser: Analyser {
    let format: FormatID = "rar"

    func recognise(_ item: ScanItem) -> Recognition { RarArchive.begins(item.region) ? .certain : .no }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        ContainerJudge.nesting(item, in: scan)
        let archive = try RarArchive(item.region, budget: scan.budget)
        if archive.hasEncryptedHeaders {
            scan.report("ARCHIVE-ENCRYPTED", "the archive's headers are encrypted", at: item.location)
            scan.report(incomplete: "rar: encrypted headers", at: item.location)
        }
        var names = MemberNames()
        var unread = 0
        for entry in archive.entries {
            try scan.budget.spend(operations: 8, reading: "RAR entries")
            let name = entry.name.text(limit: 65_535)
            let location = item.location.member(name).at(entry.headerOffset)
            names.judge(entry.name, isFolder: entry.isFolder, of: item, in: scan)
            if let link = entry.link, let target = entry.linkTarget {
                names.judge(link: name, to: target.text(limit: 65_535), isHard: link == .hard, of: item, in: scan)
                continue
            }
            guard !entry.isFolder, entry.packedSize > 0 else { continue }
            if entry.isEncrypted {
                scan.report("ARCHIVE-ENCRYPTED", "the file is encrypted", at: location)
                scan.report(incomplete: "rar: encrypted file", at: location)
            } else if entry.isStored, let data = item.region.slice(entry.dataOffset, entry.packedSize) {
                scan.descend(into: data, named: name, of: item, as: format)
                if entry.isSplit { scan.report(incomplete: "rar: part of a file in several archives", at: location) }
            } else {
                unread += 1
            }
        }
        if unread > 0 {
            scan.report(
                "ARCHIVE-UNSUPPORTED", "\(unread) files of the archive are compressed in a way that is not read",
                at: item.location)
            scan.report(incomplete: "rar: \(unread) compressed files were not opened", at: item.location)
        }
        if let stop = archive.stop {
            scan.report(stop, at: item.location, format: format)
            scan.report(
                incomplete: "rar: the archive was not read to its end", at: item.location.at(stop.offset),
                severity: .medium)
        }
        ContainerJudge.trailing(item.region.suffix(from: archive.end), of: item, as: format, in: scan)
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let archive = try RarArchive(item.region, budget: budget)
        let files = archive.entries.map { entry in
            let how = entry.isStored ? "stored" : "compressed"
            let target = entry.linkTarget.map { ", to " + $0.text(limit: 1_000) } ?? ""
            return Outline(
                entry.name.text(limit: 65_535), entry.isFolder ? "folder" : "\(how), \(entry.packedSize) bytes\(target)"
            )
        }
        return Outline(
            "RAR \(archive.version)", "\(item.region.count) bytes",
            children: [Outline("members", "\(files.count)", children: files)])
    }
}
