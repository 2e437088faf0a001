/// The globals that attributes of the file's own objects and classes were set to, and that its functions return: by name
/// alone, whatever object they belong to.
struct PythonMembers {
    private var attributes: [String: [String]] = [:]
    private var results: [String: [String]] = [:]

    private static let mostNames = 4096

    mutating func set(_ attribute: String, to globals: [String]) { Self.add(globals, as: attribute, to: &attributes) }

    mutating func returns(_ globals: [String], from function: String) { Self.add(globals, as: function, to: &results) }

    /// What the attribute of a value may be, when nothing but an assignment in the file tells.
    func attribute(_ attribute: String, of value: PythonValue?) -> PythonValue {
        var result = (value ?? .unknown).attribute(attribute)
        if result.name == nil, result.made == nil, result.text == nil, let globals = attributes[attribute] {
            result.held = PythonValue.distinct(result.held + globals)
        }
        return result
    }

    /// Globals that the file's own function `name` may return.
    func results(of name: String) -> [String] { results[name] ?? [] }

    private static func add(_ globals: [String], as name: String, to table: inout [String: [String]]) {
        guard table.count < mostNames else { return }
        table[name] = Array(((table[name] ?? []) + globals).prefix(PythonValue.mostHeld))
    }
}
