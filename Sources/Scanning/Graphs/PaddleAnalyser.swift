internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges PaddlePaddle programs by what their operators do.
///
/// Known dangerous operators are reported, those that no version of PaddlePaddle has, and file names that lead outside.
struct PaddleAnalyser: Analyser {
    let format: FormatID = "paddle-program"

    func recognise(_ item: ScanItem) -> Recognition {
        if PaddleProgram.isPresent(in: item.region) { return .likely }
        return item.fileExtension == "pdmodel" ? .possible : .no
    }

    static let effects: [String: (rule: String, severity: Severity, what: String)] = {
        let code = ("GRAPH-CODE-EXECUTION", Severity.critical, "calls Python code")
        let network = ("GRAPH-NETWORK", Severity.high, "works with other processes over the network")
        let read = ("GRAPH-FILE-READ", Severity.medium, "reads files that its attributes name")
        let write = ("GRAPH-FILE-WRITE", Severity.high, "writes files that its attributes name")
        return [
            "py_func": code, "python_op": code, "py_layer": code,
            "listen_and_serv": network, "send": network, "recv": network, "send_barrier": network,
            "fetch_barrier": network,
            "send_and_recv": network, "distributed_lookup_table": network, "checkpoint_notify": network,
            "prefetch": network,
            "heter_listen_and_serv": network, "gen_nccl_id": network, "c_gen_nccl_id": network, "gen_bkcl_id": network,
            "load": read, "load_combine": read, "read_file": read, "create_custom_reader": read, "open_files": read,
            "create_recordio_file_reader": read, "save": write, "save_combine": write, "lookup_sparse_table_read": read,
            "recv_save": write,
        ]
    }()

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard PaddleProgram.isPresent(in: item.region) else { throw .malformed(reading: "program") }
        let program = PaddleProgram(item.region, budget: scan.budget)
        for (type, use) in program.operators.sorted(by: { $0.value.offset < $1.value.offset }) {
            let name = Printable.line(type, limit: 100)
            let place = item.location.at(use.offset, name)
            if let effect = Self.effects[type] {
                scan.report(
                    effect.rule, "the operator \(name) \(effect.what)", at: place, severity: effect.severity,
                    details: [.init("operator", type)])
            } else if !OperatorTable.isPaddle(type) {
                scan.report(
                    "GRAPH-CUSTOM-OPERATOR",
                    "the operator \(name) is none of PaddlePaddle's and needs a native library",
                    at: place, details: [.init("operator", type)])
            }
        }
        for attribute in program.attributes {
            guard let path = ReferencedPath(attribute.value) else { continue }
            let value = Printable.line(String(decoding: attribute.value, as: UTF8.self), limit: 200)
            scan.report(
                "GRAPH-PATH", "the operator \(attribute.type) names “\(value)”, which \(path.problem.rawValue)",
                at: item.location.at(attribute.offset, attribute.name), severity: path.escapes ? .high : .medium)
        }
        if let failure = program.failure { throw failure }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let program = PaddleProgram(item.region, budget: budget)
        return Outline(
            "PaddlePaddle program", "\(program.blocks) blocks",
            children: [
                Outline(
                    "operators", "\(program.operators.count)",
                    children: program.operators.sorted { $0.key < $1.key }.map { Outline($0.key, "\($0.value.count)") })
            ])
    }
}

/// Judges programs in PaddlePaddle's newer representation (PIR), which is kept as JSON.
struct PaddleIntermediateAnalyser: Analyser {
    let format: FormatID = "paddle-pir"

    func recognise(_ item: ScanItem) -> Recognition {
        guard item.region[item.facts.firstInk ?? 0] == UInt8(ascii: "{") else { return .no }
        let head = item.region.prefix(1_024)
        return head.firstOffset(of: "\"base_code\"") != nil && head.firstOffset(of: "\"pir\"") != nil ? .likely : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard item.region.count <= scan.limits.textBytes else { throw .limit(reading: "program") }
        try scan.budget.spend(operations: item.region.count / 4, reading: "program")
        for value in try JSONDocument(item.region).root.descendants where value.isObject {
            try scan.budget.spend(operations: 1, reading: "program")
            // An operator's name stands behind that of its dialect, or a number for it.
            guard let name = value["#"]?.string, let type = name.split(separator: ".").last.map(String.init),
                let effect = PaddleAnalyser.effects[type], value["I"] != nil || value["O"] != nil || value["A"] != nil
            else { continue }
            scan.report(
                effect.rule, "the operator \(type) \(effect.what)", at: item.location.at(value.offset, type),
                severity: effect.severity, details: [.init("operator", type)])
        }
    }
}
