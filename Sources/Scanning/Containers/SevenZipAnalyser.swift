internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges 7z archives and hands on their files.
struct SevenZipAnalyser: Analyser {
    let format: FormatID = "7z"

    func recognise(_ item: ScanItem) -> Recognition {
        item.region.starts(with: SevenZipArchive.signature) ? .certain : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        ContainerJudge.nesting(item, in: scan)
        let archive: SevenZipArchive
        do throws(ParseError) {
            archive = try SevenZipArchive(item.region, budget: scan.budget)
        } catch {
            scan.report(
                incomplete: "7z: the archive could not be read: \(error.code)", at: item.location.at(error.offset))
            throw error
        }
        if archive.hasWrongChecksum {
            scan.report(
                .malformed(at: 8, reading: "7z headers (their checksum is another one)"), at: item.location,
                format: format)
        }
        if archive.hasEncryptedHeader {
            scan.report("ARCHIVE-ENCRYPTED", "the archive's headers are encrypted", at: item.location)
            scan.report(incomplete: "7z: encrypted headers", at: item.location)
        }
        var names = MemberNames()
        let opener = FolderOpener(item.region, archive, scan)
        /// Files whose content is opened.
        var files: [Int] = []
        for (number, entry) in archive.entries.enumerated() {
            try scan.budget.spend(operations: 8, reading: "7z entries")
            names.judge(ByteRegion(Array(entry.name.utf8)), isFolder: entry.isDirectory, of: item, in: scan)
            guard let folder = entry.folder else { continue }
            let location = item.location.member(entry.name)
            if let refusal = archive.folders[folder].refusal {
                if refusal == .encrypted { scan.report("ARCHIVE-ENCRYPTED", "the file is encrypted", at: location) }
                let name = archive.folders[folder].unreadMethod.map { " (\($0))" } ?? ""
                scan.report(incomplete: "7z: \(refusal.rawValue)\(name)", at: location, severity: .medium)
                continue
            }
            if entry.isSymbolicLink, entry.size <= 65_536,
                let target = try? opener.open(folder, at: location).slice(entry.offset, entry.size)
            {
                names.judge(link: entry.name, to: target.text(), isHard: false, of: item, in: scan)
                if target.count < 4_096, ContainerJudge.isText(target) { continue }
            }
            files.append(number)
        }
        let entries = archive.entries
        scan.descend(intoEach: files.count, of: item) { _ in
            nil
        } queueing: { [unowned scan, files] number in
            let entry = entries[files[number]]
            guard let folder = entry.folder else { return }
            scan.descend(into: entry.name, of: item, as: format) { () throws(ParseError) -> ByteRegion in
                let content = try opener.open(folder, at: item.location.member(entry.name))
                return content.slice(entry.offset, entry.size) ?? content.suffix(from: entry.offset)
            }
        }
        ContainerJudge.trailing(item.region.suffix(from: archive.end), of: item, as: format, in: scan)
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let archive = try SevenZipArchive(item.region, budget: budget)
        let files = archive.entries.map { entry in
            let block = entry.folder.map { ", in block \($0) at 0x" + String(entry.offset, radix: 16) } ?? ""
            return Outline(entry.name, entry.isDirectory ? "folder" : "\(entry.size) bytes" + block)
        }
        let children = [Outline("members", "\(files.count)", children: files)]
        return Outline(format.rawValue, "\(item.region.count) bytes", children: children)
    }

    /// Opens folders, keeping the last one: solid archives hold many files in one.
    private final class FolderOpener {
        private let region: ByteRegion
        private let archive: SevenZipArchive
        private let scan: Scan
        private var last: (folder: Int, content: ByteRegion)?

        init(_ region: ByteRegion, _ archive: SevenZipArchive, _ scan: Scan) {
            self.region = region
            self.archive = archive
            self.scan = scan
        }

        func open(_ folder: Int, at location: Location) throws(ParseError) -> ByteRegion {
            if let last, last.folder == folder { return last.content }
            last = nil
            let content = try archive.folders[folder].open(region, budget: scan.budget)
            ContainerJudge.report(content, kind: "7z", at: location, in: scan)
            if content.region.count < archive.folders[folder].unpackedSize {
                scan.report(incomplete: "7z: a packed stream gives less than it states", at: location)
            }
            last = (folder, content.region)
            return content.region
        }
    }
}
