internal import AssayCore
internal import ByteParsing
internal import ModelFormats

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Measures what a harmless call takes and returns, by the magnitude of its arguments.
struct PickleMeasure {
    /// The arguments' extents, as far as they are known.
    let extents: [PickleExtent?]
    /// The text of an argument.
    let text: (Int) -> String?
    /// Whether the first argument is a regular expression that takes exponential time.
    let isSlow: (_ isWhole: Bool) -> Bool
    /// The numbers of an argument that is a number or a tuple of them.
    let numbers: (Int) -> [PickleExtent]

    struct Outcome {
        var extent: PickleExtent?
        /// What there would be too much of.
        var excess: String?
    }

    private func extent(_ index: Int) -> PickleExtent? { extents.indices.contains(index) ? extents[index] : nil }
    private func value(_ index: Int) -> Double? { extent(index)?.value }

    func outcome(_ demand: PickleDemand) -> Outcome {
        switch demand {
        case .size(let first): return made(extents.indices.dropFirst(first).flatMap(numbers))
        case .sizeAt(let index): return made(extents.indices.contains(index) ? numbers(index) : [])
        case .padding(let index):
            return kept(max(extent(0)?.elements ?? 0, value(index) ?? 0))
        case .product, .sum, .difference, .power, .shift: return arithmetic(demand)
        case .number, .wholeNumber: return number(isWhole: demand.isWhole)
        case .digits:
            guard let bits = extent(0)?.bits else { return Outcome(extent: extent(0)) }
            let count = bits / log2(10)
            return Outcome(extent: .sequence(count), excess: bits > PickleDemand.mostWrittenBits ? "digits" : nil)
        case .length: return Outcome(extent: extent(0)?.elements.map { .number($0) })
        case .range: return range()
        case .endless(let count):
            guard count == 0 || extents.count < count else {
                return Outcome(extent: value(count - 1).map { .iterator(max(0, $0)) })
            }
            return Outcome(extent: .iterator(.infinity))
        case .passing(let kind): return Outcome(extent: passed(kind))
        case .selection(let kind): return Outcome(extent: .iterator(selections(kind)))
        case .rounds(let index, let most):
            return Outcome(excess: (value(index) ?? 0) > most ? "rounds" : nil)
        case .everything(let keeps):
            let most = extents.compactMap { $0?.elements }.max() ?? 0
            let isEndless = extents.contains { $0?.isEndless ?? false }
            guard !isEndless else { return Outcome(excess: "elements of an endless iterator") }
            let limit = keeps ? PickleDemand.mostElements : PickleDemand.mostElements * 4
            return Outcome(extent: keeps ? .sequence(most) : nil, excess: most > limit ? "elements" : nil)
        case .joining:
            return kept((extent(1)?.elements ?? 0) * max(1, extent(0)?.elements ?? 1))
        case .replacement:
            let old = max(1, extent(1)?.elements ?? 1)
            return kept((extent(0)?.elements ?? 0) / old * max(old, extent(2)?.elements ?? 0))
        case .format(let kind): return formatted(kind)
        case .pattern(let isWhole):
            return Outcome(excess: isSlow(isWhole) ? "ways to match the regular expression" : nil)
        case .waiting: return Outcome(excess: extents.count < 2 ? "time: it waits for what nothing sends" : nil)
        }
    }

    private func kept(_ count: Double) -> Outcome {
        Outcome(extent: .sequence(count), excess: count > PickleDemand.mostElements ? "elements" : nil)
    }

    private func made(_ sizes: [PickleExtent]) -> Outcome {
        let values = sizes.compactMap(\.value)
        guard !values.isEmpty else { return Outcome(extent: extent(0)) }
        return kept(values.reduce(1) { $0 * max(1, $1) })
    }

