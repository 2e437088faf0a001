package import AssayCore

/// What calling something can do, from the worst to the harmless.
///
/// This is a semantic allow-list: only `pure` is without findings, and whatever nobody has looked at is `unknownCall`
/// or `unknownClassState`, never clean.
package enum Capability: UInt8, Sendable, Hashable, CaseIterable {
    /// Runs commands or source code that its arguments name: `os.system`, `eval`, `subprocess.Popen`.
    case codeExecution
    /// Loads native code or touches raw memory: `ctypes.CDLL`.
    case nativeCode
    /// Turns a string into a module or any object in it: `importlib.import_module`, `pkgutil.resolve_name`.
    case importByString
    /// Loads another file or stream with a loader that can itself run code: `pickle.loads`, `torch.load`.
    case indirectLoad
    /// Builds code objects, functions or classes out of parts: `types.CodeType`, `marshal.loads`.
    case codeObject
    /// Reads, writes, lists or removes files.
    case file
    /// Opens network connections.
    case network
    /// Reads or sets attributes by name, which reaches any other capability: `getattr`, `operator.attrgetter`.
    case attributeAccess
    /// Reads process state (environment, frames, garbage-collected objects) or changes it.
    case processState
    /// A function that is on no list.
    case unknownCall
    /// A class that is on no list, which is created and given state.
    case unknownClassState
    /// Known to do nothing but build a value.
    case pure

    /// The severity of a call.
    package var calledSeverity: Severity {
        switch self {
        case .codeExecution, .nativeCode, .importByString, .indirectLoad, .codeObject: .critical
        case .file, .network, .attributeAccess, .processState: .high
        case .unknownCall: .medium
        case .unknownClassState: .low
        case .pure: .none
        }
    }

    /// The severity of merely naming it as a value: somebody else may call it.
    package var namedSeverity: Severity {
        switch self {
        case .unknownCall, .unknownClassState: .low
        default: calledSeverity == .critical ? .high : calledSeverity == .high ? .medium : .none
        }
    }
}

extension Capability {
    /// What it does, as the verb of a sentence.
    var phrase: String {
        switch self {
        case .codeExecution: "runs commands or code"
        case .nativeCode: "loads native code"
        case .importByString: "imports whatever it is given the name of"
        case .indirectLoad: "loads content that can itself run code"
        case .codeObject: "builds code out of parts"
        case .file: "reads or changes files"
        case .network: "opens network connections"
        case .attributeAccess: "reaches attributes by name"
        case .processState: "reads or changes the state of the process"
        case .unknownCall, .unknownClassState: "is on no list"
        case .pure: "builds a value"
        }
    }
}
