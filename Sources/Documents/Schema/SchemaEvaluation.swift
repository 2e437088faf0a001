/// One check of a document; recursion is bounded by `JSONSchema.depth`.
struct SchemaEvaluation {
    /// The members and elements that some schema has looked at: for `unevaluatedProperties` and `unevaluatedItems`.
    struct Seen {
        var members: Set<Int> = []
        var items: Set<Int> = []

        mutating func formUnion(_ other: Seen) {
            members.formUnion(other.members)
            items.formUnion(other.items)
        }
    }

    let schema: JSONSchema
    var violations: [Violation] = []
    private(set) var isExhausted = false
    private var steps = 0
    /// Within a question (`if`, `not`), whose answer may be no.
    private var questions = 0
    var path = DocumentPointer()

    init(schema: JSONSchema) { self.schema = schema }

    mutating func fail(_ keyword: String, _ line: Int, _ message: @autoclosure () -> String) -> Bool {
        if questions == 0, violations.count < JSONSchema.violations {
            violations.append(Violation(pointer: path, line: line, message: message(), keyword: keyword))
        }
        return false
    }

    mutating func ask(_ index: Int, _ value: DocumentValue, _ depth: Int, _ seen: inout Seen) -> Bool {
        questions += 1
        defer { questions -= 1 }
        return check(index, value, depth, &seen)
    }

    /// Whether the schema allows the value. What it looked at is added to `seen` when it does.
    mutating func check(_ index: Int, _ value: DocumentValue, _ depth: Int, _ seen: inout Seen) -> Bool {
        steps += 1
        if depth > JSONSchema.depth || steps > JSONSchema.steps { isExhausted = true }
        guard !isExhausted else { return false }
        let node = schema.nodes[index]
        if let verdict = node.verdict { return verdict || fail("false", value.line, "is not allowed") }
        var own = Seen()
        var isValid = true
        if let reference = node.reference { isValid = check(reference, value, depth + 1, &own) && isValid }
        if let types = node.types, types.isDisjoint(with: SchemaNode.Types(of: value)) {
            // What else a schema says is about values of its type.
            return fail("type", value.line, "is \(value.typeName), not \(types.words)")
        }
        isValid = checkAlone(node, value) && isValid
        isValid = combine(node, value, depth, &own) && isValid
        switch value.content {
        case .array(let elements): isValid = check(node, elements, value.line, depth, &own) && isValid
        case .object(let members): isValid = check(node, members, value, depth, &own) && isValid
        default: break
        }
        if isValid, schema.tracksEvaluation { seen.formUnion(own) }
        return isValid
    }

    /// What looks at neither members nor elements.
    private mutating func checkAlone(_ node: SchemaNode, _ value: DocumentValue) -> Bool {
        var isValid = true
        if let allowed = node.enumeration, !allowed.contains(where: { value.isEquivalent(to: $0) }) {
            let choice = allowed.prefix(12).map(\.shown).joined(separator: ", ") + (allowed.count > 12 ? ", ..." : "")
            isValid = fail("enum", value.line, "is \(value.shown), not one of \(choice)")
        }
        if let constant = node.constant, !value.isEquivalent(to: constant) {
            isValid = fail("const", value.line, "is \(value.shown), not \(constant.shown)")
        }
        switch value.content {
        case .string(let text): return check(node, text, value.line) && isValid
        case .number(let digits): return check(node, digits: digits, value.line) && isValid
        default: return isValid
        }
    }

    private mutating func check(_ node: SchemaNode, _ text: String, _ line: Int) -> Bool {
        var isValid = true
        if node.leastLength != nil || node.mostLength != nil {
            let length = text.unicodeScalars.count
            if let least = node.leastLength, length < least {
                isValid = fail("minLength", line, least == 1 ? "is empty" : "is shorter than \(least) characters")
            }
            if let most = node.mostLength, length > most {
                isValid = fail("maxLength", line, "is longer than \(most) characters")
            }
        }
        if let pattern = node.pattern, !pattern.matches(text) {
            isValid = fail(
                "pattern", line, "is \(DocumentValue.string(text).shown), which does not match \(pattern.source)")
        }
        if let format = node.format, let check = FormatChecks.checks[format], !check(text) {
            isValid = fail("format", line, "is \(DocumentValue.string(text).shown), which is no \(format)")
        }
        return isValid
    }

