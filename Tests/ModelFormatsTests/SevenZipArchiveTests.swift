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

    /// A program with 60 calls and jumps and some conditional ones, through 7-Zip's BCJ2 and three LZMA streams.
    private let branches = base64(
        "N3q8ryccAAQOHRy1zwAAAAAAAACCAAAAAAAAAEkaFWMAP5FFhGgzKPWaQ88zyhwEt02wTz4zhMt6qC8f/FbnF3MhDzUGiIolQc7ZeFeuROk8Z16w"
            + "LmjkW14otB8RRlfOGoFO5aQADv6u6DErqkPa9MjdEUvaYJSUnsSzilECx3DKHKNLIygCANoChEV73+ZWcXBpGETPyqOzYkFQ8TUc9GBh/yR4Wszy"
            + "pVv9MdgWd+nTpyxOPgNi/pf7XjYGc8df874IVQpn6mYh9xO8TxpyOkYo1FuKiLbkATPgAAAAAAAAAAAAAAAAAAAAAAAAAAABBAYABAmAuwoFBQAH"
            + "CwEABCMDAQEFXQAQAAAjAwEBBV0AEAAAIwMBAQVdABAAABQDAwEbBAEFAAQBAwICBgEADAAAgnSCdAAICgFQM/ABAAAFARkIAAAAAAAAAAARCwBj"
            + "AG8AZABlAAAAGQAUCgEA7BqRCJh93QEVBgEAIICkgQAA")
    /// The same with PPMd.
    private let ppmd = base64(
        "N3q8ryccAAQgcJXnrwAAAAAAAABSAAAAAAAAADXuuI8AfsU0duRHCboYpN6yqVP9l0nqbcENy+JBddfL2Dqd8m1oscAHA00u6SFynR7TBmJo/VGu"
            + "jvKqxK3h/dXEezLHfZ/uvRYbYnwrvmde3ig6QBRTop0FxeXg39RU3EHlw5iEhL48LPNmlN221JGvP2runYcdcQciDIYYKIaXJO2FTx4TlNynQKRS"
            + "hfQ/KIw1ws47Yot9zij0/wzEJZ0097MCXiaabnODyrdIa6i1EuS0AQQGAAEJgK8ABwsBAAEjAwQBBQYAAAEADIJ0AAgKAVAz8AEAAAUBGQQAAAAA"
            + "EQsAYwBvAGQAZQAAABkAFAoBAOwakQiYfd0BFQYBACCApIEAAA==")

    private var program: [UInt8] {
        var code = Array("\u{7F}ELF".utf8) + [UInt8](repeating: 0, count: 12)
        func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        for index in 0..<60 {
            code += [0x55, 0x48, 0x89, 0xE5, index % 3 > 0 ? 0xE8 : 0xE9] + little(0x4000 - (code.count + 9))
            if index % 5 == 0 { code += [0x0F, 0x84] + little(0x5000 - (code.count + 6)) }
        }
        return code
    }

    @Test func undoesTheBranchFilterWithFourStreams() throws {
        let region = ByteRegion(branches)
        let archive = try SevenZipArchive(region, budget: Budget())
        #expect(archive.folders.map(\.refusal) == [nil])
        #expect(archive.folders[0].unpackedSize == program.count)
        let content = try archive.folders[0].open(region, budget: Budget())
        #expect(content.region.array() == program)
        #expect(content.stop == .end)
    }

    @Test func namesMethodsThatAreNotRead() throws {
        let archive = try SevenZipArchive(ByteRegion(ppmd), budget: Budget())
        #expect(archive.folders[0].refusal == .method)
        #expect(archive.folders[0].unreadMethod == "PPMd")
        #expect(throws: ParseError.unsupported()) {
            try archive.folders[0].open(ByteRegion(ppmd), budget: Budget())
        }
    }

    @Test func refusesWhatIsNotOne() {
        #expect(throws: ParseError.malformed()) { try SevenZipArchive(ByteRegion([1, 2, 3]), budget: Budget()) }
        #expect(throws: ParseError.truncated()) {
            try SevenZipArchive(ByteRegion(Array(stored.prefix(200))), budget: Budget())
        }
    }

    @Test func truncationsAndFlipsEnd() {
        for bytes in [packed, stored, branches] {
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
