internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Something a template does that no template of a model needs.
struct TemplateIssue: Hashable {
    enum Kind: Hashable {
        /// An attribute or item of Python's internals is read.
        case escape
        /// A function is called that runs, loads or opens something.
        case call
        /// The name of an attribute is computed from what is not known before the template runs.
        case computedName
        /// Text is picked from an engine object's representation, or a hidden attribute of one is read.
        case engine
        /// Another template is loaded.
        case load
        /// Rendering takes out-of-proportion time or memory.
        case exhaustion
    }
    var kind: Kind
    var severity: Severity
    /// The name that gives the issue away.
    var name: String
    /// How it is reached: `attribute`, `subscript`, `filter attr`, …
    var means: String
}

/// Follows a template with values where they are known, without rendering it: constants are folded, variables, loops
/// over constants, macros and namespaces are followed, every branch is looked at. What comes from the context stays
/// unknown.
struct TemplateEvaluator {
    let template: JinjaTemplate
    /// Issues in the order in which they were met, with the offset of their expression.
    private(set) var issues: [(issue: TemplateIssue, offset: Int)] = []
    private var seen: Set<TemplateIssue> = []
    /// Whether the step limit ended the following of loops and macros.
    var isExhausted = false
    /// Expressions and statements that are being followed, one in the other, through macros too.
    var nesting = 0

    var scopes: [[String: TemplateValue]] = [[:]]
    var namespaces: [[String: TemplateValue]] = []
    var macros: [JinjaTemplate.ID] = []
    private var steps = 0
    private var loops = 0
    private var macroDepth = 0
    private var repetitions = 1
    /// Bodies of the call blocks around, for `caller()`.
    private var callers: [JinjaTemplate.ID] = []

    static let stepLimit = 400_000
    static let nestingLimit = 450
    static let unrollLimit = 512
    static let repetitionLimit = 10_000_000

    init(_ template: JinjaTemplate) { self.template = template }

    mutating func run() {
        _ = execute(template.body)
        // What no call has reached is looked at with unknown parameters.
        for index in macros.indices {
            guard case .macro(_, let signature, let body) = template[macros[index]] else { continue }
            scopes.append([:])
            for (name, value) in zip(signature.parameters.reversed(), signature.defaults.reversed()) {
                assign(name, .oneOf([.data, evaluate(value)]))
            }
            _ = execute(body)
            scopes.removeLast()
        }
    }

    mutating func report(
        _ kind: TemplateIssue.Kind, _ severity: Severity, _ name: String, _ means: String, at id: JinjaTemplate.ID
    ) {
        let issue = TemplateIssue(kind: kind, severity: severity, name: name, means: means)
        guard issues.count < 64, seen.insert(issue).inserted else { return }
        issues.append((issue, template.offsets[id]))
    }

    /// Whether there are steps left; without them each piece of the template is looked at once more and no loop.
    mutating func step(_ count: Int = 1) -> Bool {
        steps += count
        if steps > Self.stepLimit { isExhausted = true }
        return !isExhausted
    }

    // MARK: Variables

    func value(of name: String) -> TemplateValue {
        for scope in scopes.reversed() {
            if let value = scope[name] { return value }
        }
        return TemplateNames.engineFunctions.contains(name) ? .engine(name) : .data
    }

    mutating func assign(_ name: String, _ value: TemplateValue) {
        scopes[scopes.count - 1][name] = value
    }

    /// Replaces the value of a variable where it is visible.
    mutating func replace(_ name: String, _ value: TemplateValue) {
        for index in scopes.indices.reversed() where scopes[index][name] != nil {
            scopes[index][name] = value
            return
        }
    }

    private mutating func assign(to target: JinjaTemplate.ID, _ value: TemplateValue) {
        switch template[target] {
        case .name(let name): assign(name, value)
        case .namespaceReference(let name, let attribute):
            if case .namespace(let index) = self.value(of: name) {
                setMember(attribute, ofNamespace: index, value)
            }
        case .tuple(let parts):
            if let elements = value.elements, elements.count == parts.count {
                for (part, element) in zip(parts, elements) { assign(to: part, element) }
            } else {
                for part in parts { assign(to: part, value.anyElement) }
            }
        default: break
        }
    }

    // MARK: Statements

    /// Follows statements in order; the result is the text that they write.
    mutating func execute(_ body: [JinjaTemplate.ID]) -> TemplateValue {
        var written = TemplateValue.string("")
        for id in body {
            let text = execute(id)
            if text != .string("") { written = .joined(written, text) }
        }
        return written
    }

