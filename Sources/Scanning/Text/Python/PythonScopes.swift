/// The names that a source has given values to, by the scopes that are open, and the modules whose names stand for
/// themselves after `from module import *`.
struct PythonScopes {
    enum Kind { case module, function, klass, mainGuard }

    private struct Scope {
        var kind: Kind
        var name: String
        /// Indentation of the header: deeper lines belong to it.
        var indentation: Int
        var values: [String: PythonBinding] = [:]
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

    mutating func bind(_ name: String, _ value: PythonValue) {
        guard let last = scopes.lastIndex(where: { $0.kind != .mainGuard }) else { return }
        scopes[last].values[name] = PythonBinding(value)
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

    /// The function and class that a line stands in, as a path.
    var place: String {
        scopes.dropFirst().filter { $0.kind != .mainGuard }.map(\.name).joined(separator: ".")
    }
}
