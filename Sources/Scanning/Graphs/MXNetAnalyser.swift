internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges MXNet symbols: operators that call back into Python, or through addresses that stand in the file.
struct MXNetAnalyser: Analyser {
    let format: FormatID = "mxnet-symbol"

    func recognise(_ item: ScanItem) -> Recognition {
        let head = item.region.prefix(4_096)
        guard let brace = head.firstOffset(of: [UInt8(ascii: "{")]), brace < 64 else { return .no }
        guard head.firstOffset(of: Array("\"nodes\"".utf8)) != nil else { return .no }
        let region = item.region
        let tail = region.suffix(from: max(0, region.count - (1 << 16)))
        return region.prefix(1 << 16).firstOffset(of: Array("\"arg_nodes\"".utf8)) != nil
            || tail.firstOffset(of: Array("\"arg_nodes\"".utf8)) != nil ? .likely : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard item.region.count <= scan.limits.textBytes else { throw .limit(reading: "symbol") }
        try scan.budget.spend(operations: item.region.count / 4, reading: "symbol")
        let root = try JSONDocument(item.region).root
        // Subgraphs of control-flow operators are symbols within nodes: every object that names an operator is one.
        for node in root.descendants where node.isObject {
            try scan.budget.spend(operations: 4, reading: "nodes")
            if node["op"] != nil { judge(node, of: item, in: scan) }
        }
    }

    private func judge(_ node: JSONValue, of item: ScanItem, in scan: Scan) {
        guard let type = node["op"]?.string else { return }
        let name = Printable.line(node["name"]?.string ?? "", limit: 80)
        let place = item.location.at(node.offset, name)
        switch type {
        case "Custom", "_CustomFunction":
            let attributes = node["attrs"] ?? node["attr"] ?? node["param"]
            let registered = Printable.line(attributes?["op_type"]?.string ?? "?", limit: 80)
            scan.report(
                "GRAPH-CUSTOM-OPERATOR", "“\(name)” calls the Python operator registered as “\(registered)”", at: place,
                details: [.init("operator", registered)])
        case "_Native", "_NDArray":
            scan.report(
                "TENSOR-MEMORY-SAFETY", "“\(name)” calls a function through an address that stands in the file",
                at: place, severity: .high)
        case "TorchModule", "TorchCriterion", "_TorchModule", "_TorchCriterion":
            let attributes = node["attrs"] ?? node["attr"] ?? node["param"]
            let script = Printable.line(attributes?["lua_string"]?.string ?? "?", limit: 120)
            scan.report("GRAPH-CODE-EXECUTION", "“\(name)” runs the Lua text \(script)", at: place, severity: .high)
        case "_cvimread":
            scan.report("GRAPH-FILE-READ", "“\(name)” reads a file that its attributes name", at: place)
        default:
            guard !OperatorTable.isMXNet(type) else { break }
            scan.report(
                "GRAPH-CUSTOM-OPERATOR",
                "“\(name)” is the operator \(Printable.line(type, limit: 80)), which MXNet does not have", at: place,
                details: [.init("operator", type)])
        }
    }
}

/// Judges MXNet's arrays: whether all of them is there, and what else is.
struct MXNetParametersAnalyser: Analyser {
    let format: FormatID = "mxnet-params"

    func recognise(_ item: ScanItem) -> Recognition { MXNetParameters.begins(item.region) ? .certain : .no }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let file = try MXNetParameters(item.region, budget: scan.budget)
        for name in file.names.prefix(10_000) where name.count >= 8 {
            MetadataJudge.judge(name, named: "names", at: item.location.at(name.start - item.region.start), in: scan)
        }
        ContainerJudge.trailing(item.region.suffix(from: file.end), of: item, as: format, in: scan)
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let file = try MXNetParameters(item.region, budget: budget)
        let tensors = file.tensors.enumerated().map { index, tensor in
            Outline(
                index < file.names.count ? file.names[index].text(limit: 1_000) : "array \(index)",
                "\(MXNetParameters.name(ofType: tensor.type)) \(TensorText.shape(tensor.shape)) at \(tensor.offset), "
                    + "\(tensor.byteCount) bytes")
        }
        return Outline(
            format.rawValue, "\(item.region.count) bytes",
            children: [Outline("arrays", "\(tensors.count)", children: tensors)])
    }
}
