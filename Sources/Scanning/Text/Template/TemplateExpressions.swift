internal import AssayCore
internal import ByteParsing
internal import ModelFormats

// Expressions: each is folded as far as its constants go, and each access to an attribute is judged by its name.
extension TemplateEvaluator {
    mutating func evaluate(_ id: JinjaTemplate.ID) -> TemplateValue {
        _ = step()
        guard nesting < Self.nestingLimit else {
            isExhausted = true
            return .data
        }
        nesting += 1
        defer { nesting -= 1 }
        switch template[id] {
        case .name(let name): return variables.value(of: name)
        case .string(let text): return .text(text)
        case .integer(let digits): return PythonText.integer(digits).map { .integer($0) } ?? .number
        case .float(let digits): return Double(digits.filter { $0 != "_" }).map { .float($0) } ?? .number
        case .bool(let value): return .bool(value)
        case .none: return .none
        case .tuple(let parts), .list(let parts): return .listed(parts.map { evaluate($0) })
        case .dictionary(let pairs):
            return .mapped(pairs.map { .init(key: evaluate($0.first), value: evaluate($0.second)) })
        case .attribute(let operand, let name):
            let base = evaluate(operand)
            return access(base, .string(name), "attribute", at: id)
        case .item(let operand, let index):
            let base = evaluate(operand)
            if case .slice(let from, let to, let step) = template[index] {
                let bounds = [from, to, step].map { $0.map { evaluate($0) } }
                return sliced(base, bounds, at: id)
            }
            let key = evaluate(index)
            return item(base, key, at: id)
        case .call(let callee, let arguments): return call(callee, arguments, at: id)
        case .filter(let operand, let name, let arguments):
            let base = operand.map { evaluate($0) } ?? .data
            return filter(base, name, values(of: arguments), at: id)
        case .test(let operand, _, let arguments):
            _ = evaluate(operand)
            _ = values(of: arguments)
            return .number
        case .unary(let symbol, let operand):
            let value = evaluate(operand)
            switch (symbol, value) {
            case ("-", .integer(let number)): return 0.subtracting(checked: number).map { .integer($0) } ?? .number
            case ("-", .float(let number)): return .float(-number)
            case ("+", .integer), ("+", .float): return value
            case ("not", _): return value.truth.map { .bool(!$0) } ?? .number
            default: return .number
            }
        case .binary(let symbol, let left, let right):
            let first = evaluate(left)
            let second = evaluate(right)
            return binary(symbol, first, second, at: id)
        case .concatenation(let parts):
            var joined = TemplateValue.string("")
            for part in parts {
                let text = evaluate(part).asText
                judgeGrowth("~", joined, text, at: id)
                joined = .joined(joined, text)
            }
            return joined
        case .comparison(let left, let operands):
            let first = evaluate(left)
            let others = operands.map { evaluate($0.value) }
            guard operands.count == 1, first.isConstant, others[0].isConstant else { return .number }
            switch operands[0].symbol {
            case "==": return .bool(first == others[0])
            case "!=": return .bool(first != others[0])
            default: return .number
            }
        case .conditional(let test, let then, let otherwise):
            let truth = evaluate(test).truth
            let yes = evaluate(then)
            let no = otherwise.map { evaluate($0) } ?? .none
            return truth.map { $0 ? yes : no } ?? .oneOf([yes, no])
        default: return .data
        }
    }

    /// Evaluates a filter whose innermost operand is the text of a block.
    mutating func evaluate(_ id: JinjaTemplate.ID, over text: TemplateValue) -> TemplateValue {
        guard case .filter(let operand, let name, let arguments) = template[id] else { return .data }
        let base = operand.map { evaluate($0, over: text) } ?? text
        return filter(base, name, values(of: arguments), at: id)
    }

    mutating func values(of arguments: JinjaTemplate.Arguments) -> TemplateArguments {
        var result = TemplateArguments()
        result.positional = arguments.positional.map { evaluate($0) }
        for keyword in arguments.keyword {
            result.keyword[TemplateNames.compatible(keyword.name)] = evaluate(keyword.value)
        }
        if let unpacked = arguments.unpacked {
            if let elements = evaluate(unpacked).elements {
                result.positional += elements
            } else {
                result.isOpen = true
            }
        }
        if let unpacked = arguments.unpackedKeywords {
            if case .dictionary(let entries) = evaluate(unpacked) {
                for entry in entries { if let key = entry.key.string { result.keyword[key] = entry.value } }
            } else {
                result.isOpen = true
            }
        }
        return result
    }

    // MARK: Access by name

