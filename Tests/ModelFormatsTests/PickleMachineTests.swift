import ByteParsing
import ModelFormats
import Testing

/// Writes down what a machine says, one line an event.
private final class Log: PickleListener {
    var lines: [String] = []

    func imported(_ value: PickleValue, opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine) {
        lines.append("import \(machine.global(value).map { "\($0.module).\($0.name)" } ?? "\(value.kind)")")
    }

    func called(
        _ result: PickleValue, callee: PickleValue, arguments: PickleValue, keywords: PickleValue?,
        opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine
    ) {
        let texts = machine.children(arguments).map { machine.string($0) ?? "\($0.kind)" }
        lines.append("call \(texts.joined(separator: ","))")
    }

    func built(_ target: PickleValue, state: PickleValue, at offset: Int, in machine: borrowing PickleMachine) {
        lines.append("build")
    }

    func stored(
        _ items: ArraySlice<PickleValue>, into target: PickleValue, opcode: PickleOpcode, at offset: Int,
        in machine: borrowing PickleMachine
    ) {
        lines.append("store \(items.count)")
    }
}

@Suite struct PickleMachineTests {
    private func run(_ bytes: [UInt8]) throws -> (lines: [String], ending: PickleEnding) {
        var machine = PickleMachine(ByteRegion(bytes))
        let log = Log()
        let ending = try machine.run(from: 0, budget: Budget(), to: log)
        return (log.lines, ending)
    }

    private func run(_ text: String) throws -> (lines: [String], ending: PickleEnding) {
        try run(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
    }

    @Test(arguments: [
        ("cos\nsystem\n(S'id'\ntR.", ["import os.system", "call id"]),
        ("(S'id'\nios\nsystem\n.", ["import os.system", "call id"]),
        ("(cos\nsystem\nS'id'\no0N.", ["import os.system", "call id"]),
        ("\u{80}\u{4}U\u{2}osU\u{6}system\u{93}(S'\\x69d'\ntR.", ["import os.system", "call id"]),
        ("Vos\np0\n0Vsystem\np1\n0g0\ng1\n\u{93}(V\\u0069d\ntR.", ["import os.system", "call id"]),
        ("\u{82}\u{7}(tR.", ["import extensionCode", "call "]),
        ("ca\nB\n)\u{81}}b.", ["import a.B", "call ", "build"]),
        ("ca\nB\n)R(K\u{1}K\u{2}u.", ["import a.B", "call ", "store 2"]),
    ])
    func logsWhatIsRun(_ stream: String, _ expected: [String]) throws {
        let (lines, ending) = try run(stream)
        #expect(lines == expected)
        #expect(ending.error == nil)
    }

    @Test(arguments: [
        ("", 0), (".", 0), ("NN", 2), ("g5\n.", 0), ("0", 0), ("N1", 1), ("S'x\n.", 0), ("X\u{5}\0\0\0ab", 0),
        ("X\u{1}\0\0\0\u{FF}.", 0), ("\u{80}\u{6}.", 0), ("(K\u{1}d", 3), ("N)R", 2), ("]]K\u{1}s", 4),
        ("\u{8b}\u{FF}\u{FF}\u{FF}\u{FF}", 0), ("I0x\n", 0), ("\u{ff}", 0), ("V\\u12\n", 0), ("F1e\n.", 0),
    ])
    func saysWhereItBreaks(_ stream: String, _ offset: Int) throws {
        let (_, ending) = try run(stream)
        #expect(ending.error?.offset == offset)
        #expect(ending.value == nil)
    }

    @Test func callsBeforeABreakStay() throws {
        let (lines, ending) = try run("cos\nsystem\n(S'id'\ntR\u{FF}")
        #expect(lines == ["import os.system", "call id"])
        #expect(ending.error?.code == .malformed)
    }

    @Test func sharedReferencesCostNothing() throws {
        var stream = "]q\0".unicodeScalars.map { UInt8($0.value) }
        for level in 0..<200 {
            stream += [0x5D, 0x71, UInt8(level + 1), 0x28] + (0..<8).flatMap { _ in [0x68, UInt8(level)] } + [0x65]
        }
        let (_, ending) = try run(stream + [0x2E])
        #expect(ending.value != nil)
    }

    @Test func farMemoIndexAllocatesNothing() throws {
        let (_, ending) = try run("Nr\u{FF}\u{FF}\u{FF}\u{FF}j\u{FF}\u{FF}\u{FF}\u{FF}.")
        #expect(ending.value != nil)
    }

    @Test func anyTruncationOrFlippedByteEnds() throws {
        let stream = Array(
            "\u{80}\u{4}c__main__\nA\n)\u{81}}(Vab\nK\u{1}Vc\n](K\u{1}I5\nF1.5\nL77L\neubcos\nsystem\n(S'i\\x64'\ntR."
                .unicodeScalars
        )
        .map { UInt8(truncatingIfNeeded: $0.value) }
        for length in 0..<stream.count { #expect(try run(Array(stream[..<length])).ending.error != nil) }
        for index in stream.indices {
            for bit in 0..<8 {
                var changed = stream
                changed[index] ^= 1 << UInt8(bit)
                _ = try run(changed)
            }
        }
    }
}
