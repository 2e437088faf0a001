internal import AssayCore
internal import ModelFormats

/// A way to any function without naming a module: the subclasses of `object` are all the classes that there are, those of
/// `subprocess` and those that hold modules among them.
enum PythonClassWalk {
    /// The token where a source asks `object` for its subclasses, however it comes by `object`; nil when it does not.
    static func first(in tokens: [PythonToken]) -> PythonToken? {
        for index in tokens.indices.dropFirst(2) {
            let token = tokens[index]
            guard token.kind == .name, token.text == "__subclasses__", tokens[index - 1].isSymbol(".") else { continue }
            if leadsToObject(tokens[..<(index - 1)]) || isAskedOfObject(tokens[index...]) { return token }
        }
        return nil
    }

    /// `type.__subclasses__(object)`
    private static func isAskedOfObject(_ tokens: ArraySlice<PythonToken>) -> Bool {
        let next = tokens.dropFirst().prefix(2)
        return next.first?.isSymbol("(") ?? false && next.last.map { $0.kind == .name && $0.text == "object" } ?? false
    }

    /// Whether an expression ends in `object`, `x.__base__`, `x.__bases__[0]`, `x.__mro__[-1]` or `x.mro()[1]`.
    private static func leadsToObject(_ tokens: ArraySlice<PythonToken>) -> Bool {
        guard let last = tokens.last else { return false }
        if last.kind == .name {
            return last.text == "__base__" || last.text == "object" && !(tokens.dropLast().last?.isSymbol(".") ?? false)
        }
        guard last.isSymbol("]"), let open = tokens.suffix(8).lastIndex(where: { $0.isSymbol("[") })
        else { return false }
        var owner = tokens[..<open]
        if owner.last?.isSymbol(")") ?? false { owner = owner.dropLast(2) }
        return owner.last.map { $0.kind == .name && ["__bases__", "__mro__", "mro"].contains($0.text) } ?? false
    }
}
