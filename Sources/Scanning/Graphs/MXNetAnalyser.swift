internal import AssayCore
internal import ByteParsing

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
        default: break
        }
    }
}

/// Recognises MXNet parameter files; their arrays are not read, since nothing but numbers can be in them.
struct MXNetParametersAnalyser: Analyser {
    let format: FormatID = "mxnet-params"

    func recognise(_ item: ScanItem) -> Recognition {
        // The list's magic number, and a reserved word that is always zero.
        item.region.little(UInt64.self, at: 0) == 0x112 && item.region.little(UInt64.self, at: 8) == 0 ? .certain : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard let count = item.region.little(UInt64.self, at: 16) else {
            throw .truncated(at: 16, reading: "array count")
        }
        guard count <= UInt64(item.region.count) else { throw .overflow(at: 16, reading: "array count") }
    }
}
