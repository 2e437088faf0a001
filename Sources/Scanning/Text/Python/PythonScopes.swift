/// The names that a source has given values to, by the scopes that are open, and the modules whose names stand for
/// themselves after `from module import *`.
struct PythonScopes {
    /// The names of a lambda's parameters and of a comprehension's variables have a scope of their own, `expression`.
    enum Kind { case module, function, klass, mainGuard, expression }

    private struct Scope {
        var kind: Kind
        var name: String
        /// Indentation of the header: deeper lines belong to it.
        var indentation: Int
        var values: [String: PythonBinding] = [:]
        /// Names that belong to a scope further out.
        var outer: Set<String> = []
    }

    /// From the module to the innermost; the module's is always there.
    private var scopes = [Scope(kind: .module, name: "", indentation: -1)]
    private var stars: [String] = []

    private static let mostStars = 64

    /// Opens the scope whose header is indented by `indentation`.
    mutating func open(_ kind: Kind, _ name: String = "", indentation: Int) {
        scopes.append(Scope(kind: kind, name: name, indentation: indentation))
    }

    /// Closes the scopes that a line with `indentation` no longer belongs to.
    mutating func close(before indentation: Int) {
        while scopes.count > 1, let last = scopes.last, indentation <= last.indentation { scopes.removeLast() }
    }

    /// Goes back to the beginning of the source; what the module's names mean at its end stays.
    mutating func rewind() { scopes.removeSubrange(1...) }

    /// Takes in all names of a module.
    mutating func star(_ module: String) {
        if !stars.contains(module), stars.count < Self.mostStars { stars.append(module) }
    }

    /// Opens the scope of a lambda or comprehension, which ends with its expression.
    mutating func openExpression() { open(.expression, indentation: .max) }

    mutating func closeExpression() {
        if scopes.last?.kind == .expression { scopes.removeLast() }
    }

    /// `global name`, `nonlocal name`.
    mutating func declareOuter(_ name: String) {
        guard let last = scopes.lastIndex(where: { $0.kind == .function }) else { return }
        scopes[last].outer.insert(name)
    }

    mutating func bind(_ name: String, _ value: PythonValue) {
        guard let last = scopes.lastIndex(where: { $0.kind != .mainGuard }) else { return }
        bind(name, value, at: last)
    }

    /// Binds a name in the scope around lambdas and comprehensions: what `:=` does.
    mutating func bindAround(_ name: String, _ value: PythonValue) {
        guard let last = scopes.lastIndex(where: { $0.kind != .mainGuard && $0.kind != .expression }) else { return }
        bind(name, value, at: last)
    }

    /// Binds a name of the module.
    mutating func bindGlobal(_ name: String, _ value: PythonValue) { scopes[0].values[name] = PythonBinding(value) }

    private mutating func bind(_ name: String, _ value: PythonValue, at index: Int) {
        guard scopes[index].outer.contains(name) else {
            scopes[index].values[name] = PythonBinding(value)
            return
        }
        let owner = scopes[..<index].lastIndex { $0.kind == .function && $0.values[name] != nil } ?? 0
        // When the function runs is not known: what the name meant before stays possible.
        let before = scopes[owner].values[name]?.value
        let both = before.map { $0.names.isEmpty ? value : value.merged(with: $0) } ?? value
        scopes[owner].values[name] = PythonBinding(both)
    }

    func lookUp(_ name: String) -> PythonValue {
        for scope in scopes.reversed() {
            if let binding = scope.values[name] { return binding.value }
        }
        if PythonBuiltins.effectful.contains(name) { return .name("builtins." + name) }
        if PythonBuiltins.plain.contains(name) { return .unknown }
        for module in stars where module != "ctypes" || PythonPrimitive.reachesMemory("ctypes." + name) {
            let known = CallableKnowledge.of(module: module, name: name)
            if known.capability.rawValue < Capability.unknownCall.rawValue { return .name(module + "." + name) }
        }
        return .unknown
    }

    /// Whether the innermost scope is a class.
    var isClass: Bool { scopes.last?.kind == .klass }

    /// Whether what stands here runs only when the file is run as a program.
    var isGuarded: Bool { scopes.contains { $0.kind == .mainGuard } }

    /// The functions around, the outermost first.
    var functions: [String] { scopes.filter { $0.kind == .function }.map(\.name) }

    /// The innermost function; empty outside of all.
    var function: String { scopes.last { $0.kind == .function }?.name ?? "" }

    /// Who makes the calls that stand here, for ``PythonCallGraph``.
    var caller: String { isGuarded && function.isEmpty ? PythonCallGraph.program : function }

    /// The function and class that a line stands in, as a path.
    var place: String {
        scopes.dropFirst().filter { $0.kind == .function || $0.kind == .klass }.map(\.name).joined(separator: ".")
    }
}
