internal import ByteParsing

// The expression grammar, one function a level of precedence, the loosest first.
extension JinjaParser {
    typealias ID = JinjaTemplate.ID

    /// Expressions separated by commas, or one of them.
    mutating func tuple(
        simplified: Bool = false, withCondition: Bool = true, inParentheses: Bool = false, withNamespace: Bool = false
    ) throws(ParseError) -> ID {
        let start = current.offset
        var parts: [ID] = []
        var isTuple = false
        while true {
            if !parts.isEmpty { try expect(symbol: ",") }
            if current.kind == .variableEnd || current.kind == .blockEnd || isSymbol(")") { break }
            parts.append(
                simplified ? try primary(withNamespace: withNamespace) : try expression(withCondition: withCondition))
            guard isSymbol(",") else { break }
            isTuple = true
        }
        if !isTuple {
            if let only = parts.first { return only }
            guard inParentheses else { throw fail("expression expected") }
        }
        return try add(.tuple(parts), at: start, over: parts)
    }

    mutating func expression(withCondition: Bool = true) throws(ParseError) -> ID {
        try nested { (parser) throws(ParseError) in
            withCondition ? try parser.conditional() : try parser.disjunction()
        }
    }

    private mutating func conditional() throws(ParseError) -> ID {
        let start = current.offset
        var value = try disjunction()
        while skip(word: "if") {
            let test = try disjunction()
            let otherwise = skip(word: "else") ? try expression() : nil
            value = try add(
                .conditional(test: test, then: value, otherwise: otherwise), at: start,
                over: [test, value] + [otherwise].compactMap(\.self))
        }
        return value
    }

    private mutating func disjunction() throws(ParseError) -> ID {
        let start = current.offset
        var left = try conjunction()
        while skip(word: "or") {
            let right = try conjunction()
            left = try add(.binary("or", left, right), at: start, over: [left, right])
        }
        return left
    }

    private mutating func conjunction() throws(ParseError) -> ID {
        let start = current.offset
        var left = try negation()
        while skip(word: "and") {
            let right = try negation()
            left = try add(.binary("and", left, right), at: start, over: [left, right])
        }
        return left
    }

    private mutating func negation() throws(ParseError) -> ID {
        let start = current.offset
        guard skip(word: "not") else { return try comparison() }
        let value = try nested { (parser) throws(ParseError) in try parser.negation() }
        return try add(.unary("not", value), at: start, over: [value])
    }

    private mutating func comparison() throws(ParseError) -> ID {
        let start = current.offset
        let left = try sum()
        var operands: [JinjaTemplate.Operand] = []
        while true {
            let symbol: String
            if current.kind == .symbol, ["==", "!=", "<", "<=", ">", ">="].contains(current.text) {
                symbol = current.text
                advance()
            } else if skip(word: "in") {
                symbol = "in"
            } else if isWord("not"), look(1).kind == .name, look(1).text == "in" {
                symbol = "not in"
                advance()
                advance()
            } else {
                break
            }
            operands.append(.init(symbol: symbol, value: try sum()))
        }
        guard !operands.isEmpty else { return left }
        return try add(.comparison(left, operands), at: start, over: [left] + operands.map(\.value))
    }

    private mutating func sum() throws(ParseError) -> ID {
        let start = current.offset
        var left = try concatenation()
        while current.kind == .symbol, current.text == "+" || current.text == "-" {
            let symbol = current.text
            advance()
            let right = try concatenation()
            left = try add(.binary(symbol, left, right), at: start, over: [left, right])
        }
        return left
    }

    private mutating func concatenation() throws(ParseError) -> ID {
        let start = current.offset
        var parts = [try product()]
        while skip(symbol: "~") { parts.append(try product()) }
        return parts.count == 1 ? parts[0] : try add(.concatenation(parts), at: start, over: parts)
    }

    private mutating func product() throws(ParseError) -> ID {
        let start = current.offset
        var left = try power()
        while current.kind == .symbol, ["*", "/", "//", "%"].contains(current.text) {
            let symbol = current.text
            advance()
            let right = try power()
            left = try add(.binary(symbol, left, right), at: start, over: [left, right])
        }
        return left
    }

    private mutating func power() throws(ParseError) -> ID {
        let start = current.offset
        var left = try unary()
        while skip(symbol: "**") {
            let right = try unary()
            left = try add(.binary("**", left, right), at: start, over: [left, right])
        }
        return left
    }

    mutating func unary(withFilters: Bool = true) throws(ParseError) -> ID {
        let start = current.offset
        var node: ID
        if current.kind == .symbol, current.text == "-" || current.text == "+" {
            let symbol = current.text
            advance()
            let value = try nested { (parser) throws(ParseError) in try parser.unary(withFilters: false) }
            node = try add(.unary(symbol, value), at: start, over: [value])
        } else {
            node = try primary()
        }
        node = try postfix(node)
        return withFilters ? try filterExpression(node) : node
    }
}
