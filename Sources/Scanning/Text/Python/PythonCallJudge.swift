import AssayCore
import ByteParsing

/// Grades one call in a Python source and reports it.
enum PythonCallJudge {
    private typealias Event = PythonReader.Event

    /// Reports what the call does, if anything; the source text that it executes, when that is a constant.
    static func judge(_ event: PythonReader.Event, at location: Location, in scan: Scan) -> String? {
        if PythonMemory.isExecutable(event) {
            let severities: [Severity] = [.medium, .medium, .high, .high]
            scan.report(
                "PYTHON-NATIVE-CODE", "Asks for memory that native code can be written to \(event.exposure.phrase)",
                at: location.at(event.offset, "line \(event.line)"), severity: severities[event.exposure.rawValue])
        }
        guard let name = event.callee.name else {
            judgeMethod(event, at: location, in: scan)
            return nil
        }
        if Self.isAutostart(event, name) {
            scan.report(
                "PYTHON-FILE-CHANGE", "Enters a program to be started with the system with \(name)",
                at: location.at(event.offset, "line \(event.line)"), severity: .high,
                details: [.init("callable", name)])
        }
        if Self.connectsProgram(event, name) {
            scan.report(
                "PYTHON-CODE-EXECUTION",
                "Lets whoever is at the other end of a network connection type commands \(event.exposure.phrase)",
                at: location.at(event.offset, "line \(event.line)"),
                severity: event.exposure >= .hook ? .critical : .high, details: [.init("callable", name)])
        }
        if ["os.putenv", "os.environ.setdefault", "os.environ.__setitem__"].contains(name),
            let variable = event.arguments.first?.text, Self.loadingVariables.contains(variable)
        {
            scan.report(
                "PYTHON-NATIVE-CODE",
                "Sets \(variable), which makes programs load or run what it names, \(event.exposure.phrase)",
                at: location.at(event.offset, "line \(event.line)"), severity: .medium,
                details: [.init("callable", name)])
        }
        guard let capability = PythonPrimitive.capability(of: name) else { return nil }
        let origin = origin(of: event)
        let hidden = origin.contains(.decoded) || origin.contains(.downloaded)
        let place = location.at(event.offset, "line \(event.line)")
        var details: [Finding.Detail] = [.init("callable", name), .init("when", event.exposure.phrase)]
        if !event.place.isEmpty { details.append(.init("function", event.place)) }
        if let text = event.arguments.first?.text {
            details.append(.init("argument", Printable.line(text, limit: 300)))
        }
        let what = described(event, name)

        func report(_ rule: String, _ message: String, _ severity: Severity) {
            scan.report(
                rule, "\(message) \(event.exposure.phrase)", at: place,
                severity: event.isHandedOn && severity > .low && event.exposure != .importing
                    ? .medium : event.isPresumed ? min(severity, .high) : severity,
                details: details)
        }

        if event.callee.origin.contains(.decoded) || event.callee.origin.contains(.assembled) {
            if capability.calledSeverity >= .high {
                report("PYTHON-HIDDEN-CODE", "Calls \(name) by a name that is put together", .critical)
                return nil
            }
        }
        switch capability {
        case .codeExecution:
            if hidden {
                let source = origin.contains(.downloaded) ? "downloaded" : "decoded"
                report("PYTHON-HIDDEN-CODE", "Executes \(source) content with \(what)", .critical)
            } else {
                report("PYTHON-CODE-EXECUTION", "Calls \(what)", severity(ofExecution: event, name))
            }
            if !event.isHandedOn, let command = event.arguments.first?.text, !name.hasPrefix("builtins.") {
                Self.judgeCommand(command, at: place, in: scan)
            }
            let isSource = name == "builtins.exec" || name == "builtins.eval" || PythonPrimitive.runners.contains(name)
            return isSource ? event.arguments.first?.text : nil
        case .codeObject:
            // Handed on, a type is something to compare with.
            if event.isHandedOn, name.hasPrefix("types.") { return nil }
            let severities: [Severity] =
                hidden ? [.high, .critical, .critical, .critical] : [.low, .medium, .medium, .high]
            report("PYTHON-CODE-OBJECT", "Builds code with \(what)", severities[event.exposure.rawValue])
        case .nativeCode:
            let severities: [Severity] = [.low, .low, .medium, .high]
            report(
                "PYTHON-NATIVE-CODE", "Loads native code with \(what)",
                hidden ? .critical : severities[event.exposure.rawValue])
        case .importByString:
            judgeImport(event, name, hidden: hidden, report)
        case .indirectLoad:
            if isSafeLoad(event, name) { return nil }
            // A file that lies beside the code is scanned like the code itself; bytes in the code are no model.
            let isFile =
                !name.contains("hub")
                && event.arguments.first?.text.map { !$0.contains("://") && !ConfigurationJudge.climbs($0) } ?? false
            let severities: [Severity] =
                hidden
                ? [.medium, .high, .high, .critical]
                : [.low, .low, .low, isFile && !name.hasSuffix("loads") ? .low : .medium]
            report("PYTHON-INDIRECT-LOAD", "Loads objects with \(what)", severities[event.exposure.rawValue])
            if name.hasSuffix("loads"), let text = event.arguments.first?.text {
                openPickle(text, at: place, in: scan)
            }
        case .network: judgeNetwork(event, name, what, report)
        case .file: judgeFile(event, name, what, report)
        case .attributeAccess, .processState, .unknownCall, .unknownClassState, .pure: break
        }
        return nil
    }

