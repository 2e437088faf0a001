internal import AssayCore
internal import ModelFormats

/// Objects whose state holds something that runs code: whoever is given one, or calls one, may call what it holds.
struct PickleHolders {
    /// What an object holds.
    struct Content {
        let dotted: String
        let capability: Capability
        let reason: String
    }
    private var contents: [Int: Content] = [:]
    private static let most = 4096

    var isEmpty: Bool { contents.isEmpty }

    /// Remembers that the object holds something critical.
    mutating func add(_ holder: PickleValue, _ dotted: String, _ capability: Capability, _ reason: String) {
        guard holder.kind == .node, capability.calledSeverity == .critical, contents.count < Self.most else { return }
        if contents[holder.payload] == nil {
            contents[holder.payload] = Content(dotted: dotted, capability: capability, reason: reason)
        }
    }

    /// What the object holds, once.
    mutating func take(_ holder: PickleValue) -> Content? {
        holder.kind == .node ? contents.removeValue(forKey: holder.payload) : nil
    }
}

extension PickleJudge {
    /// A call of an object that holds something critical, or with such an object.
    func judgeHolders(_ call: PickleCall, _ parts: [PickleValue], in machine: borrowing PickleMachine) {
        guard !holders.isEmpty else { return }
        let named = call.keywords.map { machine.children($0, limit: 64) } ?? []
        for (index, value) in ([call.callee] + parts + named).enumerated() {
            guard let content = holders.take(value) else { continue }
            let expression = PickleExpression.of(call.result, in: machine)
            let how = index == 0 ? "is held by what is called" : "is held by an object that a call is given"
            scan.report(
                "PICKLE-DANGEROUS-VALUE",
                "\(content.dotted), which \(content.capability.phrase), \(how), and may be called: \(expression)",
                at: place(call.offset, call.opcode), severity: content.capability.calledSeverity,
                details: [
                    .init("callable", content.dotted), .init("call", expression), .init("reason", content.reason),
                ])
        }
    }
}
