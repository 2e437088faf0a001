import AssayCore

/// Calls that reach the network: what they send, and where.
extension PythonCallJudge {
    /// Whether what is sent tells more of the machine than the service that gets it has to know. What shows a service who
    /// asks belongs there; elsewhere a credential counts when nobody but a loader makes the call.
    static func sendsSecrets(_ event: PythonReader.Event) -> Bool {
        let origin = origin(of: event)
        let isWhole = (event.arguments + event.keywords.map(\.value)).contains { $0.name == "os.environ" }
        if isWhole || origin.contains(.secret) { return true }
        guard event.exposure >= .hook, origin.contains(.credential) else { return false }
        return event.arguments.contains { $0.wholeOrigin.contains(.credential) }
            || event.keywords.contains {
                !Self.identification.contains($0.name) && $0.value.wholeOrigin.contains(.credential)
            }
    }

    /// Keywords by which clients are told how to show who asks.
    private static let identification: Set<String> = [
        "headers", "auth", "cert", "cookies", "password", "api_key", "token",
    ]

    static func judgeNetwork(
        _ event: PythonReader.Event, _ name: String, _ what: String, _ report: (String, String, Severity) -> Void
    ) {
        if sendsSecrets(event) {
            report(
                "PYTHON-NETWORK-ACCESS", "Sends secrets of this machine with \(what)",
                event.exposure == .importing ? .critical : .high)
            return
        }
        let last = name.split(separator: ".").last.map(String.init) ?? ""
        // What a client is set up with, and the client itself, until it is asked for something.
        let root = String(name.prefix { $0 != "." })
        if event.isHandedOn, last == "socket" || last.first?.isUppercase ?? false {
            report("PYTHON-NETWORK-ACCESS", "Names a class of network connections with \(what)", .low)
            return
        }
        if clients.contains(root), last.first?.isUppercase ?? false, last != "Request" {
            report("PYTHON-NETWORK-ACCESS", "Sets up a network client with \(what)", .low)
            return
        }
        if let address = event.arguments.first?.text, isThisMachine(address) {
            report("PYTHON-NETWORK-ACCESS", "Asks a service of this machine with \(what)", .low)
            return
        }
        let isPlainFetch = ["get", "head", "urlopen", "urlretrieve", "Request", "Session", "HTTPAdapter", "stream"]
            .contains(last)
        let isMeetingPoint = name.hasPrefix("http.HTTPStatus") || last.first.map { $0.isUppercase } ?? false
        let severities: [Severity] =
            isPlainFetch || isMeetingPoint && !name.hasPrefix("socket.")
            ? [.low, .low, .low, .high] : [.low, .low, .medium, .high]
        report("PYTHON-NETWORK-ACCESS", "Opens network connections with \(what)", severities[event.exposure.rawValue])
    }

    /// Libraries whose classes connect to nobody before one of their methods is called.
    private static let clients: Set<String> = ["requests", "httpx", "aiohttp", "urllib3"]
    /// The classes of theirs whose methods send requests, and these methods.
    private static let sessions: Set<String> = [
        "Session", "session", "Client", "AsyncClient", "ClientSession", "PoolManager",
    ]
    private static let requests: Set<String> = [
        "get", "head", "options", "post", "put", "patch", "delete", "request", "stream", "send", "urlopen",
    ]

    /// Whether a method of what a call returned sends a request: `requests.Session().get`.
    static func isRequest(_ made: String) -> Bool {
        let parts = made.split(separator: ".").map(String.init)
        guard parts.count == 3, clients.contains(parts[0]), parts[1].hasSuffix("()") else { return false }
        return sessions.contains(String(parts[1].dropLast(2))) && requests.contains(parts[2])
    }

    /// Whether an address leads to this machine, and not to one of the services that run what they are sent.
    static func isThisMachine(_ address: String) -> Bool {
        guard let start = address.firstRange(of: "://") else { return false }
        let authority = address[start.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let port = authority.last(where: { $0 == ":" }) == nil ? "" : authority.split(separator: ":").last ?? ""
        let host = port.isEmpty ? authority : authority.dropLast(port.count + 1)
        return ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"].contains(host.lowercased())
            && !["2375", "2376", "2379", "6443", "9222", "10250"].contains(port)
    }
}
