internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges ONNX: the files it names, operators that run Python or need native code, functions that stand in for others.
struct ONNXAnalyser: Analyser {
    let format: FormatID = "onnx"

    func recognise(_ item: ScanItem) -> Recognition {
        switch ONNXModel.likeness(item.region) {
        case 2: .certain
        case 1: .likely
        default: Self.text(item) != nil ? .likely : item.fileExtension == "onnx" ? .possible : .no
        }
    }

    /// The text notation in which the item is a model, if it is one.
    private static func text(_ item: ScanItem) -> ONNXText? {
        item.facts.isText ? ONNXText.kind(of: item.region) : nil
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let model: ONNXModel
        if ONNXModel.likeness(item.region) > 0 {
            model = ONNXModel(item.region, budget: scan.budget)
        } else if let text = Self.text(item) {
            guard item.region.count <= scan.limits.textBytes else { throw .limit(reading: "model in text") }
            model = text.model(item.region, budget: scan.budget)
        } else {
            throw .malformed(reading: "model")
        }
        judgeOperators(of: model, item, in: scan)
        judgeFunctions(of: model, item, in: scan)
        for entry in model.external { judge(entry, of: item, in: scan) }
        for tensor in model.inconsistent.prefix(100) {
            scan.report(
                "TENSOR-LAYOUT",
                "“\(Printable.line(tensor.key, limit: 80))” has dimensions that its values do not fit",
                at: item.location.at(tensor.range.lowerBound, tensor.key))
        }
        for text in model.texts {
            guard let value = item.region.slice(text.range.lowerBound, text.range.count) else { continue }
            try MetadataText.judge(
                value, key: text.key, at: item.location.at(text.range.lowerBound, text.key), in: scan)
        }
        for text in model.pathAttributes {
            judge(path: text.range, named: "the attribute “\(Printable.line(text.key, limit: 80))”", of: item, in: scan)
        }
        for blob in model.blobs {
            guard let bytes = item.region.slice(blob.range.lowerBound, blob.range.count) else { continue }
            try EmbeddedProgram.check(bytes, in: blob.key, of: item, scan: scan)
            OpaqueContent.openPickle(in: bytes, named: blob.key, of: item, as: format, in: scan)
        }
        if let failure = model.failure { throw failure }
    }

    /// Operators that hand control to Python or to code that the model carries.
    private static let codeOperators: Set<String> = [
        "PyOp", "PythonOp", "PythonOpGrad", "PyCustomOp", "PyCustomOpDef", "TritonOp", "ExecuteTritonOp", "PyFunc",
    ]
    /// Domains that runtimes implement themselves.
    private static let knownDomains: Set<String> = [
        "", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview", "ai.onnx.preview.training",
        "com.ms.internal.nhwc", "org.pytorch.aten",
    ]

    private static func isKnown(_ domain: String) -> Bool {
        knownDomains.contains(domain) || domain == "com.microsoft" || domain.hasPrefix("com.microsoft.")
    }

    /// Operators of libraries that the makers of runtimes publish: their extensions, and TensorRT's own plugins.
    private static func isCompanion(_ used: ONNXModel.Operator) -> Bool {
        // Python operators of ONNX Runtime's extensions are registered under a name of this kind.
        if used.domain == "ai.onnx.contrib" { return !used.type.hasPrefix("Py") }
        return used.type.hasSuffix("_TRT")
            || used.domain == "trt.plugins" && used.type.hasPrefix("TRT_")
                && ["Linear", "Quantize"].contains { used.type.hasSuffix($0) }
    }

    /// Operators of ONNX Runtime's extensions that send what they get to a service.
    private static func callsService(_ used: ONNXModel.Operator) -> Bool {
        ["com.microsoft.extensions", "ai.onnx.contrib"].contains(used.domain)
            && ["Azure", "OpenAI"].contains { used.type.hasPrefix($0) }
    }

    private func judgeOperators(of model: ONNXModel, _ item: ScanItem, in scan: Scan) {
        let functions = Set(model.functions.map { ONNXModel.Operator(domain: $0.domain, type: $0.name) })
        for (used, use) in model.operators.sorted(by: { $0.value.offset < $1.value.offset }) {
            let place = item.location.at(use.offset, use.node)
            let type = Printable.line(used.type, limit: 80)
            let domain = Printable.line(used.domain, limit: 80)
            let details = [Finding.Detail("operator", used.type), Finding.Detail("domain", used.domain)]
            if Self.codeOperators.contains(used.type) {
                scan.report(
                    "GRAPH-CODE-EXECUTION", "the operator \(type) of “\(domain)” runs code outside of the graph",
                    at: place, severity: .high, details: details)
            } else if functions.contains(used) {
                continue
            } else if Self.callsService(used) {
                scan.report(
                    "GRAPH-NETWORK", "the operator \(type) sends its inputs to a service", at: place, severity: .high,
                    details: details)
            } else if !Self.isKnown(used.domain) {
                scan.report(
                    "GRAPH-CUSTOM-OPERATOR",
                    "the operator \(type) is of the domain “\(domain)”, which needs a native library", at: place,
                    severity: Self.isCompanion(used) ? .low : .medium, details: details)
            } else if used.domain.isEmpty || used.domain.hasPrefix("ai.onnx"),
                !OperatorTable.isONNX(domain: used.domain, type: used.type)
            {
                scan.report(
                    "GRAPH-CUSTOM-OPERATOR", "the operator \(type) is not one of ONNX", at: place,
                    severity: Self.isCompanion(used) ? .low : .medium, details: details)
            }
        }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let model =
            Self.text(item)?.model(item.region, budget: budget) ?? ONNXModel(item.region, budget: budget)
        let operators = model.operators.sorted { ($1.value.count, $0.key.type) < ($0.value.count, $1.key.type) }.map {
            Outline(($0.key.domain.isEmpty ? "" : $0.key.domain + ".") + $0.key.type, "\($0.value.count)")
        }
        let tensors = model.tensors.map {
            let type = ONNXValue.elementTypes[$0.type] ?? "type \($0.type)"
            return Outline($0.name, "\(type) \(TensorText.shape($0.dimensions))" + ($0.isExternal ? " external" : ""))
        }
        let texts = model.texts.map { text in
            Outline(text.key, item.region.slice(text.range.lowerBound, text.range.count)?.text(limit: 4_096) ?? "")
        }
        return Outline(
            "ONNX, IR version \(model.irVersion)", model.producer,
            children: [
                Outline(
                    "operator sets", "",
                    children: model.operatorSets.map {
                        Outline($0.domain.isEmpty ? "ai.onnx" : $0.domain, "\($0.version)")
                    }),
                Outline("inputs", model.inputs.joined(separator: ", ")),
                Outline("outputs", model.outputs.joined(separator: ", ")),
                Outline("metadata", "\(texts.count)", children: texts),
                Outline("operators", "\(operators.count)", children: operators),
                Outline(
                    "functions", "\(model.functions.count)",
                    children: model.functions.map { Outline($0.domain + "." + $0.name) }),
                Outline("tensors", "\(tensors.count)", children: tensors),
            ])
    }
}
