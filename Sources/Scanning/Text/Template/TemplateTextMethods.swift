internal import ByteParsing

/// The methods of Python's `str`, as far as constants go.
enum TemplateTextMethods {
    /// What the method of a text gives for values that are known.
    static func call(_ name: String, of text: String, _ given: [TemplateValue]) -> TemplateValue {
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
}
