package import ByteParsing
internal import ModelFormats

/// How many parameters a model file declares: the product of each tensor's shape, from the headers of safetensors, GGUF
/// and ONNX. Nothing of the weights is read.
package enum ParameterCount {
    /// Nil when the file is none of these or does not read as one.
    package static func count(_ region: ByteRegion) -> Int? {
        if GGUFFile.isPresent(in: region) {
            guard let file = try? GGUFFile(region, budget: Budget()) else { return nil }
            return sum(file.tensors.map { $0.dimensions.compactMap { Int(exactly: $0) } })
        }
        if SafeTensorsFile.headerLength(region) != nil, let file = try? SafeTensorsFile(region, budget: Budget()) {
            return sum(file.tensors.map(\.shape))
        }
        if ONNXModel.likeness(region) > 0 {
            return sum(ONNXModel(region, budget: Budget()).tensors.map(\.dimensions))
        }
        return nil
    }

    private static func sum(_ shapes: [[Int]]) -> Int? {
        var total = 0
        for shape in shapes {
            guard let count = shape.checkedProduct(), count >= 0, count <= 1 << 50 else { return nil }
            total = min(total + count, 1 << 60)
        }
        return total > 0 ? total : nil
    }
}
