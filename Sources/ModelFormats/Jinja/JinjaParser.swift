package import ByteParsing

/// Reads a Jinja template into its syntax tree with the grammar of jinja2 3.1: the core tags, loop controls, `do`,
/// `generation`, and, leniently, tags of extensions it does not know.
///
/// Descent is bounded by `depthLimit`, the height of the tree by `JinjaTemplate.heightLimit`; jinja2 itself overflows
/// its stack before either.
package struct JinjaParser {
    static let depthLimit = 90

    private let tokens: [JinjaToken]
    private let budget: Budget
    private(set) var position = 0
    private var depth = 0
    var template = JinjaTemplate()

    /// - Throws: `malformed` where jinja2 raises a syntax error, `limit` for trees that are too deep.
    package static func template(_ source: String, budget: Budget) throws(ParseError) -> JinjaTemplate {
        var parser = JinjaParser(tokens: try JinjaLexer.tokens(of: source, budget: budget), budget: budget)
        parser.template.body = try parser.statements(until: []).body
        return parser.template
    }

    private init(tokens: [JinjaToken], budget: Budget) {
        self.tokens = tokens
        self.budget = budget
    }

    // MARK: Tokens

    var current: JinjaToken { look(0) }

    func look(_ distance: Int) -> JinjaToken {
        let index = position + distance
        return index < tokens.count ? tokens[index] : JinjaToken(.end, at: tokens.last?.offset ?? 0)
    }

    mutating func advance() { if position < tokens.count { position += 1 } }

    func isSymbol(_ text: String) -> Bool { current.kind == .symbol && current.text == text }
    func isWord(_ text: String) -> Bool { current.kind == .name && current.text == text }

    mutating func skip(symbol text: String) -> Bool {
        guard isSymbol(text) else { return false }
        advance()
        return true
    }

    mutating func skip(word text: String) -> Bool {
        guard isWord(text) else { return false }
        advance()
        return true
    }

    mutating func expect(symbol text: String) throws(ParseError) {
        guard skip(symbol: text) else { throw fail("'\(text)' expected") }
    }

    mutating func expect(word text: String) throws(ParseError) {
        guard skip(word: text) else { throw fail("'\(text)' expected") }
    }

    mutating func expectName() throws(ParseError) -> String {
        guard current.kind == .name else { throw fail("name expected") }
        defer { advance() }
        return current.text
    }

    mutating func expect(_ kind: JinjaToken.Kind) throws(ParseError) {
        guard current.kind == kind else { throw fail("end of tag expected") }
        advance()
    }

    func fail(_ reason: String) -> ParseError { .malformed(at: current.offset, reading: "template (\(reason))") }

    /// Runs `body` one level deeper.
    mutating func nested<T>(
        _ body: (inout JinjaParser) throws(ParseError) -> T
    ) throws(ParseError) -> T {
        guard depth < Self.depthLimit else { throw .limit(at: current.offset, reading: "template nesting") }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    mutating func add(
        _ node: JinjaTemplate.Node, at offset: Int, over children: [JinjaTemplate.ID] = []
    ) throws(ParseError) -> JinjaTemplate.ID {
        try budget.spend(operations: 1 + children.count, reading: "template tree")
        var height = 0
        for child in children where child < template.heights.count { height = max(height, template.heights[child]) }
        guard height < JinjaTemplate.heightLimit else { throw .limit(at: offset, reading: "template tree") }
        template.nodes.append(node)
        template.offsets.append(offset)
        template.heights.append(height + 1)
        return template.nodes.count - 1
    }

    // MARK: Statements

    static let constants: Set<String> = ["true", "false", "none", "True", "False", "None"]
}
