/// Names that are always there: Python's built-in functions and types.
enum PythonBuiltins {
    /// Functions and types that are always there and do nothing of weight: no module's star brings them.
    static let plain: Set<String> = [
        "abs", "all", "any", "ascii", "bin", "bool", "callable", "classmethod", "complex", "dict", "dir", "divmod",
        "enumerate", "float", "format", "frozenset", "hasattr", "hash", "hex", "id", "int", "isinstance", "issubclass",
        "iter", "len", "max", "min", "next", "oct", "ord", "pow", "print", "property", "range", "repr", "round", "set",
        "slice", "sorted", "staticmethod", "sum", "super", "zip", "self", "cls",
    ]

    /// Those that do something, or make a value that can be followed.
    static let effectful: Set<String> = [
        "eval", "exec", "compile", "execfile", "__import__", "open", "getattr", "setattr", "delattr", "globals",
        "locals", "vars", "input", "raw_input", "breakpoint", "chr", "unichr", "bytes", "bytearray", "str", "map",
        "filter", "list", "tuple", "reversed", "memoryview", "__builtins__", "type", "object", "apply", "reload",
        "file", "__loader__", "get_ipython",
    ]

    /// Modules that a text which is executed counts on having been imported.
    static let modules = [
        "os", "sys", "subprocess", "posix", "shutil", "socket", "ctypes", "importlib", "pickle", "marshal", "builtins",
        "pty", "runpy", "base64", "requests", "urllib", "platform",
    ]
}
