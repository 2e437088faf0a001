internal import ByteParsing

/// Statements: the tags of a template and the text between them.
extension JinjaParser {
    /// Reads statements up to a tag named in `ends`, whose name is left as the current token; with no ends, up to
    /// the end of the template.
    mutating func statements(
        until ends: [String]
    ) throws(ParseError) -> (body: [JinjaTemplate.ID], end: String) {
        var body: [JinjaTemplate.ID] = []
        while true {
            let token = current
            switch token.kind {
            case .data:
                advance()
                body.append(try add(.data(token.text), at: token.offset))
            case .variableBegin:
                advance()
                let value = try tuple()
                try expect(.variableEnd)
                body.append(try add(.output([value]), at: token.offset, over: [value]))
            case .blockBegin:
                advance()
                if current.kind == .name, ends.contains(current.text) { return (body, current.text) }
                if let statement = try nested({ (parser) throws(ParseError) in try parser.statement() }) {
                    body.append(statement)
                }
                try expect(.blockEnd)
            default:
                guard ends.isEmpty, token.kind == .end else { throw fail("unexpected end") }
                return (body, "")
            }
        }
    }

    /// The body of a block tag: from the end of the opening tag to a closing one, whose name is passed over.
    private mutating func block(_ ends: [String]) throws(ParseError) -> (body: [JinjaTemplate.ID], end: String) {
        _ = skip(symbol: ":")
        try expect(.blockEnd)
        let result = try statements(until: ends)
        advance()
        return result
    }

    private mutating func statement() throws(ParseError) -> JinjaTemplate.ID? {
        let start = current.offset
        let tag = try expectName()
        switch tag {
        case "for": return try loop(start)
        case "if": return try choice(start)
        case "set": return try set(start)
        case "macro":
            let name = try expectName()
            let signature = try signature()
            let body = try block(["endmacro"]).body
            return try add(.macro(name, signature, body), at: start, over: signature.defaults + body)
        case "call":
            let signature = isSymbol("(") ? try signature() : JinjaTemplate.Signature()
            let call = try expression()
            guard case .call = template[call] else { throw fail("call expected") }
            let body = try block(["endcall"]).body
            return try add(.callBlock(signature, call, body), at: start, over: signature.defaults + [call] + body)
        case "filter":
            guard let filter = try filters(on: nil, inline: true) else { throw fail("filter expected") }
            let body = try block(["endfilter"]).body
            return try add(.filterBlock(filter, body), at: start, over: [filter] + body)
        case "with":
            var pairs: [JinjaTemplate.Pair] = []
            while current.kind != .blockEnd {
                if !pairs.isEmpty { try expect(symbol: ",") }
                let target = try assignmentTarget()
                try expect(symbol: "=")
                pairs.append(.init(first: target, second: try expression()))
            }
            let body = try block(["endwith"]).body
            return try add(.with(pairs, body), at: start, over: pairs.flatMap { [$0.first, $0.second] } + body)
        case "autoescape":
            let value = try expression()
            let body = try block(["endautoescape"]).body
            return try add(.autoescape(value, body), at: start, over: [value] + body)
        case "block":
            let name = try expectName()
            _ = skip(word: "scoped")
            let isRequired = skip(word: "required")
            guard !isSymbol("-") else { throw fail("block name") }
            let body = try block(["endblock"]).body
            if isRequired, !body.allSatisfy(isBlank) { throw fail("required block with content") }
            _ = skip(word: name)
            return try add(.block(name, body), at: start, over: body)
        case "extends":
            let value = try expression()
            return try add(.extends(value), at: start, over: [value])
        case "include":
            let value = try expression()
            if isWord("ignore"), look(1).kind == .name, look(1).text == "missing" {
                advance()
                advance()
            }
            _ = importContext()
            return try add(.include(value), at: start, over: [value])
        case "import":
            let value = try expression()
            try expect(word: "as")
            let name = try expectName()
            _ = importContext()
            return try add(.importAs(value, name), at: start, over: [value])
        case "from": return try importNames(start)
        case "print":
            var values: [JinjaTemplate.ID] = []
            while current.kind != .blockEnd {
                if !values.isEmpty { try expect(symbol: ",") }
                values.append(try expression())
            }
            return try add(.output(values), at: start, over: values)
        case "do":
            let value = try tuple()
            return try add(.evaluate(value), at: start, over: [value])
        case "break", "continue": return try add(.control(tag), at: start)
        case "generation":
            let body = try block(["endgeneration"]).body
            return try add(.generation(body), at: start, over: body)
        case "else", "elif", "endfor", "endif", "endset", "endmacro", "endcall", "endfilter", "endwith",
            "endautoescape", "endblock", "endgeneration":
            throw fail("'\(tag)' without its opening tag")
        default: return try unknownTag(tag, start)
        }
    }

