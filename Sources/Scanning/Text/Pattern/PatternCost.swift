internal import ByteParsing

/// Tells regular expressions on which a backtracking engine takes exponential time.
///
/// An expression is read as its position automaton (Glushkov 1961). It is exponentially ambiguous when from some position
/// two different ways over the same text lead back to it (Weber and Seidl 1991): such a text can be taken apart in twice
/// as many ways with each round, and an engine tries them all when what comes after it fails. Without anything behind
/// that could fail, it does not matter.
///
/// Counts of ten and more are taken for loops without an end; expressions of more than 160 positions are not followed.
enum PatternCost {
    private static let mostPositions = 160
    private static let mostSteps = 2_000_000
    /// Repetitions from which a counted loop is as bad as an endless one.
    private static let many = 10

    /// Whether matching can take exponential time. `isWhole` when all of the text has to match.
    /// - Throws: `limit` when the budget is used up.
    static func isExponential(
        _ pattern: String, ignoresCase: Bool = false, isWhole: Bool = false, budget: Budget
    ) throws(ParseError) -> Bool {
        // Without a quantifier that repeats there is no ambiguity.
        guard pattern.utf8.contains(where: { $0 == 0x2A || $0 == 0x2B || $0 == 0x7B }) else { return false }
        try budget.spend(operations: min(pattern.utf8.count, PatternTree.mostLetters), reading: "regular expression")
        guard let tree = PatternTree(pattern, ignoresCase: ignoresCase) else { return false }
        for (index, root) in tree.roots.enumerated() {
            var automaton = PatternAutomaton(mostPositions: mostPositions, many: many, steps: mostSteps)
            var isFound = false
            if let part = automaton.build(tree, root) {
                // What stands in look-around has to match as it is.
                let isEnd = index == tree.roots.count - 1
                isFound = automaton.isExponential(end: isWhole && isEnd ? [] : part.open)
            }
            try budget.spend(operations: 2 * (mostSteps - automaton.steps), reading: "regular expression")
            if isFound { return true }
        }
        return false
    }
}

/// Positions of an expression's characters, and which may follow which.
private struct PatternAutomaton {
    let mostPositions: Int
    let many: Int
    private var sets: [CharacterClass] = []
    private var follow: [[Int]] = []
    /// Positions at which one step can be made by two loops, or by many rounds that may be empty.
    private var doubled: Set<Int> = []
    /// Nodes that may yet be copied, and steps that may yet be taken.
    private var copiesLeft = 4_096
    private(set) var steps: Int

    /// A part of the expression.
    struct Part {
        var first: [Int] = []
        var last: [Int] = []
        /// Last positions behind which nothing of the part can fail any more.
        var open: [Int] = []
        var isNullable = false
        /// Whether it matches the empty text without an assertion.
        var isOpen = false
    }

    init(mostPositions: Int, many: Int, steps: Int) {
        self.mostPositions = mostPositions
        self.many = many
        self.steps = steps
    }

    /// Nil when the expression is too large. The tree is at most `PatternTree.mostDepth` groups deep.
    mutating func build(_ tree: PatternTree, _ index: Int) -> Part? {
        copiesLeft -= 1
        guard copiesLeft > 0, steps > 0 else { return nil }
        switch tree.nodes[index] {
        case .characters(let set):
            guard sets.count < mostPositions else { return nil }
            sets.append(set)
            follow.append([])
            let position = sets.count - 1
            return Part(first: [position], last: [position], open: [position])
        case .empty: return Part(isNullable: true, isOpen: true)
        case .assertion: return Part(isNullable: true)
        case .sequence(let nodes):
            var whole = Part(isNullable: true, isOpen: true)
            for node in nodes {
                guard let part = build(tree, node) else { return nil }
                append(part, to: &whole)
            }
            return whole
        case .choice(let nodes):
            var whole = Part()
            for node in nodes {
                guard let part = build(tree, node) else { return nil }
                whole.first += part.first
                whole.last += part.last
                whole.open += part.open
                whole.isNullable = whole.isNullable || part.isNullable
                whole.isOpen = whole.isOpen || part.isOpen
            }
            return whole
        case .loop(let node, let least, let most):
            let isEndless = most.map { $0 >= many } ?? true
            guard isEndless else { return copies(tree, node, least, most ?? 0) }
            guard var part = build(tree, node) else { return nil }
            // Which of the rounds were empty is a choice of its own.
            if part.isNullable, most != nil { doubled.formUnion(part.first) }
            for last in part.last { connect(last, part.first) }
            // A round more may be asked for, and not be there.
            if least > 1 { part.open = [] }
            if least == 0 {
                part.isNullable = true
                part.isOpen = true
            }
            return part
        }
    }

