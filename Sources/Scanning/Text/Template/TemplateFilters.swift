internal import AssayCore
internal import ByteParsing
internal import ModelFormats

// The filters of jinja2 and transformers, as far as constants go.
extension TemplateEvaluator {
    mutating func filter(
        _ base: TemplateValue, _ name: String, _ arguments: TemplateArguments, at id: JinjaTemplate.ID
    ) -> TemplateValue {
        if case .either(let parts) = base {
            return .oneOf(parts.map { filter($0, name, arguments, at: id) })
        }
        let given = arguments.positional
        switch name {
        case "attr": return access(base, given.first ?? arguments.keyword["name"] ?? .data, "filter attr", at: id)
        case "map", "selectattr", "rejectattr", "groupby", "sort", "unique", "min", "max", "sum", "join":
            if let attribute = attribute(of: name, arguments) {
                let value = follow(base.anyElement, attribute, name, at: id)
                switch name {
                case "map": return .generator(.listed([value]).ifList(base))
                case "join", "sum", "min", "max": return value == .escaped ? .escaped : .data
                default: break
                }
            }
        default: break
        }
        if base == .escaped { return .escaped }
        if base == .engineText, Self.picking.contains(name) {
            report(.engine, .medium, "letters of an engine object's text", "filter \(name)", at: id)
            return .engineText
        }
        switch name {
        case "map":
            guard let inner = given.first else { return .generator(.data) }
            return mapped(base, inner, arguments, at: id)
        case "select", "reject", "selectattr", "rejectattr":
            return .generator(base.elements.map { .listed($0) } ?? base)
        case "string": return base.asText
        case "list":
            if case .dictionary = base { return base.elements.map { .listed($0) } ?? .data }
            if let elements = base.elements { return .listed(elements) }
            if case .generator(let inner) = base { return inner }
            return base
        case "first": return base.elements.map { $0.first ?? .none } ?? base.anyElement
        case "last": return base.elements.map { $0.last ?? .none } ?? base.anyElement
        case "random", "min", "max": return base.anyElement
        case "join":
            guard let elements = base.elements else { return base.isData || base == .data ? .data : base.anyElement }
            let separator = given.first ?? arguments.keyword["d"] ?? .string("")
            return separator.each { each in
                each.string.map { TemplateTextMethods.joined(elements, $0) } ?? (each.isData ? .data : .computed)
            }
        case "reverse":
            guard let elements = base.elements else { return base }
            if base.string != nil { return .text(elements.reversed().compactMap(\.string).joined()) }
            return .listed(elements.reversed())
        case "replace":
            let old = given.first?.string
            let new = given.count > 1 ? given[1].string : nil
            guard let old, let new else {
                return base.string.map { given.contains(where: \.isData) ? .partial($0) : .computed } ?? base
            }
            if let text = base.asText.string { judgeReplacement(text, old, new, at: id) }
            return base.asText.each { $0.string.map { TemplateTextMethods.replaced($0, old, new) } ?? $0 }
        case "format":
            guard let format = base.string else { return base == .computed ? .computed : .data }
            let named = arguments.keyword.map { TemplateValue.Entry(key: .string($0.key), value: $0.value) }
            if let width = format.split(separator: "%").compactMap({ Int($0.prefix { $0.isNumber }) }).max(),
                width > Self.repetitionLimit
            {
                report(.exhaustion, .medium, "a text of \(width) characters", "filter format", at: id)
            }
            if let text = TemplateFormatting.percent(format, given, named: named) { return .text(text) }
            return (given + named.map(\.value)).contains(where: \.isData) ? .partial(format) : .computed
        case "upper", "lower", "capitalize", "strip", "lstrip", "rstrip", "split", "removeprefix", "removesuffix":
            guard base.string != nil else { return base }
            return method(name, of: base, arguments, at: id)
        case "trim":
            return base.string == nil ? base : method("strip", of: base, arguments, at: id)
        case "center", "indent", "wordwrap":
            if let width = given.first?.integer, width > Self.repetitionLimit {
                report(.exhaustion, .medium, "a text of \(width) characters", "filter \(name)", at: id)
            }
            guard name == "center", base.string != nil else { return base }
            return method(name, of: base, TemplateArguments(positional: [given.first ?? .integer(80)]), at: id)
        case "sum":
            guard let elements = base.elements, let start = arguments.keyword["start"] ?? given.dropFirst().first else {
                return .number
            }
            return start.string == nil ? .number : elements.reduce(start, TemplateValue.joined)
        case "escape", "e", "forceescape", "safe", "truncate", "abs", "int", "float", "round", "urlencode": return base
        case "striptags": return base.string.map { .string(Self.withoutTags($0)) } ?? base
        case "default", "d":
            guard base == .data else { return base }
            return .oneOf([.data, given.first ?? .string("")])
        case "items", "dictsort":
            if case .dictionary = base { return method("items", of: base, TemplateArguments(), at: id) }
            return base.isConstant ? .computed : base
        case "batch", "slice":
            guard let elements = base.elements, let size = given.first?.integer, size > 0 else { return base }
            return .listed(
                stride(from: 0, to: elements.count, by: min(size, elements.count + 1)).map {
                    .listed(Array(elements[$0..<min(elements.count, $0 + min(size, elements.count))]))
                })
        case "sort":
            guard let elements = base.elements else { return base }
            return .listed(elements.sorted { ($0.string ?? "").lowercased() < ($1.string ?? "").lowercased() })
        case "unique":
            guard let elements = base.elements else { return base }
            var kept: [TemplateValue] = []
            for element in elements.prefix(256) where !kept.contains(element) { kept.append(element) }
            return .listed(kept)
        case "length", "count", "wordcount": return base.elements.map { .integer($0.count) } ?? .number
        case "tojson": return base.string.map { .text("\"" + $0 + "\"") } ?? (base.isConstant ? .computed : .data)
        case "pprint": return base.asText
        case "title": return base.string == nil ? base : method(name, of: base, TemplateArguments(), at: id)
        default: return base.isConstant ? .computed : base.isData ? .data : base
        }
    }

