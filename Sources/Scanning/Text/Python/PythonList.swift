/// Elements of a list or tuple, with what is asked of them again and again: a name that stands for a long list costs
/// nothing each time it is used.
final class PythonList: Sendable {
    let values: [PythonValue]
    /// Origin of the elements, and of theirs.
    let origin: PythonValue.Origin
    /// Globals that the elements are, may be or hold; few are enough.
    let names: [String]
    /// Elements that are globals; few are enough.
    let globals: [PythonValue]
    /// The file's own functions among them; few are enough.
    let functions: [String]
    /// Lists in each other, this one among them.
    let depth: Int

    /// Lists in each other that are followed: of a deeper one it is known what it holds, and not where.
    static let deepest = 32

    /// Elements that are globals and are told of.
    private static let mostGlobals = 64

    init(_ values: [PythonValue]) {
        self.values = values
        var origin: PythonValue.Origin = []
        var names: [String] = []
        var globals: [PythonValue] = []
        var functions: [String] = []
        var depth = 0
        for value in values {
            depth = max(depth, value.list?.depth ?? 0)
            origin.formUnion(value.wholeOrigin)
            if names.count < PythonValue.mostHeld { names += value.names }
            if value.name != nil, globals.count < Self.mostGlobals { globals.append(value) }
            if value.function != nil || value.list != nil, functions.count < PythonValue.mostHeld {
                functions += value.functions
            }
        }
        self.origin = origin
        self.names = PythonValue.distinct(names)
        self.depth = depth + 1
        self.globals = globals
        self.functions = Array(functions.prefix(PythonValue.mostHeld))
    }
}
