internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Turns what a pickle does into findings, call by call, while the machine runs.
///
/// What a callable can do comes from ``CallableKnowledge``; this judge adds what the arguments make of it.
final class PickleJudge: PickleListener {
    let scan: Scan
    let item: ScanItem

    /// What is known about an imported name, by its index in the machine.
    struct Verdict {
        let meaning: PickleMeaning
        let offset: Int
        var isCalled = false
        var isConsumed = false
        var knowledge: CallableKnowledge { meaning.knowledge }
        var canonical: String { meaning.canonical }
        var form: PickleForm? { meaning.form }
    }
    var verdicts: [Verdict?] = []
    /// Whether a name that somebody might call to ill effect was imported.
    private var hasDanger = false
    /// Denotations of nodes that are more than an instance of the imported class that was called.
    var denotations = PickleNotes()
    /// Bytes of constants that may yet be taken for arguments: an honest pickle uses each a few times.
    private var readable: Int
    private var isReadOut = false
    /// Names that the stream itself put into the extension registry.
    var extensions: [Int: (module: String, name: String)] = [:]
    /// Names that no list has, by package, for one finding each.
    private var strangers: [String: (offset: Int, names: [String], count: Int)] = [:]
    private var strangerOrder: [String] = []
    private var suspects = 0
    private var arrays = 0
    /// Pickles in constants that are read in one item: a pickled torch module holds one for each of its tensors.
    private static let mostSuspects = 1 << 14
    /// Mappings (not plain dictionaries) that have got text keys.
    var textMappings: Set<Int> = []
    /// Bytes of the storages that tensors were rebuilt from, by key.
    var storages: [String: Int] = [:]
    var calls = 0
    var imports = 0

    init(scan: Scan, item: ScanItem) {
        self.scan = scan
        self.item = item
        readable = (16 << 20) + 8 * min(item.region.count, 1 << 40)
    }

    func place(_ offset: Int, _ opcode: PickleOpcode?) -> Location {
        item.location.at(offset, opcode?.name)
    }

    // MARK: Names

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

    // MARK: Denotations

    /// Whether the constant may be read; it is said once that others were not.
    private func mayRead() -> Bool {
        guard readable <= 0, !isReadOut else { return readable > 0 }
        isReadOut = true
        scan.report(
            incomplete: "the pickle uses its constants so often that they were not followed to the end",
            at: item.location)
        return false
    }

    /// Texts among the arguments of a call.
    func texts(of call: PickleCall, in machine: borrowing PickleMachine) -> [String] {
        guard mayRead() else { return [] }
        let texts = ArgumentText.strings(in: call.arguments, machine)
        readable -= texts.reduce(0) { $0 + $1.utf8.count }
        return texts
    }

