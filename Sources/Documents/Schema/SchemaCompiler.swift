/// Turns schemas into nodes and finds what their references mean.
struct SchemaCompiler {
    /// The name of a place in a schema: a resource's address and a pointer or anchor in it.
    struct Location: Hashable {
        var address: String
        var fragment: String
    }

    /// What a schema being compiled knows of its surroundings.
    struct Context {
        var isDraft7: Bool
        /// The resource that relative references start from.
        var base: String
        /// Every resource around, with the way from its root.
        var roots: [(address: String, pointer: DocumentPointer)]
        /// From the root of the document that was handed over: for messages.
        var pointer = DocumentPointer()

        func entering(_ tokens: String...) -> Context {
            var context = self
            context.pointer.tokens += tokens
            for index in context.roots.indices { context.roots[index].pointer.tokens += tokens }
            return context
        }
    }

    private(set) var nodes: [SchemaNode] = []
    private var locations: [Location: Int] = [:]
    private var resources: [String: (schema: DocumentValue, isDraft7: Bool)] = [:]
    private var pending: [(node: Int, location: Location, context: Context, line: Int)] = []

    // MARK: Documents and references

    mutating func add(_ schema: DocumentValue) throws(SchemaError) -> Int {
        let dialect = schema["$schema"]?.string ?? "https://json-schema.org/draft/2020-12/schema"
        let isDraft7 = dialect.contains("draft-07")
        guard isDraft7 || dialect.contains("2020-12") else {
            throw SchemaError(pointer: "/$schema", line: schema.line, message: "\(dialect) is not followed")
        }
        let address = Self.resolve(schema["$id"]?.string ?? "", against: "").address
        resources[address] = (schema, isDraft7)
        let context = Context(isDraft7: isDraft7, base: address, roots: [(address, DocumentPointer())])
        return try compile(schema, context)
    }

    /// Gives every reference its target; targets that are not schemas by their place are compiled now.
    mutating func resolve() throws(SchemaError) {
        while let (node, location, context, line) = pending.popLast() {
            if let target = locations[location] {
                nodes[node].reference = target
                continue
            }
            guard let (schema, isDraft7) = resources[location.address],
                let pointer = DocumentPointer(text: location.fragment), let target = schema.at(pointer)
            else {
                throw SchemaError(
                    pointer: context.pointer.description, line: line,
                    message: "the reference to \(location.address)#\(location.fragment) leads nowhere")
            }
            nodes[node].reference = try compile(
                target,
                Context(
                    isDraft7: isDraft7, base: location.address, roots: [(location.address, pointer)], pointer: pointer))
        }
    }

    /// A reference's absolute address and fragment (RFC 3986, 5.2, as far as addresses of schemas go).
    private static func resolve(_ reference: String, against base: String) -> Location {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(parts.first ?? "")
        let fragment = decoded(parts.count > 1 ? parts[1] : "")
        let scheme = path.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+.-".contains($0)) }
        if path.isEmpty { return Location(address: base, fragment: fragment) }
        if path.dropFirst(scheme.count).first == ":", scheme.first?.isLetter == true {
            return Location(address: path, fragment: fragment)
        }
        if path.hasPrefix("/"), let colon = base.firstIndex(of: ":"), base[colon...].hasPrefix("://") {
            let end = base[colon...].dropFirst(3).firstIndex(of: "/") ?? base.endIndex
            return Location(address: base[..<end] + path, fragment: fragment)
        }
        let folder = base.lastIndex(of: "/").map { String(base[...$0]) } ?? ""
        return Location(address: folder + path, fragment: fragment)
    }

