internal import ByteParsing
internal import ModelFormats

/// A template's syntax tree written as nested lists: what the tests compare with jinja2's own.
public enum TemplateNotation {
    /// The tree of `source` on one line, with the tags of unknown extensions before it; or why it cannot be read.
    public static func line(_ source: String) -> String {
        do throws(ParseError) {
            let template = try JinjaParser.template(source, budget: Budget())
            if let tag = template.unknownTags.first { return "unknown \(tag)" }
            return "ok " + body(template.body, template)
        } catch {
            return error.code == .limit ? "limit" : "error " + error.reading
        }
    }

    private static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default:
                if scalar.value < 0x20 {
                    result += "\\x" + String(scalar.value, radix: 16)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    private static func body(_ ids: [JinjaTemplate.ID], _ template: JinjaTemplate) -> String {
        var parts: [String] = []
        var data = ""
        func flush() {
            if !data.isEmpty { parts.append("(data \(quote(data)))") }
            data = ""
        }
        for id in ids {
            if case .data(let text) = template[id] {
                data += text
                continue
            }
            flush()
            if case .output(let values) = template[id] {
                parts += values.map { "(out \(expression($0, template)))" }
            } else {
                parts.append(statement(id, template))
            }
        }
        flush()
        return "[" + parts.joined(separator: " ") + "]"
    }

    private static func statement(_ id: JinjaTemplate.ID, _ template: JinjaTemplate) -> String {
        func write(_ id: JinjaTemplate.ID) -> String { expression(id, template) }
        func inside(_ ids: [JinjaTemplate.ID]) -> String { body(ids, template) }
        func parameters(_ signature: JinjaTemplate.Signature) -> String {
            "(" + (signature.parameters + signature.defaults.map { "=" + write($0) }).joined(separator: " ") + ")"
        }
        switch template[id] {
        case .loop(let loop):
            let test = loop.test.map(write) ?? "-"
            return
                "(for \(write(loop.target)) \(write(loop.sequence)) \(test) \(loop.isRecursive) \(inside(loop.body)) \(inside(loop.otherwise)))"
        case .choice(let branches):
            // jinja2 keeps no trace of an empty `else`.
            let branches =
                branches.last.map { $0.test == nil && $0.body.isEmpty } == true ? branches.dropLast() : branches[...]
            return "(if " + branches.map { ($0.test.map(write) ?? "-") + " " + inside($0.body) }.joined(separator: " ")
                + ")"
        case .set(let target, let value): return "(set \(write(target)) \(write(value)))"
        case .setBlock(let target, let filter, let body):
            return "(setblock \(write(target)) \(filter.map(write) ?? "-") \(inside(body)))"
        case .macro(let name, let signature, let body):
            return "(macro \(name) \(parameters(signature)) \(inside(body)))"
        case .callBlock(let signature, let call, let body):
            return "(callblock \(parameters(signature)) \(write(call)) \(inside(body)))"
        case .filterBlock(let filter, let body): return "(filterblock \(write(filter)) \(inside(body)))"
        case .with(let pairs, let body):
            return "(with (" + pairs.map { write($0.first) + " " + write($0.second) }.joined(separator: " ")
                + ") \(inside(body)))"
        case .autoescape(let value, let body): return "(autoescape \(write(value)) \(inside(body)))"
        case .block(let name, let body): return "(block \(name) \(inside(body)))"
        case .extends(let name): return "(extends \(write(name)))"
        case .include(let name): return "(include \(write(name)))"
        case .importAs(let name, let alias): return "(import \(write(name)) \(alias))"
        case .importNames(let name, let names):
            return "(from \(write(name)) \(names.map { $0.name + ":" + $0.alias }.joined(separator: " ")))"
        case .control(let word): return "(\(word))"
        case .evaluate(let value): return "(do \(write(value)))"
        case .generation(let body): return "(generation \(inside(body)))"
        default: return "(?)"
        }
    }

    private static func expression(_ id: JinjaTemplate.ID, _ template: JinjaTemplate) -> String {
        func write(_ id: JinjaTemplate.ID) -> String { expression(id, template) }
        func list(_ ids: [JinjaTemplate.ID]) -> String { ids.map { " " + write($0) }.joined() }
        func call(_ arguments: JinjaTemplate.Arguments) -> String {
            list(arguments.positional) + arguments.keyword.map { " (kw \($0.name) \(write($0.value)))" }.joined()
                + (arguments.unpacked.map { " (* \(write($0)))" } ?? "")
                + (arguments.unpackedKeywords.map { " (** \(write($0)))" } ?? "")
        }
        switch template[id] {
        case .name(let name): return name
        case .string(let text): return quote(text)
        case .integer(let digits): return digits
        case .float(let digits): return Double(digits.filter { $0 != "_" }).map { "\($0)" } ?? digits
        case .bool(let value): return value ? "(true)" : "(false)"
        case .none: return "(none)"
        case .tuple(let parts): return "(tuple\(list(parts)))"
        case .list(let parts): return "(list\(list(parts)))"
        case .dictionary(let pairs): return "(dict\(list(pairs.flatMap { [$0.first, $0.second] })))"
        case .attribute(let base, let name): return "(attr \(write(base)) \(name))"
        case .item(let base, let index): return "(item \(write(base)) \(write(index)))"
        case .slice(let from, let to, let step):
            return "(slice \(from.map(write) ?? "-") \(to.map(write) ?? "-") \(step.map(write) ?? "-"))"
        case .call(let callee, let arguments): return "(call \(write(callee))\(call(arguments)))"
        case .filter(let base, let name, let arguments):
            return "(filter \(base.map(write) ?? "-") \(name)\(call(arguments)))"
        case .test(let base, let name, let arguments): return "(test \(write(base)) \(name)\(call(arguments)))"
        case .unary(let symbol, let value): return "(\(symbol)1 \(write(value)))"
        case .binary(let symbol, let left, let right): return "(\(symbol) \(write(left)) \(write(right)))"
        case .concatenation(let parts): return "(~\(list(parts)))"
        case .comparison(let left, let operands):
            return "(compare \(write(left))" + operands.map { " \($0.symbol) \(write($0.value))" }.joined() + ")"
        case .conditional(let test, let then, let otherwise):
            return "(cond \(write(test)) \(write(then)) \(otherwise.map(write) ?? "-"))"
        case .namespaceReference(let name, let attribute): return "(ns \(name) \(attribute))"
        default: return "(?)"
        }
    }
}
