internal import AssayCore
internal import ByteParsing
internal import ModelFormats

// Calls: of macros, of the engine's functions and of methods of constants.
extension TemplateEvaluator {
    mutating func call(
        _ callee: JinjaTemplate.ID, _ list: JinjaTemplate.Arguments, at id: JinjaTemplate.ID
    ) -> TemplateValue {
        let function = evaluate(callee)
        let arguments = values(of: list)
        if case .name("open") = template[callee] { report(.call, .high, "open", "call", at: id) }
        if let name = calledName(callee), TemplateNames.isDangerousCall(name) {
            report(.call, function == .escaped ? .critical : .high, name, "call", at: id)
        }
        if case .either(let parts) = function {
            return .oneOf(parts.map { call($0, callee, arguments, at: id) })
        }
        return call(function, callee, arguments, at: id)
    }

    private func calledName(_ callee: JinjaTemplate.ID) -> String? {
        switch template[callee] {
        case .attribute(_, let name), .name(let name): return name
        case .item(_, let index): if case .string(let name) = template[index] { return name }
        case .filter(_, "attr", let arguments):
            if let first = arguments.positional.first, case .string(let name) = template[first] { return name }
        default: break
        }
        return nil
    }

    private mutating func call(
        _ function: TemplateValue, _ callee: JinjaTemplate.ID, _ arguments: TemplateArguments, at id: JinjaTemplate.ID
    ) -> TemplateValue {
        switch function {
        case .escaped: return .escaped
        case .macro(let index): return call(macro: index, arguments)
        case .engine("caller"): return callCaller(arguments)
        case .engine(let name): return callEngine(name, arguments, at: id)
        case .method(let receiver, let name):
            if name == "append" || name == "update" || name == "extend" {
                mutate(callee, receiver, name, arguments)
                return .none
            }
            return method(name, of: receiver, arguments, at: id)
        default: return .data
        }
    }

    private mutating func callEngine(
        _ name: String, _ arguments: TemplateArguments, at id: JinjaTemplate.ID
    ) -> TemplateValue {
        let given = arguments.positional
        switch name {
        case "dict":
            var entries: [TemplateValue.Entry] = []
            if case .dictionary(let first)? = given.first { entries = first }
            for (key, value) in arguments.keyword.sorted(by: { $0.key < $1.key }) {
                entries.append(.init(key: .string(key), value: value))
            }
            return arguments.isOpen ? .data : .mapped(entries)
        case "namespace":
            return variables.makeNamespace(arguments.keyword)
        case "range":
            let numbers = given.map(\.integer)
            guard (1...3).contains(numbers.count), !numbers.contains(nil) else { return .generator(.number) }
            let known = numbers.compactMap(\.self)
            let from = known.count > 1 ? known[0] : 0
            let to = known.count > 1 ? known[1] : known[0]
            let step = known.count > 2 ? known[2] : 1
            guard let size = TemplateOperators.count(from: from, to: to, by: step), size <= Self.unrollLimit else {
                if let size = TemplateOperators.count(from: from, to: to, by: step), size > Self.repetitionLimit {
                    report(.exhaustion, .medium, "\(size) numbers", "range", at: id)
                }
                return .generator(.number)
            }
            return .generator(.list((0..<size).map { .integer(from + $0 * step) }))
        case "cycler": return .generator(.listed(given))
        case "lipsum":
            let count = arguments.keyword["n"]?.integer ?? given.first?.integer ?? 5
            let words = arguments.keyword["max"]?.integer ?? 100
            if (count.multiplied(checked: max(1, words)) ?? .max) > Self.repetitionLimit {
                report(.exhaustion, .medium, "\(count) paragraphs", "lipsum", at: id)
            }
            return .computed
        default: return .data
        }
    }

