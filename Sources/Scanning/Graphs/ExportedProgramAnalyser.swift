internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges the JSON of PyTorch's exported programs (`torch.export`, the models of `.pt2` archives): the functions that nodes
/// name, and the expressions of sizes, which loading evaluates.
///
/// `target` is looked up attribute by attribute from `torch`, `operator` or `math`; `expr_str` goes to `sympy.sympify`, which
/// runs it as Python.
///
/// Source: `torch/_export/serde/serialize.py` (PyTorch 2.9).
struct ExportedProgramAnalyser: Analyser {
    let format: FormatID = "exported-program"

    func recognise(_ item: ScanItem) -> Recognition {
        guard let start = item.facts.firstInk, item.region[start] == UInt8(ascii: "{"), item.facts.isText else {
            return .no
        }
        let head = item.region.prefix(1 << 16)
        let isProgram = head.firstOffset(of: "\"graph_module\"") != nil
        guard isProgram || item.containers.last == "pt2" && item.fileExtension == "json" else { return .no }
        return isProgram && head.firstOffset(of: "\"graph\"") != nil ? .likely : .possible
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let document = try JSONDocument(item.region)
        try JSONWalk.visit(document.root, skipping: [], budget: scan.budget) { place in
            guard place.value.kind == .string, let text = place.value.string else { return }
            let location = item.location.at(place.value.offset, place.path)
            switch place.key {
            case "target": judge(target: text, at: location, in: scan)
            case "expr_str": judge(expression: text, at: location, in: scan)
            default: break
            }
        }
    }

    private func judge(target: String, at place: Location, in scan: Scan) {
        let shown = Printable.line(target, limit: 120)
        let parts = target.split(separator: ".").map(String.init)
        if parts.count >= 4, parts[0] == "torch", parts[1] == "ops" {
            guard !TorchScriptJudge.namespaces.contains(parts[2]) else { return }
            scan.report(
                "GRAPH-CUSTOM-OPERATOR", "the operator \(shown) is none of PyTorch's and needs a native library",
                at: place, details: [.init("operator", target)])
            return
        }
        // Any attribute of `torch` can be named, the modules that it has imported included.
        guard parts.count >= 2, let severity = ConfigurationJudge.severity(ofCalling: target), severity >= .high,
            !ConfigurationJudge.isLibraryPart(target)
        else { return }
        scan.report("GRAPH-CODE-EXECUTION", "a node calls \(shown)", at: place, severity: severity)
    }

    /// What sizes are computed from: names, numbers and sympy's functions.
    private func judge(expression: String, at place: Location, in scan: Scan) {
        guard let tokens = try? PythonTokenizer.tokens(of: Array(expression.utf8), budget: scan.budget) else { return }
        for index in tokens.indices where tokens[index].kind == .name {
            let name = tokens[index].text
            let isAttribute = index > 0 && tokens[index - 1].isSymbol(".")
            let isCalled = index + 1 < tokens.count && tokens[index + 1].isSymbol("(")
            let isDangerous: Bool
            if isAttribute {
                isDangerous = isCalled || CallableResolution.isReaching(name)
            } else {
                let capability = CallableKnowledge.of(module: "builtins", name: name).capability
                isDangerous = isCalled && capability.calledSeverity >= .high || name == "lambda"
            }
            guard isDangerous else { continue }
            scan.report(
                "GRAPH-CODE-EXECUTION",
                "the expression of a size, which loading evaluates, calls \(Printable.line(name, limit: 60)): "
                    + "`\(Printable.line(expression, limit: 120))`", at: place, severity: .critical)
            return
        }
    }
}
