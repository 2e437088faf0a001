internal import ByteParsing

/// Values: tensors, and the texts of attributes.
extension ONNXWalk {
    mutating func walkTensor(_ message: Pending, _ budget: Budget) throws(ParseError) {
        var tensor = ONNXTensorMessage()
        // Kept even when the tensor breaks off behind them.
        defer { for range in tensor.metadata { property(range) } }
        try tensor.read(message.range, of: messages, budget: budget)
        for range in tensor.entries {
            let entry = messages.pair(range)
            guard model.external.count < Self.kept else { throw .limit(at: range.lowerBound, reading: "external data") }
            guard let value = messages.region.slice(entry.value.lowerBound, min(entry.value.count, 4_096)) else {
                continue
            }
            model.external.append(
                ONNXModel.External(
                    tensor: tensor.name, key: entry.key, value: value.array(), offset: range.lowerBound))
        }
        if tensor.mayHoldAFile {
            guard model.blobs.count < Self.kept else {
                throw .limit(at: tensor.values.lowerBound, reading: "byte tensors")
            }
            model.blobs.append(ONNXModel.Text(key: tensor.name, range: tensor.values))
        }
        if tensor.isInconsistent, model.inconsistent.count < Self.kept {
            model.inconsistent.append(ONNXModel.Text(key: tensor.name, range: message.range))
        }
        if message.kind == .mainTensor, model.tensors.count < Self.kept {
            model.tensors.append(
                ONNXModel.Tensor(
                    name: tensor.name, type: tensor.type, dimensions: tensor.dimensions,
                    isExternal: tensor.isExternal || !tensor.entries.isEmpty, offset: message.range.lowerBound))
        }
    }

    mutating func string(_ range: Range<Int>, _ key: String) {
        guard model.blobs.count < Self.kept, model.pathAttributes.count < Self.kept else {
            isCut = true
            return
        }
        if range.count >= 64 { model.blobs.append(ONNXModel.Text(key: key, range: range)) }
        let name = key.lowercased()
        if range.count <= 4_096, Self.pathWords.contains(where: { name.contains($0) }) {
            model.pathAttributes.append(ONNXModel.Text(key: key, range: range))
        }
    }

    /// Parts of the names of attributes that hold file names.
    private static let pathWords = ["path", "file", "location", "ep_cache_context", "library", "dll", "url"]
}
