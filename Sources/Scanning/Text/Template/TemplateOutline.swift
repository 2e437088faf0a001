internal import ModelFormats

/// A template's statements as a tree for people.
enum TemplateOutline {
    static let depthLimit = 6
    static let childLimit = 64

    static func outline(_ template: JinjaTemplate) -> Outline {
        var result = Outline("template", "\(template.nodes.count) nodes")
        if !template.unknownTags.isEmpty {
            result.children.append(Outline("tags of extensions", template.unknownTags.joined(separator: ", ")))
        }
        result.children += children(template.body, of: template, depth: 0)
        return result
    }

    private static func children(_ body: [JinjaTemplate.ID], of template: JinjaTemplate, depth: Int) -> [Outline] {
        guard depth < depthLimit else { return [] }
        return body.prefix(childLimit).compactMap { outline($0, of: template, depth: depth) }
    }

    private static func outline(_ id: JinjaTemplate.ID, of template: JinjaTemplate, depth: Int) -> Outline? {
        func inside(_ body: [JinjaTemplate.ID]) -> [Outline] { children(body, of: template, depth: depth + 1) }
        switch template[id] {
        case .output(let values):
            return Outline("output", values.map { text($0, of: template, depth: 0) }.joined(separator: ", "))
        case .loop(let loop):
            return Outline(
                "for \(text(loop.target, of: template, depth: 0))",
                "in \(text(loop.sequence, of: template, depth: 0))", children: inside(loop.body))
        case .choice(let branches):
            return Outline(
                "if", Outline.count(branches.count, "branch"),
                children: branches.map { branch in
                    Outline(
                        branch.test.map { "when " + text($0, of: template, depth: 0) } ?? "else",
                        children: inside(branch.body))
                })
        case .set(let target, let value):
            return Outline(
                "set \(text(target, of: template, depth: 0))", "= \(text(value, of: template, depth: 0))")
        case .setBlock(let target, _, let body):
            return Outline("set \(text(target, of: template, depth: 0))", children: inside(body))
        case .macro(let name, let signature, let body):
            return Outline("macro \(name)", signature.parameters.joined(separator: ", "), children: inside(body))
        case .callBlock(_, let call, let body):
            return Outline("call", text(call, of: template, depth: 0), children: inside(body))
        case .filterBlock(let filter, let body):
            return Outline("filter", text(filter, of: template, depth: 0), children: inside(body))
        case .with(_, let body): return Outline("with", children: inside(body))
        case .autoescape(_, let body): return Outline("autoescape", children: inside(body))
        case .block(let name, let body): return Outline("block \(name)", children: inside(body))
        case .generation(let body): return Outline("generation", children: inside(body))
        case .extends(let name): return Outline("extends", text(name, of: template, depth: 0))
        case .include(let name): return Outline("include", text(name, of: template, depth: 0))
        case .importAs(let name, let alias):
            return Outline("import", text(name, of: template, depth: 0) + " as " + alias)
        case .importNames(let name, let names):
            return Outline(
                "from \(text(name, of: template, depth: 0))", names.map(\.name).joined(separator: ", "))
        case .evaluate(let value): return Outline("do", text(value, of: template, depth: 0))
        case .unknown(let tag, _): return Outline("tag \(tag)")
        default: return nil
        }
    }

    /// An expression in its own notation, cut at a depth.
    static func text(_ id: JinjaTemplate.ID, of template: JinjaTemplate, depth: Int) -> String {
        guard depth < 8 else { return "…" }
        func part(_ id: JinjaTemplate.ID) -> String { text(id, of: template, depth: depth + 1) }
        func list(_ ids: [JinjaTemplate.ID]) -> String { ids.prefix(8).map(part).joined(separator: ", ") }
        func call(_ arguments: JinjaTemplate.Arguments) -> String {
            (arguments.positional.prefix(8).map(part)
                + arguments.keyword.prefix(8).map { $0.name + "=" + part($0.value) })
                .joined(separator: ", ")
        }
        switch template[id] {
        case .name(let name): return name
        case .string(let value): return "'" + value.prefix(60) + "'"
        case .integer(let digits), .float(let digits): return digits
        case .bool(let value): return value ? "true" : "false"
        case .none: return "none"
        case .tuple(let parts): return "(" + list(parts) + ")"
        case .list(let parts): return "[" + list(parts) + "]"
        case .dictionary(let pairs):
            return "{" + pairs.prefix(8).map { part($0.first) + ": " + part($0.second) }.joined(separator: ", ") + "}"
        case .attribute(let base, let name): return part(base) + "." + name
        case .item(let base, let index): return part(base) + "[" + part(index) + "]"
        case .slice(let from, let to, let step):
            return (from.map(part) ?? "") + ":" + (to.map(part) ?? "") + (step.map { ":" + part($0) } ?? "")
        case .call(let callee, let arguments): return part(callee) + "(" + call(arguments) + ")"
        case .filter(let base, let name, let arguments):
            let inside = call(arguments)
            return (base.map { part($0) + " | " } ?? "") + name + (inside.isEmpty ? "" : "(" + inside + ")")
        case .test(let base, let name, let arguments):
            let inside = call(arguments)
            return part(base) + " is " + name + (inside.isEmpty ? "" : "(" + inside + ")")
        case .unary(let symbol, let value): return symbol + (symbol == "not" ? " " : "") + part(value)
        case .binary(let symbol, let left, let right): return part(left) + " " + symbol + " " + part(right)
        case .concatenation(let parts): return parts.prefix(8).map(part).joined(separator: " ~ ")
        case .comparison(let left, let operands):
            return part(left) + operands.map { " " + $0.symbol + " " + part($0.value) }.joined()
        case .conditional(let test, let then, let otherwise):
            return part(then) + " if " + part(test) + (otherwise.map { " else " + part($0) } ?? "")
        case .namespaceReference(let name, let attribute): return name + "." + attribute
        default: return ""
        }
    }
}