    private static func decoded(_ fragment: Substring) -> String {
        var bytes: [UInt8] = []
        var left = fragment.utf8[...]
        while let byte = left.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(Substring(left.prefix(2))), radix: 16) {
                bytes.append(value)
                left = left.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: One schema

    /// Recursion is bounded by the depth that the schema was read with.
    mutating func compile(_ schema: DocumentValue, _ outer: Context) throws(SchemaError) -> Int {
        let index = nodes.count
        nodes.append(SchemaNode())
        var context = outer
        if let id = schema["$id"]?.string, !context.pointer.tokens.isEmpty {
            let location = Self.resolve(id, against: context.base)
            if context.isDraft7, id.hasPrefix("#") {
                locations[location] = index
            } else {
                context.base = location.address
                context.roots.append((location.address, DocumentPointer()))
                resources[location.address] = (schema, context.isDraft7)
            }
        }
        for (address, pointer) in context.roots {
            locations[Location(address: address, fragment: pointer.description)] = index
        }
        switch schema.content {
        case .boolean(let verdict): nodes[index].verdict = verdict
        case .object(let members):
            // Beside a reference, draft-07 looks at nothing.
            let isReference = context.isDraft7 && schema["$ref"] != nil
            for member in members {
                if isReference, !["$ref", "definitions", "$id"].contains(member.name) { continue }
                try take(member, of: schema, context, index)
            }
            if nodes[index].contains != nil, nodes[index].leastContains == nil { nodes[index].leastContains = 1 }
        default:
            throw SchemaError(
                pointer: context.pointer.description, line: schema.line,
                message: "a schema is an object, true or false")
        }
        return index
    }

    private mutating func take(
        _ member: DocumentValue.Member, of whole: DocumentValue, _ context: Context, _ index: Int
    ) throws(SchemaError) {
        let reader = SchemaKeyword(member: member, context: context)
        switch member.name {
        case "$ref":
            let location = Self.resolve(try reader.text(), against: context.base)
            pending.append((index, location, context, member.line))
        case "$anchor":
            locations[Location(address: context.base, fragment: try reader.text())] = index
        case "$defs", "definitions":
            for schema in member.value.members {
                _ = try compile(schema.value, context.entering(member.name, schema.name))
            }
        case "properties":
            for property in try reader.object() {
                nodes[index].properties[MemberName(text: property.name)] = try compile(
                    property.value, context.entering(member.name, property.name))
            }
        case "patternProperties":
            for property in try reader.object() {
                let schema = try compile(property.value, context.entering(member.name, property.name))
                nodes[index].patternProperties.append((try reader.pattern(property.name), schema))
            }
        case "dependentSchemas", "dependentRequired", "dependencies":
            guard (member.name == "dependencies") == context.isDraft7 else { throw reader.unknown() }
            for dependency in try reader.object() {
                var entry = SchemaNode.Dependency(name: dependency.name)
                if member.name == "dependentRequired" || member.name == "dependencies" && dependency.value.isArray {
                    entry.required = try reader.texts(dependency.value)
                } else {
                    entry.schema = try compile(dependency.value, context.entering(member.name, dependency.name))
                }
                nodes[index].dependencies.append(entry)
            }
        case "allOf": nodes[index].all = try schemas(reader)
        case "anyOf": nodes[index].any = try schemas(reader)
        case "oneOf": nodes[index].one = try schemas(reader)
        case "prefixItems" where !context.isDraft7: nodes[index].prefixItems = try schemas(reader)
        case "items":
            if context.isDraft7, member.value.isArray {
                nodes[index].prefixItems = try schemas(reader)
            } else {
                nodes[index].items = try schema(reader)
            }
        case "additionalItems" where context.isDraft7:
            // It speaks of what follows a list of schemas alone.
            let rest = try schema(reader)
            if whole["items"]?.isArray == true { nodes[index].items = rest }
        case "contains": nodes[index].contains = try schema(reader)
        case "not": nodes[index].not = try schema(reader)
        case "if": nodes[index].condition = try schema(reader)
        case "then": nodes[index].consequence = try schema(reader)
        case "else": nodes[index].alternative = try schema(reader)
        case "additionalProperties": nodes[index].additionalProperties = try schema(reader)
        case "propertyNames": nodes[index].propertyNames = try schema(reader)
        case "unevaluatedItems" where !context.isDraft7: nodes[index].unevaluatedItems = try schema(reader)
        case "unevaluatedProperties" where !context.isDraft7: nodes[index].unevaluatedProperties = try schema(reader)
        default: try reader.assertion(into: &nodes[index])
        }
    }

    private mutating func schema(_ reader: SchemaKeyword) throws(SchemaError) -> Int {
        try compile(reader.member.value, reader.context.entering(reader.member.name))
    }

    private mutating func schemas(_ reader: SchemaKeyword) throws(SchemaError) -> [Int] {
        guard !reader.member.value.elements.isEmpty else { throw reader.error("takes an array of schemas") }
        var indices: [Int] = []
        for (position, element) in reader.member.value.elements.enumerated() {
            indices.append(try compile(element, reader.context.entering(reader.member.name, String(position))))
        }
        return indices
    }
}
