package import ByteParsing

/// One end-of-central-directory record and the directory that it leads to: one way of reading the archive.
package struct ZipDirectory: Sendable {
    /// Offset of the end record (`PK\5\6`).
    package let endOffset: Int
    /// Offset after the end record and its comment as it states the length, cut at the end of the bytes.
    package let end: Int
    package let comment: ByteRegion
    /// Whether the end record with its comment reaches exactly to the end of the bytes.
    package let isExact: Bool
    /// What is wrong with the end record itself: a comment that breaks off, or parts on other disks.
    package let flaw: ParseError?
    /// Entries that the end record states.
    package var statedCount = 0
    /// Where the directory begins.
    package var start = 0
    /// What has to be added to the offsets that the directory states: bytes before the archive that it ignores.
    package var shift = 0
    package var usesZip64 = false
    /// Bytes of the directory as the end record states them.
    package var statedSize = 0
    /// Records that are there.
    package var count = 0
    /// The smallest offset of a local header that a record states.
    package var firstLocalOffset: Int?
    /// Sum of hashes of the local headers' places, `shift` included: equal for directories that list the same headers.
    package var fingerprint = 0
    /// Offset after the last record.
    package var recordsEnd = 0
    /// A record that breaks off, or more records than the limit.
    package var stop: ParseError?

    package static let endSignature: [UInt8] = [0x50, 0x4B, 5, 6]

    /// Whether the end record at `offset` leads to a directory, and whether it reaches exactly to the end of the bytes;
    /// nil when it leads nowhere.
    package static func probe(_ region: ByteRegion, endAt offset: Int) -> (isExact: Bool, isEmpty: Bool)? {
        guard let end = EndRecord(region, at: offset) else { return nil }
        for claim in end.claims(region) {
            for (place, _) in claim.places where claim.isPlausible(region, at: place) {
                return (end.isExact, claim.count == 0)
            }
        }
        return nil
    }

    /// Whether the end record at `offset` with its comment reaches exactly to the end of the bytes.
    static func isExact(_ region: ByteRegion, endAt offset: Int) -> Bool {
        EndRecord(region, at: offset)?.isExact ?? false
    }

    /// Every reading that the end record at `offset` allows; empty when it leads nowhere.
    ///
    /// Readers differ in where they look for the directory: at the offset that is stated (miniz), or as far before the
    /// end record as the directory is long (Python, Info-ZIP). ZIP64 records count even where the plain fields are not
    /// saturated, since readers differ in that too.
    package static func readings(
        _ region: ByteRegion, endAt offset: Int, budget: Budget
    ) throws(ParseError) -> [ZipDirectory] {
        guard let end = EndRecord(region, at: offset) else { return [] }
        var readings: [ZipDirectory] = []
        for claim in end.claims(region).reversed() {
            for (place, shift) in claim.places where claim.isPlausible(region, at: place) {
                guard !readings.contains(where: { $0.start == place && $0.shift == shift }) else { continue }
                var directory = ZipDirectory(end)
                directory.statedCount = claim.count
                directory.usesZip64 = claim.isWide
                directory.statedSize = claim.size
                directory.start = place
                directory.shift = shift
                try directory.read(region, budget: budget)
                readings.append(directory)
            }
        }
        return readings
    }

    private init(_ end: EndRecord) {
        endOffset = end.offset
        self.end = end.offset + 22 + end.comment.count
        comment = end.comment
        isExact = end.isExact
        flaw = end.flaw
    }

    /// Reads records for as long as there are any: the stated count does not end the list.
    private mutating func read(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        var at = start
        var pages = PageReturn()
        while at < endOffset, region.starts(with: ZipRecord.centralSignature, at: at) {
            try budget.spend(operations: 8, reading: "central directory")
            guard count < budget.limits.entries else {
                stop = .limit(at: at, reading: "central directory of more than \(budget.limits.entries) entries")
                break
            }
            pages.look(at: at, in: region)
            do throws(ParseError) {
                let record = try ZipRecord.central(region, at: at)
                count += 1
                firstLocalOffset = min(firstLocalOffset ?? record.localOffset, record.localOffset)
                fingerprint &+= (record.localOffset &+ shift).hashValue
                at += record.length
            } catch {
                stop = error
                break
            }
        }
        recordsEnd = at
    }

    /// Calls `body` with each of the records that were read, in their order.
    func forEachRecord(
        _ region: ByteRegion, _ body: (ZipRecord) throws(ParseError) -> Void
    ) throws(ParseError) {
        var at = start
        for _ in 0..<count {
            let record = try ZipRecord.central(region, at: at)
            try body(record)
            at += record.length
        }
    }

    /// Where an end record says that the directory is.
    fileprivate struct Claim {
        let count: Int
        let size: Int
        let start: Int
        let end: Int
        let isWide: Bool

        /// Where to look, and the shift of offsets that follows.
        var places: [(place: Int, shift: Int)] {
            if count == 0, size == 0 { return [(min(start, end), 0)] }
            let before = end - size
            guard before >= 0, size >= 0 else { return [(start, 0)] }
            return before == start ? [(start, 0)] : [(before, before - start), (start, 0)]
        }

        func isPlausible(_ region: ByteRegion, at place: Int) -> Bool {
            guard place >= 0, place <= end else { return false }
            if region.starts(with: ZipRecord.centralSignature, at: place) { return true }
            return size == 0 && count == 0
        }
    }
}

