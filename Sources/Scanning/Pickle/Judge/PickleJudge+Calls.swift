import AssayCore
import ByteParsing
import ModelFormats

extension PickleJudge {
    /// Values looked at for one call or state.
    private static let reach = 512

    // MARK: Calls

    func judge(_ call: PickleCall, in machine: borrowing PickleMachine) {
        let parts = machine.children(call.arguments, limit: 16)
        judgeHolders(call, parts, in: machine)
        switch denotation(call.callee, in: machine) {
        case .name(let module, let name):
            judge(call, module: module, name: name, parts, in: machine)
        case .partial(let inner):
            if case .name(let module, let name) = inner {
                judge(call, module: module, name: name, parts, in: machine)
            } else {
                reportOpaque(call, "something with fixed arguments", in: machine)
            }
        case .attributeGetter(let paths):
            let base = parts.first.map { denotation($0, in: machine) } ?? .unknown
            note(call.result, paths.first.map { base.attribute($0) } ?? .unknown)
            if let path = paths.first { judgeAttribute(of: base, path, call, in: machine) }
        case .methodCaller(let method):
            let base = parts.first.map { denotation($0, in: machine) } ?? .unknown
            if case .name(let module, let name) = base.attribute(method) {
                judge(call, module: module, name: name, Array(parts.dropFirst()), in: machine)
            } else {
                reportOpaque(call, "the method \(method) of an object", in: machine)
            }
        case .textMethod(let text, let method):
            if let demand = PickleDemand("builtins.str." + method) {
                judgeDemand(
                    call, demand, parts, base: .sequence(Double(text.utf8.count)), baseText: text, in: machine)
            }
            evaluateMethod(call, .text(text), method, parts, in: machine)
        case .bytesMethod(let bytes, let method):
            evaluateMethod(call, .bytes(bytes), method, parts, in: machine)
        case .instance(let module, let name):
            let knowledge = CallableKnowledge.of(module: module, name: name)
            let method = CallableKnowledge.of(module: module, name: name + ".__call__")
            if method.capability == .pure, method.reason == method.resolved {
                // The table lists the method by its own name: some classes exist to be called while loading.
                judgeArguments(
                    call, judge(module: module, name: name + ".__call__", offset: call.offset), in: machine)
            } else if knowledge.capability == .pure || knowledge.capability == .unknownCall {
                report(
                    call, "PICKLE-UNKNOWN-CALL", "calls an object of \(module).\(name)", severity: .medium, in: machine)
            } else {
                reportOpaque(call, "an object of \(module).\(name)", in: machine)
            }
        case .unknownAttribute: reportOpaque(call, "an attribute that is computed while loading", in: machine)
        case .result(let name): reportOpaque(call, "what \(name) returned", in: machine)
        case .module(let name): reportOpaque(call, "the module \(name)", in: machine)
        case .text, .bytes, .integer, .plain, .unknown:
            if call.callee.kind == .extensionCode {
                report(
                    call, "PICKLE-EXTENSION-CODE", "calls whatever extension code \(call.callee.payload) stands for",
                    severity: .medium, in: machine)
            } else {
                reportOpaque(call, "the result of another call", in: machine)
            }
        }
    }

    /// Arguments that a partial function was given before it is called.
    private func fixed(_ call: PickleCall, in machine: borrowing PickleMachine) -> [PickleValue] {
        guard call.callee.kind == .node, case .partial = denotation(call.callee, in: machine),
            let arguments = machine.child(1, of: call.callee)
        else { return [] }
        return Array(machine.children(arguments, limit: 16).dropFirst())
    }

    func note(_ value: PickleValue, _ denotation: PickleDenotation) {
        if value.kind == .node { denotations[value.payload] = denotation }
    }