    /// How many numbers a `range(…)` has, where it is known.
    mutating func countOfRange(_ id: JinjaTemplate.ID) -> Int? {
        guard case .call(let callee, let arguments) = template[id], case .name("range") = template[callee] else {
            return nil
        }
        let numbers = arguments.positional.map { evaluate($0).integer }
        switch numbers.count {
        case 1: return numbers[0]
        case 2, 3:
            guard let from = numbers[0], let to = numbers[1] else { return nil }
            let stride = numbers.count == 3 ? numbers[2] ?? 1 : 1
            return TemplateOperators.count(from: from, to: to, by: stride)
        default: return nil
        }
    }

    /// `list.append` and `dict.update` on a variable whose value is known.
    private mutating func mutate(
        _ callee: JinjaTemplate.ID, _ receiver: TemplateValue, _ name: String, _ arguments: TemplateArguments
    ) {
        guard case .attribute(let operand, _) = template[callee], let argument = arguments.positional.first else {
            return
        }
        let changed: TemplateValue
        switch (receiver, name, argument) {
        case (.list(let parts), "append", _): changed = .listed(parts + [argument])
        case (.list(let parts), "extend", _): changed = argument.elements.map { .listed(parts + $0) } ?? .data
        case (.dictionary(let entries), "update", .dictionary(let others)): changed = .mapped(entries + others)
        default: return
        }
        switch template[operand] {
        case .name(let variable): variables.replace(variable, changed)
        case .attribute(let space, let attribute):
            if case .name(let variable) = template[space], case .namespace(let index) = variables.value(of: variable) {
                variables.setMember(attribute, ofNamespace: index, changed)
            }
        default: break
        }
    }

    // MARK: Macros

    private mutating func call(macro index: Int, _ arguments: TemplateArguments) -> TemplateValue {
        guard case .macro(_, let signature, let body) = template[macros[index]] else { return .data }
        return call(signature, body, arguments)
    }

    /// Calls the body of the innermost call block.
    private mutating func callCaller(_ arguments: TemplateArguments) -> TemplateValue {
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
        // A macro that calls itself with what it was called with shows nothing that the outer call does not.
        if active.contains(where: { $0.body == body && $0.scope == scope && variables.still($0.before) }) {
            return .data
        }
        active.append(Activation(body: body, scope: scope, before: variables.surroundings))
        variables.open(scope)
        defer {
            variables.close()
            active.removeLast()
        }
        return execute(body)
    }

    /// A macro that is being followed.
    struct Activation {
        let body: [JinjaTemplate.ID]
        let scope: [String: TemplateValue]
        let before: TemplateVariables.Surroundings
    }

    // MARK: Methods of constants

    mutating func method(
        _ name: String, of receiver: TemplateValue, _ arguments: TemplateArguments, at id: JinjaTemplate.ID
    ) -> TemplateValue {
        judgeWidth(of: name, receiver, arguments.positional, at: id)
        if name == "format" || name == "format_map" { return format(receiver, arguments, at: id) }
        let given = arguments.positional
        switch receiver {
        case .string(let text): return TemplateTextMethods.call(name, of: text, given)
        case .dictionary(let entries):
            switch name {
            case "items": return .listed(entries.map { .listed([$0.key, $0.value]) })
            case "keys": return .listed(entries.map(\.key))
            case "values": return .listed(entries.map(\.value))
            case "get", "pop", "setdefault":
                guard let key = given.first else { return .data }
                if let entry = entries.last(where: { $0.key == key }) { return entry.value }
                return key.isConstant ? given.dropFirst().first ?? .none : .oneOf(entries.map(\.value) + [.data])
            default: return .data
            }
        case .list(let parts):
            switch name {
            case "pop": return parts.last ?? .data
            case "copy": return receiver
            case "index", "count": return .number
            default: return .data
            }
        case .generator(let inner):
            // A cycler hands out its values in turn.
            return name == "next" ? inner.anyElement : .data
        case .engine: return .data
        case .partial, .data: return .data
        default: return .computed
        }
    }
}

/// Arguments of a call, with what is known of their values.
struct TemplateArguments {
    var positional: [TemplateValue] = []
    var keyword: [String: TemplateValue] = [:]
    /// Whether more arguments come from something that is not known.
    var isOpen = false
}
