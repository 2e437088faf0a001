/// Why a regular expression was not read.
package struct PatternError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String
}

/// A regular expression in the notation of ECMA-262 that schemas use, matched in time linear in the text.
///
/// Expressions become a machine whose states are followed all at once (Thompson 1968): no expression backtracks. What
/// would need it (backreferences, looking ahead or behind) is refused, and so are machines of more than 20,000 states.
package struct Pattern: Sendable {
    enum Instruction: Sendable {
        case consume(Int)
        case split(Int, Int)
        case jump(Int)
        case start, end
        case wordBoundary(Bool)
        case match
    }

    static let states = 20_000

    let instructions: [Instruction]
    let sets: [ScalarSet]
    /// The pattern as it was written.
    package let source: String
    private let isAnchored: Bool

    /// - Throws: `PatternError` that names what is wrong or not followed.
    package init(_ source: String) throws(PatternError) {
        var parser = PatternParser(source)
        let tree = try parser.read()
        var compiler = PatternCompiler()
        try compiler.emit(tree)
        compiler.instructions.append(.match)
        self.source = source
        instructions = compiler.instructions
        sets = compiler.sets
        if case .start? = instructions.first { isAnchored = true } else { isAnchored = false }
    }

    private init(refusing source: String) {
        self.source = source
        instructions = []
        sets = []
        isAnchored = true
    }

    /// A pattern of the program's own; one that is wrong matches nothing (and fails its test).
    static func constant(_ source: String) -> Pattern { (try? Pattern(source)) ?? Pattern(refusing: source) }

    /// Whether it is found anywhere in the text, as JSON Schema asks: `^` and `$` say where otherwise.
    package func matches(_ text: String) -> Bool {
        guard !instructions.isEmpty else { return false }
        var current = States(count: instructions.count)
        var next = States(count: instructions.count)
        let scalars = Array(text.unicodeScalars)
        for position in 0...scalars.count {
            let isLast = position == scalars.count
            if position == 0 || !isAnchored { follow(0, &current, scalars, position) }
            if current.isMatched { return true }
            if isLast || (isAnchored && current.list.isEmpty) { return false }
            let scalar = scalars[position]
            next.clear()
            for state in current.list {
                guard case .consume(let set) = instructions[state], sets[set].contains(scalar) else { continue }
                follow(state + 1, &next, scalars, position + 1)
            }
            swap(&current, &next)
        }
        return false
    }

    /// Adds a state and all that it leads to without reading.
    private func follow(_ state: Int, _ states: inout States, _ text: [Unicode.Scalar], _ position: Int) {
        states.stack.append(state)
        while let state = states.stack.popLast() {
            guard states.insert(state) else { continue }
            switch instructions[state] {
            case .consume: states.list.append(state)
            case .split(let one, let other):
                states.stack.append(other)
                states.stack.append(one)
            case .jump(let target): states.stack.append(target)
            case .start: if position == 0 { states.stack.append(state + 1) }
            case .end: if position == text.count { states.stack.append(state + 1) }
            case .wordBoundary(let wanted):
                let before = position > 0 && ScalarSet.wordCharacters.contains(text[position - 1])
                let after = position < text.count && ScalarSet.wordCharacters.contains(text[position])
                if (before != after) == wanted { states.stack.append(state + 1) }
            case .match: states.isMatched = true
            }
        }
    }

    /// The states that the machine is in; a mark a state tells those that it has seen at this place in the text.
    private struct States {
        var list: [Int] = []
        var stack: [Int] = []
        var isMatched = false
        private var marks: [Int]
        private var round = 1

        init(count: Int) { marks = Array(repeating: 0, count: count) }

        mutating func clear() {
            list.removeAll(keepingCapacity: true)
            isMatched = false
            round += 1
        }

        mutating func insert(_ state: Int) -> Bool {
            guard marks[state] != round else { return false }
            marks[state] = round
            return true
        }
    }
}

/// What a regular expression says, as a tree.
indirect enum PatternTree: Sendable {
    case empty
    case set(ScalarSet)
    case sequence([PatternTree])
    case choice([PatternTree])
    case repetition(PatternTree, least: Int, most: Int?)
    case start, end
    case wordBoundary(Bool)
}

/// Turns the tree into the machine; recursion is bounded by the parser's depth.
struct PatternCompiler {
    var instructions: [Pattern.Instruction] = []
    var sets: [ScalarSet] = []

    mutating func emit(_ tree: PatternTree) throws(PatternError) {
        guard instructions.count < Pattern.states else {
            throw PatternError(description: "needs more than \(Pattern.states) states")
        }
        switch tree {
        case .empty: break
        case .set(let set):
            // Neighbours are often alike (`[0-9a-f]{64}`).
            if sets.last != set { sets.append(set) }
            instructions.append(.consume(sets.count - 1))
        case .sequence(let parts): for part in parts { try emit(part) }
        case .choice(let branches):
            var jumps: [Int] = []
            for (position, branch) in branches.enumerated() {
                guard position < branches.count - 1 else {
                    try emit(branch)
                    break
                }
                let split = reserve()
                try emit(branch)
                jumps.append(reserve())
                instructions[split] = .split(split + 1, instructions.count)
            }
            for jump in jumps { instructions[jump] = .jump(instructions.count) }
        case .repetition(let body, let least, let most):
            for _ in 0..<least { try emit(body) }
            if let most {
                var splits: [Int] = []
                for _ in least..<max(least, most) {
                    splits.append(reserve())
                    try emit(body)
                }
                for split in splits { instructions[split] = .split(split + 1, instructions.count) }
            } else {
                let split = reserve()
                try emit(body)
                instructions.append(.jump(split))
                instructions[split] = .split(split + 1, instructions.count)
            }
        case .start: instructions.append(.start)
        case .end: instructions.append(.end)
        case .wordBoundary(let wanted): instructions.append(.wordBoundary(wanted))
        }
    }

    private mutating func reserve() -> Int {
        instructions.append(.match)
        return instructions.count - 1
    }
}
