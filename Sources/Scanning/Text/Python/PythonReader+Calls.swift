import ModelFormats

/// Calls and items: what they give back, and what they tell of the file's own functions.
extension PythonReader {
    /// Functions that look at what they are given and keep nothing.
    private static let inspections: Set<String> = [
        "getattr", "hasattr", "delattr", "dir", "vars", "isinstance", "issubclass", "id", "type", "print", "repr",
        "str",
        "callable", "len", "bool", "hash",
    ]

    /// Whether the frame is a call that only looks at its arguments.
    func isInspection(_ frame: Frame) -> Bool {
        guard frame.kind == .call else { return false }
        if let name = frame.callee.name {
            return name.hasPrefix("builtins.") && Self.inspections.contains(String(name.dropFirst(9)))
        }
        return frame.callee.member == nil && frame.callee.function == nil
            && frame.function.map(Self.inspections.contains) ?? false
    }

    mutating func element(of frame: Frame) -> PythonValue {
        let base = frame.callee
        let token = PythonToken(.symbol, "[", offset: frame.offset, line: frame.line, indentation: 0)
        if let key = frame.arguments.first?.text, frame.slices.isEmpty, let name = base.name {
            if let entry = PythonValue.entry(key, of: name, frame.arguments[0].origin) { return entry }
            if name == "os.environ" {
                return PythonValue(
                    text: PythonPath.home(ofVariable: key), made: "os.environ",
                    origin: PythonSecrets.origin(ofVariable: key))
            }
            // `ctypes.cdll["name"]` loads the library.
            if name.hasPrefix("ctypes."), name.hasSuffix("dll") {
                emit(.name(name + ".LoadLibrary"), frame.arguments, [], token)
            }
            return PythonValue(made: name + "[]", origin: base.origin)
        }
        if let key = frame.arguments.first?.text, frame.slices.isEmpty, base.made == "sysconfig.get_paths" {
            return PythonValue(text: PythonPath.folder(named: key), made: base.made, origin: base.origin)
        }
        if let index = frame.arguments.first?.number, frame.slices.isEmpty, let items = base.items {
            let position = index < 0 ? items.count &+ index : index
            return items.indices.contains(position) ? items[position] : .unknown
        }
        if let index = frame.arguments.first?.number, frame.slices.isEmpty, let text = base.text {
            return PythonFolding.character(of: text, at: index, base.origin)
        }
        if !frame.slices.isEmpty, let text = base.text {
            // `[::-1]` turns a text around; other slices hide what they leave.
            let isReversed = frame.slices.count == 2 && frame.arguments.last?.number == -1
            return isReversed
                ? work.keep(.text(PythonText.reversed(text), base.origin.union(.decoded)), from: [])
                : PythonValue(origin: base.origin.union(.assembled))
        }
        if let name = base.name, name == "builtins.__dict__" || name == "sys.modules" {
            if name == "sys.modules" { escapes.isAny = true }
            return PythonValue(made: name, origin: base.origin.union(.assembled))
        }
        return PythonValue(
            made: base.made, held: base.made == nil ? base.names : [],
            isContainer: !frame.slices.isEmpty, origin: base.wholeOrigin)
    }

    mutating func call(_ frame: Frame) -> PythonValue {
        let token = PythonToken(.symbol, "(", offset: frame.offset, line: frame.line, indentation: 0)
        let callee = frame.callee
        learn(frame)
        emit(
            callee, frame.arguments, frame.keywords, token, spelling: frame.isQualified ? nil : frame.function)
        var result = PythonCallResult.of(callee, frame.arguments, frame.keywords, work)
        let own = callee.function ?? (callee.name == nil ? frame.function : nil)
        if let own, result.name == nil, result.text == nil {
            result.held = PythonValue.distinct(result.held + members.results(of: own))
        }
        // What an unknown function gives back may be what it was given.
        if !isInspection(frame), callee.name == nil, callee.made == nil, result.name == nil, result.text == nil {
            let given = frame.arguments.flatMap(\.names)
            if !given.isEmpty { result.held = PythonValue.distinct(result.held + given) }
            result.made = frame.arguments.lazy.compactMap(\.computedAttribute).first
        }
        return result
    }

