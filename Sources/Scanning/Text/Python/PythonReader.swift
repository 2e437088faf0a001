import ByteParsing
import ModelFormats

/// Follows names, constants and calls through a Python source, statement by statement, without running it.
///
/// The order of statements decides what a name means; branches are all taken. Two walks are made: the first learns the
/// names and the calls between functions, the second reports. Attributes and results of the file's own functions are followed
/// by name alone, whatever object they belong to; which element of a container is meant is not followed.
struct PythonReader {
    let tokens: [PythonToken]
    var scopes: [Scope] = [Scope(kind: .module, name: "", indentation: -1)]
    private var stars: [String] = []
    var graph = PythonCallGraph()
    private var importing: Set<String> = []
    private var hooked: Set<String> = []
    /// Globals that attributes of the file's own objects and classes were set to, and that its functions return.
    private var attributes: [String: [String]] = [:]
    private var results: [String: [String]] = [:]
    var isReporting = false
    let isScript: Bool
    /// Whether the file gives `__name__` another value, perhaps: then it tells nothing.
    let bindsItsName: Bool
    private var report: (Event) -> Void
    /// Classes of the file whose bases are those of loadable model code.
    private(set) var modelClasses: [String] = []
    /// Brackets nested deeper than ``mostFrames`` were passed over.
    var isTooDeep = false

    let work = PythonWork()

    static let mostFrames = 200

    /// - Parameter isScript: whether the file is run as a program when it is used (`setup.py`).
    init(_ tokens: [PythonToken], isScript: Bool, report: @escaping (Event) -> Void) {
        self.tokens = tokens
        self.isScript = isScript
        self.report = report
        bindsItsName = Self.bindsItsName(tokens)
    }

    /// Reads the whole source.
    mutating func read(budget: Budget) throws(ParseError) {
        try budget.spend(operations: tokens.count &* 8, reading: "Python source")
        noteCalls()
        walk()
        importing = graph.importing()
        hooked = graph.hooked()
        isReporting = true
        let names = scopes[0].values
        scopes = [Scope(kind: .module, name: "", indentation: -1, values: names)]
        walk()
    }

    private mutating func walk() {
        var start = 0
        while start < tokens.count {
            var end = start
            while end < tokens.count, tokens[end].kind != .newline { end += 1 }
            if end > start {
                while scopes.count > 1, let last = scopes.last, tokens[start].indentation <= last.indentation {
                    scopes.removeLast()
                }
                statement(start, end)
            }
            start = end + 1
        }
    }

    // MARK: Statements

    /// Reads the statement in `tokens[first..<end]`, and those behind its colon.
    private mutating func statement(_ first: Int, _ end: Int) {
        var start = first
        while start < end {
            let head = tokens[start].kind == .name ? tokens[start].text : tokens[start].text == "@" ? "@" : ""
            switch head {
            case "import":
                importNames(start + 1, end)
                return
            case "from" where tokens[start..<end].contains { $0.isName("import") }:
                importFrom(start + 1, end)
                return
            case "async": start += 1
            case "def", "class":
                start = define(head, start, end)
            case "if", "elif", "while", "for", "with", "try", "except", "else", "finally", "match", "case":
                let colon = endOfHeader(start, end)
                guard colon < end else {
                    assignment(start, end)
                    return
                }
                header(head, start, colon)
                start = colon + 1
            case "return", "yield", "raise", "assert", "del", "global", "nonlocal", "await", "print", "exec":
                if head == "exec" || head == "print", start + 1 < end, tokens[start + 1].kind == .symbol {
                    assignment(start, end)
                } else {
                    let value = expression(start + 1, end)
                    if head == "exec" { legacyExec(value, start) }
                    if head == "return" || head == "yield" { returned(value, start) }
                }
                return
            case "@":
                let value = expression(start + 1, end)
                emit(value, [.unknown], [], tokens[start])
                return
            default:
                assignment(start, end)
                return
            }
        }
    }

    /// Index of the colon that ends a compound statement's header.
    private func endOfHeader(_ start: Int, _ end: Int) -> Int {
        var depth = 0
        var lambdas = 0
        for index in start..<end {
            let token = tokens[index]
            if token.isName("lambda") { lambdas += 1 }
            guard token.kind == .symbol else { continue }
            switch token.text {
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            case ":" where depth == 0:
                if lambdas > 0 { lambdas -= 1 } else { return index }
            default: break
            }
        }
        return end
    }

    private mutating func header(_ head: String, _ start: Int, _ colon: Int) {
        let part = tokens[start..<colon]
        if isMainGuard(start, colon) {
            scopes.append(Scope(kind: .mainGuard, name: "", indentation: tokens[start].indentation))
            return
        }
        if head == "for" {
            let at = part.firstIndex { $0.isName("in") } ?? colon
            var value = expression(min(at + 1, colon), colon)
            value = PythonValue(held: value.names, origin: value.wholeOrigin)
            for token in part[start..<at].dropFirst() where token.kind == .name { bind(token.text, value) }
            return
        }
        // `with a as b, c as d`, `except E as e`: each name takes the value before it.
        var from = start + 1
        for index in start..<colon where tokens[index].isName("as") {
            let value = expression(from, index)
            if index + 1 < colon, tokens[index + 1].kind == .name { bind(tokens[index + 1].text, value) }
            from = min(index + 2, colon)
            if from < colon, tokens[from].isSymbol(",") { from += 1 }
        }
        _ = expression(from, colon)
    }

