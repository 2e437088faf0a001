internal import ByteParsing

/// What the functions that matter in a source file do: stricter than what pickles are judged by, because model code
/// rightly uses most of a framework.
enum PythonPrimitive {
    /// The capability of the global `name` that is worth a finding in source, or nil.
    static func capability(of name: String) -> Capability? {
        guard let dot = name.lastIndex(of: "."), !facts.contains(name[name.index(after: dot)...]) else { return nil }
        let knowledge = CallableKnowledge.of(
            module: String(name[..<dot]), name: String(name[name.index(after: dot)...]))
        let resolved = knowledge.resolved
        let root = String(resolved.prefix { $0 != "." })
        if isBuilder(resolved) || resolved == "importlib.machinery.ExtensionFileLoader" { return .nativeCode }
        if fetched.contains(resolved) { return .indirectLoad }
        switch knowledge.capability {
        case .codeExecution:
            if root == "pip" { return isInstaller(resolved) ? .codeExecution : nil }
            if ordinary.contains(where: { resolved == $0 || resolved.hasPrefix($0 + ".") }) { return nil }
            // To import by a constant name is what the statement does.
            if resolved == "builtins.__import__" { return .importByString }
            // They ask the system by commands of their own.
            if root == "platform" || root == "uuid" { return resolved.hasSuffix("popen") ? .codeExecution : nil }
            if executors.contains(root) { return .codeExecution }
            if root == "asyncio" { return resolved.hasPrefix("asyncio.create_subprocess") ? .codeExecution : nil }
            if root == "IPython" {
                return resolved.contains("system") || resolved.contains("run_") ? .codeExecution : nil
            }
            // The code of another repository: what it does is decided there.
            if resolved == "torch.hub.load" { return .indirectLoad }
            return knowledge.reason.hasPrefix("calls ") ? .codeExecution : nil
        case .nativeCode:
            if root == "ctypes" || root == "_ctypes" { return reachesMemory(resolved) ? .nativeCode : nil }
            if root == "cffi" || root == "imp" { return .nativeCode }
            return resolved.hasSuffix("load_library") || resolved.hasSuffix("load_op_library") ? .nativeCode : nil
        case .importByString:
            return ["builtins", "importlib", "imp", "pkgutil", "pydoc", "runpy"].contains(root) ? .importByString : nil
        case .indirectLoad:
            return [
                "pickle", "joblib", "dill", "cloudpickle", "torch", "shelve", "jsonpickle", "yaml", "numpy", "pandas",
            ]
            .contains(root) ? .indirectLoad : nil
        case .codeObject:
            return root == "marshal" || resolved == "types.FunctionType" || resolved == "types.CodeType"
                ? .codeObject : nil
        case .file:
            if ["builtins.open", "io.open", "codecs.open", "os.open"].contains(resolved) { return .file }
            let last = resolved.split(separator: ".").last.map(String.init) ?? ""
            return (root == "os" || root == "shutil" || root == "pathlib") && fileChanges.contains(last) ? .file : nil
        case .network:
            if root == "socket" || root == "_socket", isInert(resolved) { return nil }
            return networks.contains(root) && !resolved.hasPrefix("urllib.parse") && root != "datasets" ? .network : nil
        case .attributeAccess, .processState, .unknownCall, .unknownClassState, .pure: return nil
        }
    }

    /// Whether a function compiles C++ or CUDA and loads what comes out.
    private static func isBuilder(_ name: String) -> Bool {
        name == "torch.utils.cpp_extension.load" || name.hasPrefix("torch.utils.cpp_extension.load_inline")
            || name == "torch.utils.cpp_extension._jit_compile"
    }

    /// Whether a name of `pip` installs: what it is made of does nothing by itself.
    private static func isInstaller(_ name: String) -> Bool {
        !name.hasPrefix("pip._vendor.")
            && (name.hasSuffix("main") || name.hasSuffix("create_command") || name.hasSuffix("Command.run"))
    }

    /// Functions that fetch a pickle and load it.
    static let fetched: Set<String> = ["torch.hub.load_state_dict_from_url", "torch.utils.model_zoo.load_url"]

    /// Attributes of modules that are texts.
    private static let facts: Set<Substring> = ["__version__", "__name__", "__doc__", "__file__", "__author__"]

    /// Whether a name of `ctypes` loads code, calls it or writes to memory; the others are types, or tell of them.
    static func reachesMemory(_ name: String) -> Bool {
        name.split(separator: ".").dropFirst().contains { loaders.contains(String($0)) }
    }

