/// The modules that a source lets out of sight: handed on, kept, given back, or imported by a name that is not known.
///
/// What becomes of a value is followed only so far. Where the file uses a module that can run commands as a value, an
/// attribute of that module's that is called on a value of unknown origin may be the module's own.
struct PythonEscapes {
    /// In the order in which they were met.
    private(set) var modules: [String] = []
    /// Whether any module at all may be meant: `sys.modules`, the names of the file's own.
    var isAny = false {
        didSet { if isAny != oldValue { answers = Answers() } }
    }

    /// Functions that run commands, code or native code, by module.
    private static let dangerous: [String: Set<String>] = {
        let system: Set<String> = [
            "system", "popen", "popen2", "popen3", "popen4", "posix_spawn", "posix_spawnp", "spawnl", "spawnle",
            "spawnlp",
            "spawnlpe", "spawnv", "spawnve", "spawnvp", "spawnvpe", "execl", "execle", "execlp", "execlpe", "execv",
            "execve", "execvp", "execvpe", "startfile",
        ]
        let libraries: Set<String> = ["CDLL", "PyDLL", "WinDLL", "OleDLL", "LoadLibrary"]
        let evaluators: Set<String> = ["exec", "eval", "execfile"]
        return [
            "os": system, "posix": system, "nt": system,
            "subprocess": [
                "Popen", "run", "call", "check_output", "check_call", "getoutput", "getstatusoutput",
            ],
            "commands": ["getoutput", "getstatusoutput"], "popen2": ["popen2", "popen3", "popen4"], "pty": ["spawn"],
            "builtins": evaluators, "__builtin__": evaluators, "builtins.__builtins__": evaluators,
            "runpy": ["run_path", "run_module"],
            "code": ["interact", "InteractiveConsole", "InteractiveInterpreter"], "ctypes": libraries,
            "ctypes.cdll": libraries, "imp": ["load_dynamic", "load_source", "load_compiled"],
            "_posixsubprocess": ["fork_exec"], "pexpect": ["run", "spawn"],
            "asyncio": ["create_subprocess_exec", "create_subprocess_shell"],
            "asyncio.subprocess": ["create_subprocess_exec", "create_subprocess_shell"],
            "torch.utils.cpp_extension": ["load", "load_inline"],
        ]
    }()

    /// Modules whose functions run commands, code or native code.
    static let powerful = Set(dangerous.keys)

    /// Namespaces that hold every module.
    private static let everything: Set<String> = ["sys.modules", "builtins.__dict__"]

    /// Those of the modules whose names are not used for anything else.
    private static let unmistakable: [(module: String, members: Set<String>)] = [
        ("os", dangerous["os"] ?? []),
        ("subprocess", ["Popen", "check_output", "check_call", "getoutput", "getstatusoutput"]),
    ]

    /// Takes note of a value that something else than the reader now holds.
    mutating func note(_ value: PythonValue) {
        if let name = value.name { note(name) }
        for name in value.held { note(name) }
    }

    /// Takes note of what a function or lambda gives back.
    mutating func noteResult(_ value: PythonValue) {
        note(value)
        if let made = value.computedAttribute { note(String(made.dropFirst(PythonValue.computed.count))) }
    }

    mutating func note(_ name: String) {
        if Self.everything.contains(name) { isAny = true }
        let module = name.hasSuffix(".__dict__") ? String(name.dropLast(9)) : name
        guard Self.powerful.contains(module), !modules.contains(module) else { return }
        modules.append(module)
        answers = Answers()
    }

    /// Answers that were given since a module was last met.
    private final class Answers {
        var known: [String: [String]] = [:]
    }

    private var answers = Answers()

    /// The functions that the attribute `member` of an unknown value may be.
    func candidates(for member: String) -> [String] {
        guard !modules.isEmpty || isAny else { return [] }
        if let known = answers.known[member] { return known }
        let names = found(for: member)
        if answers.known.count < 4096 { answers.known[member] = names }
        return names
    }

    private func found(for member: String) -> [String] {
        var names =
            modules.filter { Self.dangerous[$0]?.contains(member) ?? false }.map { $0 + "." + member }
        if names.isEmpty, isAny {
            for (module, members) in Self.unmistakable where members.contains(member) {
                names.append(module + "." + member)
            }
        }
        return names
    }
}
