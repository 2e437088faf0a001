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

    /// Modules whose functions run commands, code or native code.
    static let powerful: Set<String> = [
        "os", "posix", "nt", "subprocess", "pty", "commands", "popen2", "builtins", "__builtin__", "runpy", "code",
        "ctypes", "ctypes.cdll", "importlib", "imp", "_posixsubprocess", "pexpect", "torch.utils.cpp_extension",
        "asyncio.subprocess", "os.__dict__", "subprocess.__dict__", "builtins.__builtins__",
    ]

    /// Namespaces that hold every module.
    private static let everything: Set<String> = ["sys.modules", "builtins.__dict__"]

    /// Functions of those modules whose names mean nothing else.
    private static let unmistakable: [(module: String, members: Set<String>)] = [
        (
            "os",
            [
                "system", "popen", "popen2", "popen3", "popen4", "posix_spawn", "posix_spawnp", "spawnl", "spawnle",
                "spawnlp", "spawnlpe", "spawnv", "spawnve", "spawnvp", "spawnvpe", "execl", "execle", "execlp",
                "execlpe", "execv", "execve", "execvp", "execvpe", "startfile",
            ]
        ),
        ("subprocess", ["Popen", "check_output", "check_call", "getoutput", "getstatusoutput"]),
    ]

    private static let evaluators: Set<String> = ["exec", "eval", "execfile", "__import__"]

    /// Takes note of a value that something else than the reader now holds.
    mutating func note(_ value: PythonValue) {
        if let name = value.name { note(name) }
        for name in value.held { note(name) }
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
        var names: [String] = []
        for module in modules {
            // Methods of many objects are called like Python 2's `apply` and the like.
            if module.contains("builtin"), !Self.evaluators.contains(member) { continue }
            let name = module + "." + member
            switch PythonPrimitive.capability(of: name) {
            case .codeExecution, .nativeCode: names.append(name)
            default: break
            }
        }
        if names.isEmpty, isAny {
            for (module, members) in Self.unmistakable where members.contains(member) {
                names.append(module + "." + member)
            }
        }
        return names
    }
}
