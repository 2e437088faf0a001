internal import ByteParsing

/// The nodes of the graph and of functions, with their attributes.
extension TensorFlowGraph {
    mutating func walkNode(_ next: Pending, _ budget: Budget) throws(ParseError) {
        let source = region
        var reader = ProtobufReader(source.bytes, next.range)
        var name = 0..<0
        var type = 0..<0
        var firstInput = 0..<0
        var secondInput: Range<Int>?
        var attributes: [ProtobufField] = []
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "NodeDef")
            guard field.wire == .bytes else { continue }
            switch field.number {
            case 1: name = field.range
            case 2: type = field.range
            case 3:
                if firstInput.isEmpty {
                    firstInput = field.range
                } else {
                    secondInput = secondInput ?? field.range
                }
            case 5: attributes.append(field)
            default: break
            }
        }
        let typeName = text(type)
        try use(typeName, node: text(name, limit: 256), at: next.range.lowerBound)
        note(
            typeName, in: next, name: name,
            inputs: [firstInput, secondInput].compactMap(\.self).filter { !$0.isEmpty },
            attributes)
        for field in attributes { try push(.attribute, field, type: typeName) }
    }

    /// Takes note of an operator that has to do with the names of files.
    private mutating func note(
        _ type: String, in node: Pending, name: Range<Int>, inputs: [Range<Int>], _ attributes: [ProtobufField]
    ) {
        switch TensorFlowFiles.Role(type) {
        case .constant:
            if let path = constant(attributes) { files.add(path: path, named: text(name, limit: 256), scope) }
        case .passing:
            if let input = inputs.first { files.add(alias: text(name, limit: 256), of: text(input, limit: 256), scope) }
        case .saver:
            files.add(saver: type, to: inputs.first.map { text($0, limit: 256) }, scope, at: node.range.lowerBound)
        case .table:
            let input = inputs.count > 1 ? text(inputs[1], limit: 256) : nil
            files.add(table: type, from: input, scope, at: node.range.lowerBound)
        case .call(let skipped): call(type, node.range, attributes, skipping: skipped)
        case nil: break
        }
    }

    /// Takes note of a call of a function: what is handed to it.
    private mutating func call(
        _ type: String, _ node: Range<Int>, _ attributes: [ProtobufField], skipping skipped: Int
    ) {
        guard files.hasRoomForCalls else { return }
        var inputs: [String] = []
        var reader = ProtobufReader(region.bytes, node)
        while inputs.count < TensorFlowFiles.mostInputs, let field = try? reader.next() {
            if field.number == 3, field.wire == .bytes { inputs.append(text(field.range, limit: 256)) }
        }
        for attribute in attributes {
            guard let value = member(2, of: attribute.range), let function = member(10, of: value),
                let name = member(1, of: function)
            else { continue }
            files.add(call: text(name), with: inputs.dropFirst(skipped), scope)
        }
    }

    /// The text of a constant that may be a file's name: one that is absolute, leads up, or is an address.
    private func constant(_ attributes: [ProtobufField]) -> String? {
        for attribute in attributes {
            guard let value = member(2, of: attribute.range), let tensor = member(8, of: value),
                let content = member(8, of: tensor), (2...1_024).contains(content.count)
            else { continue }
            let path = text(content, limit: 1_024)
            if path.hasPrefix("/") || path.hasPrefix("~") || path.contains("..") || path.contains(":") { return path }
        }
        return nil
    }

    /// Where the first member of that number and of length-delimited form lies.
    func member(_ number: Int, of range: Range<Int>) -> Range<Int>? {
        var reader = ProtobufReader(region.bytes, range)
        var left = 16
        while left > 0, let field = try? reader.next() {
            if field.number == number, field.wire == .bytes { return field.range }
            left -= 1
        }
        return nil
    }

    mutating func walkAttribute(_ next: Pending, _ budget: Budget) throws(ParseError) {
        let source = region
        var reader = ProtobufReader(source.bytes, next.range)
        var key = 0..<0
        var value: ProtobufField?
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "attribute")
            if field.number == 1, field.wire == .bytes { key = field.range }
            if field.number == 2 { value = field }
        }
        guard let value else { return }
        try push(.value, value, type: next.type, key: text(key, limit: 64))
    }
}
