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
            guard namespaces.count < 256 else { return .data }
            namespaces.append(arguments.keyword)
            return .namespace(namespaces.count - 1)
        case "range":
            let numbers = given.map(\.integer)
            guard (1...3).contains(numbers.count), !numbers.contains(nil) else { return .generator(.number) }
            let known = numbers.compactMap(\.self)
            let from = known.count > 1 ? known[0] : 0
            let to = known.count > 1 ? known[1] : known[0]
            let step = known.count > 2 ? known[2] : 1
            guard let size = Self.count(from: from, to: to, by: step), size <= Self.unrollLimit else {
                if let size = Self.count(from: from, to: to, by: step), size > Self.repetitionLimit {
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
        case .name(let variable): replace(variable, changed)
        case .attribute(let space, let attribute):
            if case .name(let variable) = template[space], case .namespace(let index) = value(of: variable) {
                setMember(attribute, ofNamespace: index, changed)
            }
        default: break
        }
    }

    // MARK: Methods of constants

    mutating func method(
        _ name: String, of receiver: TemplateValue, _ arguments: TemplateArguments, at id: JinjaTemplate.ID
    ) -> TemplateValue {
        if name == "format" || name == "format_map" { return format(receiver, arguments, at: id) }
        let given = arguments.positional
        switch receiver {
        case .string(let text): return Self.textMethod(name, text, given)
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

    private static func textMethod(_ name: String, _ text: String, _ given: [TemplateValue]) -> TemplateValue {
        let first = given.first?.string
        let scalars = text.unicodeScalars
        func strip(_ leading: Bool, _ trailing: Bool) -> TemplateValue {
            var rest = scalars[...]
            func isStripped(_ scalar: Unicode.Scalar) -> Bool {
                first.map { $0.unicodeScalars.contains(scalar) } ?? scalar.properties.isWhitespace
            }
            while leading, let scalar = rest.first, isStripped(scalar) { rest.removeFirst() }
            while trailing, let scalar = rest.last, isStripped(scalar) { rest.removeLast() }
            return .string(String(rest))
        }
        switch name {
        case "upper": return .string(text.uppercased())
        case "lower", "casefold": return .string(text.lowercased())
        case "swapcase":
            return .string(
                String(text.map { $0.isUppercase ? Character($0.lowercased()) : Character($0.uppercased()) }))
        case "capitalize": return .string(text.prefix(1).uppercased() + text.dropFirst().lowercased())
        case "title":
            let words = scalars.split(omittingEmptySubsequences: false) { !$0.properties.isAlphabetic }
            var result = String.UnicodeScalarView()
            for word in words {
                let text = String(word)
                result.append(contentsOf: (text.prefix(1).uppercased() + text.dropFirst().lowercased()).unicodeScalars)
                if word.endIndex < scalars.endIndex { result.append(scalars[word.endIndex]) }
            }
            return .string(String(result))
        // Text and its bytes read alike here.
        case "encode", "decode": return .string(text)
        case "strip": return strip(true, true)
        case "lstrip": return strip(true, false)
        case "rstrip": return strip(false, true)
        case "removeprefix":
            guard let first else { return .computed }
            return .string(text.hasPrefix(first) ? String(text.dropFirst(first.count)) : text)
        case "removesuffix":
            guard let first else { return .computed }
            return .string(text.hasSuffix(first) ? String(text.dropLast(first.count)) : text)
        case "replace":
            guard let first, given.count > 1, let new = given[1].string else {
                return given.contains(where: \.isData) ? .partial(text) : .computed
            }
            return replaced(text, first, new)
        case "join":
            guard let elements = given.first?.elements else {
                return given.contains(where: \.isData) ? .data : .computed
            }
            return joined(elements, text)
        case "split", "rsplit":
            if given.isEmpty || given.first == TemplateValue.none {
                return .listed(
                    scalars.split(whereSeparator: \.properties.isWhitespace).map { .string(String($0)) })
            }
            guard let first, !first.isEmpty else { return given.contains(where: \.isData) ? .data : .computed }
            return .listed(pieces(text, first).map { .string($0) })
        case "splitlines": return .listed(scalars.split(separator: "\n").map { .string(String($0)) })
        case "partition", "rpartition":
            guard let first, !first.isEmpty else { return .computed }
            let parts = pieces(text, first)
            guard parts.count > 1 else { return .listed([.string(text), .string(""), .string("")]) }
            let rest = parts.dropFirst().joined(separator: first)
            return .listed([.string(parts[0]), .string(first), .string(rest)])
        case "zfill", "center", "ljust", "rjust":
            return padded(text, name, given)
        case "startswith", "endswith", "isdigit", "isalpha", "isupper", "islower", "isspace", "isalnum", "find",
            "rfind", "index", "rindex", "count", "isnumeric", "isdecimal", "isidentifier", "istitle":
            return .number
        default: return .computed
        }
    }

    /// A text made as wide as the first argument says, with the second or a space.
    private static func padded(_ text: String, _ method: String, _ given: [TemplateValue]) -> TemplateValue {
        let length = text.unicodeScalars.count
        let letter = method == "zfill" ? "0" : given.count > 1 ? given[1].string : " "
        guard let width = given.first?.integer, width <= TemplateValue.textLimit, let letter else { return .computed }
        guard width > length, letter.unicodeScalars.count == 1 else { return .string(text) }
        let missing = width - length
        func letters(_ count: Int) -> String { String(repeating: letter, count: count) }
        switch method {
        case "ljust": return .text(text + letters(missing))
        case "rjust": return .text(letters(missing) + text)
        case "zfill":
            let sign = text.hasPrefix("-") || text.hasPrefix("+") ? 1 : 0
            return .text(text.prefix(sign) + letters(missing) + text.dropFirst(sign))
        default:
            // CPython puts the odd one to the left when the width is odd.
            let left = missing / 2 + (missing & width & 1)
            return .text(letters(left) + text + letters(missing - left))
        }
    }

    static func pieces(_ text: String, _ separator: String) -> [String] {
        let bytes = Array(text.utf8)
        let wanted = Array(separator.utf8)
        var parts: [String] = []
        var start = 0
        var index = 0
        while index + wanted.count <= bytes.count {
            if bytes[index] == wanted[0], bytes[index..<(index + wanted.count)].elementsEqual(wanted) {
                parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
                index += wanted.count
                start = index
            } else {
                index += 1
            }
        }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
        return parts
    }

    static func replaced(_ text: String, _ old: String, _ new: String) -> TemplateValue {
        if old.isEmpty {
            return .text(new + text.unicodeScalars.map { String(Character($0)) + new }.joined())
        }
        let parts = pieces(text, old)
        let size = parts.count.multiplied(checked: new.utf8.count) ?? .max
        return size <= TemplateValue.textLimit ? .text(parts.joined(separator: new)) : .computed
    }

    static func joined(_ elements: [TemplateValue], _ separator: String) -> TemplateValue {
        var result = TemplateValue.string("")
        for (index, element) in elements.enumerated() {
            if index > 0, !separator.isEmpty { result = .joined(result, .string(separator)) }
            result = .joined(result, element.asText)
        }
        return result
    }

    // MARK: Formatting

    /// `str.format`: its fields can follow attributes.
    private mutating func format(
        _ receiver: TemplateValue, _ arguments: TemplateArguments, at id: JinjaTemplate.ID
    ) -> TemplateValue {
        let format: String
        switch receiver {
        case .string(let text): format = text
        case .partial(let pieces):
            for name in pieces.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") })
            where TemplateNames.standing(of: String(name)) == .internals {
                report(.escape, .critical, String(name), "format string", at: id)
            }
            return .data
        case .computed, .engineText:
            report(.computedName, .high, "a computed format string", "format string", at: id)
            return .computed
        default: return .data
        }
        var named = arguments.keyword
        if case .dictionary(let entries)? = arguments.positional.first {
            for entry in entries { if let key = entry.key.string, named[key] == nil { named[key] = entry.value } }
        }
        var result = TemplateValue.string("")
        var position = 0
        for (literal, field) in TemplateFormatting.fields(format) {
            result = .joined(result, .string(literal))
            guard let field else { continue }
            var value: TemplateValue
            if field.argument.isEmpty || Int(field.argument) != nil {
                let index = Int(field.argument) ?? position
                position += 1
                value = arguments.positional.indices.contains(index) ? arguments.positional[index] : .data
            } else {
                value = named[field.argument] ?? .data
            }
            for name in field.path { value = access(value, .string(name), "format string", at: id) }
            if field.conversion == ":c", let number = value.integer,
                let letter = TemplateFormatting.character(number)
            {
                value = .string(letter)
            }
            result = .joined(result, value.asText)
        }
        return result
    }
}