    /// Methods of what a known call returned: a path's `write_text`, a socket's `connect`.
    private static func judgeMethod(_ event: PythonReader.Event, at location: Location, in scan: Scan) {
        guard let made = event.callee.made else { return }
        let place = location.at(event.offset, "line \(event.line)")
        let sends = ["post", "put", "send", "sendall", "sendto", "request", "urlopen", "sendmail", "storbinary"]
        let last = made.split(separator: ".").last.map(String.init) ?? ""
        let root = String(made.prefix { $0 != "." })
        if made.hasPrefix(PythonValue.computed) {
            let severities: [Severity] = [.low, .low, .medium, .high]
            scan.report(
                "PYTHON-HIDDEN-CODE",
                "Calls an attribute of \(made.dropFirst(PythonValue.computed.count)) whose name is computed "
                    + event.exposure.phrase,
                at: place, severity: severities[event.exposure.rawValue])
        }
        do throws(ParseError) {
            try judgeShell(event, made, at: place, in: scan)
        } catch {
            scan.report(error, at: place, format: "script")
        }
        if event.callee.member == "register_custom_ops_library" {
            // Where a library says itself what is to be loaded, it loads its own.
            let isLibrary = event.arguments.first?.made.map { $0.hasSuffix(".get_library_path") } ?? false
            let severities: [Severity] = isLibrary ? [.low, .low, .low, .low] : [.low, .low, .medium, .high]
            scan.report(
                "PYTHON-NATIVE-CODE", "Loads native code with \(last) \(event.exposure.phrase)", at: place,
                severity: severities[event.exposure.rawValue], details: [.init("callable", made)])
        }
        if let path = writtenPath(event, made) {
            scan.report(
                "PYTHON-FILE-CHANGE", "Writes to a file that starts programs \(event.exposure.phrase)", at: place,
                severity: .high, details: [.init("path", Printable.line(path, limit: 300))])
        }
        if isRequest(made), !sendsSecrets(event), !isThisMachine(event.arguments.first?.text ?? "") {
            let severities: [Severity] =
                ["get", "head", "options", "stream"].contains(last)
                ? [.low, .low, .low, .high] : [.low, .low, .medium, .high]
            scan.report(
                "PYTHON-NETWORK-ACCESS", "Opens network connections with \(made) \(event.exposure.phrase)", at: place,
                severity: severities[event.exposure.rawValue], details: [.init("callable", made)])
        }
        if ["requests", "socket", "httpx", "smtplib", "http", "ftplib", "aiohttp", "urllib3"].contains(root),
            sends.contains(last), sendsSecrets(event)
        {
            scan.report(
                "PYTHON-NETWORK-ACCESS", "Sends secrets of this machine over the network \(event.exposure.phrase)",
                at: place, severity: .high, details: [.init("callable", made)])
        }
    }

