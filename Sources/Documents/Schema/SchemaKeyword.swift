/// Reads one keyword of a schema.
struct SchemaKeyword {
    let member: DocumentValue.Member
    let context: SchemaCompiler.Context

    /// Keywords that say something to people alone.
    private static let annotations: Set<String> = [
        "$schema", "$id", "$comment", "$vocabulary", "title", "description", "default", "deprecated", "readOnly",
        "writeOnly", "examples", "contentEncoding", "contentMediaType", "contentSchema",
    ]

    func error(_ message: String) -> SchemaError {
        SchemaError(
            pointer: context.pointer.appending(member.name).description, line: member.line,
            message: "\(member.name) \(message)")
    }

    func unknown() -> SchemaError { error("is not followed") }

    /// Keywords that look at a value alone, and those that only say something.
    func assertion(into node: inout SchemaNode) throws(SchemaError) {
        switch member.name {
        case "type":
            var types = SchemaNode.Types()
            for name in member.value.strings {
                guard let type = SchemaNode.Types.names.first(where: { $0.0 == name }) else {
                    throw error("names \(name), which is no type")
                }
                types.formUnion(type.1)
            }
            guard !types.isEmpty else { throw error("takes the name of a type") }
            node.types = types
        case "enum":
            guard member.value.isArray else { throw error("takes an array") }
            node.enumeration = member.value.elements
        case "const": node.constant = member.value
        case "format":
            let name = try text()
            guard FormatChecks.checks[name] != nil else { throw error("\(name) is not checked") }
            node.format = name
        case "minimum": node.minimum = try number(into: &node)
        case "maximum": node.maximum = try number(into: &node)
        case "exclusiveMinimum": node.exclusiveMinimum = try number(into: &node)
        case "exclusiveMaximum": node.exclusiveMaximum = try number(into: &node)
        case "multipleOf": node.multipleOf = try number(into: &node)
        case "minLength": node.leastLength = try count()
        case "maxLength": node.mostLength = try count()
        case "pattern": node.pattern = try pattern(try text())
        case "minItems": node.leastItems = try count()
        case "maxItems": node.mostItems = try count()
        case "minContains" where !context.isDraft7: node.leastContains = try count()
        case "maxContains" where !context.isDraft7: node.mostContains = try count()
        case "minProperties": node.leastProperties = try count()
        case "maxProperties": node.mostProperties = try count()
        case "required": node.required = try texts(member.value)
        case "uniqueItems":
            guard let value = member.value.boolean else { throw error("takes true or false") }
            node.hasUniqueItems = value
        default:
            guard
                Self.annotations.contains(member.name) || member.name.hasPrefix("x-")
                    || member.name.hasPrefix("meta:")
            else { throw unknown() }
        }
    }

    func text() throws(SchemaError) -> String {
        guard let text = member.value.string else { throw error("takes a text") }
        return text
    }

    func texts(_ value: DocumentValue) throws(SchemaError) -> [String] {
        let texts = value.elements.compactMap(\.string)
        guard value.isArray, texts.count == value.elements.count else { throw error("takes an array of texts") }
        return texts
    }

    func object() throws(SchemaError) -> [DocumentValue.Member] {
        guard member.value.isObject else { throw error("takes an object") }
        return member.value.members
    }

    func pattern(_ source: String) throws(SchemaError) -> Pattern {
        do { return try Pattern(source) } catch { throw self.error("\(source): \(error)") }
    }

    private func number(into node: inout SchemaNode) throws(SchemaError) -> DecimalNumber {
        guard let digits = member.value.number, let number = DecimalNumber(digits) else {
            throw error("takes a number")
        }
        node.limits[member.name] = digits
        return number
    }

    private func count() throws(SchemaError) -> Int {
        guard let count = member.value.integer, count >= 0 else { throw error("takes a count") }
        return count
    }
}
