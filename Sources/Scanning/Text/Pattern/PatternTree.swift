/// A regular expression as a tree of nodes in one array, as Python's `re` reads it.
struct PatternTree {
    enum Node {
        case characters(CharacterClass)
        /// Matches the empty text, always.
        case empty
        /// Matches the empty text, or fails: anchors, look-around, back references.
        case assertion
        case sequence([Int])
        case choice([Int])
        /// A node repeated at least `least` times, at most `most` times.
        case loop(Int, least: Int, most: Int?)
    }

    var nodes: [Node] = []
    /// The expression, and those inside of look-around.
    var roots: [Int] = []

    static let mostLetters = 4_096
    static let mostDepth = 40

    /// Nil where the notation is not followed: atomic groups, conditions, what Python refuses.
    init?(_ pattern: String, ignoresCase: Bool = false) {
        var parser = PatternParser(pattern, ignoresCase: ignoresCase)
        guard parser.parse() else { return nil }
        self = parser.tree
    }

    init() {}
}
