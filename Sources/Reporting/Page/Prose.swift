/// Text as people write it into cards: a small, safe part of Markdown.
///
/// Paragraphs, lists, emphasis, code, quotations, pipe tables and links with `http`, `https` or `mailto`; headings where
/// they are allowed. Everything else, HTML above all, is text. The reader is bounded and does not recurse on input.
struct Prose: Sendable {
    indirect enum Inline: Sendable, Hashable {
        case text(String)
        case emphasis([Inline])
        case strong([Inline])
        case code(String)
        case link(text: String, address: String)
        /// A picture is never fetched: what it shows is told by its description.
        case picture(description: String, address: String?)
    }

    enum Block: Sendable, Hashable {
        case paragraph([Inline])
        case heading(level: Int, [Inline])
        case list(isOrdered: Bool, [Item])
        case code(String)
        case quotation([Inline])
        case table(header: [[Inline]], rows: [[[Inline]]])
        case rule
    }

    struct Item: Sendable, Hashable {
        var depth: Int
        var inlines: [Inline]
    }

    /// Characters of one text that are still read; what is left out is said.
    static let limit = 400_000
    private(set) var blocks: [Block]
    /// Whether the text was cut at the limit.
    private(set) var isCut: Bool

    init(_ text: String, allowsHeadings: Bool = false) {
        isCut = text.unicodeScalars.count > Self.limit
        let text = isCut ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.limit))) : text
        var reader = ProseReader(text, allowsHeadings: allowsHeadings)
        blocks = reader.read()
    }
}

/// Splits text into blocks, line by line.
private struct ProseReader {
    private let lines: [String]
    private let allowsHeadings: Bool
    private var position = 0
    private var blocks: [Prose.Block] = []
    private var paragraph: [String] = []