/// The fixed part of an end-of-central-directory record (APPNOTE 4.3.16).
private struct EndRecord {
    let offset: Int
    let claim: ZipDirectory.Claim
    let comment: ByteRegion
    let isExact: Bool
    let flaw: ParseError?

    init?(_ region: ByteRegion, at offset: Int) {
        guard region.starts(with: ZipDirectory.endSignature, at: offset), let fixed = region.slice(offset, 22),
            let total = fixed.little(UInt16.self, at: 10), let size = fixed.little(UInt32.self, at: 12),
            let start = fixed.little(UInt32.self, at: 16), let commentLength = fixed.little(UInt16.self, at: 20)
        else { return nil }
        self.offset = offset
        claim = ZipDirectory.Claim(count: Int(total), size: Int(size), start: Int(start), end: offset, isWide: false)
        let rest = region.suffix(from: offset + 22)
        comment = rest.prefix(Int(commentLength))
        isExact = rest.count == Int(commentLength)
        let disks = [fixed.little(UInt16.self, at: 4), fixed.little(UInt16.self, at: 6)]
        if rest.count < Int(commentLength) {
            flaw = .truncated(at: offset, reading: "comment of the zip archive")
        } else if disks.contains(where: { $0 != 0 && $0 != .max }) {
            flaw = .malformed(at: offset, reading: "zip archive of several disks")
        } else {
            flaw = nil
        }
    }

    /// The plain claim, and those of the ZIP64 records that its locator leads to or that stand before it.
    func claims(_ region: ByteRegion) -> [ZipDirectory.Claim] {
        guard region.starts(with: [0x50, 0x4B, 6, 7], at: offset - 20),
            let stated = region.little(UInt64.self, at: offset - 12)
        else { return [claim] }
        // ZIP64's records stand between the directory and the plain record, which counts them into no size.
        let isBefore = region.starts(with: [0x50, 0x4B, 6, 6], at: offset - 76)
        let ends = claim.start.adding(checked: claim.size) == offset - 76
        var claims = [
            isBefore && ends
                ? ZipDirectory.Claim(
                    count: claim.count, size: claim.size, start: claim.start, end: offset - 76, isWide: false) : claim
        ]
        for place in Set([Int(exactly: stated) ?? -1, offset - 76]).sorted()
        where region.starts(with: [0x50, 0x4B, 6, 6], at: place) {
            guard let count = region.little(UInt64.self, at: place + 32),
                let size = region.little(UInt64.self, at: place + 40),
                let start = region.little(UInt64.self, at: place + 48)
            else { continue }
            claims.append(
                ZipDirectory.Claim(
                    count: Int(exactly: count) ?? Int.max, size: Int(exactly: size) ?? Int.max,
                    start: Int(exactly: start) ?? Int.max, end: place, isWide: true))
        }
        return claims
    }
}
