/// Callables whose result the judge computes, because what they return decides what comes next.
enum PickleForm: Hashable {
    /// Returns the module that its first argument names.
    case importModule
    /// Returns the object that its first argument names, `module:name` or dotted.
    case resolveName
    /// Returns the object that its two arguments name: module and name.
    case resolvePair
    case getAttribute
    case attributeGetter
    case methodCaller
    case partial
    /// Creates an instance of its first argument without calling `__init__`.
    case reconstruct
    case addExtension
    case setAttribute
    case loadFromBytes
    /// Loads a Keras archive whose bytes it is given.
    case loadArchive
    /// `type`: with one argument it tells a class, with three it makes one.
    case typeOf
    /// Looks a key up in what may be a module's names or the modules themselves.
    case item
    /// Returns a type of Python's own by a name: `getattr(types, name)` and the registry that dill keeps.
    case resolveType
    /// Evaluates how a value of Python's own shows itself.
    case representation
    /// Evaluates the type that a method of Python's own names when it shows itself, and reads the method of it.
    case shownMethod
    /// Imports the class that its arguments name, or makes a named tuple when there is none.
    case namedTuple
    /// Makes a class out of a name, a base and attributes: what it makes stands for the base.
    case subclass
    /// Fixes arguments of a function, which may be given as the text `module:name`.
    case curry
    /// A pure function of texts, bytes and numbers.
    case evaluated

    private static let forms: [String: PickleForm] = [
        "builtins.__import__": .importModule, "importlib.import_module": .importModule,
        "importlib.__import__": .importModule, "importlib._bootstrap._gcd_import": .importModule,
        "_frozen_importlib._gcd_import": .importModule, "cloudpickle.cloudpickle.subimport": .importModule,
        "cloudpickle.subimport": .importModule, "dill._dill._import_module": .importModule,
        "pkgutil.resolve_name": .resolveName, "pydoc.locate": .resolveName,
        "numpy.core._ufunc_reconstruct": .resolvePair, "numpy._core._ufunc_reconstruct": .resolvePair,
        "builtins.getattr": .getAttribute, "inspect.getattr_static": .getAttribute,
        "builtins.object.__getattribute__": .getAttribute, "dill._dill._get_attr": .getAttribute,
        "operator.attrgetter": .attributeGetter, "operator.methodcaller": .methodCaller,
        "functools.partial": .partial, "functools.partialmethod": .partial, "types.MethodType": .partial,
        "copyreg._reconstructor": .reconstruct, "copyreg.__newobj__": .reconstruct,
        "copyreg.__newobj_ex__": .reconstruct, "builtins.object.__new__": .reconstruct,
        "copyreg.add_extension": .addExtension,
        "builtins.setattr": .setAttribute, "builtins.delattr": .setAttribute,
        "builtins.object.__setattr__": .setAttribute, "builtins.type.__setattr__": .setAttribute,
        "builtins.__setattr__": .setAttribute,
        "torch.storage._load_from_bytes": .loadFromBytes, "builtins.type": .typeOf,
        "keras.src.saving.pickle_utils.deserialize_model_from_bytecode": .loadArchive,
        "keras.saving.pickle_utils.deserialize_model_from_bytecode": .loadArchive,
        "tf_keras.src.saving.pickle_utils.deserialize_model_from_bytecode": .loadArchive,
        "cloudpickle.cloudpickle._builtin_type": .resolveType, "cloudpickle._builtin_type": .resolveType,
        "joblib.externals.cloudpickle.cloudpickle._builtin_type": .resolveType,
        "dill._dill._load_type": .resolveType, "dill._load_type": .resolveType,
        "dill._dill._eval_repr": .representation, "dill._dill._getattr": .shownMethod,
        "dill._dill._create_namedtuple": .namedTuple, "deap.creator.meta_create": .subclass,
        "toolz.functoolz._restore_curry": .curry, "cytoolz.functoolz._restore_curry": .curry,
        "builtins.dict.get": .item, "builtins.dict.__getitem__": .item,
        "operator.__getitem__": .item,
        "operator.concat": .evaluated, "operator.add": .evaluated, "operator.iadd": .evaluated,
        "operator.iconcat": .evaluated, "operator.mod": .evaluated, "operator.getitem": .item,
        "_codecs.encode": .evaluated, "codecs.encode": .evaluated, "_codecs.decode": .evaluated,
        "codecs.decode": .evaluated, "base64.b64decode": .evaluated, "base64.standard_b64decode": .evaluated,
        "base64.urlsafe_b64decode": .evaluated, "base64.decodebytes": .evaluated, "base64.b16decode": .evaluated,
        "binascii.a2b_base64": .evaluated, "binascii.unhexlify": .evaluated, "binascii.a2b_hex": .evaluated,
        "builtins.chr": .evaluated, "builtins.str": .evaluated, "builtins.bytes": .evaluated,
        "builtins.bytearray": .evaluated, "zlib.decompress": .evaluated, "bz2.decompress": .evaluated,
        "lzma.decompress": .evaluated, "gzip.decompress": .evaluated, "_bz2.decompress": .evaluated,
        "zstandard.decompress": .evaluated, "lz4.frame.decompress": .evaluated, "base64.b85decode": .evaluated,
        "base64.a85decode": .evaluated, "base64.b32decode": .evaluated, "binascii.a2b_qp": .evaluated,
    ]

