import ModelFormats

/// Assignments: what names and attributes stand for afterwards.
extension PythonReader {
    mutating func assignment(_ start: Int, _ end: Int) {
        var depth = 0
        var equals: [Int] = []
        var augmented: Int?
        for index in start..<end where tokens[index].kind == .symbol {
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

    /// An item of `os.environ` that is set: some make every program that is started load or run something.
    private mutating func item(_ start: Int, _ end: Int, _ value: PythonValue) {
        guard end - start > 3, tokens[end - 1].isSymbol("]"),
            let open = tokens[start..<end].lastIndex(where: { $0.isSymbol("[") }), open > start,
            expression(start, open).name == "os.environ"
        else { return }
        emit(.name("os.putenv"), [expression(open + 1, end - 1), value], [], tokens[start])
    }

    /// Binds the names of a target that is more than one name.
    private mutating func unpack(_ start: Int, _ end: Int, _ value: PythonValue) {
        let target = tokens[start..<end]
        let isNames = target.allSatisfy { $0.kind == .name || [",", "(", ")", "[", "]", "*"].contains($0.text) }
        guard isNames, target.contains(where: { $0.isSymbol(",") }) else {
            _ = expression(start, end)
            return
        }
        let names = target.filter { $0.kind == .name }.map(\.text)
        for (index, name) in names.enumerated() {
            if let items = value.items, items.count == names.count {
                scopes.bind(name, items[index])
            } else {
                scopes.bind(name, PythonValue(origin: value.wholeOrigin))
            }
        }
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
