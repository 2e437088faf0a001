internal import AssayCore
internal import ModelFormats

/// The names that a pickle imports or puts together, and what is known of them.
extension PickleJudge {
    func verdict(_ value: PickleValue, in machine: borrowing PickleMachine) -> Verdict? {
        guard value.kind == .global || value.kind == .elidedCall, let global = machine.global(value) else { return nil }
        let index = value.payload
        while verdicts.count <= index { verdicts.append(nil) }
        if let known = verdicts[index] { return known }
        let made = Verdict(
            meaning: scan.settings.allowedNames.isEmpty
                ? .of(global.names) : meaning(module: global.module, name: global.name),
            offset: global.offset)
        if made.knowledge.capability.calledSeverity >= .high { hasDanger = true }
        verdicts[index] = made
        return made
    }

    func judge(module: String, name: String, offset: Int) -> Verdict {
        Verdict(meaning: meaning(module: module, name: name), offset: offset)
    }

    private func meaning(module: String, name: String) -> PickleMeaning {
        let meaning = PickleMeaning(module: module, name: name)
        let dotted = module + "." + name
        return isAllowed(dotted) || isAllowed(meaning.knowledge.resolved) ? meaning.allowed(as: dotted) : meaning
    }

    /// Whether anything that could be passed around would do harm if somebody called it: the names that were imported,
    /// those that were put together or put into the extension registry.
    ///
    /// Without any, looking for such values among arguments, states and items finds nothing.
    var mayPassDanger: Bool { hasDanger || !denotations.isEmpty || !extensions.isEmpty }

    private func isAllowed(_ dotted: String) -> Bool { matches(dotted, scan.settings.allowedNames) }

    private func matches(_ dotted: String, _ patterns: [String]) -> Bool {
        patterns.contains { pattern in
            pattern.hasSuffix("*") ? dotted.hasPrefix(pattern.dropLast()) : pattern == dotted
        }
    }

    func imported(_ value: PickleValue, opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine) {
        imports += 1
        switch value.kind {
        case .global:
            let isNew = verdicts.count <= value.payload || verdicts[value.payload] == nil
            guard isNew, let verdict = verdict(value, in: machine) else { return }
            if !scan.settings.deniedNames.isEmpty, let global = machine.global(value) {
                let dotted = global.module + "." + global.name
                if matches(dotted, scan.settings.deniedNames)
                    || matches(verdict.knowledge.resolved, scan.settings.deniedNames)
                {
                    scan.report(
                        "PICKLE-FORBIDDEN-NAME", "\(dotted) is forbidden by the policy", at: place(offset, opcode),
                        severity: .critical, details: [.init("callable", dotted)])
                }
            }
        case .node:
            let parts = machine.children(value, limit: 2)
            guard parts.count == 2 else { return }
            let module = denotation(parts[0], in: machine)
            let name = denotation(parts[1], in: machine)
            let expression = PickleExpression.of(value, in: machine)
            if case .text(let module) = module, case .text(let name) = name {
                denotations[value.payload] = .name(module: module, name: name)
                scan.report(
                    "PICKLE-COMPUTED-NAME",
                    "The imported name is put together while loading: \(expression) is \(module).\(name)",
                    at: place(offset, opcode), severity: .high,
                    details: [.init("expression", expression), .init("resolved", module + "." + name)])
            } else {
                denotations[value.payload] = .unknown
                scan.report(
                    "PICKLE-COMPUTED-NAME", "The imported name is computed while loading: \(expression)",
                    at: place(offset, opcode), severity: .critical, details: [.init("expression", expression)])
            }
        case .extensionCode:
            guard extensions[value.payload] == nil else { return }
            scan.report(
                "PICKLE-EXTENSION-CODE",
                "Extension code \(value.payload) stands for a name that only the loading program's registry knows",
                at: place(offset, opcode), severity: .medium, details: [.init("code", String(value.payload))])
        default: break
        }
    }
}