    private mutating func execute(_ id: JinjaTemplate.ID) -> TemplateValue {
        _ = step()
        let nothing = TemplateValue.string("")
        guard nesting < Self.nestingLimit else {
            isExhausted = true
            return nothing
        }
        nesting += 1
        defer { nesting -= 1 }
        switch template[id] {
        case .data(let text): return .text(text)
        case .output(let values):
            return values.map { evaluate($0).asText }.reduce(nothing, TemplateValue.joined)
        case .evaluate(let value): _ = evaluate(value)
        case .set(let target, let value): assign(to: target, evaluate(value))
        case .setBlock(let target, let filter, let body):
            let text = scoped { $0.execute(body) }
            assign(to: target, filter.map { evaluate($0, over: text) } ?? text)
        case .filterBlock(let filter, let body):
            let text = scoped { $0.execute(body) }
            return evaluate(filter, over: text).asText
        case .loop(let loop): return execute(loop)
        case .choice(let branches): return execute(branches)
        case .macro(let name, let signature, _):
            for value in signature.defaults { _ = evaluate(value) }
            let index = macros.firstIndex(of: id) ?? macros.count
            if index == macros.count { macros.append(id) }
            assign(name, .macro(index))
        case .callBlock(_, let call, let body):
            callers.append(id)
            let text = evaluate(call).asText
            callers.removeLast()
            _ = scoped { $0.execute(body) }
            return text
        case .with(let pairs, let body):
            let values = pairs.map { evaluate($0.second) }
            return scoped {
                for (pair, value) in zip(pairs, values) { $0.assign(to: pair.first, value) }
                return $0.execute(body)
            }
        case .autoescape(let value, let body):
            _ = evaluate(value)
            return scoped { $0.execute(body) }
        case .block(_, let body), .generation(let body): return scoped { $0.execute(body) }
        case .extends(let name), .include(let name): load(evaluate(name), at: id)
        case .importAs(let name, let alias):
            load(evaluate(name), at: id)
            assign(alias, .data)
        case .importNames(let name, let names):
            load(evaluate(name), at: id)
            for each in names { assign(each.alias, .data) }
        case .unknown(_, let values): for value in values { _ = evaluate(value) }
        default: break
        }
        return nothing
    }

    private mutating func scoped(_ body: (inout TemplateEvaluator) -> TemplateValue) -> TemplateValue {
        scopes.append([:])
        defer { scopes.removeLast() }
        return body(&self)
    }

    private mutating func load(_ name: TemplateValue, at id: JinjaTemplate.ID) {
        let constants: [TemplateValue] =
            switch name {
            case .either(let parts), .list(let parts): parts
            default: [name]
            }
        for constant in constants {
            guard let path = constant.string else {
                report(.load, .medium, "a computed name", "include", at: id)
                continue
            }
            let leaves = path.hasPrefix("/") || path.hasPrefix("~") || path.contains("..") || path.contains("\\")
            report(.load, leaves || path.contains("://") ? .high : .medium, path, "include", at: id)
        }
    }

    private mutating func execute(_ loop: JinjaTemplate.Loop) -> TemplateValue {
        let sequence = evaluate(loop.sequence)
        var written = TemplateValue.string("")
        let size = countOfRange(loop.sequence)
        let outer = repetitions
        if let size {
            repetitions = min(repetitions.multiplied(checked: max(1, size)) ?? .max, 1 << 60)
            if repetitions > Self.repetitionLimit {
                report(.exhaustion, .medium, "\(repetitions) repetitions", "loop", at: loop.sequence)
            }
        }
        scopes.append(["loop": .engine("loop")])
        if let elements = sequence.elements, elements.count <= Self.unrollLimit, step(elements.count), loops < 4 {
            loops += 1
            for element in elements where step() {
                assign(to: loop.target, element)
                if let test = loop.test, evaluate(test).truth == false { continue }
                let text = execute(loop.body)
                if text != .string("") { written = .joined(written, text) }
            }
            loops -= 1
            if elements.isEmpty || isExhausted {
                assign(to: loop.target, .data)
                _ = execute(loop.body)
            }
        } else {
            assign(to: loop.target, sequence.anyElement)
            if let test = loop.test { _ = evaluate(test) }
            // The second round sees what the first has left in namespaces.
            let before = namespaces
            _ = execute(loop.body)
            if namespaces != before, step() {
                _ = execute(loop.body)
                mergeNamespaces(with: before)
            }
            written = .data
        }
        scopes.removeLast()
        repetitions = outer
        _ = scoped { $0.execute(loop.otherwise) }
        return written
    }

    private mutating func mergeNamespaces(with other: [[String: TemplateValue]]) {
        for index in other.indices where index < namespaces.count {
            for (name, value) in other[index] where namespaces[index][name] != value {
                namespaces[index][name] = .oneOf([namespaces[index][name] ?? .data, value])
            }
        }
    }

