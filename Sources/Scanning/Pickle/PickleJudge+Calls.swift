import AssayCore
import ByteParsing
import ModelFormats

extension PickleJudge {
    /// Values looked at for one call or state.
    private static let reach = 512

    // MARK: Calls

    func judge(_ call: PickleCall, in machine: borrowing PickleMachine) {
        let parts = machine.children(call.arguments, limit: 16)
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
            evaluateMethod(call, .text(text), method, parts, in: machine)
        case .bytesMethod(let bytes, let method):
            evaluateMethod(call, .bytes(bytes), method, parts, in: machine)
        case .instance(let module, let name):
            let knowledge = CallableKnowledge.of(module: module, name: name)
            if knowledge.capability == .pure || knowledge.capability == .unknownCall {
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

    private func note(_ value: PickleValue, _ denotation: PickleDenotation) {
        if value.kind == .node, denotations.count < 1 << 18 { denotations[value.payload] = denotation }
    }

    private func judge(
        _ call: PickleCall, module: String, name: String, _ parts: [PickleValue], in machine: borrowing PickleMachine
    ) {
        let isGlobal = call.callee.kind == .global
        guard
            let verdict = isGlobal
                ? verdict(call.callee, in: machine) : judge(module: module, name: name, offset: call.offset)
        else { return }
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
    private func judgeArguments(
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
    private func consume(_ arguments: PickleValue, in machine: borrowing PickleMachine) {
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

    // MARK: Unlisted callables

    /// A class that is taken for harmless like its neighbours, called with what no constructor of a value needs.
    private func judgeConstructor(_ call: PickleCall, _ verdict: Verdict, in machine: borrowing PickleMachine) {
        guard let look = ArgumentText.worst(ArgumentText.strings(in: call.arguments, machine)) else { return }
        report(
            call, "PICKLE-UNKNOWN-CALL", "is on no list, and an argument looks like \(look.kind)", verdict: verdict,
            severity: .medium, in: machine)
    }

    private func grade(
        _ call: PickleCall, _ verdict: Verdict, creates: Bool, in machine: borrowing PickleMachine
    ) {
        let dotted = verdict.canonical
        let last = dotted.split(separator: ".").last.map(String.init) ?? dotted
        let arguments = ArgumentText.strings(in: call.arguments, machine)
        let look = ArgumentText.worst(arguments)
        let isClass = creates || verdict.knowledge.isClass || Self.isReconstructor(last)
        var severity: Severity = isClass ? .low : .medium
        var because = ""
        if last == "from_pretrained" || last == "from_url" {
            severity = .high
            because = ": it loads a model from wherever its argument says"
        }
        if let suspicion = verdict.knowledge.suspicion, !creates || look != nil {
            let suggested = suspicion.calledSeverity
            if !isClass {
                severity = max(severity, suggested)
                because = ": '\(last)' sounds like something that \(suspicion.phrase)"
            } else if look != nil {
                severity = max(severity, .medium)
                because = ": '\(last)' sounds like something that \(suspicion.phrase)"
            }
        }
        if let look, !isClass || look.severity == .critical {
            severity = max(severity, isClass ? .high : look.severity)
            because +=
                because.isEmpty ? ": an argument looks like \(look.kind)" : ", and an argument looks like \(look.kind)"
        }
        if severity == .low {
            note(stranger: dotted, at: call.offset)
        } else {
            let expression = PickleExpression.of(call.result, in: machine)
            scan.report(
                "PICKLE-UNKNOWN-CALL", "Loading calls \(expression), which is on no list\(because)",
                at: place(call.offset, call.opcode), severity: severity,
                details: details(call, verdict, in: machine))
        }
    }

    /// Whether a private function is named as `__reduce__` methods name what puts their object together again: Cython
    /// writes one for each class. It does what NEWOBJ does for classes that need more than that.
    private static func isReconstructor(_ name: String) -> Bool {
        for prefix in ["__pyx_unpickle_", "_unpickle", "__unpickle", "_reconstruct", "_rebuild"]
        where name.hasPrefix(prefix) { return true }
        return name.hasPrefix("_") && name.hasSuffix("_unpickle")
    }

    // MARK: Reports

    private func details(
        _ call: PickleCall, _ verdict: Verdict?, in machine: borrowing PickleMachine
    ) -> [Finding.Detail] {
        var details: [Finding.Detail] = []
        details.append(.init("callable", PickleExpression.of(call.callee, in: machine)))
        if let verdict, verdict.knowledge.resolved != details[0].value {
            details.append(.init("resolved", verdict.knowledge.resolved))
        }
        details.append(
            .init("arguments", PickleExpression.arguments(call.arguments, call.keywords, in: machine, limit: 400)))
        details.append(.init("opcode", call.opcode.name))
        if let verdict, !verdict.knowledge.reason.isEmpty { details.append(.init("reason", verdict.knowledge.reason)) }
        return details
    }

    private func report(
        _ call: PickleCall, _ rule: String, _ what: String?, verdict: Verdict? = nil, capability: Capability? = nil,
        severity: Severity, in machine: borrowing PickleMachine
    ) {
        let expression = PickleExpression.of(call.result, in: machine)
        var message = "Loading calls \(expression)"
        if let capability { message += ", which \(capability.phrase)" }
        if let what { message += ": it \(what)" }
        scan.report(
            rule, message, at: place(call.offset, call.opcode), severity: severity,
            details: details(call, verdict, in: machine))
    }

    private func reportOpaque(_ call: PickleCall, _ what: String, in machine: borrowing PickleMachine) {
        let look = ArgumentText.worst(ArgumentText.strings(in: call.arguments, machine))
        report(
            call, "PICKLE-OPAQUE-CALL", "calls \(what)", severity: look?.severity == .critical ? .critical : .high,
            in: machine)
        consume(call.arguments, in: machine)
    }

    // MARK: Forms

    /// Judges a call whose result is computed; false when the ordinary judgement must follow.
    private func judge(
        _ form: PickleForm, _ call: PickleCall, _ verdict: Verdict, _ parts: [PickleValue],
        in machine: borrowing PickleMachine
    ) -> Bool {
        func text(_ index: Int) -> String? {
            guard parts.indices.contains(index), case .text(let text) = denotation(parts[index], in: machine) else {
                return nil
            }
            return text
        }
        switch form {
        case .importModule:
            if let module = text(0) { note(call.result, .module(module)) } else { note(call.result, .unknownAttribute) }
            return false
        case .resolveName:
            if let name = text(0)?.replacing(":", with: "."), let dot = name.lastIndex(of: ".") {
                note(call.result, .name(module: String(name[..<dot]), name: String(name[name.index(after: dot)...])))
            }
            return false
        case .getAttribute:
            guard let base = parts.first else { return false }
            guard let path = text(1) else {
                note(call.result, .unknownAttribute)
                report(
                    call, "PICKLE-ATTRIBUTE-ACCESS", "reads an attribute whose name is computed", severity: .critical,
                    in: machine)
                consume(call.arguments, in: machine)
                return true
            }
            let object = denotation(base, in: machine)
            note(call.result, object.attribute(path))
            judgeAttribute(of: object, path, call, in: machine)
            consume(call.arguments, in: machine)
            return true
        case .attributeGetter:
            let paths = parts.indices.map { text($0) }
            note(call.result, .attributeGetter(paths.map { $0 ?? "?" }))
            for path in paths where path.map(isReaching) ?? true {
                report(
                    call, "PICKLE-ATTRIBUTE-ACCESS",
                    "makes a function that reads \(path ?? "an attribute whose name is computed")", severity: .high,
                    in: machine)
            }
            return true
        case .methodCaller:
            note(call.result, .methodCaller(text(0) ?? "?"))
            let look = ArgumentText.worst(ArgumentText.strings(in: call.arguments, machine))
            // Until it is called on something, a method of an ordinary name is a value like any other.
            if look == nil, let method = text(0), !isReaching(method),
                NameLexicon.suspicion(of: Array(method.utf8)[...]) == nil, machine.isInert(call.arguments)
            {
                return true
            }
            report(
                call, "PICKLE-ATTRIBUTE-ACCESS", "makes a function that calls a method by name",
                severity: look?.severity == .critical ? .critical : .high, in: machine)
            return true
        case .partial:
            guard let first = parts.first else { return false }
            note(call.result, .partial(denotation(first, in: machine)))
            judgeArguments(call, verdict, in: machine)
            return true
        case .reconstruct:
            guard let first = parts.first, case .name(let module, let name) = denotation(first, in: machine) else {
                return false
            }
            note(call.result, .instance(module: module, name: name))
            let target = judge(module: module, name: name, offset: call.offset)
            if first.kind == .global {
                _ = self.verdict(first, in: machine)
                verdicts[first.payload]?.isConsumed = true
            }
            switch target.knowledge.state {
            case .pure: break
            case .unknownCall, .unknownClassState: note(stranger: target.canonical, at: call.offset)
            default:
                report(
                    call, target.knowledge.state.pickleRule, "creates an object of \(target.canonical)",
                    verdict: target, severity: max(.high, target.knowledge.state.calledSeverity), in: machine)
            }
            if target.knowledge.capability.calledSeverity >= .high, target.knowledge.state.calledSeverity < .high {
                report(
                    call, "PICKLE-DANGEROUS-VALUE",
                    "creates an object of \(target.canonical), which \(target.knowledge.capability.phrase)",
                    verdict: target, severity: .high, in: machine)
            }
            return true
        case .addExtension:
            if let module = text(0), let name = text(1), parts.count > 2, let code = parts[2].integer {
                extensions[code] = (module, name)
                report(
                    call, "PICKLE-EXTENSION-CODE", "makes extension code \(code) stand for \(module).\(name)",
                    severity: .high, in: machine)
            } else {
                report(
                    call, "PICKLE-EXTENSION-CODE", "changes the extension registry", severity: .high, in: machine)
            }
            return true
        case .typeOf:
            guard parts.count == 1, call.opcode == .reduce else { return false }
            note(call.result, .result(of: "builtins.type"))
            return true
        case .item:
            if let base = parts.first, let key = text(1), let found = denotation(base, in: machine).item(key) {
                note(call.result, found)
                judgeFound(found, call, in: machine)
                consume(call.arguments, in: machine)
                return true
            }
            return evaluate(call, verdict, parts, in: machine)
        case .namedTuple:
            guard let name = text(0), let module = text(2) else { return false }
            note(call.result, .name(module: module, name: name))
            judgeFound(.name(module: module, name: name), call, in: machine)
            return true
        case .setAttribute:
            report(
                call, "PICKLE-STATE-PLANTED", "changes an attribute of an object by name", severity: .critical,
                in: machine)
            consume(call.arguments, in: machine)
            return true
        case .loadFromBytes:
            guard let first = parts.first, first.kind == .bytes || first.kind == .byteArray else { return false }
            NestedPickle.open(first, in: machine, of: item, scan: scan, isLoaded: true)
            note(call.result, .instance(module: "torch", name: "Tensor"))
            return true
        case .evaluated: return evaluate(call, verdict, parts, in: machine)
        }
    }

    /// Computes the result of a pure function; false when it is not modelled.
    private func evaluate(
        _ call: PickleCall, _ verdict: Verdict, _ parts: [PickleValue], in machine: borrowing PickleMachine
    ) -> Bool {
        var lists: [[PickleDenotation]?] = []
        for part in parts {
            let isList = machine.node(part).map { $0.kind == .list || $0.kind == .tuple } ?? false
            lists.append(isList ? machine.children(part, limit: 4096).map { denotation($0, in: machine) } : nil)
        }
        let values = parts.map { denotation($0, in: machine) }
        guard let value = PickleEvaluation.call(verdict.canonical, values, lists: lists) else { return false }
        note(call.result, value)
        suspect(value, call)
        return true
    }

    private func evaluateMethod(
        _ call: PickleCall, _ base: PickleDenotation, _ method: String, _ parts: [PickleValue],
        in machine: borrowing PickleMachine
    ) {
        var lists: [[PickleDenotation]?] = []
        for part in parts {
            let isList = machine.node(part).map { $0.kind == .list || $0.kind == .tuple } ?? false
            lists.append(isList ? machine.children(part, limit: 4096).map { denotation($0, in: machine) } : nil)
        }
        let values = parts.map { denotation($0, in: machine) }
        if let value = PickleEvaluation.method(method, of: base, values, lists: lists) {
            note(call.result, value)
            suspect(value, call)
        } else {
            note(call.result, .unknown)
        }
    }

    /// Bytes that a pickle puts together may be another pickle.
    private func suspect(_ value: PickleDenotation, _ call: PickleCall) {
        if case .bytes(let bytes) = value, bytes.count >= 8 {
            NestedPickle.open(bytes, at: call.offset, of: item, scan: scan)
        }
    }

    private func isReaching(_ path: String) -> Bool {
        CallableKnowledge.of(module: "builtins", name: "object." + path).capability.calledSeverity >= .high
            || path.split(separator: ".").contains { $0 == "os" || $0 == "_os" || $0 == "sys" }
    }

    /// An attribute read by name: harmless when what it leads to is, and judged as what it leads to.
    private func judgeAttribute(
        of base: PickleDenotation, _ path: String, _ call: PickleCall, in machine: borrowing PickleMachine
    ) {
        if case .name = base.attribute(path) {
            judgeFound(base.attribute(path), call, in: machine)
        } else if isReaching(path) {
            report(
                call, "PICKLE-ATTRIBUTE-ACCESS", "reads \(path), which leads to any object", severity: .high,
                in: machine)
        } else {
            note(stranger: "getattr." + path, at: call.offset)
        }
    }

    /// Something that a call hands out by its name: judged as what it is.
    private func judgeFound(_ found: PickleDenotation, _ call: PickleCall, in machine: borrowing PickleMachine) {
        switch found {
        case .name(let module, let name):
            let knowledge = CallableKnowledge.of(module: module, name: name)
            if knowledge.capability.calledSeverity >= .high {
                report(
                    call, "PICKLE-ATTRIBUTE-ACCESS",
                    "reads \(module).\(name), which \(knowledge.capability.phrase)",
                    severity: knowledge.capability.namedSeverity, in: machine)
            } else if knowledge.capability == .unknownCall || knowledge.capability == .unknownClassState {
                note(stranger: module + "." + name, at: call.offset)
            }
        case .module(let module):
            report(call, "PICKLE-ATTRIBUTE-ACCESS", "hands out the module \(module)", severity: .high, in: machine)
        default: break
        }
    }

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
        if case .instance("functools", "partial") = owner, let function = machine.children(state, limit: 1).first {
            note(target, .partial(denotation(function, in: machine)))
        }
        let hooks = hooks(in: state, machine)
        for value in reachable(from: state, in: machine) {
            guard let (dotted, capability, reason) = capability(of: value, in: machine),
                capability.calledSeverity >= .high
            else { continue }
            if value.kind == .global { verdicts[value.payload]?.isConsumed = true }
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
    private func hooks(in state: PickleValue, _ machine: borrowing PickleMachine) -> String? {
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

    private func holdsCallable(_ value: PickleValue, _ machine: borrowing PickleMachine) -> Bool {
        if value.kind == .global { return true }
        return machine.node(value)?.kind == .call && capability(of: value, in: machine) != nil
    }

    // MARK: Items

    /// A finished mapping of text keys that gets one more item under a number: no pickler writes such a stream, and
    /// restricted loaders have taken it for an assignment to something else.
    private func judgeKeys(
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
    private func isRebuilt(_ target: PickleValue, in machine: borrowing PickleMachine) -> Bool {
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
    /// The function whose result this is.
    var resultName: String? {
        switch self {
        case .result(let name): name
        case .instance(let module, let name): module + "." + name
        default: nil
        }
    }
}
