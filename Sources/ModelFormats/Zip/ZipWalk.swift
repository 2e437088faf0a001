internal import ByteParsing

/// The walk over the local headers, as a reader goes that knows no directory.
extension ZipArchive {
    mutating func walk(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        var anchors = ZipAnchors(entries: entries, directories: directories)
        defer { byOffset = [:] }
        var at = 0
        while at < region.count {
            try budget.spend(operations: 8, reading: "local headers")
            pages.look(at: at, in: region)
            guard entries.count < budget.limits.entries, gaps.count < budget.limits.entries else {
                stop = .limit(at: at, reading: "more than \(budget.limits.entries) entries")
                return
            }
            if let next = try structureEnd(region, at: at, budget: budget) {
                at = next
                continue
            }
            // Bytes that belong to nothing: up to the next known structure, or to a local header nobody listed.
            let known = anchors.next(after: at) ?? region.count
            let next = try nextHidden(region, from: at, before: known, budget: budget) ?? known
            addGap(at..<next, region)
            at = next
        }
    }

    /// The end of the structure at `at`, entries that are met for the first time being added; nil when there is none.
    private mutating func structureEnd(
        _ region: ByteRegion, at: Int, budget: Budget
    ) throws(ParseError) -> Int? {
        guard region[at] == 0x50, region[at + 1] == 0x4B, let kind = region.little(UInt16.self, at: at + 2) else {
            return nil
        }
        switch kind {
        case 0x0403:
            guard let index = entry(at: at, region) else { return nil }
            let entry = settleLength(index, region)
            return entry.dataOffset.map { max($0, entry.end) }
        case 0x0201: return (try? ZipRecord.central(region, at: at)).map { at + $0.length }
        case 0x0605:
            if !endOffsets.contains(at) {
                try addDirectory(region, endAt: at, budget: budget)
            }
            guard let comment = region.little(UInt16.self, at: at + 20) else { return nil }
            // A comment that runs past the end is cut there; one that is not this archive's last word is looked into.
            let end = at + 22 + Int(comment)
            return end > region.count ? at + 22 : end
        case 0x0606:
            guard let size = region.little(UInt64.self, at: at + 4), size <= 65_536 else { return nil }
            return at + 12 + Int(size)
        case 0x0706: return at + 20
        case 0x0807:
            guard region.count - at >= 16 else { return nil }
            // A spanning marker at the start, or a descriptor whose entry was not measured.
            return at == 0 ? 4 : at + 16
        case 0x3030 where at == 0: return 4
        default: return nil
        }
    }

    /// The next plausible local header that no directory lists.
    private func nextHidden(
        _ region: ByteRegion, from: Int, before end: Int, budget: Budget
    ) throws(ParseError) -> Int? {
        guard let window = region.slice(from, end - from) else { return nil }
        var at = 0
        while let hit = window.firstOffset(of: [0x50, 0x4B], from: at) {
            try budget.spend(operations: 4 + (hit - at) / 4096, reading: "bytes between entries")
            at = hit + 2
            let place = from + hit
            switch window.little(UInt16.self, at: hit + 2) {
            case 0x0403:
                if let local = try? ZipRecord.local(region, at: place), local.name.count > 0, local.name.count <= 4096 {
                    return place
                }
            case 0x0605, 0x0201: if hit > 0 { return place }
            default: continue
            }
        }
        return nil
    }

    private mutating func addGap(_ range: Range<Int>, _ region: ByteRegion) {
        guard !range.isEmpty, let bytes = region.slice(range.lowerBound, range.count), !bytes.isAllZero else { return }
        if let last = gaps.last, last.upperBound == range.lowerBound {
            gaps[gaps.count - 1] = last.lowerBound..<range.upperBound
        } else {
            gaps.append(range)
        }
    }
}
