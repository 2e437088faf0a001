internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Opens the members of a ZIP archive.
enum ZipMembers {
    /// Queues the entry's content, once for each way in which a view says that it is stored.
    static func descend(
        _ entry: ZipEntry, of item: ScanItem, as format: FormatID, deflate: WholeDeflate, in scan: Scan
    ) {
        guard let (start, length) = place(of: entry, in: item.region), length > 0,
            let data = item.region.slice(start, length)
        else { return }
        let name = entry.nameText.isEmpty ? "(no name)" : entry.nameText
        var methods: [UInt16] = []
        for record in entry.records where !methods.contains(record.method) { methods.append(record.method) }
        let known = methods.filter { ZipMethod(rawValue: $0)?.isReadable == true }
        // Nobody states a method that can be read: the bytes as they are, and as deflate data.
        let readable = known.isEmpty ? [ZipMethod.stored.rawValue, ZipMethod.deflate.rawValue] : known
        if known.isEmpty {
            let names = methods.map { ZipMethod.name($0) }.joined(separator: ", ")
            scan.report(
                incomplete: "zip: member compressed by a method that is not read (\(names))",
                at: item.location.member(name), severity: .medium)
        }
        for method in readable {
            let isGuess = known.isEmpty || entry.records.contains(where: \.isEncrypted)
            descend(data, entry, method, isGuess: isGuess, name, item, format, deflate, scan)
        }
        // Another view's name may make other analysers look.
        if let local = entry.local, !entry.central.isEmpty, !local.name.hasSameBytes(as: entry.name ?? local.name),
            let method = readable.first
        {
            descend(
                data, entry, method, isGuess: true, local.name.text(limit: 4096), item, format, deflate, scan)
        }
    }

    /// Where an entry's data lies. Where a directory points to a local header whose first bytes are no header's, but whose
    /// name is the entry's, a reader that doesn't look at those bytes finds the data behind it.
    private static func place(of entry: ZipEntry, in region: ByteRegion) -> (start: Int, length: Int)? {
        if let start = entry.dataOffset { return (start, entry.dataLength) }
        guard let record = entry.central.first, let header = region.slice(record.localOffset, 30),
            let name = header.little(UInt16.self, at: 26), let extra = header.little(UInt16.self, at: 28),
            region.slice(record.localOffset + 30, Int(name))?.hasSameBytes(as: record.name) ?? false
        else { return nil }
        let start = record.localOffset + 30 + Int(name) + Int(extra)
        return (start, min(record.compressedSize, max(0, region.count - start)))
    }

    /// The bytes of an entry that is stored as it is, by a view that says so.
    static func storedPart(_ entry: ZipEntry, of item: ScanItem) -> ByteRegion? {
        guard let start = entry.dataOffset, entry.dataLength > 0,
            entry.records.contains(where: { ZipMethod(rawValue: $0.method)?.compression == nil })
        else { return nil }
        return item.region.slice(start, entry.dataLength)
    }

    private static func descend(
        _ data: ByteRegion, _ entry: ZipEntry, _ method: UInt16, isGuess: Bool, _ name: String, _ item: ScanItem,
        _ format: FormatID, _ deflate: WholeDeflate, _ scan: Scan
    ) {
        guard let compression = ZipMethod(rawValue: method)?.compression else {
            scan.descend(into: data, named: name, of: item, as: format)
            return
        }
        let declared = entry.records.map(\.uncompressedSize).max()
        let location = item.location.member(name)
        scan.descend(into: name, of: item, as: format) { () throws(ParseError) -> ByteRegion in
            do throws(ParseError) {
                let content = try Decompressed(
                    data, as: compression, budget: scan.budget, declared: declared, with: deflate)
                // Members come in the order of the file: what lies before this one has been read.
                item.region.discard(before: (entry.dataOffset ?? 0) & ~0x3F_FFFF)
                ContainerJudge.report(
                    content, kind: compression.rawValue, at: location, isGuess: isGuess, in: scan)
                return content.region
            } catch {
                // Encrypted data is not deflate data; the encryption has been reported.
                if isGuess, error.code == .malformed { return data.prefix(0) }
                throw error
            }
        }
    }

    /// Where a symbolic link points, by the content of its entry.
    static func linkTarget(_ entry: ZipEntry, in region: ByteRegion, budget: Budget) -> String? {
        guard entry.central.contains(where: { ($0.externalAttributes >> 16) & 0xF000 == 0xA000 }),
            let start = entry.dataOffset, entry.dataLength <= 65_536,
            let data = region.slice(start, entry.dataLength)
        else { return nil }
        guard let method = entry.records.first?.method, let compression = ZipMethod(rawValue: method)?.compression,
            let content = try? Decompressed(data, as: compression, budget: budget)
        else { return data.text(limit: 4096) }
        return content.region.text(limit: 4096)
    }
}