    private static let loaders: Set<String> = [
        "CDLL", "PyDLL", "OleDLL", "WinDLL", "LibraryLoader", "LoadLibrary", "cdll", "pydll", "oledll", "windll",
        "pythonapi", "CFUNCTYPE", "WINFUNCTYPE", "PYFUNCTYPE", "cast", "memmove", "memset", "string_at", "wstring_at",
        "dlopen", "dlsym", "call_function", "call_cdeclfunction", "PyObj_FromPtr",
    ]

    /// Whether a name of `socket` is a constant or asks about this machine alone.
    private static func isInert(_ name: String) -> Bool {
        let last = name.split(separator: ".").last ?? ""
        return last.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" }
            || [
                "gethostname", "error", "timeout", "herror", "gaierror", "has_ipv6", "inet_aton", "inet_ntoa",
                "inet_pton", "inet_ntop", "htons", "htonl", "ntohs", "ntohl", "getdefaulttimeout", "setdefaulttimeout",
            ].contains(last)
    }

    /// Functions that run the text they are given, and as well a function.
    static let runners: Set<String> = ["timeit.timeit", "timeit.repeat", "cProfile.run", "profile.run"]

    /// Whether the file function removes or replaces things.
    static func isDestructive(_ name: String) -> Bool {
        ["rmtree", "remove", "unlink", "removedirs", "rename", "replace", "move", "rmdir"].contains {
            name.hasSuffix("." + $0)
        }
    }

    private static let executors: Set<String> = [
        "os", "subprocess", "pty", "commands", "popen2", "builtins", "runpy", "code", "codeop", "pexpect", "ptyprocess",
        "paramiko", "sh", "plumbum", "invoke", "fabric", "pip", "ensurepip", "_posixsubprocess", "_interpreters",
        "_xxsubinterpreters", "imp", "zipimport", "pdb", "bdb", "pydoc", "pipes", "_osx_support",
        "_aix_support", "docker", "numexpr", "asteval", "execnet", "distutils", "setuptools", "zipapp", "_winapi",
        "lib2to3", "idlelib", "psutil", "timeit", "trace", "profile", "cProfile", "site", "sys", "importlib",
    ]

    /// Parts of those modules that every project uses.
    private static let ordinary: Set<String> = [
        "setuptools.setup", "setuptools.find_packages", "setuptools.Extension", "setuptools.command", "setuptools.dist",
        "setuptools.extension", "pydoc.TextDoc", "pydoc.HTMLDoc", "docker.errors",
        "setuptools.find_namespace_packages", "setuptools.errors", "setuptools._distutils.command",
        "setuptools._distutils.cmd", "distutils.cmd", "distutils.core",
        "distutils.command",
        "distutils.version", "distutils.util", "distutils.errors", "distutils.log", "distutils.extension",
        "sys.modules", "sys.settrace", "sys.setprofile", "sys.meta_path", "sys.path_hooks", "sys.excepthook",
        "sys.displayhook", "pdb.set_trace", "site.getsitepackages", "site.getusersitepackages", "site.USER_SITE",
        "timeit.default_timer", "timeit.Timer", "cProfile.Profile", "profile.Profile", "os.register_at_fork",
        "subprocess.PIPE", "subprocess.DEVNULL", "subprocess.STDOUT", "subprocess.CalledProcessError",
        "subprocess.TimeoutExpired", "subprocess.CompletedProcess", "os.fork", "os.abort", "builtins.breakpoint",
        "code.co_name", "trace.get_tracer",
    ]

    private static let networks: Set<String> = [
        "socket", "urllib", "urllib2", "requests", "httpx", "aiohttp", "http", "httplib", "ftplib", "smtplib",
        "telnetlib", "xmlrpc", "xmlrpclib", "websocket", "websockets", "urllib3", "pycurl", "wget", "boto3", "poplib",
        "imaplib", "nntplib", "socketserver", "SocketServer", "paramiko", "zmq", "_socket", "asyncio", "scapy",
    ]

    private static let fileChanges: Set<String> = [
        "remove", "unlink", "rmdir", "removedirs", "rename", "replace", "rmtree", "move", "symlink", "link", "chmod",
        "renames",
        "chown", "truncate", "write_text", "write_bytes", "symlink_to", "copy", "copy2", "copyfile", "copytree",
    ]
}