    /// Filters that take text apart.
    private static let picking: Set<String> = [
        "list", "first", "last", "random", "reverse", "replace", "batch", "slice", "map", "select", "join", "truncate",
        "striptags", "sort", "unique", "upper", "lower", "trim", "urlencode", "split", "min", "max",
    ]

    /// The attribute that a filter over elements reads, or nil when it takes them as they are.
    private func attribute(of filter: String, _ arguments: TemplateArguments) -> TemplateValue? {
        if let named = arguments.keyword["attribute"] { return named }
        switch filter {
        case "selectattr", "rejectattr", "groupby": return arguments.positional.first
        case "join", "sort": return nil
        default: return nil
        }
    }

    /// Reads a dotted attribute as the filters over elements do.
    private mutating func follow(
        _ base: TemplateValue, _ path: TemplateValue, _ filter: String, at id: JinjaTemplate.ID
    ) -> TemplateValue {
        if case .either(let parts) = path { return .oneOf(parts.map { follow(base, $0, filter, at: id) }) }
        guard let text = path.string else {
            if path.integer != nil { return .data }
            if path == .computed || path == .engineText || path == .escaped {
                return access(base, path, "filter \(filter)", at: id)
            }
            return .data
        }
        var value = base
        for name in text.split(separator: ".").prefix(32) {
            value = access(value, .string(String(name)), "filter \(filter)", at: id)
        }
        return value
    }

    /// `map('filter', …)`
    private mutating func mapped(
        _ base: TemplateValue, _ inner: TemplateValue, _ arguments: TemplateArguments, at id: JinjaTemplate.ID
    ) -> TemplateValue {
        guard nesting < Self.nestingLimit else { return .data }
        nesting += 1
        defer { nesting -= 1 }
        if case .either(let parts) = inner { return .oneOf(parts.map { mapped(base, $0, arguments, at: id) }) }
        guard let name = inner.string else {
            if inner == .computed || inner == .engineText {
                report(.computedName, .high, "a computed filter", "filter map", at: id)
            }
            return .generator(.data)
        }
        var rest = arguments
        rest.positional = Array(arguments.positional.dropFirst())
        guard let elements = base.elements, step(elements.count) else {
            _ = filter(base.anyElement, name, rest, at: id)
            return .generator(base.isData ? .data : .computed)
        }
        if elements.isEmpty { _ = filter(.data, name, rest, at: id) }
        return .generator(.listed(elements.prefix(Self.unrollLimit).map { filter($0, name, rest, at: id) }))
    }

    private static func withoutTags(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isInside = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": isInside = true
            case ">" where isInside: isInside = false
            default: if !isInside { result.append(scalar) }
            }
        }
        return String(result)
    }
}

extension TemplateValue {
    /// Itself, or `data` when the value that it was taken from is data.
    fileprivate func ifList(_ base: TemplateValue) -> TemplateValue { base.isData || base == .data ? .data : self }
}