    init?(_ canonical: String) {
        if let form = Self.forms[canonical] {
            self = form
        } else if canonical.hasPrefix("builtins.str.") || canonical.hasPrefix("builtins.bytes.") {
            self = .evaluated
        } else {
            return nil
        }
    }

    private static let aliases: [String: String] = [
        "_operator": "operator", "__builtin__": "builtins", "__builtins__": "builtins", "copy_reg": "copyreg",
        "_functools": "functools",
    ]

    /// The name with the module's private or Python 2 alias undone.
    static func canonical(_ dotted: String) -> String {
        guard let dot = dotted.firstIndex(of: "."), let alias = aliases[String(dotted[..<dot])] else { return dotted }
        return alias + dotted[dot...]
    }
}

extension PickleForm {
    /// Where a harmless type is, by the name that the type itself or the module `types` gives it.
    static func type(named name: String) -> (module: String, name: String)? {
        switch name {
        case "PartialType": return ("functools", "partial")
        case "itemgetter", "ItemGetterType": return ("operator", "itemgetter")
        case "attrgetter", "AttrGetterType": return ("operator", "attrgetter")
        // What binds a function to an object is judged by the function.
        case "MethodType", "method": return ("types", "MethodType")
        default: break
        }
        let listed = CallableKnowledge.of(module: "types", name: name)
        if !listed.isDefault { return listed.capability == .pure ? ("types", name) : nil }
        let builtin = CallableKnowledge.of(module: "builtins", name: name)
        // Exceptions are known by how they are called.
        let isError = ["Error", "Exception", "Warning", "Interrupt", "Iteration"].contains { name.hasSuffix($0) }
        return builtin.capability == .pure && (!builtin.isDefault || isError) ? ("builtins", name) : nil
    }

    /// Functions by which pickle libraries write a module down that an object holds, as another pickle would name it in an
    /// opcode.
    static let moduleReferences: Set<String> = [
        "cloudpickle.cloudpickle.subimport", "cloudpickle.subimport", "dill._dill._import_module",
    ]

    /// Whether importing `module` is known to do nothing but to define what is in it. What is taken from it is judged by
    /// its name.
    static func isPlainModule(_ module: String) -> Bool {
        guard !module.contains("__"), module.utf8.allSatisfy({ $0 != 0x3a }) else { return false }
        let known = CallableKnowledge.of(module: "", name: module)
        guard known.reason == "the module \(known.resolved)" else { return false }
        return known.capability == .pure || known.capability == .unknownCall
            || Self.packages.contains(String(module.prefix { $0 != "." })) && known.capability == .attributeAccess
    }

    /// Packages that have no default in the tables, and whose modules objects hold.
    private static let packages: Set<String> = ["numpy", "scipy", "pandas", "sklearn", "torch", "math"]

    /// Whether a text is how a range, a slice or a constant shows itself.
    static func isValue(_ text: String) -> Bool {
        if ["Ellipsis", "NotImplemented", "None", "True", "False"].contains(text) { return true }
        guard let open = text.firstIndex(of: "("), ["range", "xrange", "slice"].contains(text[..<open]),
            text.hasSuffix(")")
        else { return false }
        return text[open...].dropFirst().dropLast().allSatisfy { $0.isNumber || ", -".contains($0) }
    }
}