    /// A few copies one after the other, of which those over `least` may be left out.
    private mutating func copies(_ tree: PatternTree, _ node: Int, _ least: Int, _ most: Int) -> Part? {
        var whole = Part(isNullable: true, isOpen: true)
        for index in 0..<max(least, most) {
            guard var part = build(tree, node) else { return nil }
            if index >= least {
                part.isNullable = true
                part.isOpen = true
            }
            append(part, to: &whole)
        }
        return whole
    }

    private mutating func append(_ part: Part, to whole: inout Part) {
        for last in whole.last { connect(last, part.first) }
        whole.first += whole.isNullable ? part.first : []
        whole.last = part.last + (part.isNullable ? whole.last : [])
        whole.open = part.open + (part.isOpen ? whole.open : [])
        whole.isNullable = whole.isNullable && part.isNullable
        whole.isOpen = whole.isOpen && part.isOpen
    }

    private mutating func connect(_ position: Int, _ next: [Int]) {
        for target in next {
            steps -= 1 + follow[position].count / 4
            guard steps > 0 else { return }
            if follow[position].contains(target) {
                doubled.insert(target)
            } else {
                follow[position].append(target)
            }
        }
    }

    /// Whether there is an exponentially ambiguous loop none of whose positions is in `end`.
    mutating func isExponential(end: [Int]) -> Bool {
        let loops = components(follow)
        let ends = Set(end.map { loops[$0] })
        let inLoop = follow.indices.map { position in
            !ends.contains(loops[position]) && follow[position].contains { loops[$0] == loops[position] }
        }
        if doubled.contains(where: { inLoop[$0] }) { return true }
        // Pairs of positions that the same text leads to.
        var numbers: [Int: Int] = [:]
        var pairs: [(Int, Int)] = []
        func number(_ left: Int, _ right: Int) -> Int {
            let key = left * sets.count + right
            if let known = numbers[key] { return known }
            numbers[key] = pairs.count
            pairs.append((left, right))
            return pairs.count - 1
        }
        for position in follow.indices where inLoop[position] { _ = number(position, position) }
        var edges: [[Int]] = []
        while edges.count < pairs.count {
            let (left, right) = pairs[edges.count]
            var targets: [Int] = []
            for first in follow[left] where loops[first] == loops[left] {
                for second in follow[right] where loops[second] == loops[left] {
                    steps -= 1
                    guard steps > 0 else { return false }
                    if sets[first].overlaps(sets[second]) { targets.append(number(first, second)) }
                }
            }
            edges.append(targets)
        }
        let parts = components(edges)
        let diagonal = Set(pairs.indices.filter { pairs[$0].0 == pairs[$0].1 }.map { parts[$0] })
        return pairs.indices.contains { pairs[$0].0 != pairs[$0].1 && diagonal.contains(parts[$0]) }
    }

    /// The strongly connected component of each node (Tarjan 1972, with a stack of its own).
    private func components(_ edges: [[Int]]) -> [Int] {
        var component = [Int](repeating: -1, count: edges.count)
        var order = [Int](repeating: -1, count: edges.count)
        var low = [Int](repeating: 0, count: edges.count)
        var stack: [Int] = []
        var isOnStack = [Bool](repeating: false, count: edges.count)
        var count = 0
        for start in edges.indices where order[start] < 0 {
            var calls: [(node: Int, next: Int)] = [(start, 0)]
            while let (node, next) = calls.last {
                if next == 0 {
                    order[node] = count
                    low[node] = count
                    count += 1
                    stack.append(node)
                    isOnStack[node] = true
                }
                if next < edges[node].count {
                    calls[calls.count - 1].next += 1
                    let target = edges[node][next]
                    if order[target] < 0 {
                        calls.append((target, 0))
                    } else if isOnStack[target] {
                        low[node] = min(low[node], order[target])
                    }
                    continue
                }
                calls.removeLast()
                if let parent = calls.last { low[parent.node] = min(low[parent.node], low[node]) }
                guard low[node] == order[node] else { continue }
                while let member = stack.popLast() {
                    isOnStack[member] = false
                    component[member] = node
                    if member == node { break }
                }
            }
        }
        return component
    }
}
