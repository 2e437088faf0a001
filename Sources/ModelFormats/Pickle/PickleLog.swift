package import ByteParsing

/// What the machine does with a stream, as lines of a fixed notation that another implementation can write too.
///
/// Values: `N T F`, `i` and `I` integers, `f` the bits of a float, `s'…'` text, `b` and `B` bytes in hexadecimal,
/// `(…) […] {…} <…> /…/` tuple, list, dictionary, set and frozen set, `g'module''name'` an imported name, `x` an
/// extension code, `r` the number of the call that returned it, `p(…)` a persistent object, `u` a buffer, `v(…)` a view.
/// Past 6 levels or 300 values `~` stands for the rest.
package final class PickleLog: PickleListener {
    private var lines: [String] = []
    private var results: [PickleValue: Int] = [:]
    private var calls = 0

    private init() {}

    /// Runs the stream at the start of `region`; the last line is `stop` or `broken` with an offset.
    package static func lines(of region: ByteRegion) -> [String] {
        var machine = PickleMachine(region)
        machine.keepEverything()
        let log = PickleLog()
        do throws(ParseError) {
            let ending = try machine.run(from: 0, budget: Budget(), to: log)
            if let error = ending.error {
                log.lines.append("broken \(error.offset)")
            } else if let value = ending.value {
                log.lines.append("stop \(ending.end) " + log.text(value, machine))
            }
        } catch {
            log.lines.append("limit \(error.offset)")
        }
        return log.lines
    }

    /// Runs the stream at the start of `region` without writing anything down: for timing.
    package static func opcodes(of region: ByteRegion) -> Int {
        var machine = PickleMachine(region)
        return (try? machine.run(from: 0, budget: Budget(), to: Silence()))?.opcodes ?? 0
    }

    package func imported(
        _ value: PickleValue, opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine
    ) {
        lines.append("import \(offset) " + text(value, machine))
    }

    package func called(
        _ result: PickleValue, callee: PickleValue, arguments: PickleValue, keywords: PickleValue?,
        opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine
    ) {
        var line = "call \(offset) \(opcode.name) " + text(callee, machine) + " " + text(arguments, machine)
        if let keywords { line += " " + text(keywords, machine) }
        lines.append(line)
        results[result] = calls
        calls += 1
    }

    package func built(
        _ target: PickleValue, state: PickleValue, at offset: Int, in machine: borrowing PickleMachine
    ) {
        lines.append("build \(offset) " + text(target, machine) + " " + text(state, machine))
    }

    package func stored(
        _ items: ArraySlice<PickleValue>, into target: PickleValue, opcode: PickleOpcode, at offset: Int,
        in machine: borrowing PickleMachine
    ) {
        let values = items.map { text($0, machine) }.joined(separator: " ")
        lines.append("store \(offset) \(opcode.name) " + text(target, machine) + " " + values)
    }

    private func text(_ value: PickleValue, _ machine: borrowing PickleMachine) -> String {
        var left = 300
        return text(value, machine, depth: 0, &left)
    }

    private func text(
        _ value: PickleValue, _ machine: borrowing PickleMachine, depth: Int, _ left: inout Int
    ) -> String {
        left -= 1
        guard left >= 0, depth <= 6 else { return "~" }
        switch value.kind {
        case .none: return "N"
        case .yes: return "T"
        case .no: return "F"
        case .integer: return "i\(value.integer ?? 0)"
        case .bigInteger:
            let bytes = machine.bigInteger(value) ?? []
            guard bytes.count <= 8 else { return "I" + Self.hexadecimal(bytes) }
            var number: UInt64 = (bytes.last ?? 0) >= 0x80 ? .max : 0
            for byte in bytes.reversed() { number = number << 8 | UInt64(byte) }
            return "i\(Int64(bitPattern: number))"
        case .float:
            let number = machine.double(value) ?? .nan
            guard !number.isNaN else { return "fnan" }
            let bits = String(number.bitPattern, radix: 16)
            return "f" + String(repeating: "0", count: 16 - bits.count) + bits
        case .text, .legacyText: return "s" + Self.quoted(machine.codePoints(value) ?? [])
        case .bytes: return "b" + Self.hexadecimal(machine.byteArray(value) ?? [])
        case .byteArray: return "B" + Self.hexadecimal(machine.byteArray(value) ?? [])
        case .global:
            guard let name = machine.global(value) else { return "?" }
            return "g" + Self.quoted(name.codePoints.module) + Self.quoted(name.codePoints.name)
        case .extensionCode: return "x\(value.payload)"
        case .buffer: return "u"
        case .elided, .elidedCall: return "?"
        case .node: return node(value, machine, depth: depth, &left)
        }
    }

    private func node(
        _ value: PickleValue, _ machine: borrowing PickleMachine, depth: Int, _ left: inout Int
    ) -> String {
        guard let node = machine.node(value) else { return "?" }
        if node.kind == .call { return "r\(results[value] ?? -1)" }
        // More children than may still be written are not looked at.
        let children = machine.children(value, limit: max(0, left) + 1)
        var parts: [String] = []
        for child in children {
            if left < 0 { break }
            parts.append(text(child, machine, depth: depth + 1, &left))
        }
        switch node.kind {
        case .tuple: return "(" + parts.joined(separator: ",") + ")"
        case .list: return "[" + parts.joined(separator: ",") + "]"
        case .dict: return "{" + parts.joined(separator: ",") + "}"
        case .set: return "<" + parts.joined(separator: ",") + ">"
        case .frozenSet: return "/" + parts.joined(separator: ",") + "/"
        case .persistent: return "p(" + parts.joined(separator: ",") + ")"
        case .computedGlobal: return "g(" + parts.joined(separator: ",") + ")"
        case .view, .call: return "v(" + parts.joined(separator: ",") + ")"
        }
    }

    private static func quoted(_ points: [UInt32]) -> String {
        var result = "'"
        for point in points.prefix(200) {
            if (0x20..<0x7F).contains(point), point != 0x27, point != 0x5C {
                result.unicodeScalars.append(Unicode.Scalar(UInt8(point)))
            } else {
                result += "\\" + String(point, radix: 16) + ";"
            }
        }
        return result + (points.count > 200 ? "+'" : "'")
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.prefix(64).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self) + (bytes.count > 64 ? "+" : "")
    }
}

/// Hears everything and says nothing.
private final class Silence: PickleListener {
    func imported(_ value: PickleValue, opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine) {}
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