    private func arithmetic(_ demand: PickleDemand) -> Outcome {
        if case .product = demand, extents.count == 2, extent(0) == nil || extent(1) == nil,
            let count = value(0) ?? value(1)
        {
            // Something of which nothing is known is repeated.
            return kept(max(0, count))
        }
        guard let left = extent(0), let right = extent(1) else { return Outcome() }
        switch (left, right) {
        case (.number(let first, let firstBits), .number(let second, let secondBits)):
            let result: PickleExtent
            switch demand {
            case .product: result = .number(first * second, bits: firstBits + secondBits)
            case .sum: result = .number(first + second, bits: max(firstBits, secondBits) + 1)
            case .difference: result = .number(first - second, bits: max(firstBits, secondBits) + 1)
            case .power:
                // With a modulus the result stays small.
                guard extents.count < 3, second > 0, first.magnitude > 1 else { return Outcome() }
                let bits = log2(first.magnitude.isFinite ? first.magnitude : exp2(min(1000, firstBits))) * second
                result = .number(pow(first, second), bits: max(1, bits))
                if bits > PickleDemand.mostRaisedBits { return Outcome(extent: result, excess: "bits") }
            case .shift:
                result = .number(first * exp2(min(second, 2000)), bits: firstBits + max(0, second))
                if second > PickleDemand.mostShiftedBits, first != 0 { return Outcome(extent: result, excess: "bits") }
            default: return Outcome()
            }
            let isLarge = (result.bits ?? 0) > PickleDemand.mostShiftedBits
            return Outcome(extent: result, excess: isLarge ? "bits" : nil)
        case (.number(let count, _), let other), (let other, .number(let count, _)):
            guard case .product = demand, let length = other.elements else { return Outcome() }
            return kept(length * max(0, count))
        default:
            guard case .sum = demand, let first = left.elements, let second = right.elements else { return Outcome() }
            return kept(first + second)
        }
    }

    private func number(isWhole: Bool) -> Outcome {
        var result = extent(0)
        if let text = text(0) {
            result = PickleExtent.number(written: text, base: value(1).flatMap { Int(exactly: $0) } ?? 10)
        }
        guard let result, let bits = result.bits else { return Outcome() }
        return Outcome(extent: result, excess: isWhole && bits > PickleDemand.mostRaisedBits ? "digits" : nil)
    }

    private func range() -> Outcome {
        let values = extents.compactMap { $0?.value }
        guard values.count == extents.count, let first = values.first else { return Outcome() }
        let span = values.count == 1 ? first : values[1] - first
        let step = values.count > 2 && values[2] != 0 ? values[2] : 1
        return Outcome(extent: .iterator(max(0, span / step)))
    }

    private func passed(_ kind: PickleDemand.Passing) -> PickleExtent? {
        let counts = extents.compactMap { $0?.elements }
        switch kind {
        case .one, .chain:
            return counts.isEmpty ? nil : .iterator(counts.reduce(0, +))
        case .shortest: return counts.min().map { .iterator($0) }
        case .slice:
            guard let stop = extents.count > 2 ? value(2) : value(1) else {
                return extent(0)?.elements.map { .iterator($0) }
            }
            return .iterator(min(extent(0)?.elements ?? .infinity, stop))
        case .until:
            // With a second argument it calls the first one until that comes, which a harmless function never returns.
            return extents.count > 1 ? .iterator(.infinity) : extent(0)?.elements.map { .iterator($0) }
        }
    }

    private func selections(_ kind: PickleDemand.Selection) -> Double {
        switch kind {
        case .product:
            let repeats = extents.compactMap { $0?.value }.reduce(1, *)
            return pow(extents.compactMap { $0?.elements }.reduce(1, *), max(1, repeats))
        case .permutations, .combinations:
            guard let count = extent(0)?.elements, count.isFinite else { return .infinity }
            let taken = min(value(1) ?? count, count)
            guard taken >= 0 else { return 0 }
            var logarithm = lgamma(count + 1) - lgamma(count - taken + 1)
            if case .combinations = kind { logarithm -= lgamma(taken + 1) }
            return exp(logarithm)
        }
    }

    private func formatted(_ kind: PickleDemand.Format) -> Outcome {
        let format: String?
        switch kind {
        case .fields, .percent: format = text(0)
        case .specification: format = text(1)
        }
        guard let format else { return Outcome() }
        // The longest run of digits is the largest width or precision.
        var width = 0.0
        var run = 0.0
        for letter in format.unicodeScalars {
            if let digit = Character(letter).wholeNumberValue { run = run * 10 + Double(digit) } else { run = 0 }
            width = max(width, run)
        }
        guard kind != .fields || format.contains("{"), kind != .percent || format.contains("%") else {
            return Outcome()
        }
        if kind == .percent, format.contains("*") { width = max(width, numbers(1).compactMap(\.value).max() ?? 0) }
        return kept(max(width, extent(0)?.elements ?? 0))
    }
}

extension PickleDemand {
    fileprivate var isWhole: Bool {
        if case .wholeNumber = self { return true }
        return false
    }
}

