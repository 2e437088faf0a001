internal import AssayCore
internal import ByteParsing

/// Judges YAML tags by what a loader that honours them builds.
enum YAMLTags {
    private static let standard = "tag:yaml.org,2002:"
    private static let data: Set<String> = [
        "str", "int", "float", "bool", "null", "map", "seq", "set", "omap", "pairs", "binary", "timestamp", "merge",
        "value", "yaml", "python/none", "python/bool", "python/str", "python/unicode", "python/bytes", "python/int",
        "python/long", "python/float", "python/complex", "python/list", "python/tuple", "python/dict",
    ]
    /// What HyperPyYAML reads, with whether the rest of the tag is called.
    private static let hyper: [(prefix: String, isCall: Bool)] = [
        ("!new:", true), ("!apply:", true), ("!name:", false), ("!module:", false),
    ]
    /// Local tags of common tools that build nothing.
    private static let local: Set<String> = [
        "!ref", "!copy", "!tuple", "!list", "!include", "!PLACEHOLDER", "!env", "!ENV", "!secret", "!Ref", "!Sub",
        "!GetAtt", "!Join", "!!", "!applyref", "!relative", "!none", "!null",
    ]

    static func judge(_ tag: String, at location: Location, in scan: Scan) {
        let shown = Printable.line(tag, limit: 120)
        if tag.hasPrefix(standard) {
            let name = String(tag.dropFirst(standard.count))
            if data.contains(name) { return }
            if name.hasPrefix("python/") { return python(String(name.dropFirst(7)), at: location, in: scan) }
            scan.report(
                "YAML-OBJECT-TAG", "A loader would look up the class `\(shown)`", at: location,
                severity: foreign(name) ? .high : .low)
            return
        }
        for (prefix, isCall) in hyper where tag.hasPrefix(prefix) {
            let name = String(tag.dropFirst(prefix.count))
            guard let severity = ConfigurationJudge.severity(ofCalling: name),
                !ConfigurationJudge.isLibraryPart(name)
            else { return }
            scan.report(
                "CONFIG-CALLABLE",
                "HyperPyYAML would \(isCall ? "call" : "import") `\(Printable.line(name, limit: 100))`", at: location,
                severity: isCall ? severity : max(.low, severity.lowered))
            return
        }
        if local.contains(tag) { return }
        let isForeign = foreign(String(tag.dropFirst()))
        scan.report(
            "YAML-OBJECT-TAG", "A loader would be asked for the tag `\(shown)`", at: location,
            severity: isForeign ? .high : .low)
    }

    /// Tags of other languages' loaders that build objects.
    private static func foreign(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["ruby/", "java", "js/function", "js/", "javax.", "com.", "org.", "net.", "system.", "perl/", "php/"]
            .contains { name.hasPrefix($0) }
    }

    /// `python/object/apply:module.name` and its like, which PyYAML's unsafe loaders honour.
    private static func python(_ tag: String, at location: Location, in scan: Scan) {
        let parts = tag.split(separator: ":", maxSplits: 1).map(String.init)
        let kind = parts.first ?? ""
        let name = parts.count > 1 ? parts[1] : ""
        let callable = Printable.line(name.isEmpty ? tag : name, limit: 100)
        let known = ConfigurationJudge.severity(ofCalling: name)
        switch kind {
        case "object/apply", "object/new", "object":
            let severity: Severity =
                switch known {
                case nil: .low
                // An unknown class is imported, made and given its state.
                case .low: .medium
                case let found?: found
                }
            scan.report(
                "YAML-PYTHON-TAG", "PyYAML would \(kind == "object" ? "build" : "call") `\(callable)`", at: location,
                severity: severity)
        case "name":
            let severity = known.map { $0 >= .critical ? Severity.high : $0 >= .high ? .medium : .low } ?? .low
            scan.report("YAML-PYTHON-TAG", "PyYAML would look up `\(callable)`", at: location, severity: severity)
        case "module":
            let severity = ConfigurationJudge.isWithin(
                name, ["os", "subprocess", "posix", "sys", "builtins", "ctypes", "shutil"])
            scan.report(
                "YAML-PYTHON-TAG", "PyYAML would import the module `\(callable)`", at: location,
                severity: severity ? .high : .medium)
        default:
            scan.report(
                "YAML-PYTHON-TAG", "PyYAML would read the Python tag `\(Printable.line(tag, limit: 100))`",
                at: location,
                severity: .high)
        }
    }
}
