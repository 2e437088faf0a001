/// The inside of a paragraph: emphasis, code, links. One pass; what does not close is text.
enum ProseInlines {
    static func read(_ text: String) -> [Prose.Inline] {
        var reader = Reader(Array(text.unicodeScalars), depth: 0)
        return reader.read()
    }

    /// Whether an address may be linked to: what a reader can follow without running anything.
    static func isSafe(_ address: String) -> Bool {
        let lower = address.lowercased()
        guard ["https://", "http://", "mailto:"].contains(where: { lower.hasPrefix($0) }) else { return false }
        return address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"'<>`\\".utf8.contains($0) }
    }

    private struct Reader {
        private let scalars: [Unicode.Scalar]
        private var position = 0
        private var plain = ""
        private var result: [Prose.Inline] = []
        private let depth: Int
        /// Where a mark was looked for from, and where it stands next: keeps the whole linear.
        private var known: [String: (from: Int, at: Int?)] = [:]

        init(_ scalars: [Unicode.Scalar], depth: Int) {
            self.scalars = scalars
            self.depth = depth
        }

        mutating func read() -> [Prose.Inline] {
            while position < scalars.count {
                switch scalars[position] {
                case "\\":
                    if position + 1 < scalars.count, Self.isMark(scalars[position + 1]) { position += 1 }
                    take()
                case "`": if !code() { take() }
                case "*", "_": if !emphasis(scalars[position]) { take() }
                case "!" where position + 1 < scalars.count && scalars[position + 1] == "[":
                    if !link(isPicture: true) { take() }
                case "[": if !link(isPicture: false) { take() }
                case "<": if !autolink() { take() }
                default: take()
                }
            }
            flush()
            return result
        }

        private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
            "\\`*_{}[]()#+-.!|<>~$@".unicodeScalars.contains(scalar)
        }

        private mutating func take() {
            plain.unicodeScalars.append(scalars[position])
            position += 1
        }

        private mutating func flush() {
            if !plain.isEmpty { result.append(.text(plain)) }
            plain = ""
        }

        private mutating func add(_ inline: Prose.Inline, upTo end: Int) {
            flush()
            result.append(inline)
            position = end
        }

        /// Where `mark` stands next at or after `start`; nil when nowhere.
        private mutating func find(_ mark: String, from start: Int) -> Int? {
            if let (from, at) = known[mark], start >= from, at.map({ start <= $0 }) ?? true { return at }
            let wanted = Array(mark.unicodeScalars)
            var at = start
            while at + wanted.count <= scalars.count {
                if scalars[at] == wanted[0], scalars[at..<(at + wanted.count)].elementsEqual(wanted) { break }
                at += 1
            }
            let found = at + wanted.count <= scalars.count ? at : nil
            known[mark] = (start, found)
            return found
        }

        private func text(_ range: Range<Int>) -> String {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[range])
            return String(view)
        }

        private mutating func code() -> Bool {
            var ticks = position
            while ticks < scalars.count, scalars[ticks] == "`" { ticks += 1 }
            let fence = String(repeating: "`", count: min(ticks - position, 8))
            guard let end = find(fence, from: ticks), end > ticks else { return false }
            add(.code(text(ticks..<end).trimmed), upTo: end + fence.unicodeScalars.count)
            return true
        }

        private mutating func emphasis(_ mark: Unicode.Scalar) -> Bool {
            let isStrong = position + 1 < scalars.count && scalars[position + 1] == mark
            let width = isStrong ? 2 : 1
            let start = position + width
            guard start < scalars.count, scalars[start] != " ", scalars[start] != mark else { return false }
            // Underscores inside of a word belong to it.
            if mark == "_", position > 0, Self.isWord(scalars[position - 1]) { return false }
            let closing = String(repeating: Character(mark), count: width)
            guard let end = find(closing, from: start), end > start, scalars[end - 1] != " " else { return false }
            if mark == "_", end + width < scalars.count, Self.isWord(scalars[end + width]) { return false }
            let inner: [Prose.Inline]
            if depth < 2 {
                var reader = Reader(Array(scalars[start..<end]), depth: depth + 1)
                inner = reader.read()
            } else {
                inner = [.text(text(start..<end))]
            }
            add(isStrong ? .strong(inner) : .emphasis(inner), upTo: end + width)
            return true
        }

        private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }

        private mutating func link(isPicture: Bool) -> Bool {
            let open = position + (isPicture ? 2 : 1)
            guard let close = find("](", from: open), let end = find(")", from: close + 2) else { return false }
            // A bracket in between opens another link.
            if scalars[open..<close].contains("[") { return false }
            let label = text(open..<close)
            // A title after the address is left out.
            let target = text((close + 2)..<end).trimmed.split(separator: " ").first.map(String.init) ?? ""
            let address =
                target.hasPrefix("<") && target.hasSuffix(">") ? String(target.dropFirst().dropLast()) : target
            if isPicture {
                add(.picture(description: label, address: isSafe(address) ? address : nil), upTo: end + 1)
            } else if isSafe(address) {
                add(.link(text: label, address: address), upTo: end + 1)
            } else {
                add(.text(address.isEmpty ? label : "\(label) (\(address))"), upTo: end + 1)
            }
            return true
        }

        private mutating func autolink() -> Bool {
            guard let end = find(">", from: position + 1) else { return false }
            let address = text((position + 1)..<end)
            guard isSafe(address) else { return false }
            add(.link(text: address, address: address), upTo: end + 1)
            return true
        }
    }
}