extension PickleJudge {
    /// Reports a harmless call that asks for more memory or time than there is, and notes how much it returns.
    func judgeDemand(
        _ call: PickleCall, _ demand: PickleDemand, _ arguments: [PickleValue], base: PickleExtent? = nil,
        baseText: String? = nil, in machine: borrowing PickleMachine
    ) {
        var parts = arguments
        if let keywords = call.keywords { parts += amounts(among: keywords, in: machine) }
        let shift = base == nil ? 0 : 1
        var extents = parts.map { extent(of: $0, in: machine) }
        if let base { extents.insert(base, at: 0) }
        var texts: [String?] = []
        var numbers: [[PickleExtent]] = []
        for index in extents.indices {
            guard index >= shift else {
                texts.append(baseText)
                numbers.append([])
                continue
            }
            let part = parts[index - shift]
            texts.append(demand.readsText && index < 2 ? text(of: part, in: machine) : nil)
            var inner: [PickleExtent] = []
            if case .number? = extents[index] {
                inner = extents[index].map { [$0] } ?? []
            } else if let kind = machine.node(part)?.kind, kind == .tuple || kind == .list {
                inner = machine.children(part, limit: 32).compactMap { extent(of: $0, in: machine) }
            }
            numbers.append(inner)
        }
        let outcome = PickleMeasure(
            extents: extents, text: { texts.indices.contains($0) ? texts[$0] : nil },
            isSlow: { isWhole in
                texts.first.flatMap { $0 }.map { self.isSlow($0, isWhole, at: call.offset) } ?? false
            },
            numbers: { numbers.indices.contains($0) ? numbers[$0] : [] }
        ).outcome(demand)
        self.extents[call.result] = outcome.extent
        guard let excess = outcome.excess else { return }
        report(call, "PICKLE-RESOURCE-ATTACK", "asks for too many \(excess)", severity: .medium, in: machine)
    }

    private func isSlow(_ pattern: String, _ isWhole: Bool, at offset: Int) -> Bool {
        do throws(ParseError) {
            return try PatternCost.isExponential(pattern, isWhole: isWhole, budget: scan.budget)
        } catch {
            scan.report(error, at: place(offset, nil), format: "pickle")
            return false
        }
    }

    private func text(of value: PickleValue, in machine: borrowing PickleMachine) -> String? {
        if case .text(let text) = denotation(value, in: machine) { return text }
        return machine.byteArray(value, limit: 4096).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Amounts that are given by name: `shape=…`, `repeat=…`.
    private func amounts(among keywords: PickleValue, in machine: borrowing PickleMachine) -> [PickleValue] {
        let children = machine.children(keywords, limit: 64)
        var found: [PickleValue] = []
        for index in stride(from: 0, to: children.count - 1, by: 2) {
            guard let key = machine.string(children[index], limit: 32), Self.amountKeys.contains(key) else { continue }
            found.append(children[index + 1])
        }
        return found
    }
    private static let amountKeys: Set<String> = [
        "shape", "size", "repeat", "repeats", "reps", "num", "stop", "n", "N", "length", "k", "r", "exp", "pattern",
        "iterable", "times",
    ]

    /// How much a value is.
    func extent(of value: PickleValue, in machine: borrowing PickleMachine) -> PickleExtent? {
        switch value.kind {
        case .integer: return value.integer.map { .number(Double($0)) }
        case .bigInteger:
            // Little-endian two's complement.
            guard let bytes = machine.bigInteger(value), let last = bytes.last, last < 0x80 else { return nil }
            let bits = Double(bytes.count) * 8
            return .number(bytes.count > 100 ? .infinity : exp2(bits - 8) * Double(max(1, last)), bits: bits)
        case .yes: return .number(1)
        case .no: return .number(0)
        case .float: return machine.double(value).map { .number($0) }
        case .text, .legacyText, .bytes, .byteArray:
            if let range = machine.range(of: value) { return .sequence(Double(range.count)) }
            return (machine.codePoints(value, limit: 1 << 16)?.count ?? machine.byteArray(value, limit: 1 << 16)?.count)
                .map { .sequence(Double($0)) }
        case .node:
            if let known = extents[value] { return known }
            switch machine.node(value) {
            case let node? where [.list, .tuple, .set, .frozenSet].contains(node.kind):
                return .sequence(Double(node.count))
            case let node? where node.kind == .dict: return .sequence(Double(node.count / 2))
            case let node? where node.kind == .call:
                switch denotation(value, in: machine) {
                case .text(let text): return .sequence(Double(text.utf8.count))
                case .bytes(let bytes): return .sequence(Double(bytes.count))
                case .integer(let number): return .number(Double(number))
                default: return nil
                }
            default: return nil
            }
        case .elidedCall: return extents[value]
        default: return nil
        }
    }
}

extension PickleDemand {
    /// Whether texts among the arguments are read, and not only measured.
    fileprivate var readsText: Bool {
        switch self {
        case .number, .wholeNumber, .format, .pattern: true
        default: false
        }
    }
}
