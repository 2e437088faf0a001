import ByteParsing
import ModelFormats
import Testing

@Suite struct SevenZipArchiveTests {
    /// Two files and an empty one, packed with LZMA2, with a packed header.
    private let packed = base64(
        "N3q8ryccAAQxGVckggAAAAAAAAAUAAAAAAAAAOoeP8bgAH0AE10AMJzKtd57kWpsrvHKDJ71jqIJAADgAHQAX10AAIEzB64Pz7XvEA/r6py/"
            + "DNycdOQY+tDdEy5v5K0wDZR9By6b9qcCrlgURpoF5n+5oJ3n8bK5PJ9DTbhAXO8nSrlD6QRowpzkcQ6ER2D5Aa2uQaOhbollWjic4hEAAAAA"
            + "FwYbAQlnAAcLAQABISEBGAx1AAA=")
    /// The same without compression.
    private let stored = base64(
        "N3q8ryccAAQZwOdWfgAAAAAAAABzAAAAAAAAAIPHFZVhc3NheSBhc3NheSBhc3NheSBhc3NheSBhc3NheSBhc3NheSBhc3NheSBhc3NheSBh"
            + "c3NheSBhc3NheSBhc3NheSBhc3NheSBhc3NheSBhc3NheSBhc3NheSBhc3NheSBhc3NheSBhc3NheSBhc3NheSBhc3NheSBzZWNvbmQBBAYA"
            + "AQl+AAcLAQABAQAMfgAIDQMJeAAKAZjt1UAAAAAAaREftgAABQMRGQBhAC8AYgAuAHQAeAB0AAAAZQAAAGMAAAAUGgEA0GpdXa153QGAc11d"
            + "rXndAXB6XV2ted0BFQ4BACCAgIEggICBIICAgQAA")

    @Test func readsFilesOfBothKinds() throws {
        for bytes in [packed, stored] {
            let region = ByteRegion(bytes)
            let archive = try SevenZipArchive(region, budget: Budget())
            #expect(archive.entries.map(\.name) == ["a/b.txt", "e", "c"])
            #expect(archive.entries.map(\.size) == [120, 0, 6])
            #expect(archive.end == bytes.count)
            let content = try archive.folders[0].open(region, budget: Budget()).region
            #expect(content.slice(120, 6)?.text() == "second")
        }
    }

    @Test func refusesWhatIsNotOne() {
        #expect(throws: ParseError.malformed()) { try SevenZipArchive(ByteRegion([1, 2, 3]), budget: Budget()) }
        #expect(throws: ParseError.truncated()) {
            try SevenZipArchive(ByteRegion(Array(stored.prefix(200))), budget: Budget())
        }
    }

    @Test func truncationsAndFlipsEnd() {
        for bytes in [packed, stored] {
            for index in bytes.indices {
                for value in [bytes[index] ^ 1, 0xFF, 0x80, 0] {
                    var changed = bytes
                    changed[index] = value
                    let region = ByteRegion(changed)
                    guard let archive = try? SevenZipArchive(region, budget: Budget()) else { continue }
                    for folder in archive.folders { _ = try? folder.open(region, budget: Budget()) }
                }
            }
        }
    }
}
