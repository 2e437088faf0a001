/// Follows a dotted Python name through the tables, to what it is.
///
/// The order of trust: a name written in the hand-written table, a name that the analysis of the sources wrote, a
/// module that is known to be dangerous inside the dotted path, the default of the nearest module, nothing.
enum CallableResolution {
    /// Longer names are not looked up: no library has them.
    private static let longestName = 1024
    /// Re-exports followed for one name.
    private static let mostRewrites = 16

    /// What the dotted name `qualified` is and can do.
    static func resolve(_ qualified: String) -> CallableKnowledge {
        let path = Array(qualified.utf8)
        guard !path.isEmpty, path.count <= longestName else {
            return CallableKnowledge(
                capability: .unknownCall, state: .unknownClassState, resolved: String(qualified.prefix(80)),
                reason: "a name of \(path.count) bytes")
        }
        return resolve(path, followingPivots: true)
    }

    private static func resolve(_ start: [UInt8], followingPivots: Bool) -> CallableKnowledge {
        var path = start
        for _ in 0..<mostRewrites {
            var walk = Walk(path)
            if let target = walk.follow() ?? walk.inherited() {
                guard target.count <= longestName, target != path else { break }
                path = target
                continue
            }
            return judge(walk, followingPivots: followingPivots)
        }
        return CallableKnowledge(
            capability: .attributeAccess, resolved: text(path[...]), reason: "re-exports that lead in a circle")
    }

    /// The knowledge about a name whose re-exports have all been followed.
    private static func judge(_ walk: Walk, followingPivots: Bool) -> CallableKnowledge {
        let path = walk.path
        let resolved = text(path[...])
        if let last = walk.modules.last, last.end == path.count {
            // A package may have a function or class by the name of one of its modules; it is what is called.
            if let known = walk.listed()?.knowledge(resolved: resolved, named: Name(walk.lastSegment)) { return known }
            let capability = walk.fallback?.called ?? .attributeAccess
            return CallableKnowledge(capability: capability, resolved: resolved, reason: "the module \(resolved)")
        }
        let named = Name(walk.lastSegment)
        if text(walk.lastSegment).hasPrefix("__pyx_unpickle_") {
            // Cython writes this function for each class without `__reduce__`: it creates the class and sets its state.
            return CallableKnowledge(capability: .pure, resolved: resolved, reason: "Cython's rebuilding function")
        }
        if let known = walk.listed()?.knowledge(resolved: resolved, named: named) { return known }
        if let reach = reaching(walk, resolved: resolved) { return reach }
        if followingPivots, let pivot = pivot(walk, resolved: resolved) { return pivot }
        return fallback(walk, resolved: resolved, named: named)
    }

    /// Attribute names that lead from any object to everything: what comes of them depends on the arguments.
    private static func reaching(_ walk: Walk, resolved: String) -> CallableKnowledge? {
        var reaching: String?
        for index in walk.segments.indices.dropFirst() {
            let segment = text(walk.path[walk.segments[index]])
            if segment == "__builtins__", index + 1 < walk.segments.count {
                let rest = text(walk.path[walk.segments[index + 1].lowerBound...])
                let inner = resolve("builtins." + rest, through: segment)
                if inner.capability.rawValue < Capability.unknownCall.rawValue { return inner }
            }
            if Self.openingNames.contains(segment) {
                return CallableKnowledge(
                    capability: .importByString, resolved: resolved,
                    reason: "\(segment) hands out every class or module")
            }
            if reaching == nil, Self.reachingNames.contains(segment) { reaching = segment }
        }
        return reaching.map {
            CallableKnowledge(capability: .attributeAccess, resolved: resolved, reason: "\($0) reaches any object")
        }
    }

    /// A dangerous module of the standard library inside the dotted path: a module attribute that no table lists. The last
    /// of several is the one that is called: `tempfile._shutil.os.system`.
    private static func pivot(_ walk: Walk, resolved: String) -> CallableKnowledge? {
        for index in walk.segments.indices.dropFirst().reversed() {
            let range = walk.segments[index]
            // A component of a known module's own name is no attribute of it: `numpy.random._pickle`.
            guard range.lowerBound > (walk.modules.last?.end ?? 0) else { continue }
            let name = text(walk.path[range].drop { $0 == UInt8(ascii: "_") })
            let segment = Self.customaryNames[name] ?? name
            guard segment != name || Self.pivotModules.contains(segment) else { continue }
            let rest = text(walk.path[range.upperBound...])
            let inner = resolve(segment + rest, through: text(walk.path[..<range.lowerBound].dropLast()))
            // Packages that pickle values of their own have a module `_pickle` for it: unless what is taken from it is
            // known by name, that is no alias of the library's.
            if segment == "pickle", walk.path[range.lowerBound] == UInt8(ascii: "_"), inner.isDefault { continue }
            if inner.capability.rawValue < Capability.unknownCall.rawValue { return inner }
        }
        return nil
    }

    private static func resolve(_ qualified: String, through: String) -> CallableKnowledge {
        var inner = resolve(Array(qualified.utf8), followingPivots: false)
        inner.reason += ", reached through \(through)"
        return inner
    }

