import ByteParsing
import ModelFormats
import Testing

@Suite struct Deflate64Tests {
    /// 300 bytes, 40,000 zeros, the same 300 bytes and some text, as 7-Zip compressed them: the copy reaches further back
    /// than DEFLATE can, and the zeros are one copy longer than DEFLATE has.
    private let archive = base64(
        "UEsDBBUAAAAJAHZael3Od5GcEwIAAJKfAAAIAAAAbG9uZy5iaW4AFwHo/twEZaofrR1a2uWsGx5fE3B5bP0Q/xmvYB0ErLQdAitGeHM68t9frrcI"
            + "WdHuORDLSJW1zIkpEf8GtmIu3zz5Nf1LlCjKCXxEswJell+z6m2s1C2Bbmmv4OaHTJwE59I2XSxgyer0efaGoOuTJuRiEtUNy7N3FWpqOmi6jtt0"
            + "CEae886zCvjQ3Wi7+F/6JPLS/BiH+1yHurQ4MqWbGz0QfPd41n/ibfgRkSl+k5XLEsVXzlrx1BYY1xm8BFt+mWXxopRxxCqsaqk4xHXHrTI4Ah8F"
            + "OyyZGvzrFd7PaLrgfLzWHpcbmgudvpdj05L8r9+ijJcjRWLr3QdlcP9YiWrP98ruPxzp5Apo5d6TjTicfb3XWwnU5+IzRLL36jmycMK1HTvuJMZf"
            + "7NPYF8m3KkCaYcQDgEY8AGjEgxEPABrxYMSDEQ9GPBjxAEAeHAgAAAAAAPm/FoJer9fr9Xq9Xg95cCAAAAAAAOT/Wgh6vV6v1+v1er1er9fr9Xq9"
            + "Xg95cCAAAAAAAOT/Wgh6vV6v1+v1er1er9fr9Xq9Xq/X6/V6vV6v1+v1er1er9fr9ZR7x0QAACAQw6xgDgc/IB8NjFwyVEd5PB6Px+PxeDwej8fj"
            + "8Xg8Ho/H4/F4PB6Px+PxeDwej8fj8Xg8Ho/H4/F4PB6Px+PxeDwej8fj8Xg8Ho/H4/F4PB7vA/617vBal54UmQVQSwECPwMVAAAACQB2WnpdzneR"
            + "nBMCAACSnwAACAAkAAAAAAAAACCApIEAAAAAbG9uZy5iaW4KACAAAAAAAAEAGABfw4sImH3dAQAAAAAAAAAAAAAAAAAAAABQSwUGAAAAAAEAAQBa"
            + "AAAAOQIAAAAA")

    private func pseudorandom(_ count: Int) -> [UInt8] {
        var state = 12345
        return (0..<count).map { _ in
            state = (state * 1_103_515_245 + 12345) & 0x7FFF_FFFF
            return UInt8(state >> 16 & 0xFF)
        }
    }

    private func data() throws -> ByteRegion {
        let region = ByteRegion(archive)
        let zip = try ZipArchive(region, budget: Budget())
        let entry = try #require(zip.entries.first)
        #expect(entry.local?.method == ZipMethod.deflate64.rawValue)
        return try #require(region.slice(entry.dataOffset ?? 0, entry.dataLength))
    }

    @Test func readsLongCopies() throws {
        let block = pseudorandom(300)
        let text = Array(String(repeating: "text ", count: 50).utf8)
        let content = try Decompressed(try data(), as: .deflate64, budget: Budget())
        #expect(content.stop == .end)
        #expect(content.region.array() == block + [UInt8](repeating: 0, count: 40_000) + block + text)
        #expect(content.consumed == (try data().count))
    }

    @Test func readsStoredBlocksAndWhatFollows() throws {
        let bytes: [UInt8] = [0, 3, 0, 0xFC, 0xFF, 1, 2, 3, 1, 1, 0, 0xFE, 0xFF, 4, 0x55, 0x66]
        let content = try Decompressed(ByteRegion(bytes), as: .deflate64, budget: Budget())
        #expect(content.region.array() == [1, 2, 3, 4])
        #expect(content.consumed == 14)
        #expect(content.stop == .end)
    }

    /// What both formats allow must come out alike.
    @Test func agreesWithDeflate() throws {
        // "hello hello hello, hello" in a fixed block.
        let bytes: [UInt8] = [0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40, 0x90, 0x3A, 0x10, 0x0A, 0x00]
        let one = try Decompressed(ByteRegion(bytes), as: .deflate, budget: Budget())
        let other = try Decompressed(ByteRegion(bytes), as: .deflate64, budget: Budget())
        #expect(one.region.array() == other.region.array())
        #expect(one.region.text() == "hello hello hello, hello")
    }

    @Test func damageEnds() throws {
        let whole = try data().array()
        for count in stride(from: 0, to: whole.count, by: 5) {
            let content = try? Decompressed(ByteRegion(Array(whole.prefix(count))), as: .deflate64, budget: Budget())
            #expect(content?.stop != .end)
        }
        for index in stride(from: 0, to: whole.count, by: 7) {
            for value in [whole[index] ^ 1, whole[index] ^ 0x80, 0, 0xFF] {
                var changed = whole
                changed[index] = value
                _ = try? Decompressed(ByteRegion(changed), as: .deflate64, budget: Budget())
            }
        }
    }
}
