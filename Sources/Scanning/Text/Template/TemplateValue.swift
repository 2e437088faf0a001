internal import ByteParsing

/// What is known of a value while a template is followed without being rendered.
indirect enum TemplateValue: Hashable {
    case none
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
    case list([TemplateValue])
    case dictionary([Entry])
    /// Something from the template's context: messages, tools, tokens. What it holds is not known and not judged.
    case data
    /// A number or truth value that is not known.
    case number
    /// Text of which only these literal pieces are known (NUL stands for each gap).
    case partial(String)
    /// Made from the template's own constants by something that is not followed here.
    case computed
    /// An object of the engine: `self`, `lipsum`, `cycler`, …
    case engine(String)
    /// How an object of the engine reads as text: `<generator object …>`. Letters can be picked from it.
    case engineText
    /// A generator over the elements of the value.
    case generator(TemplateValue)
    /// Behind an access to Python's internals.
    case escaped
    case method(TemplateValue, String)
    /// A macro by its index.
    case macro(Int)
    /// A `namespace()` by its index.
    case namespace(Int)
    case either([TemplateValue])

    struct Entry: Hashable {
        var key: TemplateValue
        var value: TemplateValue
    }

    /// Characters of a text, elements of a list, alternatives, and nesting that are followed.
    static let textLimit = 1 << 16
    static let elementLimit = 4096
    static let alternativeLimit = 12
    static let depthLimit = 8

    /// A list, or `computed` when it is too long or too deep to be followed.
    static func listed(_ elements: [TemplateValue]) -> TemplateValue {
        guard elements.count <= elementLimit, elements.allSatisfy({ $0.isWithin(depth: depthLimit) }) else {
            return elements.contains(where: \.isData) ? .data : .computed
        }
        return .list(elements)
    }

    static func mapped(_ entries: [Entry]) -> TemplateValue {
        guard entries.count <= elementLimit,
            entries.allSatisfy({ $0.key.isWithin(depth: depthLimit) && $0.value.isWithin(depth: depthLimit) })
        else { return .computed }
        return .dictionary(entries)
    }

    static func text(_ value: String) -> TemplateValue {
        value.utf8.count <= textLimit ? .string(value) : .computed
    }

    /// One of `values`, without repetitions.
    static func oneOf(_ values: [TemplateValue]) -> TemplateValue {
        var distinct: [TemplateValue] = []
        for value in values {
            let parts = if case .either(let parts) = value { parts } else { [value] }
            for part in parts where !distinct.contains(part) {
                distinct.append(part)
                guard distinct.count <= alternativeLimit else { return .computed.orData(values) }
            }
        }
        return distinct.count == 1 ? distinct[0] : .either(distinct)
    }

    private func orData(_ values: [TemplateValue]) -> TemplateValue {
        values.contains(where: \.isData) ? .data : self
    }

    private func isWithin(depth: Int) -> Bool {
        guard depth > 0 else { return false }
        switch self {
        case .list(let parts), .either(let parts): return parts.allSatisfy { $0.isWithin(depth: depth - 1) }
        case .dictionary(let entries):
            return entries.allSatisfy { $0.key.isWithin(depth: depth - 1) && $0.value.isWithin(depth: depth - 1) }
        case .generator(let inner), .method(let inner, _): return inner.isWithin(depth: depth - 1)
        default: return true
        }
    }

    var isData: Bool {
        switch self {
        case .data, .partial, .number: true
        case .generator(let inner): inner.isData
        case .either(let parts): parts.contains { $0.isData }
        default: false
        }
    }

    var string: String? { if case .string(let value) = self { value } else { nil } }
    var integer: Int? {
        switch self {
        case .integer(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// Truth where it is known.
    var truth: Bool? {
        switch self {
        case .none: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .float(let value): value != 0
        case .string(let value): !value.isEmpty
        case .list(let parts): !parts.isEmpty
        case .dictionary(let entries): !entries.isEmpty
        default: nil
        }
    }

    /// The elements that a loop over the value takes, or nil where they are not known.
    var elements: [TemplateValue]? {
        switch self {
        case .list(let parts): parts
        case .string(let text): text.unicodeScalars.map { .string(String(Character($0))) }
        case .dictionary(let entries): entries.map(\.key)
        case .generator(let inner): inner.elements
        default: nil
        }
    }

    /// What is known of one element of the value.
    var anyElement: TemplateValue {
        switch self {
        case .list(let parts): parts.isEmpty ? .data : .oneOf(parts)
        case .dictionary(let entries): entries.isEmpty ? .data : .oneOf(entries.map(\.key))
        case .generator(let inner): inner.anyElement
        case .string, .computed: .computed
        case .engineText: .engineText
        case .escaped: .escaped
        case .either(let parts): .oneOf(parts.map(\.anyElement))
        default: .data
        }
    }

    /// As text, the way `str()` writes it.
    var asText: TemplateValue {
        switch self {
        case .string, .computed, .engineText, .escaped, .data, .number, .partial: self
        case .none: .string("None")
        case .bool(let value): .string(value ? "True" : "False")
        case .integer(let value): .string(String(value))
        case .float(let value): .string("\(value)")
        case .list, .dictionary: representation.map { .text($0) } ?? .computed
        case .engine, .generator, .method, .macro, .namespace: .engineText
        case .either(let parts): .oneOf(parts.map(\.asText))
        }
    }

    private var representation: String? {
        switch self {
        case .string(let value): return "'" + value + "'"
        case .list(let parts):
            let texts = parts.compactMap(\.representation)
            return texts.count == parts.count ? "[" + texts.joined(separator: ", ") + "]" : nil
        case .dictionary(let entries):
            var texts: [String] = []
            for entry in entries {
                guard let key = entry.key.representation, let value = entry.value.representation else { return nil }
                texts.append(key + ": " + value)
            }
            return "{" + texts.joined(separator: ", ") + "}"
        case .none, .bool, .integer, .float: return asText.string
        default: return nil
        }
    }

    /// `left` and `right` as one text.
    static func joined(_ left: TemplateValue, _ right: TemplateValue) -> TemplateValue {
        left.combined(with: right) { left, right in
            switch (left.asText, right.asText) {
            case (.string(let first), .string(let second)): .text(first + second)
            case (.escaped, _), (_, .escaped): .escaped
            case (.engineText, _), (_, .engineText): .engineText
            case (.data, .data), (.number, _), (_, .number): .data
            case (let first, let second):
                if first == .computed && !second.isData || second == .computed && !first.isData {
                    .computed
                } else {
                    .partial(String((first.pieces + second.pieces).suffix(2048)))
                }
            }
        }
    }

    private var pieces: String {
        switch self {
        case .string(let text): text
        case .partial(let text): text
        default: "\0"
        }
    }

    /// Applies `body` to each alternative.
    func each(_ body: (TemplateValue) -> TemplateValue) -> TemplateValue {
        guard case .either(let parts) = self else { return body(self) }
        return .oneOf(parts.map(body))
    }

    func combined(
        with other: TemplateValue, _ body: (TemplateValue, TemplateValue) -> TemplateValue
    ) -> TemplateValue {
        each { left in other.each { right in body(left, right) } }
    }
}

extension TemplateValue {
    var isEngine: Bool {
        switch self {
        case .engine, .macro, .namespace, .string, .list, .dictionary, .integer, .method, .generator, .escaped: true
        default: false
        }
    }

    /// Whether the whole value is known.
    var isConstant: Bool {
        switch self {
        case .none, .bool, .integer, .float, .string: true
        case .list(let parts): parts.allSatisfy(\.isConstant)
        case .dictionary(let entries): entries.allSatisfy { $0.key.isConstant && $0.value.isConstant }
        default: false
        }
    }
}
