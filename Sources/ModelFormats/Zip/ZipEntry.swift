package import ByteParsing

/// A member of a ZIP archive as all views together know it.
package struct ZipEntry: Sendable {
    /// What the directories say, in the order of the readings; empty for an entry that no directory lists.
    package let central: [ZipRecord]
    /// What the local header says; nil when there is none where a directory points.
    package let local: ZipRecord?
    /// Every record that speaks of the entry, the directories' first.
    package let records: [ZipRecord]

    package var headerOffset: Int { local?.offset ?? central.first?.localOffset ?? 0 }
    /// The name that most readers use: the central directory's.
    package var name: ByteRegion? { central.first?.name ?? local?.name }
    package var nameText: String { name?.text(limit: 65535) ?? "" }
    /// Where the data begins; nil without a local header.
    package var dataOffset: Int? { local.map { $0.offset + $0.length } }
    /// Bytes that belong to the entry beyond doubt: the smallest of the stated sizes.
    package var claimedLength = 0
    /// Bytes that any view counts to the entry.
    package var dataLength = 0
    /// Bytes of the data descriptor behind the data, 0 when there is none.
    package var descriptorLength = 0

    package var isDirectory: Bool { name?[(name?.count ?? 0) - 1] == UInt8(ascii: "/") }

    init(central: [ZipRecord], local: ZipRecord?) {
        self.central = central
        self.local = local
        records = local.map { central + [$0] } ?? central
    }

    package var end: Int { (dataOffset ?? headerOffset) + claimedLength + descriptorLength }
}

/// The entries of an archive, as the places where they are described: each is read again when it is asked for, since an
/// archive may have more of them than memory should hold.
package struct ZipEntries: RandomAccessCollection, Sendable {
    struct Place: Sendable {
        /// Offset of the first directory record that lists the entry; nil for one that none lists.
        var central: Int?
        /// Offset of the local header, as the directory states it where there is none.
        var header: Int
        var hasLocal: Bool
        var descriptorLength: UInt8 = 0
        var claimedLength = 0
        var dataLength = 0
        /// Records besides the first.
        var further: [Int] = []
    }

    package let region: ByteRegion
    var places: [Place] = []

    package var startIndex: Int { 0 }
    package var endIndex: Int { places.count }

    /// The entries that have a local header, in the order of these.
    var localOrder: [Int] {
        let found = places.indices.filter { places[$0].hasLocal }
        let isSorted = zip(found, found.dropFirst()).allSatisfy { places[$0].header <= places[$1].header }
        return isSorted ? found : found.sorted { places[$0].header < places[$1].header }
    }

    /// Where the local header of an entry is, or should be.
    package func headerOffset(of index: Int) -> Int { places[index].header }

    /// The entries themselves where they are so few that memory may hold them.
    private var kept: [ZipEntry] = []
    private static let few = 64

    init(region: ByteRegion) { self.region = region }

    /// To be called when nothing about the entries changes any more.
    mutating func keepIfFew() {
        if kept.isEmpty, places.count <= Self.few { kept = indices.map { read($0) } }
    }

    package subscript(index: Int) -> ZipEntry { kept.isEmpty ? read(index) : kept[index] }

    private func read(_ index: Int) -> ZipEntry {
        let place = places[index]
        var central: [ZipRecord] = []
        if let first = place.central {
            central.reserveCapacity(1 + place.further.count)
            for offset in [first] + place.further {
                guard var record = try? ZipRecord.central(region, at: offset) else { continue }
                record.localOffset = place.header
                central.append(record)
            }
        }
        let local = place.hasLocal ? try? ZipRecord.local(region, at: place.header) : nil
        var entry = ZipEntry(central: central, local: local)
        entry.claimedLength = place.claimedLength
        entry.dataLength = place.dataLength
        entry.descriptorLength = Int(place.descriptorLength)
        return entry
    }
}