    func judge(
        _ call: PickleCall, module: String, name: String, _ parts: [PickleValue], in machine: borrowing PickleMachine
    ) {
        let isGlobal = call.callee.kind == .global
        guard
            let verdict = isGlobal
                ? verdict(call.callee, in: machine) : judge(module: module, name: name, offset: call.offset)
        else { return }
        if let demand = verdict.meaning.demand {
            judgeDemand(call, demand, fixed(call, in: machine) + parts, in: machine)
        }
        if verdict.meaning.takesMemory { judgeMemory(call, verdict, parts, in: machine) }
        if interfaces.offset != nil {
            for part in parts + (call.keywords.map { [$0] } ?? []) where machine.node(part)?.kind == .dict {
                judgeInterfaces(machine.children(part, limit: 512)[...], call.opcode, at: call.offset, in: machine)
            }
        }
        if let form = verdict.form, judge(form, call, verdict, parts, in: machine) { return }
        let creates = call.opcode == .newObj || call.opcode == .newObjEx
        // A constructor that does nothing leaves nothing to do for creation without it.
        let isPure = verdict.knowledge.capability == .pure && verdict.knowledge.state.calledSeverity < .critical
        let capability = creates && !isPure ? verdict.knowledge.state : verdict.knowledge.capability
        if !isGlobal {
            note(
                call.result,
                creates || verdict.knowledge.isClass
                    ? .instance(module: module, name: name) : .result(of: module + "." + name))
        }
        switch capability {
        case .pure:
            judgeTensor(call, verdict, parts, in: machine)
            if verdict.knowledge.isDefault, !creates { judgeConstructor(call, verdict, in: machine) }
        case .unknownCall, .unknownClassState:
            grade(call, verdict, creates: creates, in: machine)
        default:
            var severity = capability.calledSeverity
            // A path through Python's internals leads anywhere; nobody pickles one to no purpose.
            if verdict.canonical.contains("sys.modules") || verdict.canonical.contains(".__") { severity = .critical }
            report(
                call, capability.pickleRule, nil, verdict: verdict, capability: capability, severity: severity,
                in: machine)
            // The call's own finding stands for what is passed to it, unless that is worse.
            if severity < .critical { judgeArguments(call, verdict, worseThan: severity, in: machine) }
            return consume(call.arguments, in: machine)
        }
        judgeArguments(call, verdict, in: machine)
    }

    /// Callables that are passed to somebody who may call them.
    func judgeArguments(
        _ call: PickleCall, _ verdict: Verdict, worseThan least: Severity = .medium, in machine: borrowing PickleMachine
    ) {
        guard mayPassDanger else { return }
        var values = reachable(from: call.arguments, in: machine)
        if let keywords = call.keywords { values += reachable(from: keywords, in: machine) }
        for value in values {
            guard let (dotted, capability, reason) = capability(of: value, in: machine) else { continue }
            guard capability.calledSeverity > least else { continue }
            if value.kind == .global { verdicts[value.payload]?.isConsumed = true }
            let expression = PickleExpression.of(call.result, in: machine)
            scan.report(
                "PICKLE-DANGEROUS-VALUE",
                "\(verdict.canonical) is given \(dotted), which \(capability.phrase), and may call it: \(expression)",
                at: place(call.offset, call.opcode), severity: capability.calledSeverity,
                details: [
                    .init("callable", dotted), .init("consumer", verdict.canonical), .init("call", expression),
                    .init("reason", reason),
                ])
        }
    }

    /// Names in the arguments of a call that is reported anyway.
    func consume(_ arguments: PickleValue, in machine: borrowing PickleMachine) {
        for value in reachable(from: arguments, in: machine) where value.kind == .global {
            _ = verdict(value, in: machine)
            verdicts[value.payload]?.isConsumed = true
        }
    }

    /// What a value that is passed around could do if somebody called it.
    func capability(
        of value: PickleValue, in machine: borrowing PickleMachine
    ) -> (dotted: String, capability: Capability, reason: String)? {
        if value.kind == .global {
            guard let verdict = verdict(value, in: machine), verdict.form != .typeOf else { return nil }
            return (verdict.canonical, verdict.knowledge.capability, verdict.knowledge.reason)
        }
        switch denotation(value, in: machine) {
        case .name(let module, let name):
            let knowledge = CallableKnowledge.of(module: module, name: name)
            return (module + "." + name, knowledge.capability, knowledge.reason)
        case .partial(.name(let module, let name)):
            let knowledge = CallableKnowledge.of(module: module, name: name)
            return (module + "." + name, knowledge.capability, knowledge.reason)
        default: return nil
        }
    }

    /// Values in `root` that are names or results of calls, at most 512.
    func reachable(from root: PickleValue, in machine: borrowing PickleMachine) -> [PickleValue] {
        guard !machine.isInert(root) else { return [] }
        var found: [PickleValue] = []
        var pending = [root]
        var seen: Set<PickleValue> = []
        var steps = 0
        while let value = pending.popLast(), steps < 4 * Self.reach, found.count < Self.reach {
            steps += 1
            switch value.kind {
            case .global, .extensionCode, .elidedCall: if seen.insert(value).inserted { found.append(value) }
            case .node:
                guard !machine.isInert(value), seen.insert(value).inserted, let node = machine.node(value) else {
                    continue
                }
                switch node.kind {
                case .call, .computedGlobal: found.append(value)
                default: pending += machine.children(value, limit: Self.reach).reversed()
                }
            default: break
            }
        }
        return found
    }
}