    func denotation(_ value: PickleValue, in machine: borrowing PickleMachine) -> PickleDenotation {
        switch value.kind {
        case .global:
            guard let global = machine.global(value) else { return .unknown }
            return .name(module: global.module, name: global.name)
        case .text, .legacyText:
            guard mayRead(), let text = machine.string(value, limit: PickleEvaluation.limit) else { return .plain }
            readable -= text.utf8.count
            return .text(text)
        case .bytes, .byteArray:
            guard mayRead(), let bytes = machine.byteArray(value, limit: PickleEvaluation.limit) else {
                return .plain
            }
            readable -= bytes.count
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

    // MARK: Events

    func called(
        _ result: PickleValue, callee: PickleValue, arguments: PickleValue, keywords: PickleValue?,
        opcode: PickleOpcode, at offset: Int, in machine: borrowing PickleMachine
    ) {
        calls += 1
        if callee.kind == .global {
            guard let verdict = verdict(callee, in: machine) else { return }
            if !verdict.isCalled { verdicts[callee.payload]?.isCalled = true }
            // A class that nobody looked at may be called with what no constructor of a value needs.
            let creates = opcode == .newObj || opcode == .newObjEx
            let demand = verdict.meaning.demand
            if verdict.meaning.isQuiet, creates || !verdict.knowledge.isDefault {
                if keywords == nil, machine.isInert(arguments), demand?.isNumeric != true { return }
                // What is left to judge are a tensor's bounds, what the call costs and what is passed.
                if !mayPassDanger, !verdict.meaning.isTensor, !creates || verdict.meaning.isQuietClass, demand == nil {
                    return
                }
            }
        }
        let call = PickleCall(
            result: result, callee: callee, arguments: arguments, keywords: keywords, opcode: opcode, offset: offset)
        judge(call, in: machine)
    }

    func built(_ target: PickleValue, state: PickleValue, at offset: Int, in machine: borrowing PickleMachine) {
        judgeState(state, of: target, at: offset, in: machine)
    }

    func stored(
        _ items: ArraySlice<PickleValue>, into target: PickleValue, opcode: PickleOpcode, at offset: Int,
        in machine: borrowing PickleMachine
    ) {
        judgeItems(items, into: target, opcode, at: offset, in: machine)
    }

    func suspected(_ value: PickleValue, in machine: borrowing PickleMachine) {
        guard suspects < Self.mostSuspects else {
            if suspects == Self.mostSuspects {
                suspects += 1
                scan.report(
                    incomplete: "more than \(Self.mostSuspects) constants look like pickles: the rest were not read",
                    at: place(value.payload, nil))
            }
            return
        }
        if NestedPickle.open(value, in: machine, of: item, scan: scan) { suspects += 1 }
    }

    func passed(_ elements: Range<Int>, elementSize: Int, in machine: borrowing PickleMachine) {
        // Elements of one byte, or of a length that no number has, are bytes in which anything may stand.
        guard elements.count >= 16, ![2, 4, 8, 16].contains(elementSize), arrays < Self.mostSuspects,
            let region = machine.region.slice(elements.lowerBound, elements.count)
        else { return }
        arrays += 1
        scan.descend(
            into: region, named: "array@0x" + String(elements.lowerBound, radix: 16), of: item, as: "pickle")
    }

    func noted(_ anomaly: PickleAnomaly, at offset: Int, in machine: borrowing PickleMachine) {
        let location = place(offset, nil)
        switch anomaly {
        case .memoIndex(let index):
            scan.report(
                "PICKLE-RESOURCE-ATTACK",
                "Memo index \(index) makes the C loader allocate memory for all the entries before it", at: location,
                severity: .medium, details: [.init("index", String(index))])
        case .expansion:
            scan.report(
                "PICKLE-RESOURCE-ATTACK", "References multiply to more than 2^32 elements when they are expanded",
                at: location, severity: .medium)
        case .marks:
            scan.report(
                "PICKLE-RESOURCE-ATTACK", "More than a thousand marks are open at a time", at: location,
                severity: .low)
        case .depth:
            scan.report(
                "PICKLE-RESOURCE-ATTACK", "Containers are nested more than 250 deep", at: location, severity: .low)
        case .frame:
            scan.report(
                "PICKLE-LOADER-DIVERGENCE",
                "A frame does not end where its opcodes do: the C and the Python loader read it differently",
                at: location, severity: .low)
        case .protocolRepeated, .legacyEncoding: break
        }
    }

    // MARK: Grouped findings

    /// Counts a name that no list has; one finding a package is made of them at the end.
    func note(stranger dotted: String, at offset: Int) {
        let package = String(dotted.prefix { $0 != "." })
        var entry = strangers[package] ?? (offset, [], 0)
        if strangers[package] == nil {
            guard strangers.count < 512 else { return }
            strangerOrder.append(package)
        }
        if !entry.names.contains(dotted), entry.names.count < 8 { entry.names.append(dotted) }
        entry.count += 1
        strangers[package] = entry
    }

    /// Reports what is known only at the end: names that were imported and never called, names on no list.
    func finish() {
        for verdict in verdicts {
            guard let verdict, !verdict.isCalled, !verdict.isConsumed, verdict.form != .typeOf else { continue }
            let severity = verdict.knowledge.capability.namedSeverity
            switch verdict.knowledge.capability {
            case .unknownCall, .unknownClassState:
                if verdict.knowledge.suspicion?.calledSeverity ?? .none >= .high {
                    scan.report(
                        "PICKLE-DANGEROUS-VALUE", "\(verdict.canonical) is imported and kept as a value",
                        at: place(verdict.offset, nil), severity: .low,
                        details: [.init("callable", verdict.canonical)])
                } else {
                    note(stranger: verdict.canonical, at: verdict.offset)
                }
            case .pure: break
            default:
                guard severity > .none else { continue }
                scan.report(
                    "PICKLE-DANGEROUS-VALUE",
                    "\(verdict.canonical), which \(verdict.knowledge.capability.phrase), is imported and kept as a value",
                    at: place(verdict.offset, nil), severity: severity,
                    details: [.init("callable", verdict.canonical), .init("reason", verdict.knowledge.reason)])
            }
        }
        for package in strangerOrder {
            guard let entry = strangers[package] else { continue }
            let more = entry.count > entry.names.count ? " and others" : ""
            scan.report(
                "PICKLE-UNKNOWN-CLASS",
                "Builds objects of \(package) that are on no list: \(entry.names.joined(separator: ", "))\(more)",
                at: place(entry.offset, nil), severity: .low,
                details: [.init("package", package), .init("names", entry.names.joined(separator: ", "))])
        }
        verdicts.removeAll()
        strangers.removeAll()
        strangerOrder.removeAll()
        denotations = PickleNotes()
    }
}

/// One call that a pickle makes.
struct PickleCall {
    var result: PickleValue
    var callee: PickleValue
    var arguments: PickleValue
    var keywords: PickleValue?
    var opcode: PickleOpcode
    var offset: Int
}

extension Capability {
    /// What it does, as the verb of a sentence.
    var phrase: String {
        switch self {
        case .codeExecution: "runs commands or code"
        case .nativeCode: "loads native code"
        case .importByString: "imports whatever it is given the name of"
        case .indirectLoad: "loads content that can itself run code"
        case .codeObject: "builds code out of parts"
        case .file: "reads or changes files"
        case .network: "opens network connections"
        case .attributeAccess: "reaches attributes by name"
        case .processState: "reads or changes the state of the process"
        case .unknownCall, .unknownClassState: "is on no list"
        case .pure: "builds a value"
        }
    }

    /// The rule that reports a call.
    var pickleRule: String {
        switch self {
        case .codeExecution: "PICKLE-CODE-EXECUTION"
        case .nativeCode: "PICKLE-NATIVE-CODE"
        case .importByString: "PICKLE-IMPORT-BY-STRING"
        case .indirectLoad: "PICKLE-INDIRECT-LOAD"
        case .codeObject: "PICKLE-CODE-OBJECT"
        case .file: "PICKLE-FILE-ACCESS"
        case .network: "PICKLE-NETWORK-ACCESS"
        case .attributeAccess: "PICKLE-ATTRIBUTE-ACCESS"
        case .processState: "PICKLE-PROCESS-STATE"
        case .unknownCall: "PICKLE-UNKNOWN-CALL"
        case .unknownClassState, .pure: "PICKLE-UNKNOWN-CLASS"
        }
    }
}