    /// Opens the scope of a function or class; the index after the header.
    private mutating func define(_ head: String, _ start: Int, _ end: Int) -> Int {
        let colon = endOfHeader(start, end)
        guard start + 1 < end, tokens[start + 1].kind == .name else { return end }
        let name = tokens[start + 1].text
        let open = start + 2
        if head == "class" {
            bind(name, .unknown)
            if open < colon {
                _ = expression(open, colon)
                let bases = tokens[open..<colon].filter { $0.kind == .name }.map(\.text)
                if !isReporting, bases.contains(where: Self.modelBases.contains) { modelClasses.append(name) }
            }
            scopes.append(Scope(kind: .klass, name: name, indentation: tokens[start].indentation))
        } else {
            if scopes.last?.kind != .klass { bind(name, .unknown) }
            // Defaults and annotations are evaluated where the function is defined.
            _ = expression(open, colon)
            scopes.append(Scope(kind: .function, name: name, indentation: tokens[start].indentation))
            for index in open..<max(open, colon) where tokens[index].kind == .name {
                let previous = tokens[index - 1].text
                if previous == "(" || previous == "," || previous == "*" || previous == "**" {
                    bind(tokens[index].text, .unknown)
                }
            }
        }
        return min(colon + 1, end)
    }

    private mutating func importNames(_ start: Int, _ end: Int) {
        for part in tokens[start..<end].split(whereSeparator: { $0.isSymbol(",") }) {
            let names = part.prefix { !$0.isName("as") }.map(\.text)
            let path = names.joined()
            if let alias = part.last, part.contains(where: { $0.isName("as") }) {
                bind(alias.text, .name(path))
            } else if let first = names.first {
                bind(first, .name(first))
            }
        }
    }

    private mutating func importFrom(_ start: Int, _ end: Int) {
        guard let at = tokens[start..<end].firstIndex(where: { $0.isName("import") }) else { return }
        let module = tokens[start..<at].map(\.text).joined()
        for part in tokens[(at + 1)..<end].split(whereSeparator: { $0.isSymbol(",") }) {
            let words = part.filter { !$0.isSymbol("(") && !$0.isSymbol(")") }
            guard let name = words.first else { continue }
            if name.text == "*" {
                if !stars.contains(module), stars.count < 64 { stars.append(module) }
            } else if let alias = words.last {
                // Relative imports lead into the same folder, which is judged by itself.
                bind(alias.text, module.hasPrefix(".") ? .unknown : .name(module + "." + name.text))
            }
        }
    }

