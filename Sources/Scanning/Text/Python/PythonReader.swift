import ByteParsing
import ModelFormats

/// Follows names, constants and calls through a Python source, statement by statement, without running it.
///
/// The order of statements decides what a name means; branches are all taken. Two walks are made: the first learns the
/// names and the calls between functions, the second reports. Attributes and results of the file's own functions are followed
/// by name alone, whatever object they belong to; which element of a container is meant is not followed.
struct PythonReader {
    let tokens: [PythonToken]
    var scopes = PythonScopes()
    var members = PythonMembers()
    var graph = PythonCallGraph()
    private var importing: Set<String> = []
    private var hooked: Set<String> = []
    private var isReporting = false
    /// Whether a loader calls the file's functions by their names (`hubconf.py`).
    var holdsEntryPoints = false
    let isScript: Bool
    /// Whether the file gives `__name__` another value, perhaps: then it tells nothing.
    let bindsItsName: Bool
    private let report: (Event) -> Void
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
        scopes.rewind()
        walk()
    }

    private mutating func walk() {
        var start = 0
        while start < tokens.count {
            var end = start
            while end < tokens.count, tokens[end].kind != .newline { end += 1 }
            if end > start {
                scopes.close(before: tokens[start].indentation)
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
                    // `exec code in scope` of Python 2.
                    if head == "exec" { emit(.name("builtins.exec"), [value], [], tokens[start]) }
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
            scopes.open(.mainGuard, indentation: tokens[start].indentation)
            return
        }
        if head == "for" {
            let at = part.firstIndex { $0.isName("in") } ?? colon
            // Targets that are items or attributes are evaluated too.
            if part[start..<at].contains(where: { $0.isSymbol("[") || $0.isSymbol(".") }) {
                _ = expression(start + 1, at)
            }
            var value = expression(min(at + 1, colon), colon)
            value = PythonValue(held: value.names, origin: value.wholeOrigin)
            for token in part[start..<at].dropFirst() where token.kind == .name { scopes.bind(token.text, value) }
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
            scopes.bind(name, .unknown)
            if open < colon {
                _ = expression(open, colon)
                let bases = tokens[open..<colon].filter { $0.kind == .name }.map(\.text)
                if !isReporting, bases.contains(where: Self.modelBases.contains) { modelClasses.append(name) }
            }
            scopes.open(.klass, name, indentation: tokens[start].indentation)
        } else {
            if !scopes.isClass { scopes.bind(name, .unknown) }
            // Defaults and annotations are evaluated where the function is defined.
            _ = expression(open, colon)
            scopes.open(.function, name, indentation: tokens[start].indentation)
            for index in open..<max(open, colon) where tokens[index].kind == .name {
                let previous = tokens[index - 1].text
                if previous == "(" || previous == "," || previous == "*" || previous == "**" {
                    scopes.bind(tokens[index].text, .unknown)
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
                scopes.bind(alias.text, .name(path))
            } else if let first = names.first {
                scopes.bind(first, .name(first))
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
                scopes.bind(alias.text, module.hasPrefix(".") ? .unknown : .name(module + "." + name.text))
            }
        }
    }

    // MARK: Calls

    /// When what stands here runs.
    private var exposure: PythonExposure {
        let outer = scopes.functions
        if outer.isEmpty { return scopes.isGuarded && !isScript ? .program : .importing }
        if outer.allSatisfy(importing.contains) { return .importing }
        if holdsEntryPoints, let first = outer.first, !first.hasPrefix("_") { return .hook }
        if outer.contains(where: { hooked.contains($0) || PythonExposure.hooks.contains($0) }) {
            return isScript && outer.contains("run") ? .importing : .hook
        }
        return .function
    }

    func emit(
        _ callee: PythonValue, _ arguments: [PythonValue], _ keywords: [(name: String, value: PythonValue)],
        _ token: PythonToken, isHandedOn: Bool = false
    ) {
        guard isReporting else { return }
        Event(
            callee: callee, arguments: arguments, keywords: keywords, offset: token.offset, line: token.line,
            exposure: exposure, place: scopes.place, isHandedOn: isHandedOn
        ).tell(report)
    }

    /// What `__reduce__` returns is called by whoever unpickles the object.
    private mutating func returned(_ value: PythonValue, _ index: Int) {
        let function = scopes.function
        let names = value.names
        if !names.isEmpty, !function.isEmpty { members.returns(names, from: function) }
        guard function.hasPrefix("__reduce"), let items = value.items, let callee = items.first else { return }
        emit(callee, items.count > 1 ? items[1].items ?? [] : [], [], tokens[index])
    }

    /// Bases of classes that a model loader takes from a file beside the model.
    private static let modelBases: Set<String> = [
        "PreTrainedModel", "PretrainedConfig", "PreTrainedConfig", "PreTrainedTokenizer", "PreTrainedTokenizerFast",
        "ProcessorMixin", "Pipeline", "DiffusionPipeline", "ModelMixin", "GeneratorBasedBuilder", "ArrowBasedBuilder",
        "BuilderConfig", "BaseHandler", "PythonModel", "Metric", "Module", "Layer", "ImageProcessingMixin",
        "BaseImageProcessor", "FeatureExtractionMixin", "Tool",
    ]
}
