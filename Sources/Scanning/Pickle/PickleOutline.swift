import AssayCore
import ByteParsing
import ModelFormats

/// A pickle for people: what it calls, written as Python, and its disassembly; both bounded.
enum PickleOutline {
    private static let opcodes = 2000
    private static let calls = 500

    static func of(_ region: ByteRegion, budget: Budget) throws(ParseError) -> Outline {
        let log = Calls()
        var machine = PickleMachine(region)
        let ending = try machine.run(from: 0, budget: budget, to: log)
        var end = "STOP at 0x" + String(max(0, ending.end - 1), radix: 16)
        if let error = ending.error { end = "breaks: \(error)" }
        var children = [Outline("end", end)]
        if !log.lines.isEmpty { children.append(Outline("calls", "\(log.count)", children: log.lines)) }
        var lines: [Outline] = []
        let disassembly = PickleDisassembly(region)
        var at = 0
        while at < ending.end, lines.count < opcodes, let line = disassembly.line(at: at) {
            lines.append(
                Outline(
                    "0x" + String(line.offset, radix: 16) + " " + line.opcode.name,
                    Printable.line(line.argument, limit: 160)))
            at = line.next
        }
        if at < ending.end { lines.append(Outline("…", "up to 0x" + String(ending.end, radix: 16))) }
        children.append(Outline("opcodes", "\(ending.opcodes)", children: lines))
        return Outline("pickle", "\(region.count) bytes", children: children)
    }

    private final class Calls: PickleListener {
        var lines: [Outline] = []
        var count = 0

        func imported(
            _ value: PickleValue, opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine
        ) {}

        func called(
            _ result: PickleValue, callee: PickleValue, arguments: PickleValue, keywords: PickleValue?,
            opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine
        ) {
            count += 1
            add(PickleExpression.of(result, in: machine), offset, opcode)
        }

        func built(_ target: PickleValue, state: PickleValue, at offset: Int, in machine: borrowing PickleMachine) {
            add("state = " + PickleExpression.of(state, in: machine, limit: 120), offset, .build)
        }

        func stored(
            _ items: ArraySlice<PickleValue>, into target: PickleValue, opcode: PickleOpcode, at offset: Int,
            in machine: borrowing PickleMachine
        ) {
            add("\(items.count) items", offset, opcode)
        }

        private func add(_ text: String, _ offset: Int, _ opcode: PickleOpcode) {
            guard lines.count < PickleOutline.calls else { return }
            lines.append(
                Outline("0x" + String(offset, radix: 16) + " " + opcode.name, Printable.line(text, limit: 240)))
        }
    }
}
