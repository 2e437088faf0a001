package import ByteParsing

/// Writes a document so that reading it gives the same document: the same order, digits and text.
package enum DocumentWriter {
    /// Writes JSON, and a line feed at the end.
    ///
    /// Numbers that are not finite, which only YAML 1.1 has, are written as text.
    /// - Parameter indentation: spaces a level; 0 writes one line.
    package static func json(_ value: DocumentValue, indentation: Int = 2) -> [UInt8] {
        var writer = JSONWriter(indentation: indentation)
        value.write(to: &writer)
        return writer.bytes + [0x0A]
    }

    /// Writes YAML in block style; texts are bare, in quotes or in blocks, as each needs.
    /// - Parameters:
    ///   - schema: what readers resolve by: numbers are written so that they stay numbers there.
    ///   - comments: what is to be said beside values; a comment of several lines stands above its value.
    package static func yaml(
        _ value: DocumentValue, schema: ScalarSchema = .core, comments: [DocumentPointer: String] = [:]
    ) -> [UInt8] {
        var writer = YAMLDocumentWriter(schema: schema, comments: comments)
        writer.document(value)
        return Array(writer.text.utf8)
    }
}

extension DocumentValue {
    /// Whether this is a list or an object with something in it.
    fileprivate var hasElements: Bool { !elements.isEmpty || !members.isEmpty }

    /// Writes the value with a writer that is already in the middle of a text.
    package func write(to writer: inout JSONWriter) {
        switch content {
        case .null: writer.null()
        case .boolean(let value): writer.bool(value)
        case .number(let digits):
            if digits.hasSuffix("inf") || digits.hasSuffix("nan") { writer.string(digits) } else { writer.raw(digits) }
        case .string(let text): writer.string(text)
        case .array(let elements): writer.array { writer in for element in elements { element.write(to: &writer) } }
        case .object(let members):
            writer.object { writer in
                for member in members {
                    writer.key(member.name)
                    member.value.write(to: &writer)
                }
            }
        }
    }
}

/// Recursion is bounded by the depth of what was read.
struct YAMLDocumentWriter {
    private let schema: ScalarSchema
    private let comments: [DocumentPointer: String]
    private(set) var text = ""
    /// Where the value being written stands; kept only when there are comments to look up.
    private var place = DocumentPointer()

    init(schema: ScalarSchema, comments: [DocumentPointer: String]) {
        self.schema = schema
        self.comments = comments
    }

    mutating func document(_ value: DocumentValue) {
        if let comment = comments[DocumentPointer()] {
            for line in comment.split(separator: "\n", omittingEmptySubsequences: false) { text += Self.comment(line) }
        }
        switch value.content {
        case .object(let members) where !members.isEmpty: object(members, 0, isInline: false)
        case .array(let elements) where !elements.isEmpty: array(elements, 0, isInline: false)
        default: text += scalar(value) + "\n"
        }
    }

    /// - Parameter isInline: the first member stands on a line that has been begun (after a dash).
    private mutating func object(_ members: [DocumentValue.Member], _ indentation: Int, isInline: Bool) {
        for (position, member) in members.enumerated() {
            enter(member.name)
            let isBegun = isInline && position == 0
            above(indentation, isBegun: isBegun)
            if !isBegun { pad(indentation) }
            if member.name.utf8.count > 500 {
                // Readers look for the colon within 1,024 characters.
                text += "? " + ScalarNotation.quote(member.name) + "\n"
                pad(indentation)
                text += ":"
            } else {
                text += (ScalarNotation.isPlain(member.name) ? member.name : ScalarNotation.quote(member.name)) + ":"
            }
            value(member.value, indentation)
            leave()
        }
    }

    private mutating func array(_ elements: [DocumentValue], _ indentation: Int, isInline: Bool) {
        for (position, element) in elements.enumerated() {
            enter(position)
            let isBegun = isInline && position == 0
            above(indentation, isBegun: isBegun, isContainer: element.hasElements)
            if !isBegun { pad(indentation) }
            text += "-"
            switch element.content {
            case .object(let members) where !members.isEmpty:
                text += " "
                object(members, indentation + 2, isInline: true)
            case .array(let inner) where !inner.isEmpty:
                text += " "
                array(inner, indentation + 2, isInline: true)
            default: value(element, indentation)
            }
            leave()
        }
    }