    /// What the nearest module says of everything in it that is not listed.
    private static func fallback(_ walk: Walk, resolved: String, named: Name) -> CallableKnowledge {
        let suspicion = NameLexicon.suspicion(of: walk.lastSegment)
        let entry = named.isClass ? walk.classFallback ?? walk.fallback : walk.fallback
        if let entry, named.isException, entry.called != .unknownCall {
            // A module that runs commands has exceptions like any other, and making one does nothing.
            return CallableKnowledge(
                capability: .pure, resolved: resolved, isClass: true, reason: "an exception of \(walk.fallbackModule)")
        }
        if let entry, entry.called.rawValue < Capability.unknownCall.rawValue {
            // What a package does when it is called is no property of the values that its classes hold.
            let isValue = named.isClass && valuePackages.contains(text(walk.path[..<walk.segments[0].upperBound]))
            return CallableKnowledge(
                capability: entry.called, state: isValue ? .unknownClassState : entry.state, resolved: resolved,
                isClass: named.isClass,
                reason: "everything in \(walk.fallbackModule) that is not known better", isDefault: true)
        }
        if let entry, entry.called == .pure, suspicion == nil {
            return CallableKnowledge(
                capability: .pure, resolved: resolved, isClass: named.isClass,
                reason: "of a kind with \(walk.fallbackModule)",
                isDefault: named.isClass && walk.classFallback != nil, isByModule: true)
        }
        return CallableKnowledge(
            capability: .unknownCall, state: .unknownClassState, resolved: resolved, isClass: named.isClass,
            reason: walk.isLocal ? "defined by whoever wrote the file" : "not on any list", suspicion: suspicion)
    }

    static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// How a name is spelled.
    struct Name {
        let isClass: Bool
        let isException: Bool

        init(_ segment: ArraySlice<UInt8>) {
            let first = segment.first { $0 != UInt8(ascii: "_") } ?? 0
            isClass = first >= UInt8(ascii: "A") && first <= UInt8(ascii: "Z")
            isException =
                isClass
                && ["Error", "Exception", "Warning"].contains { segment.reversed().starts(with: $0.utf8.reversed()) }
        }
    }

    /// Whether one of the components of `attribute` leads from any object to everything.
    static func isReaching(_ attribute: String) -> Bool {
        attribute.split(separator: ".").contains {
            reachingNames.contains(String($0)) || openingNames.contains(String($0))
        }
    }

    /// Packages that do much when they are called, and whose objects are rightly found in pickles.
    private static let valuePackages: Set<String> = [
        "ray", "requests", "mlflow", "torchvision", "torchaudio", "h5py", "datasets", "langchain", "langchain_core",
        "langchain_community", "matplotlib", "PIL", "django", "dask", "distributed", "gradio", "sqlalchemy", "aiohttp",
        "huggingface_hub", "httpx", "pyspark", "wandb", "pyarrow", "fsspec", "boto3", "botocore",
    ]

    /// Attributes that hold or return all classes, modules or globals there are.
    private static let openingNames: Set<String> = [
        "__globals__", "__builtins__", "__subclasses__", "__loader__", "__import__", "func_globals", "f_globals",
        "f_builtins", "f_locals",
    ]

    private static let reachingNames: Set<String> = [
        "__class__", "__base__", "__bases__", "__mro__", "mro",
        "__dict__", "__code__", "__closure__", "__defaults__", "__kwdefaults__", "__func__", "__self__", "__wrapped__",
        "__getattribute__", "__getattr__", "__setattr__", "__delattr__", "__init_subclass__", "__spec__",
        "__reduce__", "__reduce_ex__", "__subclasshook__", "__module__", "__annotations__", "__get__",
        "__set__", "__delete__", "__set_name__", "__prepare__", "__path__", "__file__", "func_code",
        "f_back", "f_code", "gi_frame", "gi_code", "cr_frame", "cr_code",
        "ag_frame", "tb_frame", "tb_next", "co_code", "co_consts", "im_func", "im_class", "im_self",
    ]

    /// Modules of the standard library whose names nobody gives to modules of their own.
    private static let pivotModules: Set<String> = [
        "os", "sys", "subprocess", "socket", "shutil", "importlib", "builtins", "__builtin__", "builtin", "ctypes",
        "posix", "nt", "pty", "pickle", "cPickle", "marshal", "runpy", "pkgutil", "webbrowser", "tempfile", "threading",
        "multiprocessing", "codeop", "pdb", "bdb", "imp", "zipimport", "commands", "popen2", "asyncio", "cProfile",
        "timeit", "urllib", "urllib2", "httplib", "ftplib", "smtplib", "telnetlib", "posixsubprocess", "linecache",
        "fileinput", "glob", "dill", "cloudpickle", "requests", "posixpath", "ntpath", "gc", "inspect", "atexit",
    ]

    /// What modules are imported as everywhere.
    private static let customaryNames = ["np": "numpy", "pd": "pandas"]
}
