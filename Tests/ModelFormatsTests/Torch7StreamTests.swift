import ByteParsing
import ModelFormats
import Testing

@Suite struct Torch7StreamTests {
    static func int(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    static func text(_ value: String) -> [UInt8] { int(value.utf8.count) + Array(value.utf8) }
    static func object(_ name: String, index: Int, _ content: [UInt8]) -> [UInt8] {
        int(4) + int(index) + text("V 1") + text(name) + content
    }
    static func function(index: Int) -> [UInt8] { int(8) + int(index) + text("\u{1B}LJ\u{2}code") + int(0) }

    static func read(_ bytes: [UInt8]) -> Torch7Stream { Torch7Stream(ByteRegion(bytes), budget: Budget()) }

    @Test func findsFunctionsInsideTables() {
        let table = int(3) + int(2) + int(2) + int(2) + text("w") + function(index: 3) + int(5) + int(1) + int(0)
        let stream = Torch7StreamTests.read(object("nn.Linear", index: 1, table))
        #expect(stream.failure == nil)
        #expect(stream.classes == ["nn.Linear"])
        #expect(stream.functions.count == 1)
    }

    private func int(_ value: Int) -> [UInt8] { Torch7StreamTests.int(value) }
    private func text(_ value: String) -> [UInt8] { Torch7StreamTests.text(value) }
    private func function(index: Int) -> [UInt8] { Torch7StreamTests.function(index: index) }
    private func object(_ name: String, index: Int, _ content: [UInt8]) -> [UInt8] {
        Torch7StreamTests.object(name, index: index, content)
    }

    @Test func passesOverTensors() {
        var storage = [UInt8](repeating: 0, count: 8)
        storage[0] = 2
        storage += [UInt8](repeating: 7, count: 8)
        let tensor =
            int(1) + [2, 0, 0, 0, 0, 0, 0, 0] + [1, 0, 0, 0, 0, 0, 0, 0] + [1, 0, 0, 0, 0, 0, 0, 0]
            + object("torch.FloatStorage", index: 2, storage)
        let stream = Torch7StreamTests.read(object("torch.FloatTensor", index: 1, tensor))
        #expect(stream.failure == nil)
        #expect(stream.classes == ["torch.FloatTensor", "torch.FloatStorage"])
        #expect(stream.functions.isEmpty)
    }

    @Test func cutFunctionsStillCount() {
        let stream = Torch7StreamTests.read(object("nn.Sequential", index: 1, int(8) + int(2) + int(999) + [1, 2]))
        #expect(stream.functions.count == 1)
        #expect(stream.failure == .truncated())
    }

    @Test func readsTheTextCoding() {
        let stream = Torch7StreamTests.read(Array("4\n1\n3\nV 1\n9\nnn.Linear\n3\n2\n1\n2\n1\nw\n1\n0.5\n".utf8))
        #expect(stream.failure == nil)
        #expect(stream.classes == ["nn.Linear"])
        #expect(stream.texts == ["w"])
    }

    @Test func seesABareFunctionInBothCodings() {
        for start in [Array("8\n1\n8\n\u{1B}LJ\u{2}code\n0\n".utf8), function(index: 1)] {
            #expect(Torch7Stream.start(of: ByteRegion(start)) == .object)
            #expect(Torch7StreamTests.read(start).functions.count == 1)
        }
        #expect(Torch7Stream.start(of: ByteRegion(Array("8\n1\n8\n".utf8))) == nil)
    }

    @Test func damageIsSurvived() {
        let whole = object("nn.Linear", index: 1, int(3) + int(2) + int(1) + int(2) + text("w") + function(index: 3))
        for length in 0..<whole.count { _ = Torch7StreamTests.read(Array(whole.prefix(length))) }
        for index in whole.indices {
            for value: UInt8 in [0, 1, 3, 8, 0x7F, 0x80, 0xFF] {
                var damaged = whole
                damaged[index] = value
                _ = Torch7StreamTests.read(damaged)
            }
        }
    }
}