    /// What follows a colon or a dash, to the end of its last line.
    private mutating func value(_ value: DocumentValue, _ indentation: Int) {
        switch value.content {
        case .object(let members) where !members.isEmpty:
            beside()
            object(members, indentation + 2, isInline: false)
        case .array(let elements) where !elements.isEmpty:
            beside()
            array(elements, indentation + 2, isInline: false)
        case .string(let content):
            guard !value.isTimestamp || schema == .core,
                case .block(let chomping) = ScalarNotation(content, allowsBlock: true)
            else {
                text += " " + scalar(value)
                return beside()
            }
            text += " " + chomping
            beside()
            var lines = content.split(separator: "\n" as Unicode.Scalar)
            if chomping == "|" { lines.removeLast() }
            for line in lines {
                if !line.isEmpty { pad(indentation + 2) }
                text += line + "\n"
            }
        default:
            text += " " + scalar(value)
            beside()
        }
    }

    private func scalar(_ value: DocumentValue) -> String {
        switch value.content {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .number(let digits): schema == .core ? digits : Self.pointed(digits)
        case .array: "[]"
        case .object: "{}"
        case .string(let text):
            if value.isTimestamp, schema == .yaml11, schema.resolve(text) == .timestamp {
                text
            } else {
                ScalarNotation.isPlain(text) ? text : ScalarNotation.quote(text)
            }
        }
    }

    /// Digits that YAML 1.1 takes for a number: with a point and a signed exponent, where there is an exponent.
    private static func pointed(_ digits: String) -> String {
        guard !digits.hasSuffix("inf"), let mark = digits.firstIndex(where: { $0 == "e" || $0 == "E" }) else {
            return digits
        }
        let mantissa = digits[..<mark]
        let power = digits[digits.index(after: mark)...]
        let sign = power.hasPrefix("-") || power.hasPrefix("+") ? "" : "+"
        return mantissa + (mantissa.contains(".") ? "" : ".0") + "e" + sign + power
    }

    private mutating func pad(_ indentation: Int) { text += String(repeating: " ", count: indentation) }

    // MARK: Comments

    private mutating func enter(_ token: some CustomStringConvertible) {
        if !comments.isEmpty { place.tokens.append(token.description) }
    }

    private mutating func leave() {
        if !comments.isEmpty { place.tokens.removeLast() }
    }

    /// Writes a comment above the value that comes next: one of several lines, or one that has no line to stand beside.
    private mutating func above(_ indentation: Int, isBegun: Bool, isContainer: Bool = false) {
        guard !comments.isEmpty, !isBegun, let comment = comments[place], isContainer || comment.contains("\n") else {
            return
        }
        for line in comment.split(separator: "\n", omittingEmptySubsequences: false) {
            pad(indentation)
            text += Self.comment(line)
        }
    }

    /// Ends the line, with the comment beside it if there is one of a single line.
    private mutating func beside() {
        if !comments.isEmpty, let comment = comments[place], !comment.contains("\n") {
            text += "  " + Self.comment(comment[...])
        } else {
            text += "\n"
        }
    }

    /// A comment, with what cannot stand in one shown as it is escaped in quotes.
    private static func comment(_ line: Substring) -> String {
        var shown = ""
        for scalar in line.unicodeScalars {
            if ScalarNotation.needsEscape(scalar) {
                shown += ScalarNotation.quote(String(scalar)).dropFirst().dropLast()
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown.isEmpty ? "#\n" : "# \(shown)\n"
    }
}

extension String {
    /// The lines between line feeds; `split` over characters would take CR LF for one.
    fileprivate func split(separator: Unicode.Scalar) -> [String] {
        utf8.split(separator: UInt8(separator.value & 0xFF), omittingEmptySubsequences: false).map {
            String(Substring($0))
        }
    }
}
