/// One schema, ready to be applied; the schemas in it are places in a common list.
struct SchemaNode: Sendable {
    /// What a value is, as a set of bits.
    struct Types: OptionSet, Sendable {
        let rawValue: UInt8
        static let null = Types(rawValue: 1)
        static let boolean = Types(rawValue: 2)
        static let integer = Types(rawValue: 4)
        static let number = Types(rawValue: 8)
        static let string = Types(rawValue: 16)
        static let array = Types(rawValue: 32)
        static let object = Types(rawValue: 64)

        static let names: [(String, Types)] = [
            ("null", .null), ("boolean", .boolean), ("integer", .integer), ("number", .number), ("string", .string),
            ("array", .array), ("object", .object),
        ]

        init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Everything that a value may be called: an integer is a number as well.
        init(of value: DocumentValue) {
            self =
                switch value.content {
                case .null: .null
                case .boolean: .boolean
                case .number(let digits): DecimalNumber(digits)?.isInteger == true ? [.integer, .number] : .number
                case .string: .string
                case .array: .array
                case .object: .object
                }
        }

        var words: String { Types.names.filter { contains($0.1) }.map(\.0).joined(separator: " or ") }
    }

    struct Dependency: Sendable {
        var name: String
        var required: [String] = []
        var schema: Int?
    }

    /// Of the schemas `true` and `false`.
    var verdict: Bool?
    var reference: Int?
    var types: Types?
    var enumeration: [DocumentValue]?
    var constant: DocumentValue?
    var format: String?

    var minimum: DecimalNumber?
    var maximum: DecimalNumber?
    var exclusiveMinimum: DecimalNumber?
    var exclusiveMaximum: DecimalNumber?
    var multipleOf: DecimalNumber?
    /// The digits of the limits above, as the schema has them: for messages.
    var limits: [String: String] = [:]

    var leastLength: Int?
    var mostLength: Int?
    var pattern: Pattern?

    var prefixItems: [Int] = []
    var items: Int?
    var contains: Int?
    var leastContains: Int?
    var mostContains: Int?
    var leastItems: Int?
    var mostItems: Int?
    var hasUniqueItems = false
    var unevaluatedItems: Int?

    var properties: [MemberName: Int] = [:]
    var patternProperties: [(pattern: Pattern, schema: Int)] = []
    var additionalProperties: Int?
    var propertyNames: Int?
    var required: [String] = []
    var leastProperties: Int?
    var mostProperties: Int?
    var dependencies: [Dependency] = []
    var unevaluatedProperties: Int?

    var all: [Int] = []
    var any: [Int] = []
    var one: [Int] = []
    var not: Int?
    var condition: Int?
    var consequence: Int?
    var alternative: Int?
}

/// A name by its bytes: as a key, unlike `String`, it keeps texts apart that Unicode normalises alike.
struct MemberName: Hashable, Sendable {
    let text: String
    static func == (left: MemberName, right: MemberName) -> Bool { left.text.hasSameBytes(as: right.text) }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
