package import ByteParsing

/// A trial run: whether the bytes at some place are a pickle, judged by executing them for a while.
package struct PickleProbe: Sendable, Hashable {
    /// Opcodes executed.
    package var opcodes = 0
    package var imports = 0
    package var calls = 0
    /// Whether STOP was reached.
    package var stops = false
    /// Whether the stream broke; neither stopped nor broken means that the trial's limit was reached.
    package var breaks = false
    /// Whether it broke because the bytes end.
    package var isTruncated = false
    /// Offset behind STOP, or where it broke.
    package var end = 0

    /// Runs at most `limit` opcodes from `offset`, over at most `length` bytes.
    package init(_ region: ByteRegion, at offset: Int, opcodes limit: Int = 4096, length: Int = .max) {
        var machine = PickleMachine(length < region.count - offset ? region.prefix(offset + length) : region)
        let counter = Counter()
        // A trial's opcodes are bounded by `limit`, so that it has a small budget of its own.
        let budget = Budget()
        do throws(ParseError) {
            let ending = try machine.run(from: offset, opcodes: limit, budget: budget, to: counter)
            opcodes = ending.opcodes
            end = ending.end
            stops = ending.value != nil
            breaks = ending.error != nil
            isTruncated = ending.error?.code == .truncated
        } catch {
            breaks = true
        }
        imports = counter.imports
        calls = counter.calls
    }

    /// Whether the trial looks like something that a pickler wrote or an attacker wants run.
    package var isPickle: Bool { calls > 0 || stops && opcodes >= 3 || !breaks && opcodes >= 64 }

    /// Trials of one search: the words of a vocabulary, one a line, look like names again and again.
    private static let mostTrials = 1 << 17
    /// Bytes that one of many trials may look at: a line that never ends would be gone through by each of them.
    private static let trialLength = 1 << 20

    /// Offset of the next place from `start` on, before `end`, where a pickle is likely to begin.
    ///
    /// Looks for PROTO of protocols 2 to 5, and for lines that GLOBAL and INST of protocol 0 would have.
    package static func next(in region: ByteRegion, from start: Int, to end: Int, budget: Budget) throws(ParseError)
        -> Int?
    {
        var trials = 0
        var header = firstHeader(region, from: start, to: end)
        var line = firstImport(region, from: start, to: end)
        while trials < mostTrials {
            let at: Int
            switch (header, line) {
            case (nil, nil): return nil
            case (let first?, let second?): at = min(first, second)
            case (let first?, nil): at = first
            case (nil, let second?): at = second
            }
            try budget.spend(operations: 64, reading: "search for pickles")
            trials += 1
            let probe = PickleProbe(region, at: at, opcodes: 256, length: Self.trialLength)
            if at == header {
                if probe.isPickle || probe.isTruncated && probe.imports > 0 { return at }
                header = firstHeader(region, from: at + 1, to: end)
            }
            if at == line {
                if probe.calls > 0 || probe.imports > 0 && probe.stops { return at }
                line = firstImport(region, from: at + 1, to: end)
            }
        }
        throw .limit(at: start, reading: "search for pickles")
    }

    private static func firstHeader(_ region: ByteRegion, from start: Int, to end: Int) -> Int? {
        let bytes = region.bytes
        var at = max(0, start)
        let end = min(end, bytes.byteCount)
        while at < end {
            guard let hit = offset(of: 0x80, in: region, from: at, to: end) else { return nil }
            at = hit
            if let version = bytes.byte(at: at + 1), version >= 2, version <= 5,
                let next = bytes.byte(at: at + 2), PickleOpcode(rawValue: next) != nil
            {
                return at
            }
            at += 1
        }
        return nil
    }

    /// Offset of the next such byte; pages of a mapped file that were passed are given back.
    private static func offset(of byte: UInt8, in region: ByteRegion, from start: Int, to end: Int) -> Int? {
        let bytes = region.bytes
        var from = start
        while from < end {
            let stop = min(end, from + (4 << 20))
            if let step = bytes.extracting(from..<stop).firstOffset(of: byte) { return from + step }
            if stop < end { region.discard(before: stop) }
            from = stop
        }
        return nil
    }

    /// `cmodule\nname\n` or `imodule\nname\n`, perhaps with marks before.
    private static func firstImport(_ region: ByteRegion, from start: Int, to end: Int) -> Int? {
        let bytes = region.bytes
        let end = min(end, bytes.byteCount)
        var at = max(0, start)
        while at < end {
            guard let newline = offset(of: 0x0A, in: region, from: at, to: end) else { return nil }
            at = newline + 1
            // The second line: a name.
            var next = newline + 1
            while next < end, next < newline + 128, isName(bytes.byte(at: next)) { next += 1 }
            guard next > newline + 1, bytes.byte(at: next) == 0x0A,
                let after = bytes.byte(at: next + 1), PickleOpcode(rawValue: after) != nil
            else { continue }
            // The first line, backwards to the opcode.
            var first = newline
            var candidate: Int?
            while first > start, first > newline - 128, isName(bytes.byte(at: first - 1)) {
                first -= 1
                if newline - first >= 2, bytes.byte(at: first) == 0x63 || bytes.byte(at: first) == 0x69 {
                    candidate = first
                }
            }
            if var candidate {
                while candidate > start, bytes.byte(at: candidate - 1) == 0x28 { candidate -= 1 }
                return candidate
            }
        }
        return nil
    }

    private static func isName(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E: return true
        default: return false
        }
    }

    private final class Counter: PickleListener {
        var imports = 0
        var calls = 0

        func imported(
            _ value: PickleValue, opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine
        ) {
            if isPlausible(value, machine) { imports += 1 }
        }

        func called(
            _ result: PickleValue, callee: PickleValue, arguments: PickleValue, keywords: PickleValue?,
            opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine
        ) {
            if isPlausible(callee, machine) { calls += 1 }
        }

        func built(_ target: PickleValue, state: PickleValue, at offset: Int, in machine: borrowing PickleMachine) {}

        func stored(
            _ items: ArraySlice<PickleValue>, into target: PickleValue, opcode: PickleOpcode, at offset: Int,
            in machine: borrowing PickleMachine
        ) {}

        /// Random bytes name things that no module could be called.
        private func isPlausible(_ value: PickleValue, _ machine: borrowing PickleMachine) -> Bool {
            guard let global = machine.global(value) else { return true }
            func isDotted(_ text: String) -> Bool {
                guard let first = text.utf8.first, !(0x30...0x39).contains(first), first != 0x2E else { return false }
                return text.utf8.allSatisfy { $0 >= 0x80 || PickleProbe.isName($0) }
            }
            return isDotted(global.module) && isDotted(global.name)
        }
    }
}
