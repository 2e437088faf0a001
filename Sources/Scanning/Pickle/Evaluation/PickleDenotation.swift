internal import ModelFormats

/// What a pickle's value stands for, as far as it can be known without running anything.
enum PickleDenotation: Hashable {
    /// A function, class, module or attribute by its dotted name.
    case name(module: String, name: String)
    /// A module object.
    case module(String)
    case text(String)
    case bytes([UInt8])
    case integer(Int)
    /// An object of the named class.
    case instance(module: String, name: String)
    /// A function that reads these attribute paths of its argument.
    case attributeGetter([String])
    /// A function that calls the named method of its argument.
    case methodCaller(String)
    /// A callable with some arguments fixed.
    indirect case partial(PickleDenotation)
    /// A method bound to a constant text or bytes.
    case textMethod(String, String)
    case bytesMethod([UInt8], String)
    /// An attribute whose name could not be computed.
    case unknownAttribute
    /// The result of a call that is not modelled.
    case result(of: String)
    /// Constants, containers and the like: nothing that could be called.
    case plain
    case unknown

    /// Bytes of the texts in it.
    var size: Int {
        switch self {
        case .name(let first, let second), .instance(let first, let second), .textMethod(let first, let second):
            first.utf8.count + second.utf8.count
        case .module(let text), .text(let text), .methodCaller(let text), .result(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .bytesMethod(let bytes, let text): bytes.count + text.utf8.count
        case .attributeGetter(let paths): paths.reduce(0) { $0 + $1.utf8.count }
        case .integer, .partial, .unknownAttribute, .plain, .unknown: 0
        }
    }

    /// The attribute `path` of this, as `getattr` finds it.
    func attribute(_ path: String) -> PickleDenotation {
        switch self {
        case .module(let module): .name(module: module, name: path)
        case .name(let module, let name): .name(module: module, name: name + "." + path)
        case .instance(let module, let name): .name(module: module, name: name + "." + path)
        case .partial(let inner): inner.attribute(path)
        case .text(let text): .textMethod(text, path)
        case .bytes(let bytes): .bytesMethod(bytes, path)
        default: .unknownAttribute
        }
    }

    /// What stands under `key` in this, when this is a namespace: the names of a module or class, or all modules.
    func item(_ key: String) -> PickleDenotation? {
        guard case .name(let module, let name) = self else { return nil }
        if module == "sys", name == "modules" { return .module(key) }
        for namespace in ["__dict__", "__globals__", "__builtins__"] {
            if name == namespace { return .name(module: module, name: key) }
            if name.hasSuffix("." + namespace) {
                // The globals of a function are its module's names.
                let owner = String(name.dropLast(namespace.count + 1))
                return namespace == "__dict__"
                    ? .name(module: module, name: owner + "." + key) : .name(module: module, name: key)
            }
        }
        return nil
    }

    /// Dotted name for reports.
    var dotted: String? {
        switch self {
        case .name(let module, let name): module + "." + name
        case .module(let module): module
        case .instance(let module, let name): module + "." + name
        case .partial(let inner): inner.dotted
        default: nil
        }
    }
}
