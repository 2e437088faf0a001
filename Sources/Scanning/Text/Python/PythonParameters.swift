/// The parameters of the file's own functions and lambdas, and what the file's calls give them: by name alone.
struct PythonParameters {
    private struct Function {
        var names: [String]
        /// Whether the first parameter is the object that the function belongs to.
        var isMethod: Bool
        var values: [PythonValue?]
        /// Globals that it was handed on along with.
        var handed: [String] = []
    }

    private var numbers: [String: Int] = [:]
    private var functions: [Function] = []
    /// Whether a call has told something new of what a parameter may be.
    private(set) var isChanged = false

    private static let mostFunctions = 4096
    private static let mostParameters = 64
    /// What a parameter keeps of a text: names and small codes.
    private static let longestText = 1 << 16

    mutating func define(_ function: String, _ names: [String], isMethod: Bool) {
        let names = Array(names.prefix(Self.mostParameters))
        let fresh = Function(names: names, isMethod: isMethod, values: names.map { _ in nil })
        if let number = numbers[function] {
            // A function of the same name elsewhere in the file takes the same arguments, as far as is known.
            if functions[number].names != names { functions[number] = fresh }
        } else if functions.count < Self.mostFunctions {
            numbers[function] = functions.count
            functions.append(fresh)
        }
    }

    mutating func rewind() { isChanged = false }

    /// Takes in a call of the function.
    mutating func call(
        _ function: String, _ arguments: [PythonValue], _ keywords: [(name: String, value: PythonValue)]
    ) {
        guard let number = numbers[function] else { return }
        let shift = functions[number].isMethod ? 1 : 0
        for (index, value) in arguments.prefix(Self.mostParameters).enumerated() {
            give(value, to: index + shift, of: number)
        }
        for (name, value) in keywords.prefix(Self.mostParameters) {
            if let index = functions[number].names.firstIndex(of: name) { give(value, to: index, of: number) }
        }
    }

    /// Takes in that the function is handed on along with `values`: any parameter may be any of them.
    mutating func hand(_ function: String, with values: [PythonValue]) {
        guard let number = numbers[function], functions[number].handed.count < PythonValue.mostHeld else { return }
        let held = PythonValue.distinct(values.prefix(Self.mostParameters).flatMap(\.names))
        guard held.contains(where: { !functions[number].handed.contains($0) }) else { return }
        functions[number].handed = PythonValue.distinct(functions[number].handed + held)
        for index in functions[number].names.indices { give(PythonValue(held: held), to: index, of: number) }
    }

    /// What the parameter may be; nil when no call tells.
    func value(of name: String, in function: String) -> PythonValue? {
        guard let number = numbers[function], let index = functions[number].names.firstIndex(of: name) else {
            return nil
        }
        return functions[number].values[index]?.adding(.passed)
    }

    private mutating func give(_ value: PythonValue, to index: Int, of number: Int) {
        guard functions[number].values.indices.contains(index) else { return }
        var value = value
        if let text = value.text, text.utf8.count > Self.longestText { value.text = nil }
        value.list = value.list.flatMap { $0.values.count <= Self.mostParameters ? $0 : nil }
        let old = functions[number].values[index]
        if let old, Self.isSame(old, value) { return }
        let new = old.map { $0.merged(with: value) } ?? value
        if old.map({ $0.names != new.names || $0.text != new.text }) ?? true, !new.names.isEmpty || new.text != nil {
            isChanged = true
        }
        functions[number].values[index] = new
    }

    private static func isSame(_ left: PythonValue, _ right: PythonValue) -> Bool {
        left.text == right.text && left.name == right.name && left.made == right.made && left.held == right.held
            && left.origin == right.origin && left.function == right.function && left.list === right.list
            && left.isContainer == right.isContainer
    }
}