    /// Reads an attribute by a name that is a value; judges the name.
    mutating func access(
        _ base: TemplateValue, _ name: TemplateValue, _ means: String, at id: JinjaTemplate.ID
    ) -> TemplateValue {
        if case .either(let parts) = base {
            return .oneOf(parts.map { access($0, name, means, at: id) })
        }
        switch name {
        case .either(let parts): return .oneOf(parts.map { access(base, $0, means, at: id) })
        case .string(let text):
            switch TemplateNames.standing(of: text) {
            case .internals:
                report(.escape, .critical, text, means, at: id)
                return .escaped
            case .hidden where base.isEngine:
                report(.engine, .high, text, means, at: id)
                return .escaped
            default: break
            }
            switch base {
            case .escaped, .engine, .data: return Self.attribute(text, of: base)
            case .dictionary(let entries):
                if let entry = entries.last(where: { $0.key == name }) { return entry.value }
                return .method(base, text)
            case .namespace(let index): return variables.member(text, ofNamespace: index)
            case .generator(let inner) where text == "current": return inner.anyElement
            case .string where text == "format" && means == "filter attr":
                // The attr filter hands out `format` past the sandbox's guard (CVE-2025-27516).
                report(.escape, .high, text, means, at: id)
                return .method(base, text)
            default: return .method(base, text)
            }
        case .partial(let pieces) where pieces.contains("__"):
            report(.computedName, .high, pieces.split(separator: "\0").joined(separator: "…"), means, at: id)
            return .escaped
        case .engineText, .escaped:
            report(.computedName, .critical, "text of an engine object", means, at: id)
            return .escaped
        case .computed:
            report(.computedName, .high, "a computed name", means, at: id)
            return .escaped
        case .data, .partial:
            if means == "filter attr" { report(.computedName, .high, "an unknown name", means, at: id) }
            return .data
        default: return base == .escaped ? .escaped : .data
        }
    }

    private static func attribute(_ name: String, of base: TemplateValue) -> TemplateValue {
        switch base {
        case .engine(let object): object == "loop" ? .data : .method(base, name)
        case .escaped: .escaped
        default: .data
        }
    }

    /// Reads an item by a key that is a value.
    mutating func item(_ base: TemplateValue, _ key: TemplateValue, at id: JinjaTemplate.ID) -> TemplateValue {
        if case .either(let parts) = base { return .oneOf(parts.map { item($0, key, at: id) }) }
        if case .either(let parts) = key { return .oneOf(parts.map { item(base, $0, at: id) }) }
        if base == .engineText {
            report(.engine, .medium, "letters of an engine object's text", "subscript", at: id)
            return .engineText
        }
        if let index = key.integer {
            guard let elements = base.elements else { return base == .computed ? .computed : base.anyElement }
            let position = index < 0 ? elements.count + index : index
            return elements.indices.contains(position) ? elements[position] : .none
        }
        switch key {
        case .number, .float, .none, .bool: return base.anyElement
        case .data, .partial:
            // Items of lists and texts are numbered; a name in that place reaches attributes.
            if case .engine = base {
                report(.computedName, .high, "an unknown name", "subscript", at: id)
                return .escaped
            }
            if case .partial(let pieces) = key, pieces.contains("__") { break }
            return base.anyElement
        default: break
        }
        return access(base, key, "subscript", at: id)
    }

    mutating func sliced(
        _ base: TemplateValue, _ bounds: [TemplateValue?], at id: JinjaTemplate.ID
    ) -> TemplateValue {
        if case .either(let parts) = base { return .oneOf(parts.map { sliced($0, bounds, at: id) }) }
        if base == .engineText {
            report(.engine, .medium, "letters of an engine object's text", "slice", at: id)
            return .engineText
        }
        guard let elements = base.elements else {
            if bounds[1] == .integer(0), bounds[0] == nil, bounds[2] == nil { return .string("") }
            return base == .computed || base == .escaped ? base : .data
        }
        var numbers: [Int?] = []
        for bound in bounds {
            if let bound, bound != .none {
                guard let number = bound.integer else { return base.anyElement.isData ? .data : .computed }
                numbers.append(number)
            } else {
                numbers.append(nil)
            }
        }
        let picked = TemplateOperators.slice(elements, numbers[0], numbers[1], numbers[2])
        guard base.string != nil else { return .listed(picked) }
        return .text(picked.compactMap(\.string).joined())
    }

    // MARK: Operators

    private mutating func binary(
        _ symbol: String, _ left: TemplateValue, _ right: TemplateValue, at id: JinjaTemplate.ID
    ) -> TemplateValue {
        judgeGrowth(symbol, left, right, at: id)
        switch symbol {
        case "or": return left.truth.map { $0 ? left : right } ?? .oneOf([left, right])
        case "and": return left.truth.map { $0 ? right : left } ?? .oneOf([left, right])
        case "*", "**":
            if let size = TemplateOperators.size(symbol, left, right), size > Self.repetitionLimit {
                report(.exhaustion, .medium, "a value of \(size) elements or digits", symbol, at: id)
                return .computed
            }
        default: break
        }
        return left.combined(with: right) { TemplateOperators.fold(symbol, $0, $1) }
    }
}
