/// A value as people write it in YAML or JSON, with the line that it starts on.
///
/// Both notations give the same tree: what one can say, so can the other. Numbers keep the digits they were written
/// with, members their order, and names are compared as UTF-8 bytes.
package struct DocumentValue: Sendable {
    /// The kinds of values that both notations have.
    package indirect enum Content: Sendable {
        case null
        case boolean(Bool)
        /// The digits, in JSON's notation; `.inf`, `-.inf` and `.nan` where YAML 1.1 said so.
        case number(String)
        case string(String)
        case array([DocumentValue])
        case object([Member])
    }

    /// A name and its value.
    package struct Member: Sendable {
        package let name: String
        /// The line of the name, counted from 1; 0 when made by a program.
        package let line: Int
        package var value: DocumentValue

        package init(name: String, line: Int = 0, value: DocumentValue) {
            self.name = name
            self.line = line
            self.value = value
        }
    }

    package var content: Content
    /// Counted from 1; 0 when made by a program.
    package var line: Int
    /// A text that YAML 1.1 takes for a date: its writer leaves the quotes away, so that it stays one.
    package var isTimestamp = false

    package init(_ content: Content, line: Int = 0) {
        self.content = content
        self.line = line
    }

    package static let null = DocumentValue(.null)
    package static let emptyObject = DocumentValue(.object([]))
    package static let emptyArray = DocumentValue(.array([]))
    /// A text.
    package static func string(_ text: String) -> DocumentValue { DocumentValue(.string(text)) }
    /// `true` or `false`.
    package static func boolean(_ value: Bool) -> DocumentValue { DocumentValue(.boolean(value)) }
    /// A whole number.
    package static func integer(_ value: some BinaryInteger) -> DocumentValue { DocumentValue(.number(String(value))) }
    /// A list.
    package static func array(_ elements: [DocumentValue]) -> DocumentValue { DocumentValue(.array(elements)) }
    /// A list of texts.
    package static func strings(_ texts: [String]) -> DocumentValue { .array(texts.map { .string($0) }) }

    /// The shortest digits that read back as the same double; null for what is not finite.
    package static func double(_ value: Double) -> DocumentValue {
        guard value.isFinite else { return .null }
        if value == value.rounded(), abs(value) < 1e15 { return .integer(Int64(value)) }
        return DocumentValue(.number("\(value)"))
    }

    /// An object whose members without a value are left out.
    package static func object(_ members: KeyValuePairs<String, DocumentValue?>) -> DocumentValue {
        DocumentValue(.object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } }))
    }
}

extension DocumentValue {
    package var isNull: Bool { if case .null = content { true } else { false } }
    package var isObject: Bool { if case .object = content { true } else { false } }
    package var isArray: Bool { if case .array = content { true } else { false } }

    /// Nil for everything that is no text, numbers included.
    package var string: String? {
        guard case .string(let text) = content else { return nil }
        return text
    }

    /// The digits of a number.
    package var number: String? {
        guard case .number(let digits) = content else { return nil }
        return digits
    }

    package var boolean: Bool? {
        guard case .boolean(let value) = content else { return nil }
        return value
    }

    /// A number without a fraction (`5.0` has none) that fits, or nil.
    package var integer: Int? {
        guard let number else { return nil }
        if let exact = Int(number) { return exact }
        return DecimalNumber(number)?.integer
    }

    /// A number as the nearest double.
    package var double: Double? {
        switch number {
        case ".inf": .infinity
        case "-.inf": -.infinity
        case ".nan": .nan
        case let digits?: Double(digits)
        case nil: nil
        }
    }

    /// The elements of an array; empty for anything else.
    package var elements: [DocumentValue] {
        guard case .array(let elements) = content else { return [] }
        return elements
    }

    /// The members of an object; empty for anything else.
    package var members: [Member] {
        guard case .object(let members) = content else { return [] }
        return members
    }

    /// The texts in an array of texts, or the one text that stands for such an array; others are left out.
    package var strings: [String] {
        if let string { return [string] }
        return elements.compactMap(\.string)
    }

    /// What stands under that name. Setting it keeps the member's place, adds it at the end, or removes it with nil;
    /// a value that is no object becomes one.
    package subscript(name: String) -> DocumentValue? {
        get { members.first { $0.name.hasSameBytes(as: name) }?.value }
        set {
            var members = members
            let place = members.firstIndex { $0.name.hasSameBytes(as: name) }
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): return
            }
            content = .object(members)
        }
    }

    /// The element at that place, or nil.
    package subscript(position: Int) -> DocumentValue? {
        let elements = elements
        return elements.indices.contains(position) ? elements[position] : nil
    }
}

/// Equal are values that read the same: the same names in the same order, the same digits. Lines do not count.
extension DocumentValue: Equatable {
    package static func == (left: DocumentValue, right: DocumentValue) -> Bool {
        switch (left.content, right.content) {
        case (.null, .null): true
        case (.boolean(let one), .boolean(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.string(let one), .string(let other)): one.hasSameBytes(as: other)
        case (.array(let one), .array(let other)): one == other
        case (.object(let one), .object(let other)):
            one.elementsEqual(other) { $0.name.hasSameBytes(as: $1.name) && $0.value == $1.value }
        default: false
        }
    }

    /// Whether both are the same value to JSON Schema: numbers by what they are worth, members in any order.
    package func isEquivalent(to other: DocumentValue) -> Bool {
        switch (content, other.content) {
        case (.number(let one), .number(let two)):
            if let one = DecimalNumber(one), let two = DecimalNumber(two) { return one == two }
            return one == two
        case (.array(let one), .array(let two)): return one.elementsEqual(two) { $0.isEquivalent(to: $1) }
        case (.object(let one), .object(let two)):
            guard one.count == two.count else { return false }
            return one.allSatisfy { member in
                other[member.name].map { member.value.isEquivalent(to: $0) } ?? false
            }
        default: return self == other
        }
    }
}

extension DocumentValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(arrayLiteral elements: DocumentValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, DocumentValue)...) {
        self.init(.object(elements.map { Member(name: $0, value: $1) }))
    }
}

extension String {
    /// Whether both are the same UTF-8 bytes; `==` also takes texts for equal that Unicode normalises alike.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }
}