    private func isBlank(_ id: JinjaTemplate.ID) -> Bool {
        guard case .data(let text) = template[id] else { return false }
        return text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }

    /// Takes what is in a tag of an unknown extension as expressions where it reads as such.
    private mutating func unknownTag(_ tag: String, _ start: Int) throws(ParseError) -> JinjaTemplate.ID {
        var values: [JinjaTemplate.ID] = []
        while current.kind != .blockEnd {
            guard current.kind != .end else { throw fail("unexpected end") }
            let before = position
            switch current.kind {
            case .symbol where ![.init("("), "[", "{", "-", "+"].contains(current.text): advance()
            default: values.append(try expression())
            }
            if position == before { advance() }
        }
        if template.unknownTags.count < 100 { template.unknownTags.append(tag) }
        return try add(.unknown(tag, values), at: start, over: values)
    }

    mutating func loop(_ start: Int) throws(ParseError) -> JinjaTemplate.ID {
        let target = try assignmentTarget()
        try expect(word: "in")
        let sequence = try tuple(withCondition: false)
        let test = skip(word: "if") ? try expression() : nil
        let isRecursive = skip(word: "recursive")
        let (body, end) = try block(["endfor", "else"])
        let otherwise = end == "else" ? try block(["endfor"]).body : []
        let loop = JinjaTemplate.Loop(
            target: target, sequence: sequence, test: test, isRecursive: isRecursive, body: body, otherwise: otherwise)
        return try add(
            .loop(loop), at: start, over: [target, sequence] + [test].compactMap(\.self) + body + otherwise)
    }

    private mutating func choice(_ start: Int) throws(ParseError) -> JinjaTemplate.ID {
        var branches: [JinjaTemplate.Branch] = []
        var children: [JinjaTemplate.ID] = []
        var end = "elif"
        while end == "elif" {
            let test = try tuple(withCondition: false)
            let part = try block(["elif", "else", "endif"])
            end = part.end
            branches.append(.init(test: test, body: part.body))
            children += [test] + part.body
        }
        if end == "else" {
            let body = try block(["endif"]).body
            branches.append(.init(test: nil, body: body))
            children += body
        }
        return try add(.choice(branches), at: start, over: children)
    }

    mutating func set(_ start: Int) throws(ParseError) -> JinjaTemplate.ID {
        let target = try assignmentTarget(withNamespace: true)
        if skip(symbol: "=") {
            let value = try tuple()
            return try add(.set(target, value), at: start, over: [target, value])
        }
        let filter = try filters(on: nil, inline: false)
        let body = try block(["endset"]).body
        return try add(
            .setBlock(target, filter: filter, body), at: start, over: [target] + [filter].compactMap(\.self) + body)
    }

    private mutating func importContext() -> Bool {
        guard isWord("with") || isWord("without"), look(1).kind == .name, look(1).text == "context" else {
            return false
        }
        advance()
        advance()
        return true
    }

    private mutating func importNames(_ start: Int) throws(ParseError) -> JinjaTemplate.ID {
        let value = try expression()
        try expect(word: "import")
        var names: [JinjaTemplate.Import] = []
        while true {
            if !names.isEmpty { try expect(symbol: ",") }
            guard current.kind == .name else { throw fail("name expected") }
            if importContext() { break }
            let name = try assignableName()
            guard !name.hasPrefix("_") else { throw fail("names starting with an underscore cannot be imported") }
            let alias = skip(word: "as") ? try assignableName() : name
            names.append(.init(name: name, alias: alias))
            if importContext() || !isSymbol(",") { break }
        }
        return try add(.importNames(value, names), at: start, over: [value])
    }
}
