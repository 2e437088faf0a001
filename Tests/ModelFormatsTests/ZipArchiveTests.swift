import ByteParsing
import ModelFormats
import Testing

@Suite struct ZipArchiveTests {
    private func read(_ builder: ZipBuilder) throws -> ZipArchive {
        try ZipArchive(ByteRegion(builder.build()), budget: Budget())
    }

    private func content(_ archive: ZipArchive, _ builder: ZipBuilder, _ index: Int) throws -> [UInt8] {
        let entry = archive.entries[index]
        let offset = try #require(entry.dataOffset)
        return try #require(ByteRegion(builder.build()).slice(offset, entry.dataLength)).array()
    }

    private let two = [
        ZipBuilder.Member(name: "a.txt", data: Array("first".utf8)),
        ZipBuilder.Member(name: "b/c.txt", data: Array("second".utf8)),
    ]

    @Test func archivesInARowAreReadAsSuch() throws {
        let one = ZipBuilder(members: two).build()
        let archive = try ZipArchive(ByteRegion(one + one + one), budget: Budget())
        #expect(archive.sequence == [0, one.count, 2 * one.count])
        #expect(archive.entries.count == 6)
        #expect(archive.discrepancies.map(\.kind) == [.sequence])
        // Bytes between them belong to nothing: that is no row of archives.
        let parted = try ZipArchive(ByteRegion(one + [1, 2, 3] + one), budget: Budget())
        #expect(parted.sequence.isEmpty)
        #expect(parted.discrepancies.contains { $0.kind == .directories })
    }

    @Test func honestArchiveHasNoDiscrepancies() throws {
        let builder = ZipBuilder(members: two, comment: Array("made by a test".utf8))
        let archive = try read(builder)
        #expect(archive.entries.map(\.nameText) == ["a.txt", "b/c.txt"])
        #expect(try content(archive, builder, 1) == Array("second".utf8))
        #expect(archive.discrepancies.isEmpty)
        #expect(archive.gaps.isEmpty)
        #expect(archive.directories.first?.comment.text() == "made by a test")
    }

    @Test func descriptorsAreNotDiscrepancies() throws {
        let archive = try read(
            ZipBuilder(
                members: two.map {
                    var member = $0
                    member.hasDescriptor = true
                    return member
                }))
        #expect(archive.entries.map(\.claimedLength) == [5, 6])
        #expect(archive.entries.map(\.descriptorLength) == [16, 16])
        #expect(archive.discrepancies.isEmpty && archive.gaps.isEmpty)
    }

    @Test(arguments: [true, false])
    func prefixIsAGapWhateverTheOffsetsCountFrom(_ included: Bool) throws {
        let archive = try read(
            ZipBuilder(members: two, prefix: Array("junk before".utf8), offsetsIncludePrefix: included))
        #expect(archive.entries.count == 2)
        #expect(archive.gaps == [0..<11])
    }

    private static let changes: [(change: @Sendable (inout ZipBuilder.Member) -> Void, kind: ZipDiscrepancy.Kind)] = [
        ({ $0.centralName = "x.txt" }, .name), ({ $0.centralMethod = 8 }, .method),
        ({ $0.centralFlags = 1 }, .encryption), ({ $0.centralFlags = 0x20 }, .flags),
        ({ $0.centralSize = 2 }, .compressedSize), ({ $0.isListed = false }, .hiddenEntry),
    ]

    @Test(arguments: changes.indices)
    func eachDisagreementIsNamed(_ index: Int) throws {
        var members = two
        Self.changes[index].change(&members[0])
        let archive = try read(ZipBuilder(members: members))
        #expect(archive.discrepancies.map(\.kind).contains(Self.changes[index].kind))
        #expect(archive.entries.count == 2)
    }

    @Test func countsAndSecondDirectoriesAreNamed() throws {
        var builder = ZipBuilder(members: two)
        builder.statedCount = 9
        #expect(try read(builder).discrepancies.map(\.kind) == [.count])

        // A second end record in the comment, which says that the archive is empty.
        builder = ZipBuilder(members: two, comment: ZipBuilder().build())
        let archive = try read(builder)
        #expect(archive.entries.count == 2)
        #expect(archive.discrepancies.map(\.kind) == [.directories])
    }

    @Test func joinedArchivesAreBothRead() throws {
        let first = ZipBuilder(members: [two[0]]).build()
        let second = ZipBuilder(members: [two[1]], prefix: first, offsetsIncludePrefix: false).build()
        let archive = try ZipArchive(ByteRegion(second), budget: Budget())
        #expect(Set(archive.entries.map(\.nameText)) == ["a.txt", "b/c.txt"])
        #expect(archive.discrepancies.map(\.kind) == [.sequence])
    }

    @Test func memberThatIsAnArchiveIsNotASecondReading() throws {
        let inner = ZipBuilder(members: two).build()
        let archive = try read(ZipBuilder(members: [ZipBuilder.Member(name: "inner.zip", data: inner)]))
        #expect(archive.entries.map(\.nameText) == ["inner.zip"])
        #expect(archive.discrepancies.isEmpty)
    }

    /// Deflate leaves what it cannot compress as it is, an archive's end record with it.
    @Test func archiveThatCompressionLeftAsItWasIsNotASecondReading() throws {
        let inner = ZipBuilder(members: two).build()
        let count = UInt16(inner.count)
        let deflated = [1] + little(count) + little(~count) + inner
        let size = UInt32(inner.count)
        var builder = ZipBuilder(members: [
            ZipBuilder.Member(name: "inner.zip", data: deflated, method: 8, uncompressedSize: size)
        ])
        let archive = try read(builder)
        #expect(archive.entries.map(\.nameText) == ["inner.zip"])
        #expect(archive.discrepancies.isEmpty)
        // Where the records disagree about the member, nothing says that it is one.
        builder.members[0].centralSize = UInt32(deflated.count - 1)
        #expect(try read(builder).discrepancies.contains { $0.kind == .directories })
        // Neither where readers may prefer the inner record, whose comment reaches to the end.
        builder.members[0].centralSize = nil
        var bytes = builder.build()
        let end = 30 + 9 + deflated.count - 2
        let rest = UInt16(bytes.count - end - 2)
        bytes.replaceSubrange(end..<(end + 2), with: little(rest))
        let other = try ZipArchive(ByteRegion(bytes), budget: Budget())
        #expect(other.discrepancies.contains { $0.kind == .directories })
    }

    @Test func everyTruncationAndFlipEnds() throws {
        let bytes = ZipBuilder(members: two, comment: [1, 2, 3], prefix: [0, 9]).build()
        for length in 0..<bytes.count {
            _ = try ZipArchive(ByteRegion(Array(bytes.prefix(length))), budget: Budget())
        }
        for index in bytes.indices {
            for value in [UInt8(0), 0xFF, bytes[index] ^ 1] {
                var changed = bytes
                changed[index] = value
                _ = try ZipArchive(ByteRegion(changed), budget: Budget())
            }
        }
    }
}
