internal import ByteParsing

/// What is assigned to: names, tuples of them, and the parameters of macros.
extension JinjaParser {
    mutating func signature() throws(ParseError) -> JinjaTemplate.Signature {
        var signature = JinjaTemplate.Signature()
        try expect(symbol: "(")
        while !isSymbol(")") {
            if !signature.parameters.isEmpty { try expect(symbol: ",") }
            signature.parameters.append(try assignableName())
            if skip(symbol: "=") {
                signature.defaults.append(try expression())
            } else if !signature.defaults.isEmpty {
                throw fail("parameter without a default after one with a default")
            }
        }
        try expect(symbol: ")")
        return signature
    }

    mutating func assignableName() throws(ParseError) -> String {
        let name = try expectName()
        guard !Self.constants.contains(name) else { throw fail("a constant cannot be assigned to") }
        return name
    }

    /// What stands left of `=` or `in`: names, nested tuples of names, namespace attributes.
    mutating func assignmentTarget(withNamespace: Bool = false) throws(ParseError) -> JinjaTemplate.ID {
        let target = try tuple(simplified: true, withNamespace: withNamespace)
        var pending = [target]
        while let id = pending.popLast() {
            switch template[id] {
            case .name, .namespaceReference: break
            case .tuple(let parts): pending += parts
            default: throw fail("cannot be assigned to")
            }
        }
        return target
    }
}