    /// A pickle that stands in the source as a constant and is loaded.
    private static func openPickle(_ text: String, at place: Location, in scan: Scan) {
        // Bytes that escapes make are code points here.
        let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
        let item = ScanItem(region: ByteRegion(bytes), path: "constant", location: place)
        NestedPickle.open(bytes, at: 0, of: item, scan: scan, isLoaded: true)
    }

    /// A command line that stands in the source.
    private static func judgeCommand(_ command: String, at place: Location, in scan: Scan) {
        do throws(ParseError) {
            try ScriptJudge(scan: scan, location: place).judge(Array(command.utf8))
        } catch {
            scan.report(error, at: place, format: "script")
        }
    }

    static func origin(of event: PythonReader.Event) -> PythonValue.Origin {
        var origin: PythonValue.Origin = []
        for value in event.arguments { origin.formUnion(value.wholeOrigin) }
        for (_, value) in event.keywords { origin.formUnion(value.wholeOrigin) }
        return origin
    }

    private static func described(_ event: PythonReader.Event, _ name: String) -> String {
        let short = name.hasPrefix("builtins.") ? String(name.dropFirst(9)) : name
        if event.isHandedOn { return "\(short), handed on as a value" }
        guard let first = event.arguments.first else { return short }
        if let text = first.text { return "\(short)(\"\(Printable.line(text, limit: 80))\")" }
        if let words = first.items?.map({ $0.text ?? "…" }), !words.isEmpty {
            let shown = words.prefix(6) + (words.count > 6 ? ["…"] : [])
            return "\(short)([\(Printable.line(shown.joined(separator: " "), limit: 80))])"
        }
        return short
    }

    /// Variables of the environment by which programs load libraries or run scripts.
    private static let loadingVariables: Set<String> = [
        "LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES", "PYTHONSTARTUP", "BASH_ENV", "PROMPT_COMMAND", "PERL5OPT",
        "RUBYOPT", "NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "GIT_SSH_COMMAND",
    ]

    /// Windows' registry holds what is started when somebody logs in.
    private static func isAutostart(_ event: PythonReader.Event, _ name: String) -> Bool {
        guard name.hasPrefix("winreg.") || name.hasPrefix("_winreg.") else { return false }
        return event.arguments.contains { $0.text?.contains("CurrentVersion\\Run") ?? false }
    }

    private static func isSafeLoad(_ event: PythonReader.Event, _ name: String) -> Bool {
        if PythonPrimitive.fetched.contains(name) {
            return event.keywords.first { $0.name == "weights_only" }?.value.number != 0
        }
        if name.hasPrefix("torch") {
            guard let only = event.keywords.first(where: { $0.name == "weights_only" }) else { return false }
            return only.value.number != 0
        }
        if name.hasPrefix("numpy") { return !event.keywords.contains { $0.name == "allow_pickle" } }
        if name.hasPrefix("yaml") {
            let loader =
                event.keywords.first { $0.name == "Loader" }?.value.name
                ?? (event.arguments.count > 1 ? event.arguments[1].name : nil)
            let tool = event.isHandedOn ? name : loader ?? ""
            // The full loader makes no objects but plain ones since PyYAML 5.4.
            return tool.contains("Safe") || tool.hasSuffix("FullLoader")
        }
        return false
    }
}
