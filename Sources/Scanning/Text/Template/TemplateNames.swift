internal import ByteParsing

/// Names that mean something to whoever wants to leave a template.
enum TemplateNames {
    /// Attributes that lead from any object into the interpreter, beside names of the form `__x__`.
    private static let internals: Set<String> = [
        "mro", "func_globals", "func_code", "func_defaults", "func_closure", "im_func", "im_self", "im_class",
        "gi_frame", "gi_code", "gi_yieldfrom", "cr_frame", "cr_code", "cr_await", "ag_frame", "ag_code", "f_globals",
        "f_locals", "f_builtins", "f_back", "f_code", "tb_frame", "tb_next", "co_code", "co_consts",
    ]

    /// Functions that run something, load something or open something, when they are called.
    private static let dangerousCalls: Set<String> = [
        "popen", "popen2", "popen3", "popen4", "system", "eval", "exec", "execfile", "compile", "check_output",
        "check_call", "getoutput", "getstatusoutput", "Popen", "import_module", "load_module", "exec_module",
        "spawn", "spawnl", "spawnv", "spawnlp", "spawnvp", "execl", "execle", "execlp", "execv", "execve", "execvp",
        "posix_spawn", "fork", "from_string", "from_pyfile", "from_object", "from_envvar", "CDLL", "LoadLibrary",
        "urlopen", "urlretrieve", "run_module", "run_path", "subclasses", "unsafe_load", "run_cell", "startfile",
        "compile_expression", "overlay", "getattr", "setattr", "load_source", "load_dynamic", "run_code", "runsource",
    ]

    static let engineFunctions: Set<String> = [
        "self", "lipsum", "cycler", "joiner", "range", "dict", "namespace", "loop", "caller", "super",
        "get_flashed_messages", "url_for",
    ]

    enum Standing { case ordinary, hidden, internals }

    /// What reading the attribute `name` means.
    static func standing(of name: String) -> Standing {
        let plain = compatible(name)
        if plain.utf8.count > 4, plain.hasPrefix("__"), plain.hasSuffix("__") { return .internals }
        if internals.contains(plain) { return .internals }
        // Name mangling (`_TemplateReference__context`) leads to the state of the engine.
        if plain.hasPrefix("_"), let cut = plain.dropFirst().firstIndex(of: "_"), plain[cut...].hasPrefix("__"),
            plain.dropFirst().first?.isUppercase == true
        {
            return .internals
        }
        return plain.hasPrefix("_") ? .hidden : .ordinary
    }

    static func isDangerousCall(_ name: String) -> Bool { dangerousCalls.contains(compatible(name)) }

    /// The name with white space around it left out and compatibility characters (full-width, mathematical) as the
    /// letters that Python's identifier normalisation (NFKC) makes of them.
    static func compatible(_ name: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in name.unicodeScalars.prefix(256) {
            let value = scalar.value
            switch value {
            case 0xFF01...0xFF5E: result.append(Unicode.Scalar(value - 0xFEE0) ?? scalar)
            case 0xFE33, 0xFE34, 0xFE4D...0xFE4F: result.append("_")
            case 0x1D400...0x1D6A3:
                let index = (value - 0x1D400) % 52
                result.append(Unicode.Scalar(index < 26 ? 0x41 + index : 0x61 + index - 26) ?? scalar)
            case 0x09...0x0D, 0x20: continue
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// The first name of Python's internals that `text` spells out as an attribute, subscript or string, or nil: for
    /// templates that cannot be parsed.
    static func firstInternal(in text: [UInt8]) -> String? {
        var index = 0
        while index + 4 < text.count {
            guard text[index] == UInt8(ascii: "_"), text[index + 1] == UInt8(ascii: "_") else {
                index += 1
                continue
            }
            var end = index
            while end < text.count, isWord(text[end]) { end += 1 }
            let word = String(decoding: text[index..<end], as: UTF8.self)
            if index > 0, ".'\"[".utf8.contains(text[index - 1]), word.utf8.count < 64, known.contains(word) {
                return word
            }
            index = max(end, index + 1)
        }
        return nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte)
    }

    private static let known: Set<String> = [
        "__class__", "__globals__", "__builtins__", "__init__", "__mro__", "__subclasses__", "__base__", "__bases__",
        "__import__", "__getattribute__", "__getattr__", "__getitem__", "__dict__", "__reduce__", "__reduce_ex__",
        "__code__", "__closure__", "__func__", "__self__", "__module__", "__call__", "__new__", "__loader__",
        "__spec__", "__wrapped__", "__init_subclass__", "__class_getitem__", "__doc__", "__str__", "__enter__",
        "__exit__", "__traceback__", "__context__", "__defaults__", "__kwdefaults__", "__annotations__",
    ]
}
