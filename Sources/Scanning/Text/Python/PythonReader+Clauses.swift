import ModelFormats

/// Lambdas and comprehensions: expressions with names of their own.
extension PythonReader {
    // MARK: Comprehensions

    /// Where reading goes on when `index` ends the clauses of a comprehension, or its element; nil elsewhere.
    mutating func turn(at index: Int, _ frames: inout [Frame]) -> Int? {
        guard let at = frames.lastIndex(where: { $0.kind != .lambda }), let (parts, element) = frames[at].comprehension
        else { return nil }
        if frames[at].isInClauses, index == parts.close {
            closeLambdas(&frames)
            endClause(&frames[at])
            frames[at].isInClauses = false
            return element
        }
        if !frames[at].isInClauses, index == parts.clause {
            closeLambdas(&frames)
            return parts.close
        }
        return nil
    }

    /// Skips the variables of a clause, which are bound when it ends; the index after its `in`.
    func beginClause(_ start: Int, _ frame: inout Frame) -> Int {
        guard let close = frame.comprehension?.parts.close else { return start }
        var depth = 0
        for index in start..<close {
            if tokens[index].kind == .symbol {
                if ["(", "[", "{"].contains(tokens[index].text) { depth += 1 }
                if [")", "]", "}"].contains(tokens[index].text) { depth -= 1 }
            } else if depth == 0, tokens[index].isName("in") {
                frame.targets = start..<index
                return index + 1
            }
        }
        return start
    }

    /// Binds the variables of the clause that was read: each stands for any element.
    mutating func endClause(_ frame: inout Frame) {
        let value = frame.finish(work)
        escapes.note(value)
        guard let targets = frame.targets else { return }
        frame.targets = nil
        frame.more.origin.formUnion(value.wholeOrigin)
        bind(targets, to: value.element)
    }

    /// The list that a comprehension makes of its element.
    func comprehended(_ value: PythonValue, _ frame: Frame) -> PythonValue {
        let origin = value.wholeOrigin.union(frame.more.origin)
        guard value.function == nil else { return .list([value], origin) }
        return PythonValue(made: value.computedAttribute, held: value.names, isContainer: true, origin: origin)
    }

    /// Binds the names of a target (`a`, `a, b`, `(a, (b, c))`) to a value or to what it holds.
    mutating func bind(_ target: Range<Int>, to value: PythonValue) {
        let names = tokens[target].filter { $0.kind == .name }.map(\.text)
        let isFlat = !tokens[target].contains { $0.isSymbol("*") || $0.isSymbol("(") || $0.isSymbol("[") }
        if names.count == 1, isFlat, !tokens[target].contains(where: { $0.isSymbol(",") }) {
            scopes.bind(names[0], value)
            return
        }
        let items = value.items
        let whole = PythonValue(made: value.computedAttribute, held: value.names, origin: value.wholeOrigin)
        let isWrapped = tokens[target].contains { $0.isSymbol("*") } || depth(of: target) > 1
        for (index, name) in names.enumerated() {
            let item = !isWrapped && items?.count == names.count ? items?[index] : nil
            scopes.bind(name, item ?? whole)
        }
    }

    private func depth(of target: Range<Int>) -> Int {
        var (depth, deepest) = (0, 0)
        for token in tokens[target] where token.kind == .symbol {
            if token.text == "(" || token.text == "[" { depth += 1 }
            if token.text == ")" || token.text == "]" { depth -= 1 }
            deepest = max(deepest, depth)
        }
        return deepest
    }

    // MARK: Lambdas

    /// A lambda's name: none that a source can spell.
    static func lambda(at index: Int) -> String { "λ\(index)()" }

    func openLambda(at index: Int, _ frames: inout [Frame]) {
        setAside(&frames[frames.count - 1])
        var frame = Frame(kind: .lambda, offset: tokens[index].offset, line: tokens[index].line)
        frame.function = Self.lambda(at: index)
        frame.isInParameters = true
        frames.append(frame)
    }

    /// Binds a lambda's parameters; what follows is its body.
    mutating func beginBody(_ frame: inout Frame) {
        separate(&frame)
        frame.isInParameters = false
        let function = frame.function ?? ""
        let defaults = frame.keywords
        parameters.define(function, frame.parameters, isMethod: false)
        scopes.openExpression()
        for name in frame.parameters {
            scopes.bind(name, given(name, of: function, default: defaults.first { $0.name == name }?.value))
        }
        frame.keywords = []
        frame.arguments = []
    }

    /// What a parameter may be: what calls give it, and its default.
    func given(_ name: String, of function: String, default: PythonValue?) -> PythonValue {
        let isConfiguration = PythonValue.configurations.contains(name)
        guard let passed = parameters.value(of: name, in: function) else {
            return (`default` ?? .unknown).adding(isConfiguration ? .configured : [])
        }
        return (`default`.map { passed.merged(with: $0) } ?? passed).adding(isConfiguration ? .configured : [])
    }

    /// Ends the lambdas whose bodies are being read.
    mutating func closeLambdas(_ frames: inout [Frame]) {
        while frames.count > 1, frames[frames.count - 1].kind == .lambda, var frame = frames.popLast() {
            if frame.isInParameters { beginBody(&frame) }
            let value = frame.finish(work)
            escapes.noteResult(value)
            scopes.closeExpression()
            let function = frame.function ?? ""
            if reducers.contains(function) {
                emit(
                    reduction: value,
                    PythonToken(.name, "lambda", offset: frame.offset, line: frame.line, indentation: 0))
            }
            if !value.names.isEmpty { members.returns(value.names, from: function) }
            // What the body makes is no part of the expression, but whoever gets the lambda gets at it.
            frames[frames.count - 1].take(PythonValue(origin: value.wholeOrigin, function: function), work)
        }
    }
}
