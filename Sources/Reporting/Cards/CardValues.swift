internal import Documents

/// Values of a card as a page shows them, whatever their shape: a member that no layout knows is shown all the same.
enum CardValues {
    /// `availabilityBreakdownReport`, `sensitive-data` and `use_cases` as words.
    static func label(_ name: String) -> String {
        var words = ""
        var previous: Character = " "
        for character in name {
            if character == "_" || character == "-" {
                words.append(" ")
            } else if character.isUppercase, previous.isLowercase || previous.isNumber {
                words.append(" ")
                words += character.lowercased()
            } else {
                words.append(character)
            }
            previous = character
        }
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// What stands where nothing was said.
    static let notStated = HTML.badge("not stated", .unknown)
    static let unknown = HTML.badge("unknown", .unknown)

    /// Whether somebody wrote that it is not known.
    static func isUnknown(_ value: DocumentValue) -> Bool {
        guard let text = value.string?.trimmed else { return value.isNull }
        return text.isEmpty || text.lowercased() == "unknown"
    }

    /// A scalar in a line; texts as prose, dates and numbers as they stand.
    static func line(_ value: DocumentValue) -> HTML {
        if isUnknown(value) { return value.isNull || value.string?.trimmed.isEmpty == true ? notStated : unknown }
        if let text = value.string { return address(text) ?? Prose(text).inlineHTML }
        if let digits = value.number { return HTML(text: value.double.map(Figure.text) ?? digits) }
        if let truth = value.boolean { return truth ? "yes" : "no" }
        return html(value)
    }

    /// An address that may be followed, or the id of an ATLAS technique, as a link.
    static func address(_ text: String) -> HTML? {
        if ProseInlines.isSafe(text) { return "<a href=\"\(text)\" rel=\"noreferrer noopener\">\(text)</a>" }
        let bytes = Array(text.utf8)
        guard bytes.count == 9 || bytes.count == 13, text.hasPrefix("AML.T"),
            bytes.dropFirst(5).allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E })
        else { return nil }
        return "<a href=\"https://atlas.mitre.org/techniques/\(text)\" rel=\"noreferrer noopener\">\(text)</a>"
    }

    /// Digests and short lists on as few lines as they need.
    private static func compact(_ value: DocumentValue) -> HTML? {
        if value.isObject, !value.members.isEmpty,
            value.members.allSatisfy({ $0.name.hasPrefix("sha") && $0.value.string != nil })
        {
            return value.members.map { "<code>\($0.name):\($0.value.string ?? "")</code>" as HTML }
                .joined(separator: "<br>")
        }
        let texts = value.elements
        guard texts.count > 1, texts.allSatisfy({ ($0.string?.count ?? 99) <= 24 && !isUnknown($0) }) else {
            return nil
        }
        return texts.map(line).joined(separator: ", ")
    }

    /// Anything: objects as lists of facts, arrays of objects as tables, other arrays as lists.
    static func html(_ value: DocumentValue) -> HTML {
        if let compact = compact(value) { return compact }
        if value.isObject { return facts(value) }
        guard value.isArray else {
            guard let text = value.string, !isUnknown(value) else { return line(value) }
            return Prose(text).html()
        }
        let elements = value.elements
        if elements.isEmpty { return HTML.badge("none", .none) }
        if elements.allSatisfy(\.isObject) { return table(elements) }
        return "<ul>\n\(elements.map { "<li>\(line($0))</li>\n" as HTML })</ul>\n"
    }

    /// The members of an object, those that are expected first and marked where they are not there.
    static func facts(_ value: DocumentValue?, expected: [String] = [], leaving: Set<String> = []) -> HTML {
        let value = value ?? .emptyObject
        var html = HTML.empty
        for name in expected {
            let member = value[name]
            html += "<dt>\(label(name))</dt><dd>\(member.map(self.member) ?? notStated)</dd>\n"
        }
        for member in value.members where !expected.contains(member.name) && !leaving.contains(member.name) {
            html += "<dt>\(label(member.name))</dt><dd>\(self.member(member.value))</dd>\n"
        }
        return html.isEmpty ? "" : "<dl class=\"facts\">\n\(html)</dl>\n"
    }

    /// Texts of one paragraph without an element of their own.
    private static func member(_ value: DocumentValue) -> HTML {
        if let compact = compact(value) { return compact }
        if value.isArray, value.elements.count == 1, let only = value.elements.first, !only.isObject {
            return line(only)
        }
        return value.isObject || value.isArray ? html(value) : line(value)
    }

    /// Objects of one kind, a row each, with a column for every member that any of them has.
    private static func table(_ elements: [DocumentValue]) -> HTML {
        var names: [String] = []
        for element in elements {
            for member in element.members where !names.contains(member.name) { names.append(member.name) }
        }
        guard names.count <= 7 else { return elements.map { facts($0) }.joined(separator: "<hr>\n") }
        var table = HTMLTable(
            caption: "Table", hidesCaption: true, columns: names.map { HTMLTable.Column("\(label($0))") })
        for element in elements { table.add(names.map { element[$0].map(self.member) ?? "" }) }
        return table.html
    }

    /// A moment of RFC 3339 with its day first; anything else as it stands.
    static func moment(_ text: String?) -> HTML {
        guard let text else { return notStated }
        let parts = text.split(separator: "T", maxSplits: 1)
        guard parts.count == 2, parts[0].utf8.count == 10, parts[1].hasSuffix("Z"), parts[1].utf8.count >= 6 else {
            return "\(text)"
        }
        return "<span class=\"moment\">\(String(parts[0]))</span><small>\(String(parts[1].prefix(5))) UTC</small>"
    }

    /// A digest that breaks in its middle when it has to.
    static func digest(_ value: DocumentValue?) -> HTML? {
        guard let members = value?.members, !members.isEmpty else { return nil }
        return members.map { member -> HTML in
            let digits = member.value.string ?? ""
            let half = String(digits.prefix(digits.count / 2))
            return "<code>\(member.name):<wbr>\(half)<wbr>\(String(digits.dropFirst(half.count)))</code>"
        }.joined(separator: "<br>")
    }

    /// The files that evidence is about, each with the beginning of its digest.
    static func files(_ value: DocumentValue) -> HTML {
        let names = value.elements.prefix(6).map { file -> HTML in
            "\(file["name"]?.string ?? "") <code>\(String((file["digest"]?["sha256"]?.string ?? "").prefix(12)))</code>"
        }
        let rest = value.elements.count - names.count
        return names.joined(separator: "<br>") + (rest > 0 ? "<br>and \(rest) more" : "")
    }

    static func list(_ value: DocumentValue?, none: HTML = notStated) -> HTML {
        guard let value, !value.isNull else { return "<p>\(none)</p>\n" }
        if !value.isArray { return "<p>\(line(value))</p>\n" }
        if value.elements.isEmpty { return "<p>\(none)</p>\n" }
        return "<ul>\n\(value.elements.map { "<li>\(line($0))</li>\n" as HTML })</ul>\n"
    }
}
