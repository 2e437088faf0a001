internal import ByteParsing

// Operands: constants and names, and what stands behind them: attributes, subscripts, calls, filters and tests.
extension JinjaParser {
    mutating func primary(withNamespace: Bool = false) throws(ParseError) -> ID {
        let token = current
        switch token.kind {
        case .name:
            advance()
            switch token.text {
            case "true", "True": return try add(.bool(true), at: token.offset)
            case "false", "False": return try add(.bool(false), at: token.offset)
            case "none", "None": return try add(.none, at: token.offset)
            default:
                if withNamespace, skip(symbol: ".") {
                    return try add(.namespaceReference(token.text, try expectName()), at: token.offset)
                }
                return try add(.name(token.text), at: token.offset)
            }
        case .string:
            var value = ""
            while current.kind == .string {
                value += current.text
                advance()
            }
            return try add(.string(value), at: token.offset)
        case .integer:
            advance()
            return try add(.integer(token.text), at: token.offset)
        case .float:
            advance()
            return try add(.float(token.text), at: token.offset)
        case .symbol where token.text == "(":
            advance()
            let value = try nested { (parser) throws(ParseError) in try parser.tuple(inParentheses: true) }
            try expect(symbol: ")")
            return value
        case .symbol where token.text == "[":
            advance()
            var parts: [ID] = []
            while !isSymbol("]") {
                if !parts.isEmpty { try expect(symbol: ",") }
                if isSymbol("]") { break }
                parts.append(try expression())
            }
            advance()
            return try add(.list(parts), at: token.offset, over: parts)
        case .symbol where token.text == "{":
            advance()
            var pairs: [JinjaTemplate.Pair] = []
            while !isSymbol("}") {
                if !pairs.isEmpty { try expect(symbol: ",") }
                if isSymbol("}") { break }
                let key = try expression()
                try expect(symbol: ":")
                pairs.append(.init(first: key, second: try expression()))
            }
            advance()
            return try add(.dictionary(pairs), at: token.offset, over: pairs.flatMap { [$0.first, $0.second] })
        default: throw fail("unexpected token")
        }
    }

    mutating func postfix(_ operand: ID) throws(ParseError) -> ID {
        var node = operand
        while current.kind == .symbol {
            switch current.text {
            case ".", "[": node = try subscripted(node)
            case "(": node = try call(node)
            default: return node
            }
        }
        return node
    }

    mutating func filterExpression(_ operand: ID) throws(ParseError) -> ID {
        var node = operand
        while true {
            if isSymbol("|") {
                node = try filters(on: node, inline: false) ?? node
            } else if isWord("is") {
                node = try test(node)
            } else if isSymbol("(") {
                // A call may follow a filter or a test.
                node = try call(node)
            } else {
                return node
            }
        }
    }

    private mutating func subscripted(_ operand: ID) throws(ParseError) -> ID {
        let start = current.offset
        if skip(symbol: ".") {
            let token = current
            advance()
            if token.kind == .name { return try add(.attribute(operand, token.text), at: start, over: [operand]) }
            guard token.kind == .integer else { throw fail("name or number expected") }
            let index = try add(.integer(token.text), at: token.offset)
            return try add(.item(operand, index), at: start, over: [operand, index])
        }
        try expect(symbol: "[")
        var parts: [ID] = []
        while !isSymbol("]") {
            if !parts.isEmpty { try expect(symbol: ",") }
            parts.append(try subscription())
        }
        advance()
        let index = parts.count == 1 ? parts[0] : try add(.tuple(parts), at: start, over: parts)
        return try add(.item(operand, index), at: start, over: [operand, index])
    }

    private mutating func subscription() throws(ParseError) -> ID {
        let start = current.offset
        var bounds: [ID?] = []
        if skip(symbol: ":") {
            bounds.append(nil)
        } else {
            let value = try expression()
            guard skip(symbol: ":") else { return value }
            bounds.append(value)
        }
        func ends(_ parser: JinjaParser) -> Bool { parser.isSymbol("]") || parser.isSymbol(",") }
        bounds.append(isSymbol(":") || ends(self) ? nil : try expression())
        bounds.append(skip(symbol: ":") && !ends(self) ? try expression() : nil)
        return try add(.slice(bounds[0], bounds[1], bounds[2]), at: start, over: bounds.compactMap(\.self))
    }

    private mutating func arguments() throws(ParseError) -> JinjaTemplate.Arguments {
        var arguments = JinjaTemplate.Arguments()
        try expect(symbol: "(")
        var needsComma = false
        while !isSymbol(")") {
            if needsComma {
                try expect(symbol: ",")
                if isSymbol(")") { break }
            }
            if skip(symbol: "*") {
                guard arguments.unpacked == nil, arguments.unpackedKeywords == nil else { throw fail("call arguments") }
                arguments.unpacked = try expression()
            } else if skip(symbol: "**") {
                guard arguments.unpackedKeywords == nil else { throw fail("call arguments") }
                arguments.unpackedKeywords = try expression()
            } else if current.kind == .name, look(1).kind == .symbol, look(1).text == "=" {
                guard arguments.unpackedKeywords == nil else { throw fail("call arguments") }
                let name = current.text
                advance()
                advance()
                arguments.keyword.append(.init(name: name, value: try expression()))
            } else {
                guard arguments.unpacked == nil, arguments.unpackedKeywords == nil, arguments.keyword.isEmpty else {
                    throw fail("call arguments")
                }
                arguments.positional.append(try expression())
            }
            needsComma = true
        }
        try expect(symbol: ")")
        return arguments
    }

    mutating func call(_ operand: ID) throws(ParseError) -> ID {
        let start = current.offset
        let arguments = try arguments()
        return try add(.call(operand, arguments), at: start, over: [operand] + arguments.all)
    }

    private mutating func dottedName() throws(ParseError) -> String {
        var name = try expectName()
        while skip(symbol: ".") { name += "." + (try expectName()) }
        return name
    }

    /// Reads `|name(…)` as often as it occurs; with `inline`, the first one without its bar.
    mutating func filters(on operand: ID?, inline: Bool) throws(ParseError) -> ID? {
        var node = operand
        var isFirst = inline
        while isFirst || isSymbol("|") {
            if !isFirst { advance() }
            isFirst = false
            let start = current.offset
            let name = try dottedName()
            let arguments = isSymbol("(") ? try arguments() : JinjaTemplate.Arguments()
            node = try add(
                .filter(node, name, arguments), at: start, over: [node].compactMap(\.self) + arguments.all)
        }
        return node
    }

    mutating func test(_ operand: ID) throws(ParseError) -> ID {
        let start = current.offset
        advance()
        let isNegated = skip(word: "not")
        let name = try dottedName()
        var arguments = JinjaTemplate.Arguments()
        let startsOperand =
            switch current.kind {
            case .name: !(isWord("else") || isWord("or") || isWord("and"))
            case .string, .integer, .float: true
            case .symbol: isSymbol("[") || isSymbol("{")
            default: false
            }
        if isSymbol("(") {
            arguments = try self.arguments()
        } else if startsOperand {
            guard !isWord("is") else { throw fail("tests cannot be chained") }
            arguments.positional = [try postfix(try primary())]
        }
        var node = try add(.test(operand, name, arguments), at: start, over: [operand] + arguments.all)
        if isNegated { node = try add(.unary("not", node), at: start, over: [node]) }
        return node
    }
}
