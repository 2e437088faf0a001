internal import AssayCore
internal import ByteParsing

/// Interpolations of OmegaConf in values: `${name}` stands for another value, `${resolver:argument}` for what a function
/// makes of the argument when the value is read.
///
/// Resolvers beyond OmegaConf's own are registered by programs, under names that are much the same everywhere: some look
/// up what a dotted name means, some evaluate Python.
enum ConfigurationInterpolation {
    struct Call: Hashable {
        let resolver: String
        let argument: String
    }

    private static let most = 64

    /// The resolvers that `value` calls, those within the arguments of others included.
    static func calls(in value: String) -> [Call] {
        let bytes = Array(value.utf8)
        var calls: [Call] = []
        var at = 0
        while at + 1 < bytes.count, calls.count < most {
            guard bytes[at] == UInt8(ascii: "$"), bytes[at + 1] == UInt8(ascii: "{") else {
                at += 1
                continue
            }
            at += 2
            let start = at
            while at < bytes.count, isName(bytes[at]) { at += 1 }
            guard at > start, at < bytes.count, bytes[at] == UInt8(ascii: ":") else { continue }
            guard let argument = argument(bytes, from: at + 1) else { continue }
            calls.append(
                Call(
                    resolver: String(decoding: bytes[start..<at], as: UTF8.self),
                    argument: unquoted(String(decoding: argument, as: UTF8.self))))
        }
        return calls
    }

    private static func isName(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ".")
    }

    /// What stands before the brace that closes the interpolation; nil when none does, or nothing stands there.
    private static func argument(_ bytes: [UInt8], from start: Int) -> ArraySlice<UInt8>? {
        var depth = 1
        var at = start
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "{") { depth += 1 }
            if bytes[at] == UInt8(ascii: "}") { depth -= 1 }
            if depth == 0 { break }
            at += 1
        }
        return depth == 0 && at > start ? bytes[start..<at] : nil
    }

    private static func unquoted(_ text: String) -> String {
        var text = text[...]
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        guard text.count >= 2, let quote = text.first, quote == "'" || quote == "\"", text.last == quote else {
            return String(text)
        }
        return String(text.dropFirst().dropLast())
    }
}

extension ConfigurationJudge {
    /// Resolvers that make a name into the function or class it names.
    private static let lookups: Set<String> = [
        "get_method", "get_class", "get_object", "get_obj", "get_cls", "get_func", "get_function", "locate", "import",
        "instantiate", "call", "cls", "class", "callable", "func", "function", "method", "resolve", "type",
    ]
    /// Resolvers that evaluate their argument as Python.
    private static let evaluators: Set<String> = [
        "eval", "exec", "py", "python", "pyeval", "calc", "expr", "compute", "lambda", "math",
    ]
    /// OmegaConf's and Hydra's own, which make values of values.
    private static let own: Set<String> = [
        "oc.create", "oc.decode", "oc.deprecated", "oc.dict.keys", "oc.dict.values", "oc.select", "hydra", "now",
    ]

    /// Judges the resolvers that a value calls.
    func interpolations(_ value: String, at place: Location) {
        guard value.utf8.contains(UInt8(ascii: "$")), value.contains("${") else { return }
        for call in ConfigurationInterpolation.calls(in: value) { judge(call, in: value, at: place) }
    }

    private func judge(_ call: ConfigurationInterpolation.Call, in value: String, at place: Location) {
        let resolver = call.resolver.split(separator: ".").last.map(String.init) ?? call.resolver
        let shown = Printable.line("${\(call.resolver):\(call.argument)}", limit: 120)
        if Self.own.contains(call.resolver) { return }
        if call.resolver == "oc.env" || call.resolver == "env" {
            return environment(call.argument, in: value, shown, at: place)
        }
        if Self.evaluators.contains(resolver) {
            // Numbers and names are the everyday use; what calls something is judged as the code that it is.
            guard call.argument.contains("(") || call.argument.contains("__") else { return }
            return PythonSourceJudge.judge(ByteRegion(Array(call.argument.utf8)), named: "", at: place, in: scan)
        }
        let name = call.argument.split(separator: ",").first.map(String.init) ?? ""
        guard let severity = Self.severity(ofCalling: name) else { return }
        let isLookup = Self.lookups.contains(resolver)
        // To look a function up is not yet to call it; whoever reads the value will.
        guard isLookup || severity >= .high && name.contains(".") else { return }
        scan.report(
            "CONFIG-CALLABLE", "`\(shown)` would be made into what it names", at: place,
            severity: severity > .low ? severity.lowered : .low)
    }

    /// A secret of the environment in an address goes to whoever answers there.
    private func environment(_ argument: String, in value: String, _ shown: String, at place: Location) {
        guard value.contains("://") else { return }
        let name = argument.split(separator: ",").first.map { $0.uppercased() } ?? ""
        guard
            ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "API_KEY", "ACCESS_KEY", "PRIVATE_KEY"]
                .contains(where: { name.contains($0) })
        else { return }
        scan.report(
            "URL-SUSPICIOUS", "A secret of the environment, `\(shown)`, is part of an address", at: place,
            severity: .low)
    }
}
