import ModelFormats

/// What runs only when the file is run as a program, and which of its functions call which.
extension PythonReader {
    /// Whether the file gives `__name__` another value, perhaps.
    static func bindsItsName(_ tokens: [PythonToken]) -> Bool {
        tokens.indices.dropLast().contains { index in
            guard tokens[index].isName("__name__") else { return false }
            let next = tokens[index + 1]
            let isFirst = index == 0 || tokens[index - 1].kind == .newline
            return next.isSymbol("=") || next.isSymbol(":=") || isFirst && next.isSymbol(",")
                || index > 0
                    && ["as", "for", "def", "class", "import", "global"].contains { word in
                        tokens[index - 1].isName(word)
                    }
        }
    }

    /// Whether the statement at `start` is `if __name__ == "__main__":`, with or without further conditions: what stands
    /// under it runs when the file is run as a program, and not when it is imported.
    func isMainGuard(_ start: Int, _ end: Int) -> Bool {
        guard tokens[start].isName("if") || tokens[start].isName("elif"), !bindsItsName else { return false }
        let words = tokens[(start + 1)..<end].prefix { !$0.isSymbol(":") && $0.kind != .newline }
            .filter { !$0.isSymbol("(") && !$0.isSymbol(")") }
        guard words.count >= 3, words[1].isSymbol("=="), words.count == 3 || words[3].isName("and"),
            !words.contains(where: { $0.isName("or") })
        else { return false }
        func isProgram(_ token: PythonToken) -> Bool { token.kind == .string && token.text == "__main__" }
        return words[0].isName("__name__") && isProgram(words[2])
            || isProgram(words[0]) && words[2].isName("__name__")
    }

    /// Learns the calls between the file's own functions, by name.
    mutating func noteCalls() {
        var scopes: [(name: String, indentation: Int)] = []
        for index in tokens.indices {
            let token = tokens[index]
            let isLineStart = index == 0 || tokens[index - 1].kind == .newline
            if isLineStart {
                while let last = scopes.last, token.indentation <= last.indentation { scopes.removeLast() }
                if !isScript, scopes.isEmpty, isMainGuard(index, tokens.count) {
                    scopes.append((PythonCallGraph.program, token.indentation))
                }
            }
            if token.isName("def"), index + 1 < tokens.count, tokens[index + 1].kind == .name {
                graph.define(function: tokens[index + 1].text)
                scopes.append((tokens[index + 1].text, token.indentation))
            } else if token.isName("class"), index + 1 < tokens.count, isLineStart {
                graph.define(class: tokens[index + 1].text)
            } else if token.kind == .name, index + 1 < tokens.count, index == 0 || !tokens[index - 1].isName("def") {
                let isCall = tokens[index + 1].isSymbol("(") && !(index > 0 && tokens[index - 1].isName("class"))
                let isDecorator = index > 0 && tokens[index - 1].isSymbol("@")
                // `class A(metaclass=make)` calls it.
                let isMetaclass =
                    index > 1 && tokens[index - 1].isSymbol("=") && tokens[index - 2].isName("metaclass")
                if isCall || isDecorator || isMetaclass { graph.call(token.text, from: scopes.last?.name ?? "") }
            }
        }
    }
}
