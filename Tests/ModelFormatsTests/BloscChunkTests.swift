import ByteParsing
import ModelFormats
import Testing

/// Chunks that C-Blosc wrote: the numbers 0..<256 in four bytes each, the lowest first.
@Suite struct BloscChunkTests {
    static let chunks: [(String, String)] = [
        (
            "BloscLZ, bits in order",
            "AgEEBAAEAAAABAAAigAAABQAAABCAAAAI6qqqqrgEwMAzOAWAADw4BYAAQD/4BYBAQD/4BYDBwAA/////wAA4BEHAACgGwH//4AnAADgCg/AAAD/4AQAAf"
                + "//DAAAACMAAAAA4PADAgAAAAwAAAAjAAAAAODwAwIAAAAMAAAAIwAAAADg8AMCAAAA"
        ),
        (
            "LZ4, bits in order",
            "AgEkBAAEAAAABAAAkgAAABQAAABNAAAAH6oBAAwfzAEADB/wAQAMLwD/AgAMLwD/BAAMQAAA//8kAA8IAAcAAgAAJAAAAgAADAAAAgAADAAAAgAADAAIAg"
                + "AAFAADAgBQ//////8LAAAAHwABAOdQAAAAAAALAAAAHwABAOdQAAAAAAALAAAAHwABAOdQAAAAAAA="
        ),
        (
            "zlib, bits in order",
            "AgFkBAAEAAAABAAAbAAAABQAAAAkAAAAeNpbtQo/OEMAfCAAGP4TgAz/CWAQiZ+GsfHx0cVhAACIK5xxDAAAAHjaY2AY2QAAAQAAAQwAAAB42mNgGNkAAA"
                + "EAAAEMAAAAeNpjYBjZAAABAAAB"
        ),
        (
            "zstd, bits in order",
            "AgGUBAAEAAAABAAAUAAAABQAAAA4AAAAKLUv/WAAA3UBAKiqzPAA/wD/AAD//wAAAAD//////wAKIOAKe/yohP1OhAnDV5G8wW2Qhm2kcVc="
        ),
        (
            "zstd, bytes in order",
            "AgGRBAAEAAAABAAALQEAABQAAAAVAQAAKLUv/WAAA10IACQQAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMz"
                + "Q1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWG"
                + "h4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2N"
                + "na29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+/wAAAQAC+yowBQ=="
        ),
    ]

    private static let numbers: [UInt8] = (0..<256).flatMap { [UInt8($0), 0, 0, 0] as [UInt8] }

    @Test(arguments: chunks)
    func everyCodecGivesTheNumbersBack(_ what: String, _ text: String) throws {
        let chunk = ByteRegion(base64(text))
        let content = try BloscChunk.content(of: chunk, limit: 4096, budget: Budget())
        #expect(content.array() == Self.numbers, "\(what)")
    }

    @Test func aLongMatchIsRepeated() throws {
        let chunk = base64(
            "AgEAAUAGAABABgAAOgAAABQAAAAiAAAAM3RoZSBxdWljayBicm93biBmb3gg4P///////yYTAm94IA==")
        let text = String(repeating: "the quick brown fox ", count: 80)
        let content = try BloscChunk.content(of: ByteRegion(chunk), limit: 4096, budget: Budget())
        #expect(content.array() == Array(text.utf8))
    }

    @Test func moreThanTheLimitIsRefused() {
        let chunk = ByteRegion(base64(Self.chunks[0].1))
        #expect(throws: ParseError.self) { try BloscChunk.content(of: chunk, limit: 1023, budget: Budget()) }
    }

    /// Damage ends in an error or in other bytes, never in a trap.
    @Test(arguments: chunks)
    func damageIsSurvived(_ what: String, _ text: String) {
        let whole = base64(text)
        for length in 0..<whole.count {
            #expect(throws: ParseError.self, "\(what), \(length) bytes") {
                try BloscChunk.content(of: ByteRegion(Array(whole[..<length])), limit: 4096, budget: Budget())
            }
        }
        for place in whole.indices {
            for value in [0, 0x7F, 0xFF, whole[place] ^ 1] as [UInt8] {
                var damaged = whole
                damaged[place] = value
                let content = try? BloscChunk.content(of: ByteRegion(damaged), limit: 4096, budget: Budget())
                #expect((content?.count ?? 0) <= 4096, "\(what), byte \(place)")
            }
        }
    }
}