    init(_ text: String, allowsHeadings: Bool) {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\r" {
                if !(scalar == "\n" && previous == "\r") {
                    lines.append(String(line))
                    line = .init()
                }
            } else {
                line.append(scalar)
            }
            previous = scalar
        }
        if !line.isEmpty { lines.append(String(line)) }
        self.lines = lines
        self.allowsHeadings = allowsHeadings
    }

    mutating func read() -> [Prose.Block] {
        while position < lines.count {
            let line = lines[position]
            let trimmed = line.trimmed
            if trimmed.isEmpty {
                endParagraph()
                position += 1
            } else if let fence = Self.fence(trimmed) {
                endParagraph()
                readCode(fence)
            } else if let (level, title) = Self.heading(trimmed) {
                endParagraph()
                let inlines = ProseInlines.read(title)
                blocks.append(allowsHeadings ? .heading(level: level, inlines) : .paragraph([.strong(inlines)]))
                position += 1
            } else if Self.isRule(trimmed) {
                endParagraph()
                blocks.append(.rule)
                position += 1
            } else if Self.item(line) != nil {
                endParagraph()
                readList()
            } else if trimmed.hasPrefix(">") {
                endParagraph()
                readQuotation()
            } else if trimmed.contains("|"), position + 1 < lines.count, Self.isDelimiter(lines[position + 1]) {
                endParagraph()
                readTable()
            } else {
                paragraph.append(trimmed)
                position += 1
            }
        }
        endParagraph()
        return blocks
    }

    private mutating func endParagraph() {
        guard !paragraph.isEmpty else { return }
        blocks.append(.paragraph(ProseInlines.read(paragraph.joined(separator: " "))))
        paragraph = []
    }

    private static func fence(_ line: String) -> Character? {
        line.hasPrefix("```") ? "`" : line.hasPrefix("~~~") ? "~" : nil
    }

    private mutating func readCode(_ fence: Character) {
        var code: [String] = []
        position += 1
        while position < lines.count, Self.fence(lines[position].trimmed) != fence {
            code.append(lines[position])
            position += 1
        }
        position += 1
        blocks.append(.code(code.joined(separator: "\n")))
    }

    private static func heading(_ line: String) -> (Int, String)? {
        let level = line.prefix { $0 == "#" }.count
        guard (1...6).contains(level) else { return nil }
        let rest = line.dropFirst(level)
        guard rest.isEmpty || rest.first == " " else { return nil }
        return (level, String(rest).trimmed)
    }

    private static func isRule(_ line: String) -> Bool {
        guard let first = line.first, "-*_".contains(first) else { return false }
        return line.count >= 3 && line.allSatisfy { $0 == first || $0 == " " } && line.count { $0 == first } >= 3
    }

    /// Depth of the item, whether it is numbered, and its text.
    private static func item(_ line: String) -> (depth: Int, isOrdered: Bool, text: String)? {
        let indent = line.prefix { $0 == " " }.count
        let rest = line.dropFirst(indent)
        guard let first = rest.first else { return nil }
        if "-*+".contains(first), rest.dropFirst().first == " " {
            return (min(indent / 2, 3), false, String(rest.dropFirst(2)).trimmed)
        }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        let after = rest.dropFirst(digits.count)
        guard (1...4).contains(digits.count), let mark = after.first, mark == "." || mark == ")",
            after.dropFirst().first == " "
        else { return nil }
        return (min(indent / 2, 3), true, String(after.dropFirst(2)).trimmed)
    }

    private mutating func readList() {
        var items: [(depth: Int, text: String)] = []
        let isOrdered = Self.item(lines[position])?.isOrdered ?? false
        while position < lines.count {
            let line = lines[position]
            if let item = Self.item(line) {
                if item.depth == 0, !items.isEmpty, item.isOrdered != isOrdered { break }
                items.append((item.depth, item.text))
            } else if !items.isEmpty, line.hasPrefix("  "), !line.trimmed.isEmpty {
                items[items.count - 1].text += " " + line.trimmed
            } else {
                break
            }
            position += 1
        }
        blocks.append(
            .list(
                isOrdered: isOrdered,
                items.map { Prose.Item(depth: $0.depth, inlines: ProseInlines.read($0.text)) }))
    }

    private mutating func readQuotation() {
        var text: [String] = []
        while position < lines.count, lines[position].trimmed.hasPrefix(">") {
            text.append(String(lines[position].trimmed.dropFirst()).trimmed)
            position += 1
        }
        blocks.append(.quotation(ProseInlines.read(text.joined(separator: " "))))
    }

    private static func isDelimiter(_ line: String) -> Bool {
        let trimmed = line.trimmed
        return trimmed.contains("-") && trimmed.contains("|") && trimmed.allSatisfy { "|-: ".contains($0) }
    }

    private mutating func readTable() {
        let header = Self.cells(lines[position])
        position += 2
        var rows: [[[Prose.Inline]]] = []
        while position < lines.count, lines[position].contains("|") {
            var cells = Self.cells(lines[position])
            if cells.count > header.count { cells.removeLast(cells.count - header.count) }
            while cells.count < header.count { cells.append([]) }
            rows.append(cells)
            position += 1
        }
        blocks.append(.table(header: header, rows: rows))
    }

    private static func cells(_ line: String) -> [[Prose.Inline]] {
        var cells: [String] = []
        var cell = ""
        var isEscaped = false
        for character in line.trimmed {
            if character == "|", !isEscaped {
                cells.append(cell)
                cell = ""
            } else {
                cell.append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        cells.append(cell)
        if cells.count > 1, cells.first?.trimmed.isEmpty == true { cells.removeFirst() }
        if cells.count > 1, cells.last?.trimmed.isEmpty == true { cells.removeLast() }
        return cells.prefix(64).map { ProseInlines.read($0.trimmed) }
    }
}

extension String {
    /// Without spaces and tabs at either end.
    var trimmed: String {
        let isSpace: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" }
        var view = unicodeScalars[...]
        while let first = view.first, isSpace(first) { view = view.dropFirst() }
        while let last = view.last, isSpace(last) { view = view.dropLast() }
        return String(view)
    }
}
