internal import AssayCore

/// What the analysis knows of a Python value without running anything.
struct PythonValue {
    /// Where a value came from, as far as that matters to a verdict.
    struct Origin: OptionSet {
        let rawValue: UInt16
        /// Decoded from base64, hexadecimal, a cipher, a compressed stream: what hides code.
        static let decoded = Origin(rawValue: 1)
        /// Came over the network.
        static let downloaded = Origin(rawValue: 2)
        /// Read from a file.
        static let file = Origin(rawValue: 4)
        /// Files that hold secrets, the whole environment, and what its variables hold of the machine and its accounts.
        static let secret = Origin(rawValue: 8)
        /// A name or text that was put together from pieces.
        static let assembled = Origin(rawValue: 16)
        /// A code object.
        static let code = Origin(rawValue: 32)
        /// A credential that the program is given by a name of its own: what it shows a service that it uses.
        static let credential = Origin(rawValue: 64)
        /// Given to a parameter by the calls that the file shows; others may give it something else.
        static let passed = Origin(rawValue: 128)
        /// Read from the configuration that comes with the model.
        static let configured = Origin(rawValue: 256)
    }

    /// The value of a constant string or bytes.
    var text: String?
    var number: Int?
    /// The global that it is: `os.system`.
    var name: String?
    /// The global whose call made it: `requests.get`.
    var made: String?
    /// Elements of a list or tuple, when they are few.
    var list: PythonList?
    /// Globals that the value may be or may hold: what a branch, a dictionary or an attribute keeps.
    var held: [String] = []
    /// Whether it is a dictionary: what is called is never the value itself.
    var isContainer = false
    var origin: Origin = []
    /// The last attribute that it is of a value which no import tells of: `system` of `x.system`.
    var member: String?
    /// The file's own function or class that it is, by name; a lambda has a name that no source can spell.
    var function: String?

    static let unknown = PythonValue()
    static let mostItems = 4096
    static let longestText = 1 << 20
    /// Bytes of a dotted name; nothing that matters has a longer one.
    private static let longestName = 512

    var items: [PythonValue]? { list?.values }

    static func list(_ items: [PythonValue], _ origin: Origin = []) -> PythonValue {
        let list = PythonList(items)
        return list.depth > PythonList.deepest
            ? PythonValue(held: list.names, isContainer: true, origin: origin.union(list.origin))
            : PythonValue(list: list, origin: origin)
    }

    static func text(_ text: String, _ origin: Origin = []) -> PythonValue {
        text.utf8.count <= longestText
            ? PythonValue(text: text, origin: origin) : PythonValue(origin: origin)
    }
    static func number(_ number: Int) -> PythonValue { PythonValue(number: number) }
    static func name(_ name: String, _ origin: Origin = []) -> PythonValue { PythonValue(name: name, origin: origin) }

    /// The value's origin and that of its elements.
    var wholeOrigin: Origin { list.map { origin.union($0.origin) } ?? origin }

    /// The same value with more origins.
    func adding(_ more: Origin) -> PythonValue {
        var result = self
        result.origin.formUnion(more)
        return result
    }

    /// Globals that it is, may be or holds, those in its elements among them; few are enough.
    var names: [String] {
        var names = held
        if let name { names.append(name) }
        if let list { names += list.names }
        return Array(names.prefix(Self.mostHeld))
    }
    static let mostHeld = 8

    /// The file's own functions that it is or holds.
    var functions: [String] {
        function.map { [$0] } ?? list?.functions ?? []
    }

    /// What parameters and attributes are called that hold a model's configuration.
    static let configurations: Set<String> = ["config", "cfg", "conf", "configs", "hparams"]

    /// The namespace of some module, reached through an object of the running program.
    static let namespace = "globals()"
    /// Attributes that lead from an object to the names of the module that it comes from.
    private static let toNamespace: Set<String> = ["__globals__", "f_globals", "func_globals", "f_builtins"]

    /// The attribute `attribute` of it.
    func attribute(_ attribute: String) -> PythonValue {
        if Self.toNamespace.contains(attribute) { return .name(Self.namespace, origin.union(.assembled)) }
        if attribute == "__builtins__" { return .name("builtins", origin) }
        let longest = max(name?.utf8.count ?? 0, made?.utf8.count ?? 0)
        guard longest &+ attribute.utf8.count <= Self.longestName else { return PythonValue(origin: origin) }
        if let name {
            // `vars(x)` and `x.__dict__` hold what attribute access gives.
            let isNamespace = name.hasSuffix(".__dict__") && !Self.lookups.contains(attribute)
            return .name(isNamespace ? name : name + "." + attribute, origin)
        }
        if let made {
            if made == PythonPath.object, let path = PythonPath.attribute(attribute, of: self) { return path }
            return PythonValue(
                text: text, made: made + "()." + attribute, held: held, origin: origin, member: attribute)
        }
        if isContainer || list != nil, Self.lookups.contains(attribute) {
            return PythonValue(made: Self.container + attribute, held: names, origin: origin, member: attribute)
        }
        if !held.isEmpty, !isContainer {
            let held = held.filter { $0.utf8.count < Self.longestName }
            return PythonValue(held: held.map { $0 + "." + attribute }, origin: origin, member: attribute)
        }
        // The text stays with its method: folding the call needs it.
        return PythonValue(
            text: text, made: text == nil ? nil : "str." + attribute,
            origin: Self.configurations.contains(attribute) ? origin.union(.configured) : origin, member: attribute)
    }

