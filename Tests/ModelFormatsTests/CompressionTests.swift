import ByteParsing
import ModelFormats
import Testing

@Suite struct CompressionTests {
    /// `assay ` twenty times, as other programs pack it.
    private static let packed: [(kind: Compression, base64: String)] = [
        (.gzip, "H4sIAAAAAAACA0ssLk6sVEikOwkAmO3VQHgAAAA="), (.zlib, "eNpLLC5OrFRIpDsJALT6LRU="),
        (.bzip2, "QlpoOTFBWSZTWVWOZpIAABORgEAAIAAIICAAMM00ClR6YniYTCcLuSKcKEgqxzNJAA=="),
        (
            .xz,
            "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AB3AAxdADCc7MJ8ZnCcYQIAAABTN202JssclAABKHiP4gUjH7bzfQEAAAAABFla"
        ), (.lzmaAlone, "XQAAgAD//////////wAwnOzCfGZwnGn+l///+8aAAA=="),
        (.zstd, "KLUv/SB4bQAAMGFzc2F5IAEAL2kpAg=="),
        (.lz4, "BCJNGGhAeAAAAAAAAACBEAAAAG9hc3NheSAGAFpQc3NheSAAAAAA"),
    ]
    /// The same as `lz4 -l` packs it.
    private static let legacy = "AiFMGBAAAABvYXNzYXkgBgBaUHNzYXkg"

    @Test func legacyFramesOfLZ4AreRead() throws {
        let bytes = base64(Self.legacy)
        #expect(Compression.probe(ByteRegion(bytes)) == .lz4Legacy)
        // A further block; and what is cut off says so.
        let twice = try Decompressed(ByteRegion(bytes + bytes.dropFirst(4)), as: .lz4Legacy, budget: Budget())
        #expect(twice.region.array() == Self.plain + Self.plain && twice.stop == .end)
        for length in 9..<bytes.count {
            let cut = try? Decompressed(ByteRegion(Array(bytes.prefix(length))), as: .lz4Legacy, budget: Budget())
            #expect(cut?.stop != .end)
        }
    }

    @Test func zerosBetweenStreamsAreSkipped() throws {
        for (kind, text) in Self.packed where kind == .gzip || kind == .xz {
            let bytes = base64(text)
            let padded = bytes + [UInt8](repeating: 0, count: 512) + bytes
            let content = try Decompressed(ByteRegion(padded), as: kind, budget: Budget())
            #expect(content.region.array() == Self.plain + Self.plain && content.consumed == padded.count)
        }
    }

    private static let plain = Array(String(repeating: "assay ", count: 20).utf8)

    @Test(arguments: packed.indices)
    func decodesAndIsRecognised(_ index: Int) throws {
        let kind = Self.packed[index].kind
        let region = ByteRegion(base64(Self.packed[index].base64))
        let content = try Decompressed(region, as: kind, budget: Budget())
        #expect(content.region.array() == Self.plain)
        #expect(content.stop == .end && content.consumed == region.count)
        if kind == .zlib || kind == .lzmaAlone {
            #expect(Compression.weakProbe(region, only: kind))
        } else {
            #expect(Compression.probe(region) == kind)
        }
    }

