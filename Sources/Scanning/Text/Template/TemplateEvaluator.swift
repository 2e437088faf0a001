internal import AssayCore
internal import ByteParsing
internal import ModelFormats

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

    var variables = TemplateVariables()
    var macros: [JinjaTemplate.ID] = []
    private var steps = 0
    private var loops = 0
    var macroDepth = 0
    /// Macros that are being followed, one in the other.
    var active: [Activation] = []
    private var repetitions = 1
    /// Bodies of the call blocks around, for `caller()`.
    private(set) var callers: [JinjaTemplate.ID] = []

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
            variables.open()
            for (name, value) in zip(signature.parameters.reversed(), signature.defaults.reversed()) {
                variables.assign(name, .oneOf([.data, evaluate(value)]))
            }
            _ = execute(body)
            variables.close()
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

    private mutating func assign(to target: JinjaTemplate.ID, _ value: TemplateValue) {
        switch template[target] {
        case .name(let name): variables.assign(name, value)
        case .namespaceReference(let name, let attribute):
            if case .namespace(let index) = variables.value(of: name) {
                variables.setMember(attribute, ofNamespace: index, value)
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
            variables.assign(name, .macro(index))
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
            variables.assign(alias, .data)
        case .importNames(let name, let names):
            load(evaluate(name), at: id)
            for each in names { variables.assign(each.alias, .data) }
        case .unknown(_, let values): for value in values { _ = evaluate(value) }
        default: break
        }
        return nothing
    }

    private mutating func scoped(_ body: (inout TemplateEvaluator) -> TemplateValue) -> TemplateValue {
        variables.open()
        defer { variables.close() }
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
        variables.open(["loop": .engine("loop")])
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
            let before = variables.namespaces
            _ = execute(loop.body)
            if variables.namespaces != before, step() {
                _ = execute(loop.body)
                variables.mergeNamespaces(with: before)
            }
            written = .data
        }
        variables.close()
        repetitions = outer
        _ = scoped { $0.execute(loop.otherwise) }
        return written
    }

    private mutating func execute(_ branches: [JinjaTemplate.Branch]) -> TemplateValue {
        let before = variables.state
        var ends: [TemplateVariables.State] = []
        var texts: [TemplateValue] = []
        var isDecided = false
        for branch in branches {
            variables.state = before
            let truth = branch.test.map { evaluate($0).truth } ?? true
            let text = execute(branch.body)
            guard !isDecided, truth != false else { continue }
            isDecided = truth == true
            ends.append(variables.state)
            texts.append(text)
        }
        if !isDecided {
            ends.append(before)
            texts.append(.string(""))
        }
        for end in ends.dropFirst() { _ = step(end.size) }
        variables.merge(ends)
        return .oneOf(texts)
    }
}
