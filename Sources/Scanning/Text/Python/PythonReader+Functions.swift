import ModelFormats

/// The file's own functions: what their parameters stand for.
extension PythonReader {
    /// Opens the scope of the function whose parameters stand in `tokens[open..<colon]` and binds them to what calls and
    /// defaults give.
    mutating func openFunction(_ name: String, _ open: Int, _ colon: Int, indentation: Int) {
        var found: [(name: String, default: PythonValue?)] = []
        var depth = 0
        var index = open
        while index < colon {
            let token = tokens[index]
            if token.kind == .symbol {
                if ["(", "[", "{"].contains(token.text) { depth += 1 }
                if [")", "]", "}"].contains(token.text) { depth -= 1 }
                if depth == 0 { break }
            } else if depth == 1, token.kind == .name, index > open,
                ["(", ",", "*", "**"].contains(tokens[index - 1].text)
            {
                found.append((token.text, nil))
            }
            if depth == 1, token.isSymbol("="), let last = found.indices.last {
                let end = endOfValue(index + 1, colon)
                found[last].default = plainValue(index + 1, end)
                index = end
                continue
            }
            index += 1
        }
        let isMethod = scopes.isClass && !isStatic
        parameters.define(name, found.map(\.name), isMethod: isMethod)
        scopes.open(.function, name, indentation: indentation)
        for (parameter, value) in found { scopes.bind(parameter, given(parameter, of: name, default: value)) }
    }
}
