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
    var hasDanger = false
    /// Denotations of nodes that are more than an instance of the imported class that was called.
    var denotations = PickleNotes()
    /// Objects whose state holds something that runs code.
    var holders = PickleHolders()
    /// How much calls return.
    var extents = PickleExtents()
    var interfaces = PickleMemory.Interfaces()
    /// Bytes of constants that may yet be taken for arguments: an honest pickle uses each a few times.
    var reading: FollowingBudget
    /// Names that the stream itself put into the extension registry.
    var extensions: [Int: (module: String, name: String)] = [:]
    /// Names that no list has.
    private var strangers = PickleStrangers()
    /// The type of elements that was looked at last, the state that it had, and what that makes of the elements.
    var lastElement: (type: PickleValue, state: PickleValue?, element: ArrayElement?)?
    /// Credentials that were reported.
    var secrets = 0
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
        reading = FollowingBudget(bytes: (16 << 20) + 8 * min(item.region.count, 1 << 40))
    }

    func place(_ offset: Int, _ opcode: PickleOpcode?) -> Location {
        item.location.at(offset, opcode?.name)
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
            // An array that is made empty, before it gets its state, asks for nothing.
            let isEmptyArray =
                verdict.meaning.isArrayShell
                && machine.child(1, of: arguments).flatMap { machine.child(0, of: $0) }?.integer == 0
            let demand = isEmptyArray ? nil : verdict.meaning.demand
            if verdict.meaning.isQuiet, creates || !verdict.knowledge.isDefault {
                if keywords == nil, machine.isInert(arguments), demand?.isNumeric != true,
                    !verdict.meaning.takesMemory
                {
                    return
                }
                // What is left to judge are a tensor's bounds, what the call costs and what is passed.
                if !mayPassDanger, !verdict.meaning.isTensor, !creates || verdict.meaning.isQuietClass, demand == nil,
                    !verdict.meaning.takesMemory, keywords == nil
                {
                    return
                }
            }
        }
        let call = PickleCall(
            result: result, callee: callee, arguments: arguments, keywords: keywords, opcode: opcode, offset: offset)
        judge(call, in: machine)
    }

    func built(_ target: PickleValue, state: PickleValue, at offset: Int, in machine: borrowing PickleMachine) {
        judgeMemory(state, of: target, at: offset, in: machine)
        judgeFile(state, of: target, at: offset, in: machine)
        judgeState(state, of: target, at: offset, in: machine)
    }

    func stored(
        _ items: ArraySlice<PickleValue>, into target: PickleValue, opcode: PickleOpcode, at offset: Int,
        in machine: borrowing PickleMachine
    ) {
        judgeInterfaces(items, opcode, at: offset, in: machine)
        judgeItems(items, into: target, opcode, at: offset, in: machine)
    }

    func suspected(_ value: PickleValue, in machine: borrowing PickleMachine) {
        if machine.mayStart(value, with: UInt8(ascii: "_")), let name = machine.string(value, limit: 40),
            PickleMemory.interfaces.contains(name)
        {
            interfaces.offset = interfaces.offset ?? value.payload
            return
        }
        judgeSecret(value, in: machine)
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
        anomaly.report(at: place(offset, nil), in: scan)
    }

    // MARK: Grouped findings

    /// Counts a name that no list has; one finding a package is made of them at the end.
    func note(stranger dotted: String, at offset: Int) { strangers.add(dotted, at: offset) }

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
        for entry in strangers.packages {
            scan.report(
                "PICKLE-UNKNOWN-CLASS", "Builds objects of \(entry.package) that are on no list: \(entry.listing)",
                at: place(entry.offset, nil), severity: .low,
                details: [.init("package", entry.package), .init("names", entry.names.joined(separator: ", "))])
        }
        judgeUnusedInterface()
        verdicts.removeAll()
        lastElement = nil
        strangers = PickleStrangers()
        denotations = PickleNotes()
        holders = PickleHolders()
        extents = PickleExtents()
    }
}
