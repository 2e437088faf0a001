/// What a call gives back, as far as the analysis follows it.
enum PythonCallResult {
    static func of(
        _ callee: PythonValue, _ arguments: [PythonValue], _ keywords: [(name: String, value: PythonValue)],
        _ work: PythonWork
    ) -> PythonValue {
        let inputs = [callee] + arguments
        guard work.spend(on: inputs) else {
            return PythonValue(
                origin: inputs.reduce(into: PythonValue.Origin.assembled) { $0.formUnion($1.wholeOrigin) })
        }
        var value = result(callee, arguments, keywords)
        // Whatever is made of the environment holds all of it.
        if arguments.contains(where: { $0.name == "os.environ" }) { value.origin.insert(.secret) }
        return work.keep(value, from: inputs)
    }

    private static func result(
        _ callee: PythonValue, _ arguments: [PythonValue], _ keywords: [(name: String, value: PythonValue)]
    ) -> PythonValue {
        if callee.made == "operator.attrgetter", let path = callee.text, let target = arguments.first {
            var result = path.split(separator: ".").reduce(target) { $0.attribute(String($1)) }
            result.origin.formUnion(callee.origin)
            return result
        }
        if let made = callee.made, made.hasPrefix(PythonValue.container) {
            return PythonValue(held: callee.held, origin: callee.origin)
        }
        // A branch or an element may be any of these; what one of them is known to give is worth following.
        if callee.name == nil, callee.made == nil, !callee.isContainer {
            let results = callee.held.prefix(PythonValue.mostHeld).compactMap { PythonFolding.call($0, arguments) }
            let names = results.flatMap(\.names)
            if !names.isEmpty { return PythonValue(held: PythonValue.distinct(names), origin: callee.origin) }
        }
        if let name = callee.name {
            if let entry = entry(name, arguments) { return entry }
            var result = PythonFolding.call(name, arguments) ?? PythonValue(made: name)
            for argument in arguments { result.origin.formUnion(argument.wholeOrigin) }
            for (_, value) in keywords { result.origin.formUnion(value.wholeOrigin) }
            result.origin.formUnion(callee.origin.subtracting(.assembled))
            if let module = walked(name, arguments) { result.made = PythonValue.computed + module }
            if isDownload(name) { result.origin.insert(.downloaded) }
            if name == "builtins.open" || name == "io.open" {
                result.origin.insert(.file)
                // Whoever reads the file may ask which one it is.
                result.text = arguments.first?.text
            }
            result.origin.formUnion(secrets(from: name, arguments))
            if let path = arguments.first?.text, PythonSecrets.isSecret(path: path) { result.origin.insert(.secret) }
            return result
        }
        if let made = callee.made {
            let method = made.split(separator: ".").last.map(String.init) ?? made
            // `type(os).__getattribute__(os, "system")`
            if method == "__getattribute__" || method == "__getattr__", arguments.count > 1, let key = arguments[1].text
            {
                return arguments[0].attribute(key).adding(arguments[1].origin)
            }
            var base = PythonValue(text: callee.text, list: callee.list, origin: callee.origin)
            if made.hasPrefix("pathlib.") || made.hasPrefix("socket.") { base.made = made }
            if let folded = PythonFolding.method(method, of: base, arguments) { return folded }
            var result = PythonValue(made: made, origin: callee.origin)
            for argument in arguments { result.origin.formUnion(argument.wholeOrigin) }
            if isDownload(made) { result.origin.insert(.downloaded) }
            return result
        }
        return PythonValue(
            origin: arguments.reduce(into: callee.origin) { $0.formUnion($1.wholeOrigin) }.subtracting(.assembled))
    }

    /// Access to a namespace or an object by a method: `sys.modules.get("os")`, `os.__getattribute__("system")`.
    private static func entry(_ name: String, _ arguments: [PythonValue]) -> PythonValue? {
        guard let dot = name.lastIndex(of: "."), let first = arguments.first else { return nil }
        let base = String(name[..<dot])
        let method = String(name[name.index(after: dot)...])
        if method == "__getattribute__" || method == "__getattr__" {
            if let key = first.text { return PythonValue.name(base).attribute(key).adding(first.origin) }
            if arguments.count > 1, let key = arguments[1].text {
                return first.attribute(key).adding(arguments[1].origin)
            }
            return nil
        }
        guard PythonValue.lookups.contains(method), let key = first.text else { return nil }
        return PythonValue.entry(key, of: base, first.origin)
    }

    /// The module all of whose attributes a call gives: `vars(os).items()`, `inspect.getmembers(os)`.
    private static func walked(_ name: String, _ arguments: [PythonValue]) -> String? {
        if name.hasPrefix("inspect.getmembers"), let module = arguments.first?.name {
            return PythonEscapes.powerful.contains(module) ? module : nil
        }
        guard let range = name.firstRange(of: ".__dict__.") else { return nil }
        let module = String(name[..<range.lowerBound])
        guard PythonEscapes.powerful.contains(module), module != "builtins" else { return nil }
        return ["items", "values", "copy"].contains(name[range.upperBound...]) ? module : nil
    }

    private static func isDownload(_ name: String) -> Bool {
        for prefix in ["urllib.request.", "urllib2.", "urllib.urlopen", "requests.", "httpx.", "aiohttp.", "urllib3."]
        where name.hasPrefix(prefix) { return true }
        return name.hasPrefix("socket.") && name.hasSuffix("recv")
            || name.hasPrefix("http.client.") && name.hasSuffix("getresponse")
    }

    /// Which secrets the result of a call holds.
    private static func secrets(from name: String, _ arguments: [PythonValue]) -> PythonValue.Origin {
        switch name {
        case "os.getenv", "os.environ.get", "os.environ.pop":
            PythonSecrets.origin(ofVariable: arguments.first?.text)
        case "getpass.getpass": .credential
        case "os.environ.copy", "os.environ.items", "os.environ.values", "keyring.get_password",
            "huggingface_hub.get_token", "huggingface_hub.HfFolder.get_token":
            .secret
        default: []
        }
    }
}
