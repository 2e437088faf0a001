internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges ExecuTorch programs: operators from elsewhere, and what else the file carries.
struct ExecuTorchAnalyser: Analyser {
    let format: FormatID = "executorch"

    /// Namespaces of operators that the runtime and its backends register.
    private static let namespaces: Set<String> = [
        "aten", "prim", "executorch_prim", "et_vk", "dim_order_ops", "quantized_decomposed", "quantized", "llama",
        "cortex_m", "cadence", "xnnpack", "torchao", "et_copy", "custom_sdpa", "portable",
    ]

    func recognise(_ item: ScanItem) -> Recognition {
        if ExecuTorchProgram.isPresent(in: item.region) { return .certain }
        return item.fileExtension == "pte" ? .possible : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let program = try ExecuTorchProgram(item.region, budget: scan.budget)
        for name in Set(program.operators).sorted() {
            let namespace = name.split(separator: ":").first.map(String.init) ?? ""
            guard name.contains("::"), !Self.namespaces.contains(namespace) else { continue }
            scan.report(
                "GRAPH-CUSTOM-OPERATOR", "the operator \(Printable.line(name, limit: 100)) needs a native library",
                at: item.location.at(nil, name), details: [.init("operator", name)])
        }
        for declared in [program.declaredProgram, program.declaredSegments].compactMap({ $0 })
        where declared > item.region.count {
            scan.report("TENSOR-LAYOUT", "the extended header points outside of the file", at: item.location.at(8))
        }
        try OpaqueContent.sweep(item, as: format, in: scan)
        if let failure = program.failure { throw failure }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let program = try ExecuTorchProgram(item.region, budget: budget)
        return Outline(
            "ExecuTorch program", program.plans.joined(separator: ", "),
            children: [
                Outline("operators", "\(program.operators.count)", children: program.operators.map { Outline($0) }),
                Outline("delegates", "\(program.delegates.count)", children: program.delegates.map { Outline($0) }),
            ])
    }
}
