import AssayCore
import ModelFormats

/// How a harmless function's arguments say how much memory or time a call takes.
///
/// Such a call does nothing but fill the memory or never return: what a pickle bomb is made of that needs no container
/// nested in itself.
enum PickleDemand {
    /// The arguments from an index on are a number of elements each, or tuples of them.
    case size(Int)
    /// One argument is repeated as often as another one says.
    case product
    /// The first argument is shifted or raised by the second.
    case power
    /// The argument at the index counts rounds of work, of which this many take minutes.
    case rounds(Int, most: Double)
    /// Takes everything that its arguments yield.
    case everything

    /// Elements, or bits of a number, from which on no program that saves its objects means it.
    static let mostElements: Double = 0x1p32

    private static let demands: [String: PickleDemand] = {
        let lists: [(PickleDemand, String)] = [
            (.size(0), "builtins.bytes builtins.bytearray numpy.zeros numpy.ones numpy.empty numpy.full numpy.ndarray"),
            (.size(0), "numpy.arange numpy.identity numpy.eye numpy.tri torch.zeros torch.ones torch.empty torch.full"),
            (.size(0), "torch.rand torch.randn torch.arange torch.eye tensorflow.zeros tensorflow.ones"),
            (.size(1), "builtins.str.zfill builtins.str.ljust builtins.str.rjust builtins.str.center"),
            (.size(1), "builtins.bytes.zfill builtins.bytes.ljust builtins.bytes.rjust builtins.bytes.center"),
            (.size(1), "builtins.int.to_bytes numpy.tile numpy.repeat"),
            (.product, "operator.mul operator.imul operator.__mul__ operator.__imul__ operator.repeat"),
            (.product, "builtins.str.__mul__ builtins.bytes.__mul__ builtins.list.__mul__ builtins.tuple.__mul__"),
            (.power, "operator.lshift operator.ilshift operator.__lshift__ operator.pow operator.ipow builtins.pow"),
            (.rounds(0, most: 0x1p24), "math.factorial"), (.rounds(3, most: 0x1p28), "hashlib.pbkdf2_hmac"),
            (.everything, "builtins.list builtins.tuple builtins.set builtins.frozenset builtins.sorted builtins.sum"),
            (.everything, "builtins.all builtins.any builtins.max builtins.min builtins.dict builtins.dict.fromkeys"),
            (.everything, "builtins.bytes.join builtins.str.join collections.deque collections.Counter math.fsum"),
            (.everything, "math.prod statistics.mean statistics.fmean functools.reduce numpy.fromiter"),
        ]
        var demands: [String: PickleDemand] = [:]
        for (demand, names) in lists { for name in names.split(separator: " ") { demands[String(name)] = demand } }
        return demands
    }()

    init?(_ canonical: String) {
        guard let demand = Self.demands[canonical] else { return nil }
        self = demand
    }

    /// Whether numbers among the arguments decide, which a call on constants can have.
    var isNumeric: Bool {
        if case .everything = self { return false }
        return true
    }

    /// Iterators without an end.
    private static let endless: Set<String> = ["itertools.count", "itertools.cycle", "itertools.repeat"]
    /// Iterators that end when what they are made of does.
    private static let passing: Set<String> = [
        "builtins.map", "builtins.filter", "builtins.enumerate", "builtins.iter", "itertools.chain",
        "itertools.starmap", "itertools.accumulate", "itertools.filterfalse", "itertools.pairwise",
    ]
}

extension PickleJudge {
    /// Reports a harmless call that asks for more memory or time than there is.
    func judgeDemand(
        _ call: PickleCall, _ verdict: Verdict, _ parts: [PickleValue], in machine: borrowing PickleMachine
    ) {
        guard let demand = verdict.meaning.demand else { return }
        let what: String?
        switch demand {
        case .size(let first):
            let sizes = parts.dropFirst(first).flatMap { part in
                machine.node(part)?.kind == .tuple ? machine.children(part, limit: 32) : [part]
            }
            what = product(sizes, in: machine) > PickleDemand.mostElements ? "elements" : nil
        case .product:
            // Two numbers make a number; anything else is repeated.
            let counts = parts.filter { isNumber($0) }
            guard parts.count == 2, counts.count == 1 else { return }
            let length = parts.compactMap { machine.string($0, limit: 1 << 16)?.utf8.count }.first ?? 1
            what = product(counts, in: machine) * Double(length) > PickleDemand.mostElements ? "elements" : nil
        case .power:
            what = parts.count >= 2 && product([parts[1]], in: machine) > 0x1p30 ? "bits" : nil
        case .rounds(let index, let most):
            what = parts.indices.contains(index) && product([parts[index]], in: machine) > most ? "rounds" : nil
        case .everything:
            what = parts.contains { isEndless($0, depth: 0, in: machine) } ? "elements of an endless iterator" : nil
        }
        guard let what else { return }
        report(call, "PICKLE-RESOURCE-ATTACK", "asks for too many \(what)", severity: .medium, in: machine)
    }

    private func isNumber(_ value: PickleValue) -> Bool { value.kind == .integer || value.kind == .bigInteger }

    /// The product of the numbers among `values`; 0 if there is none.
    private func product(_ values: [PickleValue], in machine: borrowing PickleMachine) -> Double {
        var product = 0.0
        for value in values {
            let factor: Double
            switch value.kind {
            case .integer: factor = Double(value.integer ?? 0)
            case .bigInteger:
                // Little-endian two's complement.
                guard let last = machine.bigInteger(value)?.last, last < 0x80 else { continue }
                factor = 0x1p56
            default: continue
            }
            product = product == 0 ? factor : product * max(1, factor)
        }
        return product
    }

    private func isEndless(_ value: PickleValue, depth: Int, in machine: borrowing PickleMachine) -> Bool {
        guard depth < 8, let node = machine.node(value), node.kind == .call,
            let callee = machine.child(0, of: value), let name = verdict(callee, in: machine)?.canonical,
            let arguments = machine.child(1, of: value)
        else { return false }
        let parts = machine.children(arguments, limit: 8)
        if PickleDemand.isEndless(name, arguments: parts.count) { return true }
        if name == "builtins.range" {
            return product([parts.count == 1 ? parts[0] : parts.dropFirst().first ?? value], in: machine)
                > PickleDemand.mostElements
        }
        guard PickleDemand.isPassing(name) else { return false }
        return parts.contains { isEndless($0, depth: depth + 1, in: machine) }
    }
}

extension PickleDemand {
    static func isEndless(_ name: String, arguments count: Int) -> Bool {
        endless.contains(name) && (name != "itertools.repeat" || count == 1)
    }

    static func isPassing(_ name: String) -> Bool { passing.contains(name) }
}
