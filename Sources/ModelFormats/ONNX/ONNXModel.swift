package import ByteParsing

/// The parts of an ONNX model that say what loading it does: operators, files it names, texts.
///
/// Node and attribute comments are left out: exporters fill them with their own stack traces.
/// All graphs are followed: the main one, those of If, Loop and Scan bodies, of functions and of training. A model
/// is walked with a list of pending messages, so nesting costs no stack. Not read: tensor values and type information.
///
/// Source: `onnx.proto` of the ONNX repository, IR version 13.
package struct ONNXModel: Sendable {
    /// An operator type and how often it is used.
    package struct Operator: Sendable, Hashable {
        package let domain: String
        package let type: String

        package init(domain: String, type: String) {
            self.domain = domain
            self.type = type
        }
    }

    package struct Use: Sendable {
        package var count: Int
        /// Name and offset of the first node.
        package let node: String
        package let offset: Int
    }

    /// A tensor whose values stand in another file.
    package struct External: Sendable {
        package let tensor: String
        package let key: String
        package let value: [UInt8]
        package let offset: Int
    }

    package struct Text: Sendable {
        package let key: String
        package let range: Range<Int>
    }

    package struct Function: Sendable, Hashable {
        package let domain: String
        package let name: String
        package let offset: Int
    }

    package struct Tensor: Sendable {
        package let name: String
        package let type: Int
        package let dimensions: [Int]
        package let isExternal: Bool
        package let offset: Int
    }

    package private(set) var irVersion = 0
    package private(set) var producer = ""
    package private(set) var operators: [Operator: Use] = [:]
    package private(set) var operatorSets: [(domain: String, version: Int)] = []
    package private(set) var external: [External] = []
    package private(set) var texts: [Text] = []
    /// Strings of attributes and byte tensors that are long enough to be a file.
    package private(set) var blobs: [Text] = []
    /// Strings of attributes whose names say that they are file names.
    package private(set) var pathAttributes: [Text] = []
    package private(set) var functions: [Function] = []
    /// Initializers of the main graph.
    package private(set) var tensors: [Tensor] = []
    package private(set) var inputs: [String] = []
    package private(set) var outputs: [String] = []
    /// Where the main graph's inputs and outputs are described: for `ONNXValue`.
    package private(set) var inputRanges: [Range<Int>] = []
    package private(set) var outputRanges: [Range<Int>] = []
    /// Calls from one function to another, by index into `functions`: a loop in them has no end.
    package private(set) var calls: [(function: Int, callee: Operator)] = []
    /// Why the walk stopped, or nil; what was read before stays.
    package private(set) var failure: ParseError?

    private let region: ByteRegion
    private var pending: [Pending] = []
    private var pages = PageReturn()
    /// Whether there were more texts or attributes than are kept.
    private var isCut = false

    private enum Kind {
        case model, graph, mainGraph, node, attribute, tensor, mainTensor, sparseTensor, function, training
    }
    private struct Pending {
        let kind: Kind
        let range: Range<Int>
        /// Index of the function whose body this is, or -1.
        let function: Int
        var depth = 0
    }

    /// Messages in each other that protocol buffers' own parsers follow; deeper ones are read here and refused there.
    private static let nesting = 100
    private var depth = 0

    /// How many distinct operators and external names are kept.
    private static let kept = 50_000

    package init(_ region: ByteRegion, budget: Budget) {
        self.region = region
        pending = [Pending(kind: .model, range: 0..<region.count, function: -1)]
        do throws(ParseError) {
            var deepest = 0
            while let next = pending.popLast() {
                depth = next.depth
                pages.look(at: next.range.lowerBound, in: region)
                deepest = max(deepest, depth)
                try walk(next, budget: budget)
            }
            if deepest > Self.nesting { failure = .malformed(reading: "messages nested \(deepest) deep") }
            if isCut { throw .limit(reading: "texts") }
        } catch {
            failure = error
        }
    }

    private func text(_ range: Range<Int>, limit: Int = 4_096) -> String {
        region.slice(range.lowerBound, range.count)?.text(limit: limit) ?? ""
    }

    private mutating func push(_ kind: Kind, _ field: ProtobufField, _ function: Int = -1) throws(ParseError) {
        guard field.wire == .bytes else { return }
        guard pending.count < 4_000_000 else { throw .limit(at: field.range.lowerBound, reading: "messages") }
        pending.append(Pending(kind: kind, range: field.range, function: function, depth: depth + 1))
    }

    /// The same, the rest of the message that the field stands in waiting behind it: a graph may have more nodes than memory
    /// should hold at a time.
    private mutating func push(
        _ kind: Kind, _ field: ProtobufField, _ function: Int = -1, restOf message: Pending
    ) throws(ParseError) {
        let rest = field.range.upperBound..<max(field.range.upperBound, message.range.upperBound)
        pending.append(
            Pending(kind: message.kind, range: rest, function: message.function, depth: message.depth))
        try push(kind, field, function)
    }

    private mutating func walk(_ message: Pending, budget: Budget) throws(ParseError) {
        switch message.kind {
        case .model: try walkModel(message, budget)
        case .graph, .mainGraph: try walkGraph(message, budget)
        case .node: try walkNode(message, budget)
        case .attribute: try walkAttribute(message, budget)
        case .tensor, .mainTensor: try walkTensor(message, budget)
        case .sparseTensor: try walkSparse(message, budget)
        case .function: try walkFunction(message, budget)
        case .training: try walkTraining(message, budget)
        }
    }

    private mutating func walkModel(_ message: Pending, _ budget: Budget) throws(ParseError) {
        let source = region
        var reader = ProtobufReader(source.bytes, message.range)
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "ModelProto")
            switch (field.number, field.wire) {
            case (1, .varint): irVersion = field.integer
            case (2, .bytes), (3, .bytes), (4, .bytes), (6, .bytes):
                if field.number == 2 { producer = text(field.range, limit: 256) }
                texts.append(Text(key: Self.modelTexts[field.number] ?? "", range: field.range))
            case (7, .bytes): try push(.mainGraph, field)
            case (8, .bytes): operatorSets.append(operatorSet(field.range))
            case (14, .bytes): property(field.range)
            case (20, .bytes): try push(.training, field)
            case (25, .bytes): try push(.function, field)
            default: break
            }
        }
    }

    private static let modelTexts = [2: "producer_name", 3: "producer_version", 4: "domain", 6: "doc_string"]

    private func operatorSet(_ range: Range<Int>) -> (domain: String, version: Int) {
        var reader = ProtobufReader(region.bytes, range)
        var domain = ""
        var version = 0
        while let field = try? reader.next() {
            if field.number == 1, field.wire == .bytes { domain = text(field.range) }
            if field.number == 2, field.wire == .varint { version = field.integer }
        }
        return (domain, version)
    }

    /// Reads a StringStringEntryProto.
    private func pair(_ range: Range<Int>) -> (key: String, value: Range<Int>) {
        var reader = ProtobufReader(region.bytes, range)
        var key = ""
        var value = range.lowerBound..<range.lowerBound
        while let field = try? reader.next() {
            if field.number == 1, field.wire == .bytes { key = text(field.range) }
            if field.number == 2, field.wire == .bytes { value = field.range }
        }
        return (key, value)
    }

    private mutating func property(_ range: Range<Int>) {
        guard texts.count < Self.kept else {
            isCut = true
            return
        }
        let entry = pair(range)
        texts.append(Text(key: entry.key, range: entry.value))
    }

    private mutating func document(_ field: ProtobufField, _ key: String) {
        guard field.wire == .bytes, !field.range.isEmpty else { return }
        guard texts.count < Self.kept else {
            isCut = true
            return
        }
        texts.append(Text(key: key, range: field.range))
    }

    private mutating func walkGraph(_ message: Pending, _ budget: Budget) throws(ParseError) {
        let isMain = message.kind == .mainGraph
        let source = region
        var reader = ProtobufReader(source.bytes, message.range)
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "GraphProto")
            switch field.number {
            case 1: return try push(.node, field, message.function, restOf: message)
            case 5: return try push(isMain ? .mainTensor : .tensor, field, restOf: message)
            case 10: document(field, "graph.doc_string")
            case 11 where isMain && inputs.count < Self.kept:
                inputs.append(name(field.range))
                inputRanges.append(field.range)
            case 12 where isMain && outputs.count < Self.kept:
                outputs.append(name(field.range))
                outputRanges.append(field.range)
            case 15: return try push(.sparseTensor, field, restOf: message)
            case 16 where field.wire == .bytes: property(field.range)
            default: break
            }
        }
    }

    /// The name of a ValueInfoProto.
    private func name(_ range: Range<Int>) -> String {
        var reader = ProtobufReader(region.bytes, range)
        while let field = try? reader.next() {
            if field.number == 1, field.wire == .bytes { return text(field.range, limit: 256) }
        }
        return ""
    }

    private mutating func walkNode(_ message: Pending, _ budget: Budget) throws(ParseError) {
        let source = region
        var reader = ProtobufReader(source.bytes, message.range)
        var nodeName = message.range.lowerBound..<message.range.lowerBound
        var type = nodeName
        var domain = nodeName
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "NodeProto")
            guard field.wire == .bytes else { continue }
            switch field.number {
            case 3: nodeName = field.range
            case 4: type = field.range
            case 5: try push(.attribute, field, message.function)
            case 7: domain = field.range
            case 9: property(field.range)
            default: break
            }
        }
        let used = Operator(domain: text(domain, limit: 256), type: text(type, limit: 256))
        if operators[used] != nil {
            operators[used]?.count += 1
        } else {
            guard operators.count < Self.kept else { throw .limit(at: message.range.lowerBound, reading: "operators") }
            operators[used] = Use(count: 1, node: text(nodeName, limit: 256), offset: message.range.lowerBound)
        }
        if message.function >= 0 { calls.append((message.function, used)) }
    }

    private mutating func walkAttribute(_ message: Pending, _ budget: Budget) throws(ParseError) {
        let source = region
        var reader = ProtobufReader(source.bytes, message.range)
        var key = ""
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "AttributeProto")
            switch field.number {
            case 1 where field.wire == .bytes: key = text(field.range, limit: 256)
            case 4, 9: if field.wire == .bytes { string(field.range, key) }
            case 5, 10: try push(.tensor, field)
            case 6, 11: try push(.graph, field, message.function)
            case 22, 23: try push(.sparseTensor, field)
            default: break
            }
        }
    }

    private mutating func walkTensor(_ message: Pending, _ budget: Budget) throws(ParseError) {
        let source = region
        var reader = ProtobufReader(source.bytes, message.range)
        var tensorName = ""
        var type = 0
        var dimensions: [Int] = []
        var entries: [Range<Int>] = []
        var isExternal = false
        var values = 0..<0
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "TensorProto")
            switch (field.number, field.wire) {
            case (1, .varint): if dimensions.count < 64 { dimensions.append(field.integer) }
            case (1, .bytes): dimensions += packed(field.range)
            case (2, .varint): type = field.integer
            case (8, .bytes): tensorName = text(field.range, limit: 256)
            case (9, .bytes): values = field.range
            case (13, .bytes): if entries.count < 64 { entries.append(field.range) }
            case (14, .varint): isExternal = field.value == 1
            case (16, .bytes): property(field.range)
            default: break
            }
        }
        for range in entries {
            let entry = pair(range)
            guard external.count < Self.kept else { throw .limit(at: range.lowerBound, reading: "external data") }
            guard let value = region.slice(entry.value.lowerBound, min(entry.value.count, 4_096)) else { continue }
            external.append(
                External(tensor: tensorName, key: entry.key, value: value.array(), offset: range.lowerBound))
        }
        // UINT8 and INT8: the types under which somebody would store a file.
        if (2...3).contains(type), values.count >= 64 {
            guard blobs.count < Self.kept else { throw .limit(at: values.lowerBound, reading: "byte tensors") }
            blobs.append(Text(key: tensorName, range: values))
        }
        if message.kind == .mainTensor, tensors.count < Self.kept {
            tensors.append(
                Tensor(
                    name: tensorName, type: type, dimensions: dimensions, isExternal: isExternal || !entries.isEmpty,
                    offset: message.range.lowerBound))
        }
    }

    private mutating func string(_ range: Range<Int>, _ key: String) {
        guard blobs.count < Self.kept, pathAttributes.count < Self.kept else {
            isCut = true
            return
        }
        if range.count >= 64 { blobs.append(Text(key: key, range: range)) }
        let name = key.lowercased()
        if range.count <= 4_096, Self.pathWords.contains(where: { name.contains($0) }) {
            pathAttributes.append(Text(key: key, range: range))
        }
    }

    /// Parts of the names of attributes that hold file names.
    private static let pathWords = ["path", "file", "location", "ep_cache_context", "library", "dll", "url"]

    private func packed(_ range: Range<Int>) -> [Int] {
        var cursor = Cursor(region.bytes)
        var result: [Int] = []
        guard (try? cursor.seek(to: range.lowerBound)) != nil else { return [] }
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while cursor.offset < range.upperBound, result.count < 64, let byte = try? cursor.byte() {
            if shift < 64 { value |= UInt64(byte & 0x7F) << shift }
            shift &+= 7
            if byte < 0x80 {
                result.append(Int(truncatingIfNeeded: value))
                value = 0
                shift = 0
            }
        }
        return result
    }

    private mutating func walkSparse(_ message: Pending, _ budget: Budget) throws(ParseError) {
        let source = region
        var reader = ProtobufReader(source.bytes, message.range)
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "SparseTensorProto")
            if field.number <= 2 { try push(.tensor, field) }
        }
    }

    private mutating func walkTraining(_ message: Pending, _ budget: Budget) throws(ParseError) {
        let source = region
        var reader = ProtobufReader(source.bytes, message.range)
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "TrainingInfoProto")
            if field.number <= 2 { try push(.graph, field) }
        }
    }

    private mutating func walkFunction(_ message: Pending, _ budget: Budget) throws(ParseError) {
        let source = region
        var reader = ProtobufReader(source.bytes, message.range)
        let index = functions.count
        var functionName = ""
        var domain = ""
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "FunctionProto")
            guard field.wire == .bytes else { continue }
            switch field.number {
            case 1: functionName = text(field.range, limit: 256)
            case 7: try push(.node, field, index)
            case 8: document(field, "function.doc_string")
            case 9: operatorSets.append(operatorSet(field.range))
            case 10: domain = text(field.range, limit: 256)
            case 11: try push(.attribute, field, index)
            case 14: property(field.range)
            default: break
            }
        }
        guard functions.count < Self.kept else { throw .limit(at: message.range.lowerBound, reading: "functions") }
        functions.append(Function(domain: domain, name: functionName, offset: message.range.lowerBound))
    }
}