    /// Takes in what a call tells of the file's own functions, attributes and modules.
    private mutating func learn(_ frame: Frame) {
        let callee = frame.callee
        let values = frame.arguments + frame.keywords.map(\.value)
        if let own = callee.function ?? (callee.name == nil ? callee.member : nil) {
            parameters.call(graph.isClass(own) ? "__init__" : own, frame.arguments, frame.keywords)
        } else if callee.name == nil, callee.made == nil {
            parameters.call("__call__", frame.arguments, frame.keywords)
        }
        let functions = values.flatMap(\.functions)
        if !functions.isEmpty {
            if let name = callee.name, Self.registries.contains(name) { reducers.formUnion(functions.prefix(8)) }
            for function in functions.prefix(PythonValue.mostHeld) {
                parameters.hand(graph.isClass(function) ? "__init__" : function, with: values)
                if callsBack(callee, frame.function) { graph.call(function, from: scopes.caller) }
            }
        }
        if callee.name == "builtins.setattr", frame.arguments.count == 3, let attribute = frame.arguments[1].text {
            let names = frame.arguments[2].names
            if !names.isEmpty { members.set(attribute, to: names) }
        }
        learnModules(callee, values)
    }

    /// Functions that are told how objects of a class are pickled.
    private static let registries: Set<String> = [
        "copyreg.pickle", "copy_reg.pickle", "multiprocessing.reduction.register",
        "multiprocessing.reduction.ForkingPickler.register",
    ]

    /// Modules that are asked for by their names.
    private mutating func learnModules(_ callee: PythonValue, _ values: [PythonValue]) {
        if let name = callee.name {
            let root = name.prefix { $0 != "." }
            if ["importlib", "imp", "pkgutil", "pydoc", "zipimport"].contains(root) || name == "builtins.__import__" {
                let texts = values.compactMap(\.text)
                for text in texts { escapes.note(text) }
                if texts.isEmpty { noteNamedModules() }
            }
            if ["sys.modules.", "builtins.__dict__."].contains(where: name.hasPrefix) { escapes.isAny = true }
        } else if let member = callee.member, Self.importers.contains(member) {
            for value in values { value.text.map { escapes.note($0) } }
        }
        if values.contains(where: { $0.name == "builtins.__import__" || $0.name == "importlib.import_module" }) {
            for text in values.flatMap({ [$0.text] + ($0.items?.prefix(8).map(\.text) ?? []) }) {
                text.map { escapes.note($0) }
            }
        }
    }

    /// Methods of import machinery.
    private static let importers: Set<String> = ["load_module", "find_spec", "find_module", "import_module"]

    /// A module is imported by a name that is not known: it may be any that the file names.
    private mutating func noteNamedModules() {
        for module in namedModules { escapes.note(module) }
    }

    /// Whether a function or method calls what it is given: then or when something happens.
    func callsBack(_ callee: PythonValue, _ spelling: String?) -> Bool {
        if let name = callee.name {
            return Self.callers.contains(String(name.prefix { $0 != "." }))
                || ["builtins.map", "builtins.filter", "functools.reduce"].contains(name)
        }
        if let member = callee.member { return Self.callingMethods.contains(member) }
        return callee.function == nil && spelling.map(["sorted", "max", "min", "iter"].contains) ?? false
    }

    private static let callers: Set<String> = [
        "threading", "_thread", "multiprocessing", "concurrent", "asyncio", "atexit", "signal", "sys", "codecs",
        "weakref", "gc", "itertools", "sched",
    ]

    private static let callingMethods: Set<String> = [
        "submit", "callback", "run_in_executor", "apply_async", "start_new_thread",
    ]
}
