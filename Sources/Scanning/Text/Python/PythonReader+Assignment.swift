import ModelFormats

/// Assignments: what names and attributes stand for afterwards.
extension PythonReader {
    mutating func assignment(_ start: Int, _ end: Int) {
        var depth = 0
        var equals: [Int] = []
        var augmented: Int?
        for index in start..<end {
            // Behind it an equals sign gives a parameter its default.
            if depth == 0, tokens[index].isName("lambda") { break }
            guard tokens[index].kind == .symbol else { continue }
            switch tokens[index].text {
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            case "=" where depth == 0: equals.append(index)
            case "+=" where depth == 0, "-=" where depth == 0, "|=" where depth == 0: augmented = index
            default: break
            }
        }
        guard let last = equals.last ?? augmented else {
            _ = expression(start, end)
            return
        }
        let isNone = last + 2 == end && tokens[last + 1].isName("None")
        var value = expression(last + 1, end)
        if let augmented, equals.isEmpty {
            let old = expression(start, augmented)
            value = work.combine(old, String(tokens[augmented].text.dropLast()), value)
        }
        var from = start
        for equal in equals.isEmpty ? [last] : equals {
            let target = tokens[from..<equal]
            let colon = target.firstIndex { $0.isSymbol(":") } ?? equal
            if colon == from + 1, tokens[from].kind == .name {
                // An annotation is evaluated where it stands, but for those in functions.
                if colon < equal { _ = expression(colon + 1, equal) }
                // Branches are not told apart: who gets at attributes of a name, or calls it, does not mean nothing, but what
                // another branch has put there.
                let others = isNone && !scopes.isClass ? scopes.lookUp(tokens[from].text).names : []
                scopes.bind(tokens[from].text, others.isEmpty ? value : PythonValue(held: others))
                if scopes.isClass { keep(value, as: tokens[from].text, tokens[from]) }
            } else if equals.isEmpty == false {
                if colon > from + 1, tokens[colon - 1].kind == .name, tokens[colon - 2].isSymbol(".") {
                    keep(value, as: tokens[colon - 1].text, tokens[from])
                }
                unpack(from, colon, value)
                item(from, equal, value)
            }
            from = equal + 1
        }
    }

    /// An item that is set: of a dictionary, of a namespace, or of `os.environ`, where some make every program that is started
    /// load or run something.
    private mutating func item(_ start: Int, _ end: Int, _ value: PythonValue) {
        guard end - start > 3, tokens[end - 1].isSymbol("]"), let open = opening(start, end - 1), open > start
        else { return }
        let base = plainValue(start, open)
        let names = value.names
        if base.name?.hasSuffix("dispatch_table") ?? false || base.member == "dispatch_table" {
            reducers.formUnion(value.functions.prefix(8))
        }
        if base.name == "os.environ" {
            emit(.name("os.putenv"), [expression(open + 1, end - 1), value], [], tokens[start])
        } else if !names.isEmpty || value.function != nil {
            let key = plainValue(open + 1, end - 1).text
            if let key, isOwnNamespace(start, open, base) {
                scopes.bindGlobal(key, value)
            } else if let key, tokens[open - 1].isName("__dict__") {
                members.set(key, to: names)
            } else if open == start + 1 {
                let held = PythonValue.distinct(base.names + names)
                scopes.bind(tokens[start].text, PythonValue(held: held, isContainer: true, origin: base.wholeOrigin))
            } else if tokens[open - 1].kind == .name, tokens[open - 2].isSymbol(".") {
                members.set(tokens[open - 1].text, to: names)
            }
        }
    }

    /// `globals()`, which a name may stand for.
    private func isOwnNamespace(_ start: Int, _ open: Int, _ base: PythonValue) -> Bool {
        if base.name == "builtins.__dict__" { return true }
        return open == start + 3 && ["globals", "locals", "vars"].contains(tokens[start].text)
            && tokens[start + 1].isSymbol("(") && tokens[start + 2].isSymbol(")")
    }

    /// The bracket that the one at `close` ends.
    private func opening(_ start: Int, _ close: Int) -> Int? {
        var depth = 0
        for index in (start..<close).reversed() where tokens[index].kind == .symbol {
            switch tokens[index].text {
            case ")", "]", "}": depth += 1
            case "(", "[", "{":
                if depth == 0 { return tokens[index].text == "[" ? index : nil }
                depth -= 1
            default: break
            }
        }
        return nil
    }

    /// Binds the names of a target that is more than one name.
    private mutating func unpack(_ start: Int, _ end: Int, _ value: PythonValue) {
        let target = tokens[start..<end]
        let isNames = target.allSatisfy { $0.kind == .name || [",", "(", ")", "[", "]", "*"].contains($0.text) }
        let first = tokens[start]
        guard isNames, target.contains(where: { $0.isSymbol(",") }) || first.isSymbol("[") || first.isSymbol("(") else {
            _ = expression(start, end)
            return
        }
        bind(start..<end, to: value)
    }

    /// An attribute that is set: methods of the same name may be called anywhere in the file, and those that Python calls
    /// by itself, or that belong to another module, by anybody.
    private mutating func keep(_ value: PythonValue, as attribute: String, _ token: PythonToken) {
        let names = value.names
        guard !names.isEmpty else { return }
        members.set(attribute, to: names)
        let isForeign = scopes.lookUp(token.text).name != nil && !scopes.isClass
        guard isForeign || attribute.hasPrefix("__") else { return }
        for name in names { emit(.name(name), [], [], token, isHandedOn: true) }
    }
}
