import ByteParsing
import Testing

@testable import ModelFormats

/// Streams that ask for far more than they use.
@Suite struct PickleLimitTests {
    private func run(_ stream: [UInt8]) throws -> (PickleEnding, PickleCalls) {
        var machine = PickleMachine(ByteRegion(stream))
        let calls = PickleCalls()
        return (try machine.run(from: 0, budget: Budget(), to: calls), calls)
    }

    private final class PickleCalls: PickleListener {
        var names: [(module: String, name: String)] = []
        func imported(_ value: PickleValue, opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine) {
            guard let name = machine.global(value)?.names else { return }
            names.append((name.module, name.name))
        }
        func called(
            _ result: PickleValue, callee: PickleValue, arguments: PickleValue, keywords: PickleValue?,
            opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine
        ) {}
        func built(_ target: PickleValue, state: PickleValue, at offset: Int, in machine: borrowing PickleMachine) {}
        func stored(
            _ items: ArraySlice<PickleValue>, into target: PickleValue, opcode: PickleOpcode, at offset: Int,
            in machine: borrowing PickleMachine
        ) {}
    }

    /// MEMOIZE counts entries: one that was stored far from the others and is stored again among them is still one.
    @Test func anEntryIsCountedOnce() throws {
        var memo = PickleMemo()
        let places = Array(0..<4000).map(UInt64.init) + [20_000] + Array(4000..<24_000).map(UInt64.init)
        for index in places {
            let isKept = memo.store(PickleValue(.integer, Int(index)), under: index)
            #expect(isKept)
        }
        #expect(memo.count == 24_000)
        #expect(places.allSatisfy { memo[$0] == PickleValue(.integer, Int($0)) })
    }

    @Test func indicesThatLieApartTakeNoRoomBetweenThem() throws {
        var memo = PickleMemo()
        var kept = 0
        for number in 0..<100_000 where memo.store(.yes, under: UInt64(number * 400)) { kept += 1 }
        #expect(kept == 100_000)
        #expect(memo.count == 100_000)
        #expect(memo[400] == .yes && memo[401] == nil && memo[99_999 * 400] == .yes)
    }

    @Test func aLongNameIsCutAndAnotherOneStaysAnother() throws {
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: 200_000)
        let stream = [0x63] + long + Array("\nx\n0c".utf8) + long + Array("b\nx\n0N.".utf8)
        let (ending, calls) = try run(stream)
        #expect(ending.value == PickleValue.none)
        #expect(calls.names.count == 2)
        #expect(calls.names.allSatisfy { $0.module.utf8.count == 65_536 && $0.name == "x" })
        var machine = PickleMachine(ByteRegion(stream))
        _ = try machine.run(from: 0, budget: Budget(), to: PickleCalls())
        #expect(machine.globals.count == 2)
    }
}
