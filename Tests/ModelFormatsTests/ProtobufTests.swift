import ByteParsing
import ModelFormats
import Testing

private func fields(_ bytes: [UInt8]) throws -> [ProtobufField] {
    let region = ByteRegion(bytes)
    var reader = ProtobufReader(region.bytes, 0..<region.count)
    var result: [ProtobufField] = []
    while let field = try reader.next() { result.append(field) }
    return result
}

@Suite struct ProtobufTests {
    @Test func readsEachWireType() throws {
        let found = try fields([
            0x08, 0x96, 0x01,  // 1: 150
            0x11, 1, 0, 0, 0, 0, 0, 0, 0x80,  // 2: fixed 64
            0x1A, 2, 0x68, 0x69,  // 3: "hi"
            0x25, 1, 0, 0, 0x80,  // 4: fixed 32
            0x2B, 0x08, 1, 0x33, 0x34, 0x2C,  // 5: a group with a group
        ])
        #expect(found.map(\.number) == [1, 2, 3, 4, 5])
        #expect(found.map(\.wire) == [.varint, .fixed64, .bytes, .fixed32, .group])
        #expect(found[0].value == 150)
        #expect(found[1].value == 0x8000_0000_0000_0001)
        #expect(found[2].range == 14..<16)
        #expect(found[3].value == 0x8000_0001)
        #expect(found[4].range == 22..<26)
    }

    @Test(
        arguments: [
            ([0x08], ParseError.truncated()), ([0x0A, 5, 1], .truncated()),
            ([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], .truncated()),
            ([0x08] + [UInt8](repeating: 0xFF, count: 11), .malformed()), ([0x00, 1], .malformed()),
            ([0x0C], .malformed()),
            ([0x0E], .malformed()), ([0x0B, 0x08, 1], .truncated()), ([0x0B, 0x14], .malformed()),
            ([0x11, 1], .truncated()),
            ([0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 1], .malformed()),
        ] as [([UInt8], ParseError)])
    func refuses(bytes: [UInt8], expected: ParseError) {
        #expect(throws: expected) { try fields(bytes) }
    }

    @Test func deepGroupsCostNoStack() throws {
        let depth = 200_000
        let bytes = [UInt8](repeating: 0x0B, count: depth) + [UInt8](repeating: 0x0C, count: depth)
        #expect(try fields(bytes).count == 1)
    }
}

@Suite struct MessagePackTests {
    @Test(
        arguments: [
            ([0xC1], ParseError.malformed()), ([0x92, 1], .truncated()),
            ([0xDF, 0xFF, 0xFF, 0xFF, 0xFF], .truncated()),
            ([0xC6, 0xFF, 0xFF, 0xFF, 0xFF], .truncated()), ([UInt8](repeating: 0x91, count: 1_000) + [1], .limit()),
            ([], .truncated()),
        ] as [([UInt8], ParseError)])
    func refuses(bytes: [UInt8], expected: ParseError) {
        #expect(throws: expected) { try MessagePack(ByteRegion(bytes), budget: Budget()) }
    }

    @Test func findsBinaryValuesAndExtensions() throws {
        let document = try MessagePack(
            ByteRegion([0x82, 0xA1, 0x61, 0xC4, 1, 9, 0xA1, 0x62, 0xC7, 2, 1, 7, 8]), budget: Budget())
        #expect(document.values.map(\.name) == ["a", "b"])
        #expect(document.values.map(\.range) == [5..<6, 11..<13])
        #expect(document.extensions == [1: 1])
        #expect(document.end == 13)
    }
}
