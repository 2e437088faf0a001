internal import AssayCore
internal import ModelFormats

/// What values stand for, and the constants that are read to know it.
extension PickleJudge {
    /// Pays for bytes of constants that were read; false when that is too much, which is said once.
    private func pay(_ count: Int) -> Bool {
        guard !reading.isSpent else { return false }
        if reading.spend(bytes: count) { return true }
        scan.report(
            incomplete: "the pickle uses its constants so often that they were not followed to the end",
            at: item.location)
        return false
    }

    /// Texts among the arguments of a call.
    func texts(of call: PickleCall, in machine: borrowing PickleMachine) -> [String] {
        guard !reading.isSpent else { return [] }
        let texts = ArgumentText.strings(in: call.arguments, machine)
        return pay(texts.reduce(0) { $0 + $1.utf8.count }) ? texts : []
    }

    func denotation(_ value: PickleValue, in machine: borrowing PickleMachine) -> PickleDenotation {
        switch value.kind {
        case .global:
            guard let global = machine.global(value) else { return .unknown }
            return .name(module: global.module, name: global.name)
        case .text, .legacyText:
            guard !reading.isSpent, let text = machine.string(value, limit: PickleEvaluation.limit),
                pay(text.utf8.count)
            else { return .plain }
            return .text(text)
        case .bytes, .byteArray:
            guard !reading.isSpent, let bytes = machine.byteArray(value, limit: PickleEvaluation.limit),
                pay(bytes.count)
            else { return .plain }
            return .bytes(bytes)
        case .integer: return value.integer.map { .integer($0) } ?? .plain
        case .extensionCode:
            guard let name = extensions[value.payload] else { return .unknown }
            return .name(module: name.module, name: name.name)
        case .elidedCall:
            guard let global = machine.global(value) else { return .unknown }
            return .instance(module: global.module, name: global.name)
        case .node:
            if let known = denotations[value.payload] { return known }
            guard let node = machine.node(value) else { return .unknown }
            switch node.kind {
            case .call:
                guard let callee = machine.child(0, of: value), let global = machine.global(callee) else {
                    return .unknown
                }
                let isClass =
                    node.opcode != PickleOpcode.reduce.rawValue
                    || verdict(callee, in: machine)?.knowledge.isClass == true
                return isClass
                    ? .instance(module: global.module, name: global.name)
                    : .result(of: global.module + "." + global.name)
            case .persistent:
                // What torch.save wrote before its archives: a class with the text of its source, which is only compared.
                if let id = machine.child(0, of: value) {
                    let parts = machine.children(id, limit: 4)
                    if parts.count == 4, parts[1].kind == .global,
                        case .text("module") = denotation(parts[0], in: machine)
                    {
                        // The class is judged by what is done with it here, not as a value that is kept.
                        _ = verdict(parts[1], in: machine)
                        verdicts[parts[1].payload]?.isConsumed = true
                        return denotation(parts[1], in: machine)
                    }
                }
                return .result(of: "persistent_load")
            case .computedGlobal: return .unknown
            default: return .plain
            }
        default: return .plain
        }
    }
}