    /// What an attribute is made of whose name is not known; the module follows.
    static let computed = "attribute of "

    /// What a method of a container is made of; its result is one of what the container holds.
    static let container = "container."
    /// Methods that give what a container holds.
    static let lookups: Set<String> = ["get", "pop", "__getitem__", "setdefault", "values", "items", "copy"]

    /// What stands under `key` in a namespace: `vars(os)["system"]`, `sys.modules["os"]`, `f.__globals__["os"]`.
    static func entry(_ key: String, of namespace: String, _ origin: Origin) -> PythonValue? {
        if namespace == "sys.modules" { return .name(key, origin) }
        if namespace.hasSuffix("__builtins__") { return .name("builtins." + key, origin) }
        if namespace.hasSuffix(".__dict__") { return .name(String(namespace.dropLast(9)) + "." + key, origin) }
        guard namespace == Self.namespace else { return nil }
        if key == "__builtins__" { return .name("builtins.__dict__", origin) }
        // Whose names they are is not known: what runs commands in `os` or builds on it is what one goes there for.
        let isCommand = ["os", "builtins", "subprocess"].first { module in
            let knowledge = CallableKnowledge.of(module: module, name: key)
            return !knowledge.isDefault && knowledge.capability.calledSeverity == .critical
        }
        return .name(isCommand.map { $0 + "." + key } ?? key, origin)
    }

    /// What a value is that may be either of two.
    func merged(with other: PythonValue) -> PythonValue {
        PythonValue(
            text: text == other.text ? text : nil, made: made == other.made ? made : nil,
            held: Self.distinct(names + other.names),
            isContainer: isContainer || list != nil || other.isContainer || other.list != nil,
            origin: wholeOrigin.union(other.wholeOrigin),
            function: function == other.function ? function : nil)
    }

    /// The first few different ones.
    static func distinct(_ names: [String]) -> [String] {
        var kept: [String] = []
        for name in names where kept.count < mostHeld && !kept.contains(name) { kept.append(name) }
        return kept
    }

    /// One of the elements of it, whichever: what a loop's variable stands for.
    var element: PythonValue {
        if let items, items.count == 1 { return items[0] }
        if let items, let first = items.first, first.list != nil {
            return items.dropFirst().prefix(64).reduce(first) { $0.mergedElementwise(with: $1) }
        }
        return PythonValue(made: computedAttribute, held: names, origin: wholeOrigin)
    }

    /// ``made``, when it is an attribute of a module that can run commands, and which one is not known.
    var computedAttribute: String? { made.flatMap { $0.hasPrefix(Self.computed) ? $0 : nil } }

    /// Tuples of the same length keep their places.
    private func mergedElementwise(with other: PythonValue) -> PythonValue {
        guard let left = items, let right = other.items, left.count == right.count, left.count <= 8 else {
            return PythonValue(
                held: Self.distinct(names + other.names), isContainer: true,
                origin: wholeOrigin.union(other.wholeOrigin))
        }
        return .list(
            zip(left, right).map {
                $0.names.isEmpty && $1.names.isEmpty
                    ? PythonValue(origin: $0.wholeOrigin.union($1.wholeOrigin)) : $0.merged(with: $1)
            })
    }

    /// The result of a binary operator.
    static func combine(_ left: PythonValue, _ symbol: String, _ right: PythonValue) -> PythonValue {
        let origin = left.wholeOrigin.union(right.wholeOrigin)
        if symbol == "+" {
            if let first = PythonPath.text(of: left), let second = PythonPath.text(of: right) {
                return PythonValue(text: PythonText.joined([first, second]), origin: origin.union(.assembled))
            }
            // A field of a formatted text.
            if let first = left.text, let second = right.number {
                return PythonValue(text: PythonText.joined([first, String(second)]), origin: origin.union(.assembled))
            }
            if let first = left.number, let second = right.number {
                let (sum, overflow) = first.addingReportingOverflow(second)
                return overflow ? .unknown : .number(sum)
            }
            if let first = left.items, let second = right.items, first.count + second.count <= mostItems {
                return .list(first + second, origin)
            }
        }
        if symbol == "/", [left, right].contains(where: { $0.made?.hasPrefix("pathlib.") ?? false }) {
            return PythonValue(text: PythonPath.joined([left, right]), made: PythonPath.object, origin: origin)
        }
        if let first = PythonMemory.number(of: left), let second = PythonMemory.number(of: right) {
            switch symbol {
            case "-": return .number(first &- second)
            case "*": return .number(first &* second)
            case "^": return .number(first ^ second)
            case "|": return .number(first | second)
            case "&": return .number(first & second)
            default: break
            }
        }
        if symbol == "%", let format = left.text {
            let values = right.items ?? [right]
            if let text = PythonText.formatted(format, values.map(\.text)) {
                return .text(text, origin.union(.assembled))
            }
        }
        // A constant at the front says what the whole is about.
        return PythonValue(text: nil, origin: origin)
    }
}
