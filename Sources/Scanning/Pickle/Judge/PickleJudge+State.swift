import AssayCore
import ByteParsing
import ModelFormats

/// Objects that are given their state, and containers their items.
extension PickleJudge {
    // MARK: State

    func judgeState(
        _ state: PickleValue, of target: PickleValue, at offset: Int, in machine: borrowing PickleMachine
    ) {
        if target.kind == .node, !mayPassDanger { return }
        let owner = denotation(target, in: machine)
        if case .name(let module, let name) = owner {
            scan.report(
                "PICKLE-STATE-PLANTED",
                "Sets attributes of \(module).\(name) for the whole process: "
                    + PickleExpression.of(state, in: machine, limit: 160),
                at: place(offset, .build), severity: .critical,
                details: [
                    .init("target", module + "." + name),
                    .init("state", PickleExpression.of(state, in: machine, limit: 400)),
                ])
            if target.kind == .global { verdicts[target.payload]?.isConsumed = true }
            consume(state, in: machine)
            return
        }
        guard !machine.isInert(state) else { return }
        if owner.isPartial, let function = machine.children(state, limit: 1).first {
            note(target, .partial(denotation(function, in: machine)))
        }
        let hooks = hooks(in: state, machine)
        for value in reachable(from: state, in: machine) {
            guard let (dotted, capability, reason) = capability(of: value, in: machine),
                capability.calledSeverity >= .high
            else { continue }
            if value.kind == .global { verdicts[value.payload]?.isConsumed = true }
            holders.add(target, dotted, capability, reason)
            let severity = hooks == nil ? max(capability.namedSeverity, .medium) : capability.calledSeverity
            let how = hooks.map { " as \($0), which is called later" } ?? ""
            scan.report(
                "PICKLE-STATE-PLANTED",
                "\(dotted), which \(capability.phrase), is put into the state of \(owner.dotted ?? "an object")\(how)",
                at: place(offset, .build), severity: severity,
                details: [
                    .init("callable", dotted), .init("target", owner.dotted ?? "?"),
                    .init("state", PickleExpression.of(state, in: machine, limit: 400)), .init("reason", reason),
                ])
        }
    }

    /// The first attribute in a state that Python or a framework calls by itself.
    func hooks(in state: PickleValue, _ machine: borrowing PickleMachine) -> String? {
        var pending = [state]
        var steps = 0
        while let value = pending.popLast(), steps < 64 {
            steps += 1
            guard let node = machine.node(value) else { continue }
            let children = machine.children(value, limit: 256)
            if node.kind == .dict {
                for index in stride(from: 0, to: children.count - 1, by: 2) {
                    guard let key = machine.string(children[index], limit: 80),
                        !machine.isInert(children[index + 1])
                    else { continue }
                    let isSpecial = key.hasPrefix("__") && key.hasSuffix("__")
                    guard
                        isSpecial || key.contains("hook") || key.contains("callback")
                            || Self.opcodeMethods.contains(key)
                    else { continue }
                    // An empty OrderedDict of hooks is what every torch module carries.
                    if reachable(from: children[index + 1], in: machine).contains(where: { holdsCallable($0, machine) })
                    {
                        return key
                    }
                }
            } else if node.kind == .tuple {
                pending += children
            }
        }
        return nil
    }

    /// Methods that opcodes look up on an object: an attribute in their place is called by the next such opcode.
    private static let opcodeMethods: Set<String> = ["append", "extend", "add", "update"]

    func holdsCallable(_ value: PickleValue, _ machine: borrowing PickleMachine) -> Bool {
        if value.kind == .global { return true }
        return machine.node(value)?.kind == .call && capability(of: value, in: machine) != nil
    }

    // MARK: Items

    /// A finished mapping of text keys that gets one more item under a number: no pickler writes such a stream, and
    /// restricted loaders have taken it for an assignment to something else.
    func judgeKeys(
        _ items: ArraySlice<PickleValue>, of target: PickleValue, _ opcode: PickleOpcode, at offset: Int,
        in machine: borrowing PickleMachine
    ) {
        guard target.kind == .node, let key = items.first, let value = items.dropFirst().first else { return }
        let isText = key.kind == .text || key.kind == .legacyText
        if opcode == .setItems || isText {
            if isText, textMappings.count < 4096 { textMappings.insert(target.payload) }
        } else if key.integer != nil, textMappings.contains(target.payload), !machine.isInert(value) {
            scan.report(
                "PICKLE-ITEM-ASSIGNMENT", "An item under a number is added to a finished mapping of texts",
                at: place(offset, opcode), severity: .medium,
                details: [.init("item", PickleExpression.of(value, in: machine))])
        }
    }

    /// Whether a node is what a rebuilding function or a loader's `persistent_load` returned.
    func isRebuilt(_ target: PickleValue, in machine: borrowing PickleMachine) -> Bool {
        switch machine.node(target)?.kind {
        case .persistent: true
        case .call: machine.child(0, of: target).flatMap { verdict($0, in: machine) }?.meaning.isRebuilder ?? false
        default: false
        }
    }

    func judgeItems(
        _ items: ArraySlice<PickleValue>, into target: PickleValue, _ opcode: PickleOpcode, at offset: Int,
        in machine: borrowing PickleMachine
    ) {
        let isMapping = opcode == .setItem || opcode == .setItems
        if target.kind == .node, !mayPassDanger, !isMapping || !isRebuilt(target, in: machine) {
            if isMapping { judgeKeys(items, of: target, opcode, at: offset, in: machine) }
            return
        }
        let owner = denotation(target, in: machine)
        switch owner {
        case .name(let module, let name):
            scan.report(
                "PICKLE-STATE-PLANTED", "Puts items into \(module).\(name), which belongs to the whole process",
                at: place(offset, opcode), severity: .critical, details: [.init("target", module + "." + name)])
            if target.kind == .global { verdicts[target.payload]?.isConsumed = true }
        default: break
        }
        if isMapping, let dotted = owner.resultName, dotted.contains("_rebuild") || dotted == "persistent_load" {
            scan.report(
                "PICKLE-ITEM-ASSIGNMENT", "Assigns items to what \(dotted) returned, which is no dictionary",
                at: place(offset, opcode), severity: .medium, details: [.init("target", dotted)])
        }
        if isMapping { judgeKeys(items, of: target, opcode, at: offset, in: machine) }
        let handlesDangers = items.contains { !machine.isInert($0) }
        guard handlesDangers else { return }
        for item in items {
            for value in reachable(from: item, in: machine) {
                guard let (dotted, capability, reason) = capability(of: value, in: machine),
                    capability.calledSeverity >= .high
                else { continue }
                if value.kind == .global { verdicts[value.payload]?.isConsumed = true }
                scan.report(
                    "PICKLE-DANGEROUS-VALUE",
                    "\(dotted), which \(capability.phrase), is stored in \(owner.dotted ?? "an object")",
                    at: place(offset, opcode), severity: max(capability.namedSeverity, .medium),
                    details: [.init("callable", dotted), .init("reason", reason)])
            }
        }
    }
}

extension PickleDenotation {
    /// Whether this is a `functools.partial`, whatever it was made with.
    var isPartial: Bool {
        switch self {
        case .instance("functools", "partial"), .partial: true
        default: false
        }
    }

    /// The function whose result this is.
    var resultName: String? {
        switch self {
        case .result(let name): name
        case .instance(let module, let name): module + "." + name
        default: nil
        }
    }
}
