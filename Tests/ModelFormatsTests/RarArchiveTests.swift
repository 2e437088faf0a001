import ByteParsing
import ModelFormats
import Testing

@Suite struct RarArchiveTests {
    private func number(_ value: Int) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127 | 128)] + number(value >> 7)
    }

    /// A block of version 5; checksums are not read.
    private func block(_ kind: Int, flags: Int = 0, _ body: [UInt8], extra: [UInt8] = [], data: [UInt8] = []) -> [UInt8]
    {
        let flags = flags | (extra.isEmpty ? 0 : 1) | (data.isEmpty ? 0 : 2)
        let header =
            number(kind) + number(flags) + (extra.isEmpty ? [] : number(extra.count))
            + (data.isEmpty ? [] : number(data.count))
            + body + extra
        return [0, 0, 0, 0] + number(header.count) + header + data
    }

    private func file(_ name: String, method: Int = 0) -> [UInt8] {
        number(0) + number(9) + number(0o644) + number(method << 7) + number(1) + number(name.utf8.count)
            + Array(name.utf8)
    }

    private let mark: [UInt8] = [0x52, 0x61, 0x72, 0x21, 0x1A, 7, 1, 0]

    private func archive(_ blocks: [UInt8]...) throws -> RarArchive {
        try RarArchive(ByteRegion(mark + blocks.flatMap { $0 }), budget: Budget())
    }

    @Test func membersOfVersionFive() throws {
        let rar = try archive(
            block(1, number(0)), block(2, file("a.bin"), data: [1, 2, 3]), block(2, file("b", method: 3), data: [4]),
            block(5, [0]))
        #expect(rar.version == 5 && rar.stop == nil)
        #expect(rar.entries.map { $0.name.text() } == ["a.bin", "b"])
        #expect(rar.entries.map(\.isStored) == [true, false])
        #expect(rar.entries[0].packedSize == 3)
    }

    @Test func linksAndEncryption() throws {
        let target = Array("../x".utf8)
        let link = number(5) + number(1) + number(0) + number(target.count) + target
        let secret = number(1) + number(0)
        let rar = try archive(
            block(2, file("l"), extra: number(link.count) + link),
            block(2, file("s"), extra: number(secret.count) + secret, data: [1]),
            block(5, [0]))
        #expect(rar.entries[0].link == .symbolic)
        #expect(rar.entries[0].linkTarget?.text() == "../x")
        #expect(rar.entries[1].isEncrypted)
    }

    @Test func encryptedHeadersEndTheReading() throws {
        let rar = try archive(block(4, [0, 0, 15]), [1, 2, 3])
        #expect(rar.hasEncryptedHeaders && rar.entries.isEmpty)
    }

    @Test func membersOfVersionFour() throws {
        func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        func old(_ kind: UInt8, _ flags: UInt8, _ body: [UInt8], _ data: [UInt8] = []) -> [UInt8] {
            [0, 0, kind, flags, kind == 0x74 ? 0x80 : 0, UInt8(7 + body.count), 0] + body + data
        }
        let name = Array("m.pkl".utf8)
        let body =
            little(2) + little(2) + [3] + little(0) + little(0) + [29, 0x30, UInt8(name.count), 0] + little(0o644)
            + name
        let bytes =
            Array(mark.prefix(6)) + [0] + old(0x73, 0, [0, 0, 0, 0, 0, 0]) + old(0x74, 0, body, [8, 9])
            + old(0x7B, 0, [])
        let rar = try RarArchive(ByteRegion(bytes), budget: Budget())
        #expect(rar.version == 4 && rar.stop == nil)
        #expect(rar.entries.first?.name.text() == "m.pkl")
        #expect(rar.entries.first.map { $0.isStored && $0.packedSize == 2 } == true)
    }

    @Test func everyTruncationEnds() throws {
        let whole = mark + block(1, number(0)) + block(2, file("a.bin"), data: [1, 2, 3]) + block(5, [0])
        for length in 8..<whole.count {
            let rar = try RarArchive(ByteRegion(Array(whole.prefix(length))), budget: Budget())
            #expect(rar.stop != nil)
        }
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= 0xFF
            _ = try? RarArchive(ByteRegion(damaged), budget: Budget())
        }
    }
}