    private mutating func check(_ node: SchemaNode, digits: String, _ line: Int) -> Bool {
        guard !node.limits.isEmpty, let number = DecimalNumber(digits) else { return true }
        var isValid = true
        func limit(_ name: String) -> String { node.limits[name] ?? "" }
        if let minimum = node.minimum, number < minimum {
            isValid = fail("minimum", line, "is \(digits), less than \(limit("minimum"))")
        }
        if let maximum = node.maximum, maximum < number {
            isValid = fail("maximum", line, "is \(digits), more than \(limit("maximum"))")
        }
        if let least = node.exclusiveMinimum, number < least || number == least {
            isValid = fail("exclusiveMinimum", line, "is \(digits), not more than \(limit("exclusiveMinimum"))")
        }
        if let most = node.exclusiveMaximum, most < number || number == most {
            isValid = fail("exclusiveMaximum", line, "is \(digits), not less than \(limit("exclusiveMaximum"))")
        }
        if let divisor = node.multipleOf, !number.isMultiple(of: divisor) {
            isValid = fail("multipleOf", line, "is \(digits), no multiple of \(limit("multipleOf"))")
        }
        return isValid
    }

    /// Schemas that are applied to the same value.
    private mutating func combine(
        _ node: SchemaNode, _ value: DocumentValue, _ depth: Int, _ seen: inout Seen
    ) -> Bool {
        var isValid = true
        for part in node.all { isValid = check(part, value, depth + 1, &seen) && isValid }
        if !node.any.isEmpty { isValid = anyOf(node.any, value, depth, &seen) && isValid }
        if !node.one.isEmpty { isValid = oneOf(node.one, value, depth, &seen) && isValid }
        if let refused = node.not {
            var ignored = Seen()
            if ask(refused, value, depth + 1, &ignored) {
                isValid = fail("not", value.line, "is \(value.shown), which is excluded")
            }
        }
        if let condition = node.condition {
            if ask(condition, value, depth + 1, &seen) {
                if let then = node.consequence { isValid = check(then, value, depth + 1, &seen) && isValid }
            } else if let otherwise = node.alternative {
                isValid = check(otherwise, value, depth + 1, &seen) && isValid
            }
        }
        return isValid
    }

    private mutating func anyOf(_ forms: [Int], _ value: DocumentValue, _ depth: Int, _ seen: inout Seen) -> Bool {
        let told = violations.count
        var reasons: [String] = []
        var isValid = false
        for form in forms {
            if check(form, value, depth + 1, &seen) {
                isValid = true
                if !schema.tracksEvaluation { break }
            } else if reasons.count < 4, let first = violations.dropFirst(told).first {
                reasons.append(reason(first))
            }
            violations.removeLast(max(0, violations.count - told))
        }
        violations.removeLast(max(0, violations.count - told))
        guard !isValid else { return true }
        return fail(
            "anyOf", value.line, "fits none of \(forms.count) forms: it \(reasons.joined(separator: "; or it "))")
    }

    private mutating func oneOf(_ forms: [Int], _ value: DocumentValue, _ depth: Int, _ seen: inout Seen) -> Bool {
        let told = violations.count
        var reasons: [String] = []
        var fitting: [Int] = []
        for (position, form) in forms.enumerated() {
            var own = Seen()
            if check(form, value, depth + 1, &own) {
                fitting.append(position + 1)
                if fitting.count == 1 { seen.formUnion(own) }
            } else if reasons.count < 4, let first = violations.dropFirst(told).first {
                reasons.append(reason(first))
            }
            violations.removeLast(max(0, violations.count - told))
        }
        switch fitting.count {
        case 1: return true
        case 0:
            return fail(
                "oneOf", value.line, "fits none of \(forms.count) forms: it \(reasons.joined(separator: "; or it "))")
        default:
            return fail("oneOf", value.line, "fits \(fitting.count) forms at once, and is to fit one")
        }
    }

    /// A violation below this place, said of this place.
    private func reason(_ violation: Violation) -> String {
        let inner = DocumentPointer(Array(violation.pointer.tokens.dropFirst(path.tokens.count)))
        return inner.tokens.isEmpty ? violation.message : "has \(inner) that \(violation.message)"
    }
}

extension DocumentValue {
    /// What kind of thing it is, in a sentence.
    var typeName: String {
        switch content {
        case .null: "null"
        case .boolean: "true or false"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// The value as JSON on one line, cut short: for messages.
    package var shown: String {
        let cut = 60
        switch content {
        case .array(let elements) where elements.count > 8: return "a list of \(elements.count)"
        case .object(let members) where members.count > 4: return "an object of \(members.count) members"
        case .string(let text):
            var start = String.UnicodeScalarView()
            start.append(contentsOf: text.unicodeScalars.prefix(cut))
            let isWhole = text.unicodeScalars.dropFirst(cut).isEmpty
            return DocumentValue.string(String(start) + (isWhole ? "" : "...")).onOneLine
        default:
            let text = onOneLine
            return text.utf8.count > 400 ? typeName : text
        }
    }

    private var onOneLine: String {
        String(decoding: DocumentWriter.json(self, indentation: 0).dropLast(), as: UTF8.self)
    }
}
