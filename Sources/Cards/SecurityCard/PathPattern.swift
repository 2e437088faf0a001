package import Documents

/// A pointer with `*` for one token (or a part of it) and `**` for any number of them.
package struct PathPattern: Sendable, Hashable, CustomStringConvertible {
    private let tokens: [String]

    /// Nil when the text is no JSON Pointer, or the pointer to the whole document.
    package init?(_ text: String) {
        guard let pointer = DocumentPointer(text: text), !pointer.tokens.isEmpty else { return nil }
        tokens = pointer.tokens
    }

    private init(tokens: [String]) { self.tokens = tokens }

    static let everything = PathPattern(tokens: ["**"])

    package var description: String { DocumentPointer(tokens).description }

    /// Whether the pattern leads to exactly this place.
    package func matches(_ pointer: DocumentPointer) -> Bool {
        reachable(pointer).last == true
    }

    /// Whether it may match something below the pointer.
    func reachesBelow(_ pointer: DocumentPointer) -> Bool { reachable(pointer).dropLast().contains(true) }

    /// Which numbers of pattern tokens the whole pointer uses up.
    private func reachable(_ pointer: DocumentPointer) -> [Bool] {
        var states = Array(repeating: false, count: tokens.count + 1)
        states[0] = true
        skip(&states)
        for token in pointer.tokens {
            var next = Array(repeating: false, count: tokens.count + 1)
            for (position, pattern) in tokens.enumerated() where states[position] {
                if pattern == "**" {
                    next[position] = true
                    next[position + 1] = true
                } else if Self.covers(pattern, token) {
                    next[position + 1] = true
                }
            }
            skip(&next)
            states = next
        }
        return states
    }

    /// `**` also stands for nothing, but not at the end: it never means what it stands in.
    private func skip(_ states: inout [Bool]) {
        for (position, pattern) in tokens.enumerated()
        where states[position] && pattern == "**" && position + 1 < tokens.count {
            states[position + 1] = true
        }
    }

    /// `*` alone, at the end (`x-*`), or no pattern at all.
    private static func covers(_ pattern: String, _ token: String) -> Bool {
        if pattern == "*" { return true }
        if pattern.hasSuffix("*") { return token.hasPrefix(pattern.dropLast()) }
        return pattern == token
    }
}
