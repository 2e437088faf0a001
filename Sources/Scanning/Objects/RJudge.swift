internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// What the names in R code can do.
enum RFunctions {
    static let execution: Set<String> = [
        "system", "system2", "shell", "shell.exec", "pipe", "dyn.load", "sys.on.exit", "processx_run", "exec_wait",
        "exec_background", "run_process", "py_run_string", "source_python",
    ]
    static let network: Set<String> = [
        "download.file", "url", "socketConnection", "install.packages", "curl_download", "GET", "POST", "make.socket",
        "browseURL", "serverSocket", "url.show", "source_url",
    ]
    static let files: Set<String> = [
        "unlink", "file.remove", "source", "sys.source", "readRDS", "load", "writeLines", "file.copy", "file.rename",
        "Sys.setenv", "sink", "saveRDS", "save", "save.image", "write.table", "write.csv", "readLines", "file",
        "readBin", "writeBin", "scan", "fwrite", "file.create", "cat", "Sys.chmod", "list.files", "Sys.getenv",
        "unserialize", "loadNamespace", "library.dynam", "attachNamespace", "writeChar", "dump", "dput",
    ]
    /// Those that run or remove what a path names, which a model's functions hardly ever do.
    static let changes: Set<String> = ["unlink", "file.remove", "source", "sys.source", "file.rename", "file.copy"]
    static let evaluation: Set<String> = ["eval", "evalq", "parse", "str2lang", "str2expression", "assign", "do.call"]
    /// Functions that call what their arguments name.
    static let callers: Set<String> = [
        "do.call", "match.fun", "get", "get0", "mget", "getFunction", "getExportedValue", "lapply", "sapply", "vapply",
        "Map", "Reduce", "Filter", "mapply", "apply", "tryCatch", "on.exit", "reg.finalizer", "addTaskCallback",
        "setHook", "getFromNamespace", "exists", "as.name", "as.symbol", "call", "Recall", "outer", "rapply",
    ]
}

struct RJudge {
    private let stream: RStream
    private let item: ScanItem
    private let scan: Scan
    private var head: [Int32]
    private var rest: [Int32]
    private var tag: [Int32]
    /// Whether an unforced promise holds the node's code.
    private var isPromised: [Bool]

    init(_ stream: RStream, item: ScanItem, scan: Scan) {
        self.stream = stream
        self.item = item
        self.scan = scan
        let count = stream.nodes.count
        head = [Int32](repeating: -1, count: count)
        rest = head
        tag = head
        isPromised = [Bool](repeating: false, count: count)
        for (index, node) in stream.nodes.enumerated() where node.parent >= 0 {
            let parent = Int(node.parent)
            let this = Int32(truncatingIfNeeded: index)
            switch node.role {
            case .head: head[parent] = this
            case .rest: rest[parent] = this
            case .tag: tag[parent] = this
            default: break
            }
            isPromised[index] = isPromised[parent] || (stream.nodes[parent].type == .promise && node.role == .rest)
        }
    }

    mutating func judge() throws(ParseError) {
        for (index, node) in stream.nodes.enumerated() {
            try scan.budget.spend(operations: 1, reading: "R objects")
            switch node.type {
            case .promise: judgePromise(index, node)
            case .call: judgeCall(index, node)
            case .symbol where node.role == .constant: judgeConstant(node)
            case .builtin, .special:
                if let name = text(of: node), RFunctions.execution.contains(name) {
                    report("R-CODE", "the interpreter's own \(name) is kept as a value", node, .high)
                }
            case .pairList:
                if node.levels & 0x8000 != 0, isMember(node) {
                    report("R-CODE", "an active binding runs a function when it is looked at", node, .medium)
                }
                if stream.isWorkspace { judgeVariable(index, node) }
            default: break
            }
        }
    }

    // MARK: Judging

    private func judgePromise(_ index: Int, _ node: RNode) {
        let value = child(head[index])
        let isForced = value.map { ![.unbound, .missingArgument].contains($0.type) } ?? false
        if isForced, node.role != .top, isInEnvironment(index) { return }
        if isInEnvironment(index) {
            // Arguments that were never looked at stay behind in the environments of functions: their code is judged
            // by the calls in it.
            guard let code = child(rest[index]), code.type == .call || code.type == .bytecode else { return }
            report("R-PROMISE", "an environment holds a promise that runs when it is looked at", node, .low)
            return
        }
        report(
            "R-PROMISE", "a promise outside of any environment: its code runs when the object is loaded or looked at",
            node, .critical)
    }

