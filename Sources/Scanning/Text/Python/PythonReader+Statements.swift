import ModelFormats

/// Statements: what they bind, and what they evaluate.
extension PythonReader {
    /// Reads the statement in `tokens[first..<end]`, and those behind its colon.
    mutating func statement(_ first: Int, _ end: Int) {
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
            case "global", "nonlocal":
                for token in tokens[(start + 1)..<end] where token.kind == .name { scopes.declareOuter(token.text) }
                return
            case "return", "yield", "raise", "assert", "del", "await", "print", "exec":
                if head == "exec" || head == "print", start + 1 < end, tokens[start + 1].kind == .symbol {
                    assignment(start, end)
                } else {
                    let value = expression(start + 1, end)
                    // `exec code in scope` of Python 2.
                    if head == "exec" { emit(.name("builtins.exec"), [value], [], tokens[start], spelling: "exec") }
                    if head == "return" || head == "yield" { returned(value, start) }
                }
                return
            case "@":
                isStatic = end == start + 2 && tokens[start + 1].isName("staticmethod")
                let value = expression(start + 1, end)
                emit(value, [.unknown], [], tokens[start])
                if let own = value.function ?? value.member { graph.call(own, from: scopes.caller) }
                isRegistered = callsBack(value, nil)
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
            scopes.open(.mainGuard, indentation: tokens[start].indentation)
            return
        }
        if head == "for" {
            let at = part.firstIndex { $0.isName("in") } ?? colon
            // Targets that are items or attributes are evaluated too.
            if part[start..<at].contains(where: { $0.isSymbol("[") || $0.isSymbol(".") }) {
                _ = expression(start + 1, at)
            }
            let value = expression(min(at + 1, colon), colon)
            bind((start + 1)..<max(start + 1, at), to: value.element)
            return
        }
        // `with a as b, c as d`, `except E as e`: each name takes the value before it.
        var from = start + 1
        for index in start..<colon where tokens[index].isName("as") {
            let value = expression(from, index)
            if index + 1 < colon, tokens[index + 1].kind == .name { scopes.bind(tokens[index + 1].text, value) }
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
            scopes.bind(name, PythonValue(function: name))
            if open < colon {
                _ = expression(open, colon)
                let bases = tokens[open..<colon].filter { $0.kind == .name }.map(\.text)
                if !isReporting, bases.contains(where: Self.modelBases.contains) { modelClasses.append(name) }
            }
            scopes.open(.klass, name, indentation: tokens[start].indentation)
        } else {
            if !scopes.isClass { scopes.bind(name, PythonValue(function: name)) }
            // Defaults and annotations are evaluated where the function is defined.
            _ = expression(open, colon)
            if isRegistered { graph.call(name, from: scopes.caller) }
            openFunction(name, open, colon, indentation: tokens[start].indentation)
        }
        isStatic = false
        isRegistered = false
        return min(colon + 1, end)
    }

    private mutating func importNames(_ start: Int, _ end: Int) {
        for part in tokens[start..<end].split(whereSeparator: { $0.isSymbol(",") }) {
            let names = part.prefix { !$0.isName("as") }.map(\.text)
            let path = names.joined()
            if let alias = part.last, part.contains(where: { $0.isName("as") }) {
                take(alias.text, .name(path))
            } else if let first = names.first {
                take(first, .name(first))
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
                scopes.star(module)
            } else if let alias = words.last {
                // Relative imports lead into the same folder, which is judged by itself.
                take(alias.text, module.hasPrefix(".") ? .unknown : .name(module + "." + name.text))
            }
        }
    }

    /// Binds an imported name; a class keeps it as an attribute.
    private mutating func take(_ name: String, _ value: PythonValue) {
        scopes.bind(name, value)
        if scopes.isClass, let global = value.name { members.set(name, to: [global]) }
    }

    /// What `__reduce__` returns is called by whoever unpickles the object.
    private mutating func returned(_ value: PythonValue, _ index: Int) {
        let function = scopes.function
        let names = value.names
        escapes.noteResult(value)
        if !names.isEmpty, !function.isEmpty { members.returns(names, from: function) }
        guard function.hasPrefix("__reduce") || function == "reducer_override" || reducers.contains(function)
        else { return }
        emit(reduction: value, tokens[index])
    }

    /// What a reduction says is to be called, with its arguments.
    func emit(reduction value: PythonValue, _ token: PythonToken) {
        guard let items = value.items, let callee = items.first else { return }
        emit(callee, items.count > 1 ? items[1].items ?? [] : [], [], token)
    }

    /// Bases of classes that a model loader takes from a file beside the model.
    private static let modelBases: Set<String> = [
        "PreTrainedModel", "PretrainedConfig", "PreTrainedConfig", "PreTrainedTokenizer", "PreTrainedTokenizerFast",
        "ProcessorMixin", "Pipeline", "DiffusionPipeline", "ModelMixin", "GeneratorBasedBuilder", "ArrowBasedBuilder",
        "BuilderConfig", "BaseHandler", "PythonModel", "Metric", "Module", "Layer", "ImageProcessingMixin",
        "BaseImageProcessor", "FeatureExtractionMixin", "Tool",
    ]
}
