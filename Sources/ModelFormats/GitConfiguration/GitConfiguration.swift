package import ByteParsing

/// A file of Git's configuration (git-config, "Syntax"): sections, subsections, keys and values.
package struct GitConfiguration: Sendable {
    package struct Setting: Sendable, Hashable {
        /// Lower case, as Git compares it.
        package let section: String
        /// As it is written; empty when there is none.
        package let subsection: String
        /// Lower case.
        package let key: String
        /// Without quotes and comments; nil when the key stands alone, which means true.
        package let value: String?
        /// Line, from 1.
        package let line: Int
    }

    package private(set) var settings: [Setting] = []
    /// Lines that are neither a section nor a setting.
    package private(set) var strangeLines = 0

    private static let mostSettings = 20_000

    /// - Throws: `limit` when the budget is used up.
    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        try budget.spend(operations: region.count / 4, reading: "Git configuration")
        var section = ""
        var subsection = ""
        var pending = ""
        var start = 0
        var number = 0
        let text = region.array()
        for bytes in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            let line = String(decoding: bytes.last == 0x0D && bytes.count > 1 ? bytes.dropLast() : bytes, as: UTF8.self)
            if pending.isEmpty { start = number }
            // A backslash at the end of a value goes on with the next line.
            if Self.endsOpen(pending + line) {
                pending += line.dropLast()
                guard pending.utf8.count < 1 << 16 else { throw .limit(reading: "Git configuration line") }
                continue
            }
            var rest = Self.trimmed((pending + line)[...])
            pending = ""
            guard let first = rest.first, first != "#", first != ";" else { continue }
            if first == "[" {
                guard let header = Self.header(rest) else {
                    strangeLines += 1
                    continue
                }
                (section, subsection) = (header.section, header.subsection)
                rest = Self.trimmed(header.rest)
                guard let next = rest.first, next != "#", next != ";" else { continue }
            }
            guard !section.isEmpty, let setting = Self.setting(rest) else {
                strangeLines += 1
                continue
            }
            guard settings.count < Self.mostSettings else { throw .limit(reading: "Git settings") }
            settings.append(
                Setting(
                    section: section, subsection: subsection, key: setting.key, value: setting.value, line: start))
        }
    }

    private static func endsOpen(_ line: String) -> Bool {
        line.contains("=") && line.utf8.reversed().prefix { $0 == 0x5C }.count % 2 == 1
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    /// `[section "subsection"]`, or the older `[section.subsection]`.
    private static func header(_ line: Substring) -> (section: String, subsection: String, rest: Substring)? {
        var section = ""
        var subsection = ""
        var isQuoted = false
        var index = line.index(after: line.startIndex)
        while index < line.endIndex {
            let letter = line[index]
            index = line.index(after: index)
            if isQuoted {
                switch letter {
                case "\"": isQuoted = false
                case "\\" where index < line.endIndex:
                    subsection.append(line[index])
                    index = line.index(after: index)
                default: subsection.append(letter)
                }
            } else if letter == "]" {
                if subsection.isEmpty, let dot = section.firstIndex(of: ".") {
                    subsection = String(section[section.index(after: dot)...])
                    section = String(section[..<dot])
                }
                return (section.lowercased(), subsection, line[index...])
            } else if letter == "\"" {
                isQuoted = true
            } else if letter != " ", letter != "\t" {
                section.append(letter)
            }
        }
        return nil
    }

    private static func setting(_ line: Substring) -> (key: String, value: String?)? {
        let key = line.prefix { $0.isLetter || $0.isNumber || $0 == "-" }
        guard let first = key.first, first.isLetter else { return nil }
        let rest = trimmed(line[key.endIndex...])
        guard let mark = rest.first else { return (key.lowercased(), nil) }
        guard mark == "=" else { return mark == "#" || mark == ";" ? (key.lowercased(), nil) : nil }
        var value = ""
        var isQuoted = false
        var kept = 0
        var letters = trimmed(rest.dropFirst())
        while let letter = letters.popFirst() {
            switch letter {
            case "\"": isQuoted.toggle()
            case "\\":
                guard let escaped = letters.popFirst() else { break }
                value.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped)
            case "#" where !isQuoted, ";" where !isQuoted:
                letters = letters[letters.endIndex...]
                continue
            default: value.append(letter)
            }
            if letter != " ", letter != "\t" || isQuoted { kept = value.count }
        }
        return (key.lowercased(), String(value.prefix(kept)))
    }
}