extension ONNXModel {
    private static let modelSchema: KeyValuePairs<Int, ProtobufField.Wire> = [
        1: .varint, 2: .bytes, 3: .bytes, 4: .bytes, 5: .varint, 6: .bytes, 7: .bytes, 8: .bytes, 14: .bytes,
        20: .bytes, 25: .bytes, 26: .bytes,
    ]
    private static let graphSchema: KeyValuePairs<Int, ProtobufField.Wire> = [
        1: .bytes, 2: .bytes, 5: .bytes, 10: .bytes, 11: .bytes, 12: .bytes, 13: .bytes, 14: .bytes, 15: .bytes,
        16: .bytes,
    ]

    /// How much of ONNX's structure the bytes have: 0 none, 1 a model's top level, 2 also a graph's.
    package static func likeness(_ region: ByteRegion) -> Int {
        guard region.count >= 4 else { return 0 }
        let shape = ProtobufShape(region, limit: 65_536)
        guard shape.fits(modelSchema), let graph = shape.longest(7) else { return 0 }
        if let version = shape.value(1), version > 1_000 { return 0 }
        let inside = ProtobufShape(region, graph)
        guard inside.fits(graphSchema) else { return 0 }
        guard let node = inside.longest(1) else {
            return shape.isWhole && (inside.has(12, .bytes) || inside.has(5, .bytes)) ? 1 : 0
        }
        let type = ProtobufShape(region, node).last(4).flatMap { region.slice($0.lowerBound, $0.count) }
        guard let type, Identifier.isText(type) else { return 0 }
        return shape.isWhole ? 2 : 1
    }
}