    private func judgeCall(_ index: Int, _ node: RNode) {
        guard let name = functionName(index) else { return }
        let promised = isPromised[index]
        if RFunctions.execution.contains(name) {
            report("R-CODE", "code calls \(name)", node, promised ? .critical : .high)
        } else if RFunctions.network.contains(name) {
            report("R-CODE", "code calls \(name)", node, promised ? .critical : .medium)
        } else if RFunctions.files.contains(name) {
            if promised {
                report("R-CODE", "a promise calls \(name)", node, .high)
            } else if RFunctions.changes.contains(name) {
                report("R-CODE", "code calls \(name)", node, .low)
            }
        } else if RFunctions.evaluation.contains(name), promised {
            report("R-CODE", "a promise calls \(name)", node, .high)
        }
        if RFunctions.callers.contains(name) { judgeArguments(of: index, caller: name, promised) }
    }

    /// Functions that a call names as values or by text.
    private func judgeArguments(of index: Int, caller: String, _ promised: Bool) {
        var next = rest[index]
        for _ in 0..<64 {
            guard next >= 0, stream.nodes.indices.contains(Int(next)) else { return }
            if let argument = child(head[Int(next)]), let name = text(of: argument),
                [.symbol, .reference, .strings].contains(argument.type), RFunctions.execution.contains(name)
            {
                report("R-CODE", "code hands \(name) to \(caller)", argument, promised ? .critical : .high)
            }
            next = rest[Int(next)]
        }
    }

    private func judgeConstant(_ node: RNode) {
        if let name = text(of: node), RFunctions.execution.contains(name) {
            report("R-CODE", "bytecode names \(name)", node, .high)
        }
    }

    /// Functions in a workspace that R calls by their name alone.
    private func judgeVariable(_ index: Int, _ node: RNode) {
        guard let tag = child(tag[index]), let name = text(of: tag), isTopLevel(node),
            let value = child(head[index]), value.type == .closure || value.type == .promise
        else { return }
        if [".First", ".Last", ".First.sys", ".Last.sys", ".onLoad", ".onAttach"].contains(name) {
            report("R-CODE", "the workspace defines \(name), which R runs by itself", value, .high)
        }
    }

    // MARK: Navigation

    private func child(_ index: Int32) -> RNode? {
        stream.nodes.indices.contains(Int(index)) ? stream.nodes[Int(index)] : nil
    }

    private func text(of node: RNode) -> String? {
        let index = node.target >= 0 ? (child(node.target)?.text ?? -1) : node.text
        return stream.texts.indices.contains(Int(index)) ? stream.texts[Int(index)] : nil
    }

    /// The function that a call names: directly, or behind `package::`.
    private func functionName(_ index: Int) -> String? {
        guard let function = child(head[index]) else { return nil }
        if let name = text(of: function) {
            return [.symbol, .reference, .strings, .builtin, .special].contains(function.type) ? name : nil
        }
        guard function.type == .call, let inner = text(of: child(head[Int(head[index])]) ?? function),
            inner == "::" || inner == ":::" || inner == "$" || inner == "@"
        else { return nil }
        // The second argument.
        let first = rest[Int(head[index])]
        guard first >= 0, stream.nodes.indices.contains(Int(first)) else { return nil }
        let second = rest[Int(first)]
        guard second >= 0, stream.nodes.indices.contains(Int(second)), let name = child(head[Int(second)]) else {
            return nil
        }
        return text(of: name)
    }

    /// Whether the node is a variable of an environment: the nearest holder that is no list is one.
    private func isInEnvironment(_ index: Int) -> Bool {
        var at = stream.nodes[index].parent
        for _ in 0..<100_000 {
            guard let node = child(at) else { return false }
            switch node.type {
            case .environment: return true
            case .pairList, .list: at = node.parent
            default: return false
            }
        }
        return false
    }

    private func isMember(_ node: RNode) -> Bool {
        guard let parent = child(node.parent) else { return false }
        return parent.type == .environment || parent.type == .pairList || parent.type == .list
    }

    private func isTopLevel(_ node: RNode) -> Bool {
        var node = node
        for _ in 0..<100_000 {
            if node.role == .top { return true }
            guard node.role == .rest, let parent = child(node.parent) else { return false }
            node = parent
        }
        return false
    }

    private func report(_ rule: String, _ message: String, _ node: RNode, _ severity: Severity) {
        scan.report(rule, message, at: item.location.at(node.offset, "\(node.type)"), severity: severity)
    }
}