    private mutating func execute(_ branches: [JinjaTemplate.Branch]) -> TemplateValue {
        let scope = scopes[scopes.count - 1]
        let spaces = namespaces
        var ends: [(scope: [String: TemplateValue], spaces: [[String: TemplateValue]])] = []
        var texts: [TemplateValue] = []
        var isDecided = false
        for branch in branches {
            scopes[scopes.count - 1] = scope
            namespaces = spaces
            let truth = branch.test.map { evaluate($0).truth } ?? true
            let text = execute(branch.body)
            guard !isDecided, truth != false else { continue }
            isDecided = truth == true
            ends.append((scopes[scopes.count - 1], namespaces))
            texts.append(text)
        }
        if !isDecided {
            ends.append((scope, spaces))
            texts.append(.string(""))
        }
        // What the branches leave behind is one of several where they differ.
        var merged = ends[0].scope
        var space = ends[0].spaces
        for end in ends.dropFirst() {
            for (name, value) in end.scope where merged[name] != value {
                merged[name] = .oneOf([merged[name] ?? .data, value])
            }
            for index in end.spaces.indices where index < space.count {
                for (name, value) in end.spaces[index] where space[index][name] != value {
                    space[index][name] = .oneOf([space[index][name] ?? .data, value])
                }
            }
            if end.spaces.count > space.count { space += end.spaces[space.count...] }
            _ = step(end.scope.count)
        }
        scopes[scopes.count - 1] = merged
        namespaces = space
        return .oneOf(texts)
    }

    /// How many numbers a `range(…)` has, where it is known.
    private mutating func countOfRange(_ id: JinjaTemplate.ID) -> Int? {
        guard case .call(let callee, let arguments) = template[id], case .name("range") = template[callee] else {
            return nil
        }
        let numbers = arguments.positional.map { evaluate($0).integer }
        switch numbers.count {
        case 1: return numbers[0]
        case 2, 3:
            guard let from = numbers[0], let to = numbers[1] else { return nil }
            let stride = numbers.count == 3 ? numbers[2] ?? 1 : 1
            return Self.count(from: from, to: to, by: stride)
        default: return nil
        }
    }

    /// How many numbers a range has, or nil for ranges without a step or at the edge of what is representable.
    static func count(from: Int, to: Int, by step: Int) -> Int? {
        guard step != 0, from.magnitude < 1 << 60, to.magnitude < 1 << 60, step.magnitude < 1 << 60 else { return nil }
        let distance = step > 0 ? to - from : from - to
        let stride = abs(step)
        return max(0, (distance + stride - 1) / stride)
    }

    // MARK: Namespaces

    /// A member of a namespace; one that was made in a branch that is not followed is gone.
    func member(_ name: String, ofNamespace index: Int) -> TemplateValue {
        namespaces.indices.contains(index) ? namespaces[index][name] ?? .data : .data
    }

    mutating func setMember(_ name: String, ofNamespace index: Int, _ value: TemplateValue) {
        if namespaces.indices.contains(index) { namespaces[index][name] = value }
    }

    // MARK: Macros

    mutating func call(macro index: Int, _ arguments: TemplateArguments) -> TemplateValue {
        guard case .macro(_, let signature, let body) = template[macros[index]] else { return .data }
        return call(signature, body, arguments)
    }

    /// Calls the body of the innermost call block.
    mutating func callCaller(_ arguments: TemplateArguments) -> TemplateValue {
        guard let id = callers.last, case .callBlock(let signature, _, let body) = template[id] else { return .data }
        return call(signature, body, arguments)
    }

    private mutating func call(
        _ signature: JinjaTemplate.Signature, _ body: [JinjaTemplate.ID], _ arguments: TemplateArguments
    ) -> TemplateValue {
        guard macroDepth < 6, step() else { return .data }
        macroDepth += 1
        defer { macroDepth -= 1 }
        var scope: [String: TemplateValue] = [:]
        let firstDefault = signature.parameters.count - signature.defaults.count
        for (position, name) in signature.parameters.enumerated() {
            if position < arguments.positional.count {
                scope[name] = arguments.positional[position]
            } else if let given = arguments.keyword[name] {
                scope[name] = given
            } else if position >= firstDefault, position - firstDefault < signature.defaults.count {
                scope[name] = evaluate(signature.defaults[position - firstDefault])
            } else {
                scope[name] = .data
            }
        }
        scope["varargs"] = .listed(Array(arguments.positional.dropFirst(signature.parameters.count)))
        let rest = arguments.keyword.filter { !signature.parameters.contains($0.key) }
        scope["kwargs"] = .mapped(
            rest.sorted { $0.key < $1.key }.map { .init(key: .string($0.key), value: $0.value) })
        scopes.append(scope)
        defer { scopes.removeLast() }
        return execute(body)
    }
}

/// Arguments of a call, with what is known of their values.
struct TemplateArguments {
    var positional: [TemplateValue] = []
    var keyword: [String: TemplateValue] = [:]
    /// Whether more arguments come from something that is not known.
    var isOpen = false
}
