internal import AssayCore

/// Paths that a source puts together: of texts, of the folders that Python names, and of `pathlib`'s objects.
///
/// A component that is not known is `…`; `~` is the home folder.
enum PythonPath {
    /// What a path object of `pathlib` is made of, whatever its class is called.
    static let object = "pathlib.Path"
    private static let unknown = "…"
    private static let packages = "…/site-packages"

    /// The result of calling `name` with these arguments, or nil when it gives no path.
    static func call(_ name: String, _ arguments: [PythonValue], _ origin: PythonValue.Origin) -> PythonValue? {
        let first = arguments.first ?? .unknown
        switch name {
        case "os.path.expanduser", "os.path.expandvars", "os.path.abspath", "os.path.realpath", "os.path.normpath",
            "os.fspath", "os.fsdecode", "os.fsencode":
            return PythonValue(text: text(of: first), made: name, origin: origin)
        case "os.path.join":
            return PythonValue(text: joined(arguments), made: name, origin: origin)
        case "os.path.dirname": return PythonValue(text: text(of: first).map(parent), made: name, origin: origin)
        case "site.getsitepackages": return .list([PythonValue(text: packages)], origin)
        case "site.getusersitepackages", "distutils.sysconfig.get_python_lib":
            return PythonValue(text: packages, made: name, origin: origin)
        case "sysconfig.get_path":
            return PythonValue(text: first.text.flatMap(folder(named:)), made: name, origin: origin)
        case "pathlib.Path.home": return PythonValue(text: "~", made: object, origin: origin)
        case "pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath", "pathlib.WindowsPath":
            return PythonValue(text: joined(arguments), made: object, origin: origin)
        default: return nil
        }
    }

    /// The result of calling the method `method` of a path object.
    static func method(_ method: String, of base: PythonValue, _ arguments: [PythonValue]) -> PythonValue? {
        let origin = arguments.reduce(into: base.wholeOrigin) { $0.formUnion($1.wholeOrigin) }
        let path: String?
        switch method {
        case "expanduser", "resolve", "absolute": path = base.text
        case "joinpath": path = joined([base] + arguments)
        case "with_name": path = join([base.text.map(parent), arguments.first?.text])
        case "with_suffix":
            path = base.text.flatMap { base in arguments.first?.text.map { withoutSuffix(base) + $0 } }
        // Whoever opens a file may ask which one it is.
        case "open": return PythonValue(text: base.text, made: base.made, origin: origin.union(.file))
        default: return nil
        }
        return PythonValue(text: path, made: object, origin: origin)
    }

    /// The attribute `name` of a path object, or nil when it is no path.
    static func attribute(_ name: String, of path: PythonValue) -> PythonValue? {
        guard name == "parent" else { return nil }
        return PythonValue(text: path.text.map(parent), made: object, origin: path.origin)
    }

    /// The text of a value, or of the constant of a module that it names.
    static func text(of value: PythonValue) -> String? { value.text ?? value.name.flatMap { constants[$0] } }

    /// The variable of the environment by which a program finds its user's folder.
    static func home(ofVariable name: String?) -> String? { name.flatMap { homes[$0] } }

    /// The folder that `sysconfig` calls by `name`.
    static func folder(named name: String) -> String? { ["purelib", "platlib"].contains(name) ? packages : nil }

    /// `first / second`.
    static func joined(_ parts: [PythonValue]) -> String? { join(parts.prefix(16).map(text)) }

    private static func join(_ parts: [String?]) -> String? {
        parts.contains { $0 != nil } ? PythonText.joined(parts.map { $0 ?? unknown }, separator: "/") : nil
    }

    private static func parent(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return unknown }
        return String(path[..<slash])
    }

    private static func withoutSuffix(_ path: String) -> String {
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")),
            !path[dot...].utf8.contains(UInt8(ascii: "/")), dot > path.startIndex,
            path[path.index(before: dot)] != "/"
        else { return path }
        return String(path[..<dot])
    }

    private static let constants: [String: String] = [
        "os.sep": "/", "os.path.sep": "/", "posixpath.sep": "/", "os.curdir": ".", "os.pardir": "..",
        "site.USER_SITE": packages, "site.USER_BASE": "~/.local", "os.__file__": "…/os.py",
        "site.__file__": "…/site.py",
    ]
    private static let homes = [
        "HOME": "~", "USERPROFILE": "~", "APPDATA": "~/AppData/Roaming", "XDG_CONFIG_HOME": "~/.config",
    ]
}