    /// A stream so short that the checksum is read with the first bytes is recognised all the same, unlike two bytes by chance.
    @Test func shortStreamsWithWrongChecksumsAreRecognised() throws {
        for (kind, text) in Self.packed where kind == .zlib {
            let stream = base64(text)
            let damaged = ByteRegion(Array(stream.dropLast(4)) + [0, 0, 0, 0])
            #expect(Compression.weakProbe(damaged, only: .zlib))
            #expect(try Decompressed(damaged, as: .zlib, budget: Budget()).region.array() == Self.plain)
        }
        #expect(!Compression.weakProbe(ByteRegion([0x78, 0x9C, 3, 0, 9, 9, 9, 9, 9]), only: .zlib))
        #expect(
            !Compression.weakProbe(
                ByteRegion(Array("x\u{9C}".unicodeScalars.map { UInt8($0.value) }) + Self.plain), only: .zlib))
    }

    @Test(arguments: packed.indices)
    func streamsOfOneKindAreJoinedAndRestIsLeft(_ index: Int) throws {
        let (kind, text) = Self.packed[index]
        let bytes = base64(text)
        let content = try Decompressed(ByteRegion(bytes + bytes + [1, 2, 3]), as: kind, budget: Budget())
        if kind == .zlib || kind == .lzmaAlone {
            #expect(content.region.array() == Self.plain && content.consumed == bytes.count)
        } else {
            #expect(content.region.array() == Self.plain + Self.plain)
            #expect(content.consumed == 2 * bytes.count && content.streams == 2)
        }
    }

    @Test(arguments: packed.indices)
    func truncationsAndFlipsEnd(_ index: Int) {
        let (kind, text) = Self.packed[index]
        let bytes = base64(text)
        for length in 0..<bytes.count {
            guard
                let content = try? Decompressed(ByteRegion(Array(bytes.prefix(length))), as: kind, budget: Budget())
            else { continue }
            #expect(content.stop != .end || content.consumed <= length)
        }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x55
            _ = try? Decompressed(ByteRegion(changed), as: kind, budget: Budget())
            _ = Compression.probe(ByteRegion(changed))
        }
    }

    @Test func limitsStopTheOutput() throws {
        // A megabyte of zeros in deflate, by hand: one literal zero, then matches of 258 at distance 1.
        let bomb = ByteRegion(deflatedZeros(20_000))
        var limits = Limits()
        limits.expansionRatio = 100
        limits.memberBytes = 1 << 20
        #expect(try Decompressed(bomb, as: .deflate, budget: Budget(limits)).stop == .ratio)
        limits = Limits()
        limits.inflatedBytes = 100_000
        #expect(try Decompressed(bomb, as: .deflate, budget: Budget(limits)).stop == .budget)

        limits = Limits()
        limits.memberBytes = 65_536
        let none = ScratchSpace()
        none.disable()
        let cut = try Decompressed(bomb, as: .deflate, budget: Budget(limits), scratch: none)
        #expect(cut.stop == .memory && cut.region.count == 65_536)
        let whole = try Decompressed(bomb, as: .deflate, budget: Budget(limits), scratch: ScratchSpace())
        #expect(whole.stop == .end && whole.region.count == 1 + 258 * 20_000 && whole.region.isAllZero)
    }

    @Test func decodersThatCannotBeSetUpAreRefused() {
        // Properties that liblzma refuses: the decoder's memory is given back once.
        let bytes = ByteRegion([9, 20, 5, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0])
        for _ in 0..<50 {
            #expect(throws: ParseError.malformed()) { try Decompressed(bytes, as: .zipLZMA, budget: Budget()) }
        }
    }

    @Test func wholeDeflateFallsBackWhenTheSizeIsALie() throws {
        let bytes = ByteRegion(deflatedZeros(100))
        for declared in [0, 100, 25_801, 25_802, 1 << 20] {
            let content = try Decompressed(
                bytes, as: .deflate, budget: Budget(), declared: declared, with: WholeDeflate())
            #expect(content.region.count == 25_801 && content.stop == .end)
        }
    }

    /// A fixed-Huffman block: the literal 0, then `matches` times length 258 at distance 1, then the end.
    private func deflatedZeros(_ matches: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var bit = 0
        func put(_ value: Int, _ count: Int, reversed: Bool = false) {
            for index in 0..<count {
                if bit % 8 == 0 { bytes.append(0) }
                let from = reversed ? count - 1 - index : index
                if value >> from & 1 == 1 { bytes[bytes.count - 1] |= 1 << UInt8(bit % 8) }
                bit += 1
            }
        }
        put(1, 1)
        put(1, 2)
        put(0x30, 8, reversed: true)
        for _ in 0..<matches {
            put(0xC5, 8, reversed: true)
            put(0, 5, reversed: true)
        }
        put(0, 7, reversed: true)
        return bytes
    }
}

/// The bytes of a base64 text.
func base64(_ text: String) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var bytes: [UInt8] = []
    var bits = 0
    var count = 0
    for character in text.utf8 {
        guard let value = alphabet.firstIndex(of: character) else { break }
        bits = (bits << 6 | value) & 0xFFFF
        count += 6
        if count >= 8 {
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> count))
        }
    }
    return bytes
}
