internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Python's two ways of formatting text, as far as constants go.
enum TemplateFormatting {
    /// `format % values`; nil where the result is not known.
    static func percent(_ format: String, _ values: [TemplateValue], named: [TemplateValue.Entry] = []) -> String? {
        var result = String.UnicodeScalarView()
        var rest = format.unicodeScalars[...]
        var position = 0
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                result.append(scalar)
                continue
            }
            var value: TemplateValue?
            if rest.first == "(" {
                guard let close = rest.firstIndex(of: ")") else { return nil }
                let key = String(rest[rest.index(after: rest.startIndex)..<close])
                value = named.last { $0.key.string == key }?.value
                rest = rest[rest.index(after: close)...]
            }
            var digits = ""
            while let next = rest.first, "0123456789.+- #*".unicodeScalars.contains(next) {
                digits.unicodeScalars.append(next)
                rest.removeFirst()
            }
            guard let kind = rest.popFirst() else { return nil }
            if kind == "%" {
                result.append("%")
                continue
            }
            if value == nil {
                guard position < values.count else { return nil }
                value = values[position]
                position += 1
            }
            guard let value, digits.utf8.count < 6, let piece = convert(value, kind) else { return nil }
            result.append(contentsOf: padded(piece, digits).unicodeScalars)
            guard result.count <= TemplateValue.textLimit else { return nil }
        }
        return String(result)
    }

    private static func convert(_ value: TemplateValue, _ kind: Unicode.Scalar) -> String? {
        switch kind {
        case "s", "r", "a": return value.asText.string
        case "c":
            if let number = value.integer { return character(number) }
            return value.string
        case "d", "i", "u": return value.integer.map { String($0) }
        case "x": return value.integer.map { String($0, radix: 16) }
        case "X": return value.integer.map { String($0, radix: 16, uppercase: true) }
        case "o": return value.integer.map { String($0, radix: 8) }
        default: return nil
        }
    }

    static func character(_ number: Int) -> String? {
        UInt32(exactly: number).flatMap { Unicode.Scalar($0) }.map { String(Character($0)) }
    }

    private static func padded(_ text: String, _ flags: String) -> String {
        if let dot = flags.firstIndex(of: "."), let precision = Int(flags[flags.index(after: dot)...]) {
            return String(text.prefix(max(0, precision)))
        }
        guard let width = Int(flags.drop { !$0.isNumber || $0 == "0" }), width > text.count, width < 1000 else {
            return text
        }
        let fill = String(repeating: flags.hasPrefix("0") ? "0" : " ", count: width - text.count)
        return flags.hasPrefix("-") ? text + fill : fill + text
    }

    /// A replacement field of `str.format`.
    struct Field {
        /// What stands before the first dot or bracket: a position, a name or nothing.
        var argument: String
        /// Attribute and item names that are followed from there.
        var path: [String]
        var conversion: String
    }

    /// Literal text and fields of a `str.format` string.
    static func fields(_ format: String) -> [(literal: String, field: Field?)] {
        var parts: [(String, Field?)] = []
        var literal = String.UnicodeScalarView()
        var rest = format.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "{", rest.first == "{" || scalar == "}" && rest.first == "}" {
                rest.removeFirst()
                literal.append(scalar)
                continue
            }
            guard scalar == "{" else {
                literal.append(scalar)
                continue
            }
            // A field may hold fields in its format specification: `{0:{1.__class__}}`.
            var depth = 1
            var body = String.UnicodeScalarView()
            while let next = rest.popFirst() {
                if next == "{" { depth += 1 }
                if next == "}" {
                    depth -= 1
                    if depth == 0 { break }
                }
                body.append(next)
            }
            let nested = body.dropFirst().firstIndex(of: "{")
            parts.append((String(literal), field(String(body))))
            literal.removeAll()
            if let nested {
                // The inner field's names are looked at too; its text is not.
                let inner = String(body[body.index(after: nested)...].prefix { $0 != "}" })
                parts.append(("", field(inner)))
            }
        }
        parts.append((String(literal), nil))
        return parts
    }

    private static func field(_ body: String) -> Field {
        var name = Substring(body)
        var conversion = ""
        if let cut = name.firstIndex(where: { $0 == "!" || $0 == ":" }) {
            conversion = String(name[cut...])
            name = name[..<cut]
        }
        let pieces = name.split(omittingEmptySubsequences: false) { ".[]".contains($0) }.map(String.init)
        return Field(
            argument: pieces.first ?? "", path: pieces.dropFirst().filter { !$0.isEmpty }, conversion: conversion)
    }
}

extension TemplateEvaluator {
    /// `str.format`: its fields can follow attributes.
    mutating func format(
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
