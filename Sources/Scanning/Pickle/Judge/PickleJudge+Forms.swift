import AssayCore
import ByteParsing
import ModelFormats

/// What a call comes to when its callable is one of the forms that hand values on.
extension PickleJudge {
    // MARK: Forms

    /// Judges a call whose result is computed; false when the ordinary judgement must follow.
    func judge(
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
            guard let module = text(0) else {
                note(call.result, .unknownAttribute)
                return false
            }
            note(call.result, .module(module))
            return parts.count == 1 && PickleForm.moduleReferences.contains(verdict.canonical)
                && PickleForm.isPlainModule(module)
        case .resolveName:
            if let name = text(0)?.replacing(":", with: "."), let dot = name.lastIndex(of: ".") {
                note(call.result, .name(module: String(name[..<dot]), name: String(name[name.index(after: dot)...])))
            }
            return false
        case .resolvePair:
            guard let module = text(0), let name = text(1) else { return false }
            note(call.result, .name(module: module, name: name))
            let knowledge = CallableKnowledge.of(module: module, name: name)
            if knowledge.capability.calledSeverity >= .high {
                report(
                    call, knowledge.capability.pickleRule, "imports \(module).\(name)",
                    severity: knowledge.capability.namedSeverity, in: machine)
                return true
            }
            if knowledge.capability != .pure { note(stranger: module + "." + name, at: call.offset) }
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
            let look = ArgumentText.worst(texts(of: call, in: machine))
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
        case .subclass:
            guard parts.count == 3, case .name(let module, let name) = denotation(parts[1], in: machine) else {
                return false
            }
            note(call.result, .name(module: module, name: name))
            judgeFound(.name(module: module, name: name), call, in: machine)
            judgeArguments(call, verdict, in: machine)
            return true
        case .curry:
            guard parts.count > 1 else { return false }
            judgeArguments(call, verdict, in: machine)
            guard let path = text(1)?.replacing(":", with: "."), let dot = path.lastIndex(of: ".") else {
                note(call.result, .partial(denotation(parts[1], in: machine)))
                return true
            }
            let found = PickleDenotation.name(
                module: String(path[..<dot]), name: String(path[path.index(after: dot)...]))
            note(call.result, .partial(found))
            judgeFound(found, call, in: machine)
            return true
        case .setAttribute:
            report(
                call, "PICKLE-STATE-PLANTED", "changes an attribute of an object by name", severity: .critical,
                in: machine)
            consume(call.arguments, in: machine)
            return true
        case .resolveType:
            guard let name = text(0) else { return false }
            guard let (module, type) = PickleForm.type(named: name) else { return false }
            note(call.result, .name(module: module, name: type))
            return true
        case .representation:
            guard let shown = text(0), PickleForm.isValue(shown) else { return false }
            return true
        case .shownMethod:
            // `<method 'upper' of 'str' objects>`: what stands for the type is evaluated.
            let words = (text(2) ?? "").split(separator: "'", omittingEmptySubsequences: false)
            guard let name = text(1), words.count == 5, name == words[1], !isReaching(name) else { return false }
            let type = CallableKnowledge.of(module: "builtins", name: String(words[3]))
            guard type.capability == .pure, !type.isDefault, !words[3].contains(".") else { return false }
            note(call.result, .name(module: "builtins", name: "\(words[3]).\(name)"))
            return true
        case .loadFromBytes:
            guard let first = parts.first else { return false }
            if first.kind == .bytes || first.kind == .byteArray {
                NestedPickle.open(first, in: machine, of: item, scan: scan, isLoaded: true)
            } else if let bytes = encoded(first, in: machine) {
                // Before protocol 3, bytes are text that is encoded when it is loaded.
                NestedPickle.open(bytes, at: call.offset, of: item, scan: scan, isLoaded: true)
            } else {
                return false
            }
            note(call.result, .instance(module: "torch", name: "Tensor"))
            return true
        case .loadArchive:
            // What is in the archive is judged as an archive's.
            guard let first = parts.first else { return false }
            let isOpened =
                if first.kind == .bytes || first.kind == .byteArray {
                    NestedPickle.open(first, in: machine, of: item, scan: scan, isLoaded: true)
                } else if let bytes = encoded(first, in: machine) {
                    NestedPickle.open(bytes, at: call.offset, of: item, scan: scan, isLoaded: true)
                } else {
                    false
                }
            guard isOpened else { return false }
            note(call.result, .instance(module: "keras", name: "Model"))
            return true
        case .evaluated: return evaluate(call, verdict, parts, in: machine)
        }
    }

    func isReaching(_ path: String) -> Bool {
        CallableKnowledge.of(module: "builtins", name: "object." + path).capability.calledSeverity >= .high
            || path.split(separator: ".").contains { $0 == "os" || $0 == "_os" || $0 == "sys" }
    }

    /// An attribute read by name: harmless when what it leads to is, and judged as what it leads to.
    func judgeAttribute(
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
    func judgeFound(_ found: PickleDenotation, _ call: PickleCall, in machine: borrowing PickleMachine) {
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
}
