import AssayCore
import ByteParsing
import ModelFormats

/// Calls of pure functions, whose results are computed.
extension PickleJudge {
    /// Computes the result of a pure function; false when it is not modelled.
    func evaluate(
        _ call: PickleCall, _ verdict: Verdict, _ parts: [PickleValue], in machine: borrowing PickleMachine
    ) -> Bool {
        let (values, lists) = operands(parts, in: machine)
        if let compression = PickleEvaluation.compression(verdict.canonical, values), let data = parts.first {
            return decompress(data, as: compression, call, in: machine)
        }
        guard let value = PickleEvaluation.call(verdict.canonical, values, lists: lists) else { return false }
        note(call.result, value)
        suspect(value, from: values, call)
        return true
    }

    /// What the arguments stand for, and the elements of those that are lists.
    private func operands(
        _ parts: [PickleValue], in machine: borrowing PickleMachine
    ) -> (values: [PickleDenotation], lists: [[PickleDenotation]?]) {
        var lists: [[PickleDenotation]?] = []
        for part in parts {
            let isList = machine.node(part).map { $0.kind == .list || $0.kind == .tuple } ?? false
            lists.append(isList ? machine.children(part, limit: 4096).map { denotation($0, in: machine) } : nil)
        }
        return (parts.map { denotation($0, in: machine) }, lists)
    }

    /// Opens what a call decompresses, and knows it as the call's result when it is short; false when the data is not known.
    private func decompress(
        _ data: PickleValue, as compression: Compression, _ call: PickleCall, in machine: borrowing PickleMachine
    ) -> Bool {
        var bytes = machine.byteArray(data, limit: 4 << 20) ?? encoded(data, in: machine)
        if bytes == nil, case .bytes(let computed) = denotation(data, in: machine) { bytes = computed }
        guard let bytes else { return false }
        var compression = compression
        let region = ByteRegion(bytes)
        // LZMA's function takes the older container too, and all of them are known by their beginning.
        if compression == .xz { compression = Compression.probe(region) ?? .lzmaAlone }
        guard let content = try? Decompressed(region, as: compression, budget: scan.budget) else {
            note(call.result, .bytes([]))
            return true
        }
        let name = NestedPickle.name(call.offset)
        ContainerJudge.report(
            content, kind: compression.rawValue, at: item.location.member(name), isGuess: true, in: scan)
        if content.region.count <= PickleEvaluation.limit { note(call.result, .bytes(content.region.array())) }
        // A constant with a mark of its own has been opened where it stands.
        let isOpened = data.kind != .node && NestedPickle.isContainer(region)
        if !isOpened { scan.descend(into: content.region, named: name, of: item, as: "pickle") }
        return true
    }

    func evaluateMethod(
        _ call: PickleCall, _ base: PickleDenotation, _ method: String, _ parts: [PickleValue],
        in machine: borrowing PickleMachine
    ) {
        let (values, lists) = operands(parts, in: machine)
        if let value = PickleEvaluation.method(method, of: base, values, lists: lists) {
            note(call.result, value)
            suspect(value, from: values + [base], call)
        } else {
            note(call.result, .unknown)
        }
    }

    /// Bytes that a pickle puts together may be another pickle. A constant that is too long for an argument is judged as
    /// it stands, not by what its beginning gives.
    func suspect(_ value: PickleDenotation, from inputs: [PickleDenotation], _ call: PickleCall) {
        if case .bytes(let bytes) = value, bytes.count >= 8,
            !inputs.contains(where: { $0.size >= PickleEvaluation.limit })
        {
            NestedPickle.open(bytes, at: call.offset, of: item, scan: scan)
        }
    }

    /// What `_codecs.encode(text, "latin1")` makes of a constant text.
    func encoded(_ value: PickleValue, in machine: borrowing PickleMachine) -> [UInt8]? {
        guard let node = machine.node(value), node.kind == .call, let callee = machine.child(0, of: value),
            case .name(let module, let name) = denotation(callee, in: machine), module == "_codecs", name == "encode",
            let list = machine.child(1, of: value)
        else { return nil }
        let arguments = machine.children(list, limit: 2)
        guard arguments.count == 2, case .text("latin1") = denotation(arguments[1], in: machine),
            let points = machine.codePoints(arguments[0], limit: 4 << 20), points.allSatisfy({ $0 < 256 })
        else { return nil }
        return points.map { UInt8(truncatingIfNeeded: $0) }
    }
}