    private mutating func assignment(_ start: Int, _ end: Int) {
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
                bind(tokens[from].text, value)
                if scopes.last?.kind == .klass { keep(value, as: tokens[from].text, tokens[from]) }
            } else if equals.isEmpty == false {
                if colon > from + 1, tokens[colon - 1].kind == .name, tokens[colon - 2].isSymbol(".") {
                    keep(value, as: tokens[colon - 1].text, tokens[from])
                }
                unpack(from, colon, value)
            }
            from = equal + 1
        }
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
                bind(name, items[index])
            } else {
                bind(name, PythonValue(origin: value.wholeOrigin))
            }
        }
    }

    /// An attribute that is set: methods of the same name may be called anywhere in the file, and those that Python calls
    /// by itself, or that belong to another module, by anybody.
    private mutating func keep(_ value: PythonValue, as attribute: String, _ token: PythonToken) {
        let names = value.names
        guard !names.isEmpty else { return }
        if attributes.count < 4096 {
            attributes[attribute] = Array(((attributes[attribute] ?? []) + names).prefix(PythonValue.mostHeld))
        }
        let isForeign = lookUp(token.text).name != nil && scopes.last?.kind != .klass
        guard isForeign || attribute.hasPrefix("__") else { return }
        for name in names { emit(.name(name), [], [], token, isHandedOn: true) }
    }

    /// What the attribute of a value may be, when nothing but an assignment in the file tells.
    func attribute(_ attribute: String, of value: PythonValue?) -> PythonValue {
        var result = (value ?? .unknown).attribute(attribute)
        if result.name == nil, result.made == nil, result.text == nil, let names = attributes[attribute] {
            result.held += names
        }
        return result
    }

    // MARK: Names

    mutating func bind(_ name: String, _ value: PythonValue) {
        guard let last = scopes.lastIndex(where: { $0.kind != .mainGuard }) else { return }
        scopes[last].values[name] = value
    }

    func lookUp(_ name: String) -> PythonValue {
        for scope in scopes.reversed() {
            if let value = scope.values[name] { return value }
        }
        if Self.builtins.contains(name) { return .name("builtins." + name) }
        if Self.plainBuiltins.contains(name) { return .unknown }
        for module in stars where module != "ctypes" || PythonPrimitive.reachesMemory("ctypes." + name) {
            let known = CallableKnowledge.of(module: module, name: name)
            if known.capability.rawValue < Capability.unknownCall.rawValue { return .name(module + "." + name) }
        }
        return .unknown
    }

    var function: String { scopes.last { $0.kind == .function }?.name ?? "" }

    private var exposure: PythonExposure {
        let outer = scopes.filter { $0.kind == .function }
        if outer.isEmpty {
            let isGuarded = scopes.contains { $0.kind == .mainGuard }
            return isGuarded && !isScript ? .program : .importing
        }
        if outer.allSatisfy({ importing.contains($0.name) }) { return .importing }
        if outer.contains(where: { hooked.contains($0.name) || PythonExposure.hooks.contains($0.name) }) {
            return isScript && outer.contains { $0.name == "run" } ? .importing : .hook
        }
        return .function
    }

    private var place: String {
        scopes.dropFirst().filter { $0.kind != .mainGuard }.map(\.name).joined(separator: ".")
    }

    // MARK: Events

    mutating func emit(
        _ callee: PythonValue, _ arguments: [PythonValue], _ keywords: [(name: String, value: PythonValue)],
        _ token: PythonToken, isHandedOn: Bool = false
    ) {
        guard isReporting else { return }
        var event = Event(
            callee: callee, arguments: arguments, keywords: keywords, offset: token.offset, line: token.line,
            exposure: exposure, place: place, isHandedOn: isHandedOn)
        if callee.made == "operator.methodcaller", let method = callee.text, let target = arguments.first?.name {
            event.callee = .name(target + "." + method, callee.origin)
        }
        report(event)
        if event.callee.name == nil, callee.made == nil, !callee.isContainer {
            // It may be any of these: a branch, an element or an attribute is called.
            for name in Set(callee.held).sorted() {
                event.callee = .name(name, callee.origin)
                report(event)
            }
        }
        for value in arguments + keywords.map(\.value) {
            for item in [value] + (value.list?.globals ?? []) where item.name != nil {
                var handed = event
                handed.callee = item
                handed.arguments = []
                handed.keywords = []
                handed.isHandedOn = true
                report(handed)
            }
        }
    }

    /// `exec code in scope` of Python 2.
    private mutating func legacyExec(_ value: PythonValue, _ index: Int) {
        emit(.name("builtins.exec"), [value], [], tokens[index])
    }

    /// Globals that the file's own function `name` may return.
    func results(of name: String) -> [String] { results[name] ?? [] }

    /// What `__reduce__` returns is called by whoever unpickles the object.
    private mutating func returned(_ value: PythonValue, _ index: Int) {
        let names = value.names
        if !names.isEmpty, !function.isEmpty, results.count < 4096 {
            results[function] = Array(((results[function] ?? []) + names).prefix(PythonValue.mostHeld))
        }
        guard function.hasPrefix("__reduce"), let items = value.items, let callee = items.first else { return }
        emit(callee, items.count > 1 ? items[1].items ?? [] : [], [], tokens[index])
    }

    static func integer(_ text: String) -> Int? {
        let plain = text.filter { $0 != "_" }.lowercased()
        if plain.hasPrefix("0x") { return Int(plain.dropFirst(2), radix: 16) }
        if plain.hasPrefix("0o") { return Int(plain.dropFirst(2), radix: 8) }
        if plain.hasPrefix("0b") { return Int(plain.dropFirst(2), radix: 2) }
        return Int(plain)
    }

    /// Bases of classes that a model loader takes from a file beside the model.
    static let modelBases: Set<String> = [
        "PreTrainedModel", "PretrainedConfig", "PreTrainedConfig", "PreTrainedTokenizer", "PreTrainedTokenizerFast",
        "ProcessorMixin", "Pipeline", "DiffusionPipeline", "ModelMixin", "GeneratorBasedBuilder", "ArrowBasedBuilder",
        "BuilderConfig", "BaseHandler", "PythonModel", "Metric", "Module", "Layer", "ImageProcessingMixin",
        "BaseImageProcessor", "FeatureExtractionMixin", "Tool",
    ]

    /// Functions and types that are always there and do nothing of weight: no module's star brings them.
    private static let plainBuiltins: Set<String> = [
        "abs", "all", "any", "ascii", "bin", "bool", "callable", "classmethod", "complex", "dict", "dir", "divmod",
        "enumerate", "float", "format", "frozenset", "hasattr", "hash", "hex", "id", "int", "isinstance", "issubclass",
        "iter", "len", "max", "min", "next", "oct", "ord", "pow", "print", "property", "range", "repr", "round", "set",
        "slice", "sorted", "staticmethod", "sum", "super", "zip", "self", "cls",
    ]

    private static let builtins: Set<String> = [
        "eval", "exec", "compile", "execfile", "__import__", "open", "getattr", "setattr", "delattr", "globals",
        "locals", "vars", "input", "raw_input", "breakpoint", "chr", "unichr", "bytes", "bytearray", "str", "map",
        "filter", "list", "tuple", "reversed", "memoryview", "__builtins__", "type", "object", "apply", "reload",
        "file",
        "__loader__", "get_ipython",
    ]
}
