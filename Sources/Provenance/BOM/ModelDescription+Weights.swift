internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// What headers of safetensors and graphs of ONNX say: parameters, types, inputs and outputs. No weight is read.
extension ModelDescription {
    mutating func readSafeTensors(_ region: ByteRegion) {
        guard let file = try? SafeTensorsFile(region, budget: Budget()) else { return }
        var types: [String: Int] = [:]
        for tensor in file.tensors {
            guard let count = tensor.shape.checkedProduct(), count >= 0 else { continue }
            types[tensor.type, default: 0] += min(count, 1 << 50)
            parameters = min((parameters ?? 0) + min(count, 1 << 50), 1 << 60)
        }
        for (type, count) in types.sorted(by: { $0.key < $1.key }) {
            facts.append(Fact(name: "safetensors:\(type):parameters", value: String(count)))
        }
    }

    mutating func readONNX(_ region: ByteRegion) {
        let model = ONNXModel(region, budget: Budget())
        var count = 0
        for tensor in model.tensors {
            guard tensor.dimensions.allSatisfy({ $0 >= 0 }) else { continue }
            count = min(count + min(tensor.dimensions.checkedProduct() ?? 0, 1 << 50), 1 << 60)
        }
        if count > 0 { parameters = min((parameters ?? 0) + count, 1 << 60) }
        func interfaces(_ ranges: [Range<Int>]) -> [Interface] {
            ranges.prefix(256).map { range in
                let value = ONNXValue(region, range)
                let shape = "[" + value.dimensions.map { Printable.line($0) }.joined(separator: ",") + "]"
                return Interface(name: Printable.line(value.name), format: value.elementType + shape)
            }
        }
        // Weights may stand among the inputs too: what has a value is none.
        let weights = Set(model.tensors.map(\.name))
        inputs += interfaces(model.inputRanges).filter { !weights.contains($0.name) }
        outputs += interfaces(model.outputRanges)
        if !model.producer.isEmpty { facts.append(Fact(name: "onnx:producer", value: Printable.line(model.producer))) }
        facts.append(Fact(name: "onnx:ir-version", value: String(model.irVersion)))
        for set in model.operatorSets.prefix(64) {
            let domain = set.domain.isEmpty ? "ai.onnx" : Printable.line(set.domain)
            facts.append(Fact(name: "onnx:opset", value: "\(domain) \(set.version)"))
        }
        for text in model.texts where ["producer_version", "domain"].contains(text.key) && !text.range.isEmpty {
            guard let bytes = region.slice(text.range.lowerBound, min(text.range.count, 256)) else { continue }
            facts.append(Fact(name: "onnx:" + text.key, value: Printable.line(bytes.text())))
        }
    }
}
