internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges TensorFlow graphs by what their operators do, in the graph and in every function.
struct TensorFlowAnalyser: Analyser {
    let kind: TensorFlowGraph.Kind

    var format: FormatID {
        switch kind {
        case .savedModel: "tf-savedmodel"
        case .metaGraph: "tf-metagraph"
        case .graph: "tf-graphdef"
        case .kerasMetadata: "tf-keras-metadata"
        }
    }

    /// Objects of one file whose metadata is opened.
    private static let objectLimit = 5_000

    func recognise(_ item: ScanItem) -> Recognition {
        if item.facts.tensorFlow == kind { return .certain }
        return kind == .savedModel && isNamed(item) ? .possible : .no
    }

    private func isNamed(_ item: ScanItem) -> Bool { item.name == "saved_model.pb" || item.fileExtension == "pb" }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard let found = item.facts.tensorFlow else {
            // Other protocol buffers are called .pb too; bytes that are none at all are broken.
            guard item.name == "saved_model.pb" || !ProtobufShape(item.region).isWhole else { return }
            throw .malformed(reading: "saved model")
        }
        guard found == kind else { return }
        let graph = TensorFlowGraph(item.region, as: kind, budget: scan.budget)
        let isDescriptors = kind == .graph && TensorFlowGraph.isDescriptorSet(item.region)
        for (type, use) in graph.operators.sorted(by: { $0.value.offset < $1.value.offset }) {
            // A function of the model's own is judged by what is in it.
            if graph.functions.contains(type) || isDescriptors, OperatorTable.tensorFlow(type) == nil { continue }
            TensorFlowJudge.judge(type, node: use.node, at: item.location.at(use.offset, use.node), in: scan)
        }
        for attribute in graph.attributes { judge(attribute, of: item, in: scan) }
        for target in graph.files.fixedTargets {
            guard ReferencedPath(Array(target.path.utf8)) != nil else { continue }
            scan.report(
                "GRAPH-FILE-WRITE",
                "\(target.type) writes to “\(Printable.line(target.path, limit: 200))”, which is fixed in the graph",
                at: item.location.at(target.offset, target.type), severity: .medium)
        }
        for table in graph.files.tableFiles {
            let path = table.path.flatMap { ReferencedPath(Array($0.utf8)) == nil ? nil : $0 }
            let file = path.map { "“\(Printable.line($0, limit: 200))”" } ?? "a file that is none of the model's assets"
            scan.report(
                "GRAPH-FILE-READ", "\(table.type) fills a table from \(file)",
                at: item.location.at(table.offset, table.type), severity: path == nil ? .low : .medium)
        }
        for asset in graph.assets {
            guard let bytes = item.region.slice(asset.lowerBound, min(asset.count, 4_096))?.array(),
                let path = ReferencedPath(bytes)
            else { continue }
            scan.report(
                "GRAPH-PATH",
                "the asset name “\(Printable.line(String(decoding: bytes, as: UTF8.self), limit: 200))” \(path.problem.rawValue)",
                at: item.location.at(asset.lowerBound, "asset"), severity: path.escapes ? .high : .medium)
        }
        openObjects(of: graph, item, in: scan)
        if let failure = graph.failure { throw failure }
    }

    private func judge(_ attribute: TensorFlowGraph.Attribute, of item: ScanItem, in scan: Scan) {
        let place = item.location.at(attribute.offset, attribute.key)
        let value = Printable.line(attribute.value, limit: 200)
        switch attribute.key {
        case "output_stream" where !["stdout", "stderr", "log(info)", "log(warning)", "log(error)"].contains(value):
            scan.report("GRAPH-FILE-WRITE", "\(attribute.type) prints to “\(value)”", at: place, severity: .high)
        case "memory_region_name" where !value.isEmpty:
            scan.report("GRAPH-FILE-READ", "\(attribute.type) maps the file “\(value)”", at: place, severity: .high)
        case "vocab_file" where !value.isEmpty, "file_pattern" where !value.isEmpty:
            scan.report("GRAPH-FILE-READ", "\(attribute.type) reads the file “\(value)”", at: place, severity: .medium)
        case "descriptor_source" where !value.isEmpty && value != "local://" && !value.hasPrefix("bytes://"):
            scan.report("GRAPH-FILE-READ", "\(attribute.type) reads the file “\(value)”", at: place, severity: .medium)
        case "debug_urls" where !value.isEmpty:
            scan.report("GRAPH-NETWORK", "\(attribute.type) sends tensors to “\(value)”", at: place, severity: .high)
        default: break
        }
    }

    private func openObjects(of graph: TensorFlowGraph, _ item: ScanItem, in scan: Scan) {
        for (index, range) in graph.objects.enumerated() {
            guard index < Self.objectLimit else {
                scan.report(
                    incomplete: "more than \(Self.objectLimit) objects with metadata: the rest were not opened",
                    at: item.location)
                return
            }
            guard let json = item.region.slice(range.lowerBound, range.count) else { continue }
            scan.descend(into: json, named: "object \(index).json", of: item, as: format)
        }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let graph = TensorFlowGraph(item.region, as: kind, budget: budget)
        let operators = graph.operators.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map {
            Outline(
                $0.key,
                "\($0.value.count)"
                    + (OperatorTable.tensorFlow($0.key).map { $0 == .compute ? "" : " (\($0.rawValue))" } ?? " (custom)")
            )
        }
        return Outline(
            kind.rawValue,
            [graph.version, graph.tags.joined(separator: ", ")].filter { !$0.isEmpty }.joined(separator: ", "),
            children: [
                Outline("signatures", "\(graph.signatures.count)", children: graph.signatures.map { Outline($0) }),
                Outline("operators", "\(operators.count)", children: operators),
                Outline(
                    "functions", "\(graph.functions.count)", children: graph.functions.sorted().map { Outline($0) }),
            ])
    }
}
