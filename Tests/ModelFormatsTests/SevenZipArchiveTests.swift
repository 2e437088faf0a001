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

    @Test func readsPPMd() throws {
        let region = ByteRegion(ppmd)
        let archive = try SevenZipArchive(region, budget: Budget())
        #expect(archive.folders[0].refusal == nil)
        let content = try archive.folders[0].open(region, budget: Budget())
        #expect(content.region.array() == program)
        #expect(content.stop == .end)
    }

    /// 80 lines of text by PPMd of order 6 in 2 KiB of memory, which is full and emptied many times.
    private let small = base64(
        "N3q8ryccAATfPEg94AQAAAAAAAA+AAAAAAAAAJ5+FxkAa/OrOOP+fFnakZI45GTd5antbnfVZuAIFHhwMWjM0reI1PvPkxrFeDPOYvuPSeL7/k0y"
            + "HUVCQLAyNe2G3SqGX4RUqJz5kN02K1Q2xrTBhhxRHcJvuHNXXhTCd0PZE2qIelOBKNVTgjmkady0YYSCTKZden3esDTu+aZ6wTzDfUgW9pczYpgl"
            + "BXut+CP6fFLlw+Lv4gQk9iJWaWT4iDlBLIfah0ITQQUQpHpDI1/kCdtoRsb0E+mAC4q1V7oyCaLw/sm001+mVxMvl7FwS8dnjfZCigCkwFfmE1QZ"
            + "kkjIDmSBD5Al7+Wlz9ZNjHZ6vwRrsxKX82hykciP89gLL3gnSqSO1SyX/5y7G1q7HU0NLkF0J+lK8T0agSMpWZxbO37UMoKMK74yKNtvHvm0OkM2"
            + "9luA30HkrXNIIFPQJjaooeO0w0m+PjzwKiD7FbEhetpiift7srP0Lc1bFSzi6cvi+ka70fUeeQsq/j3HVdpyInLSCAFA4G5hiC2PgewbhEykgnNR"
            + "xkWthZcp1ZVUUXW8xm+53UFtPh7wGfLRR0JT6lXs3Keci1OI0iB54IdbPJ6h4QF5BAqDZuAhytKPofcjlH+JNMT6UeaPIaS8m9S6eWQQPbCTopMg"
            + "LC+HTu4/BzIcwkQXE4kYtCbHSQFSI1C5qmUiBqdu0Bx1dB+/EftR1vn1KNgXIh4d7jIcZX19RAwuGkLWxjOwSamG5068qD+J0NW26oGoqHC6CJSJ"
            + "3I+qbih5QIuaVk2LKaFKMZKNlEMjUx28r1V8Pl0JQfmMMd52Ii+XKXyOmSXsymqJ64HZxS1TPQJGjjn8bMAOKlbZ4XS6cYonhPjDvGrQyoaWi/gW"
            + "UGxD7FdhLvD4SCx2iE0IzG9epa/bmTzTS7gfHC3wM7CggSuQ9s4nT1X6DSlEM9gb2BW+MJvnmX6jrrXz4aC1rEg4ouaBGiX5mbWnTuxJDSSJY+jP"
            + "mhZCmycN7GM7zUcIJSmqzHSOOjpXt18CszBAwy94BAsgAU6XF31+J8j5Ac6n5pxVYdn+jXl+iwsLVwRSOxJGKRdTlF7vpZtD72XWkf9sZ/no1JPc"
            + "fug80Nqs2EgVTmVt9gdGWZ7uEuiUnN//fru0Xd8eD07e1AhL9VNaUe/bF0QBPw30BGjTPQRkJaT4DYKkdda2p2JMrZGhTdvADfogBqEDbblj2jqz"
            + "ivVYFjTxlbeoB0CLMIXJ5s+F6UFUhfUyJBfOWTLc29DujSmR+GtDFRY6sEQxCYLc2qEBbnLSK1xhDJB2V0zFJ/YTBuI0GHTUSVRCHrbroRBjTBO8"
            + "gAdgPycXLluXgIklHpTax4X/MjnAxiLTcnwq/PdkJQIowsZ5BezbHCuzwHKsxWMjuLsYptWf1s+5WvHG+UesJKkofkygxig/yLHQXKDW/oG9QN0n"
            + "N4iDsNHdjFJxzIneVKqTnTlLkdHIGhoM7CqW2VnaxK4EP7xpPotPSgbL7j/m6LX8EdsgyQ8XsyrCpyP2ND2X5i//noRUJw9uvufBNrbHjwfe8YbN"
            + "B4zh5D4/wfi46LFyaaWzSmXyC8CrTBgKQYQRd2aNzzPYh0XIhN17AbR2i4GdBC0xv4V6+bz6l6NDBZb8CeEZ67R6kJBOMzGWbf6FWxp7MA96FgVA"
            + "AXYM85KUen6jx74QyZ1nA6U7uxABBAYAAQn/4AQAAAAAAAAABwsBAAEjAwQBBQYACAAADP9YBgAAAAAAAAAABQER/wUAAAAAAAAAAHQAAAAAAA=="
    )

    @Test func readsPPMdThatStartsAgainWhenItsMemoryIsFull() throws {
        let text = (0..<80).map { "layer.\($0).weight \($0 * $0)\n" }.joined()
        let region = ByteRegion(small)
        let archive = try SevenZipArchive(region, budget: Budget())
        let content = try archive.folders[0].open(region, budget: Budget())
        #expect(content.region.text() == text)
        #expect(content.stop == .end)
    }

    @Test func ppmdThatBreaksOffIsNotWhole() throws {
        // The packed stream shortened, and the memory asked for raised to 4 GiB.
        let packed = small.count - 32 - 61
        var short = small
        let size = try #require(short.indices.first { short[$0] == 0x09 && short[$0 + 1] == 0xFF && $0 > packed })
        for (index, byte) in (0..<8).map({ UInt8(truncatingIfNeeded: (packed / 2) >> (8 * $0)) }).enumerated() {
            short[size + 2 + index] = byte
        }
        let archive = try SevenZipArchive(ByteRegion(short), budget: Budget())
        let content = try archive.folders[0].open(ByteRegion(short), budget: Budget())
        #expect(content.stop == .inputEnded)
        #expect(content.region.count < archive.folders[0].unpackedSize)

        var large = small
        let coder = try #require(large.indices.last { large[$0...].starts(with: [0x23, 3, 4, 1, 5]) })
        for index in 0..<4 { large[coder + 6 + index] = 0xFF }
        let other = try SevenZipArchive(ByteRegion(large), budget: Budget())
        #expect(throws: ParseError.limit()) { try other.folders[0].open(ByteRegion(large), budget: Budget()) }
        large[coder + 5] = 1
        let none = try SevenZipArchive(ByteRegion(large), budget: Budget())
        #expect(throws: ParseError.malformed()) { try none.folders[0].open(ByteRegion(large), budget: Budget()) }
    }

    @Test func namesMethodsThatAreNotRead() throws {
        var brotli = small
        let coder = try #require(brotli.indices.last { brotli[$0...].starts(with: [0x23, 3, 4, 1, 5]) })
        brotli.replaceSubrange(coder..<(coder + 4), with: [0x24, 0x04, 0xF7, 0x11, 0x02])
        brotli[20] += 1
        let archive = try SevenZipArchive(ByteRegion(brotli), budget: Budget())
        #expect(archive.folders[0].refusal == .method)
        #expect(archive.folders[0].unreadMethod == "Brotli")
        #expect(throws: ParseError.unsupported()) {
            try archive.folders[0].open(ByteRegion(brotli), budget: Budget())
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
