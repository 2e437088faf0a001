import ByteParsing
import ModelFormats
import Testing

/// Writes R's serialisation by hand, in XDR or text.
struct RFixture {
    static func int(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    static func header(version: Int = 2) -> [UInt8] {
        var bytes: [UInt8] = Array("X\n".utf8) + int(version) + int(0x040301) + int(0x020300)
        if version == 3 { bytes += int(5) + Array("UTF-8".utf8) }
        return bytes
    }
    static func characters(_ text: String) -> [UInt8] { int(0x40009) + int(text.utf8.count) + Array(text.utf8) }
    static func symbol(_ name: String) -> [UInt8] { int(1) + characters(name) }
    static func strings(_ values: [String]) -> [UInt8] {
        int(16) + int(values.count) + values.flatMap { characters($0) }
    }
    static let null = int(254)
    static func call(_ function: [UInt8], _ arguments: [[UInt8]]) -> [UInt8] {
        int(6) + function + arguments.flatMap { int(2) + $0 } + null
    }
    /// With an environment, a value (252: none yet) and code.
    static func promise(value: Int = 252, _ code: [UInt8]) -> [UInt8] {
        int(0x405) + int(253) + int(value) + code
    }
    static func closure(_ body: [UInt8]) -> [UInt8] { int(0x403) + int(253) + null + body }
    static func environment(_ members: [(String, [UInt8])]) -> [UInt8] {
        var frame: [UInt8] = []
        for (name, value) in members { frame += int(0x402) + symbol(name) + value }
        return int(4) + int(0) + int(253) + frame + null + null + null
    }
    static func list(_ items: [[UInt8]]) -> [UInt8] { int(19) + int(items.count) + items.flatMap { $0 } }
}

@Suite struct RStreamTests {
    static func read(_ bytes: [UInt8]) throws -> RStream { try RStream(ByteRegion(bytes), budget: Budget()) }

    @Test func readsObjectsInOrder() throws {
        let stream = try RStreamTests.read(
            RFixture.header(version: 3)
                + RFixture.list([
                    RFixture.strings(["a", "b"]), RFixture.call(RFixture.symbol("f"), [RFixture.int(255 + 256)]),
                    RFixture.int(14) + RFixture.int(1) + [0, 0, 0, 0, 0, 0, 0, 0],
                ]))
        #expect(stream.failure == nil)
        #expect(stream.trailing == 0)
        #expect(stream.nodes.map(\.type).prefix(4) == [.list, .strings, .call, .symbol])
        #expect(stream.texts.contains("f"))
        // The argument is a reference to the symbol that stands first.
        let reference = stream.nodes.first { $0.type == .reference }
        #expect(reference.map { stream.nodes[Int($0.target)].type } == .symbol)
    }

    @Test func readsTheTextCoding() throws {
        let stream = try RStreamTests.read(Array("A\n2\n262914\n131840\n16\n1\n262153\n5\na\\n\\tbc\n".utf8))
        #expect(stream.failure == nil)
        #expect(stream.texts == ["a\n\tbc"])
    }

    @Test func readsAWorkspace() throws {
        let stream = try RStreamTests.read(
            Array("RDX2\n".utf8) + RFixture.header() + RFixture.int(0x402) + RFixture.symbol("x")
                + RFixture.strings(["1"]) + RFixture.null)
        #expect(stream.isWorkspace)
        #expect(stream.failure == nil)
    }

    @Test(arguments: [
        ([0, 0, 0, 255] as [UInt8], ParseError.truncated()),
        (RFixture.int(255 + 256), ParseError.malformed()),
        (RFixture.int(60), ParseError.malformed()),
        (RFixture.int(14) + RFixture.int(0x7FFF_FFFF), ParseError.truncated()),
        (RFixture.int(16) + RFixture.int(1000), ParseError.truncated()),
        (RFixture.int(13) + RFixture.int(-5), ParseError.malformed()),
    ])
    func brokenObjectsStop(bytes: [UInt8], error: ParseError) throws {
        let stream = try RStreamTests.read(RFixture.header() + bytes)
        #expect(stream.failure == error)
    }

    @Test func depthIsNoHidingPlace() throws {
        let deep = [UInt8](repeating: 0, count: 0)
        var bytes = RFixture.header() + deep
        for _ in 0..<100_000 { bytes += RFixture.int(6) }
        let stream = try RStreamTests.read(bytes)
        #expect(stream.nodes.count == 100_000)
    }

    @Test func damageIsSurvived() throws {
        let whole =
            RFixture.header()
            + RFixture.list([
                RFixture.environment([("p", RFixture.promise(RFixture.call(RFixture.symbol("g"), [])))]),
                RFixture.closure(RFixture.call(RFixture.symbol("h"), [RFixture.strings(["x"])])),
            ])
        for length in 0..<whole.count { _ = try? RStreamTests.read(Array(whole.prefix(length))) }
        for index in whole.indices {
            for value: UInt8 in [0, 1, 0x15, 0x7F, 0xF0, 0xFF] {
                var damaged = whole
                damaged[index] = value
                _ = try? RStreamTests.read(damaged)
            }
        }
    }
}
