internal import ByteParsing

/// Goes through the messages of an ONNX model and writes down what they say.
///
/// What lies in a message waits in a list, so that nesting costs no stack.
struct ONNXWalk {
    var model = ONNXModel()
    let messages: ONNXMessages
    private var pending: [Pending] = []
    private var pages = PageReturn()
    /// Whether there were more texts or attributes than are kept.
    var isCut = false

    enum Kind {
        case model, graph, mainGraph, node, attribute, tensor, mainTensor, sparseTensor, function, training
    }
    struct Pending {
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
    static let kept = 50_000

    init(_ region: ByteRegion) {
        messages = ONNXMessages(region)
        pending = [Pending(kind: .model, range: 0..<region.count, function: -1)]
    }

    /// Walks everything, or up to where the model breaks off or the budget ends: the model then says so.
    mutating func run(budget: Budget) {
        do throws(ParseError) {
            var deepest = 0
            while let next = pending.popLast() {
                depth = next.depth
                pages.look(at: next.range.lowerBound, in: messages.region)
                deepest = max(deepest, depth)
                do throws(ParseError) {
                    try walk(next, budget: budget)
                } catch let error where error.code != .limit {
                    // What stands before the fault, and in other messages, is there for lenient loaders.
                    model.failure = model.failure ?? error
                }
            }
            if deepest > Self.nesting { model.failure = .malformed(reading: "messages nested \(deepest) deep") }
            if isCut { throw .limit(reading: "texts") }
        } catch {
            model.failure = error
        }
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
        case .sparseTensor: try walkPair(of: .tensor, message, reading: "SparseTensorProto", budget)
        case .function: try walkFunction(message, budget)
        case .training: try walkPair(of: .graph, message, reading: "TrainingInfoProto", budget)
        }
    }

    private mutating func walkModel(_ message: Pending, _ budget: Budget) throws(ParseError) {
        let region = messages.region
        var reader = ProtobufReader(region.bytes, message.range)
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "ModelProto")
            switch (field.number, field.wire) {
            case (1, .varint): model.irVersion = field.integer
            case (2, .bytes), (3, .bytes), (4, .bytes), (6, .bytes):
                if field.number == 2 { model.producer = messages.text(field.range, limit: 256) }
                model.texts.append(ONNXModel.Text(key: Self.modelTexts[field.number] ?? "", range: field.range))
            case (7, .bytes): try push(.mainGraph, field)
            case (8, .bytes): model.operatorSets.append(messages.operatorSet(field.range))
            case (14, .bytes): property(field.range)
            case (20, .bytes): try push(.training, field)
            case (25, .bytes): try push(.function, field)
            default: break
            }
        }
    }

    private static let modelTexts = [2: "producer_name", 3: "producer_version", 4: "domain", 6: "doc_string"]

    private mutating func keep(_ range: Range<Int>, as key: String) {
        guard model.texts.count < Self.kept else {
            isCut = true
            return
        }
        model.texts.append(ONNXModel.Text(key: key, range: range))
    }

    mutating func property(_ range: Range<Int>) {
        let entry = messages.pair(range)
        keep(entry.value, as: entry.key)
    }

    private mutating func document(_ field: ProtobufField, _ key: String) {
        if field.wire == .bytes, !field.range.isEmpty { keep(field.range, as: key) }
    }

    private mutating func walkGraph(_ message: Pending, _ budget: Budget) throws(ParseError) {
        let isMain = message.kind == .mainGraph
        let region = messages.region
        var reader = ProtobufReader(region.bytes, message.range)
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "GraphProto")
            switch field.number {
            case 1: return try push(.node, field, message.function, restOf: message)
            case 5: return try push(isMain ? .mainTensor : .tensor, field, restOf: message)
            case 10: document(field, "graph.doc_string")
            case 11 where isMain && model.inputs.count < Self.kept:
                model.inputs.append(messages.name(field.range))
                model.inputRanges.append(field.range)
            case 12 where isMain && model.outputs.count < Self.kept:
                model.outputs.append(messages.name(field.range))
                model.outputRanges.append(field.range)
            case 15: return try push(.sparseTensor, field, restOf: message)
            case 16 where field.wire == .bytes: property(field.range)
            default: break
            }
        }
    }

    private mutating func walkNode(_ message: Pending, _ budget: Budget) throws(ParseError) {
        let region = messages.region
        var reader = ProtobufReader(region.bytes, message.range)
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
        let used = ONNXModel.Operator(domain: messages.text(domain, limit: 256), type: messages.text(type, limit: 256))
        if model.operators[used] != nil {
            model.operators[used]?.count += 1
        } else {
            guard model.operators.count < Self.kept else {
                throw .limit(at: message.range.lowerBound, reading: "operators")
            }
            model.operators[used] = ONNXModel.Use(
                count: 1, node: messages.text(nodeName, limit: 256), offset: message.range.lowerBound)
        }
        if message.function >= 0 { model.calls.append((message.function, used)) }
    }

    private mutating func walkAttribute(_ message: Pending, _ budget: Budget) throws(ParseError) {
        let region = messages.region
        var reader = ProtobufReader(region.bytes, message.range)
        var key = ""
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "AttributeProto")
            switch field.number {
            case 1 where field.wire == .bytes: key = messages.text(field.range, limit: 256)
            case 4, 9: if field.wire == .bytes { string(field.range, key) }
            case 5, 10: try push(.tensor, field)
            case 6, 11: try push(.graph, field, message.function)
            case 22, 23: try push(.sparseTensor, field)
            default: break
            }
        }
    }

    /// SparseTensorProto and TrainingInfoProto: two messages of one kind.
    private mutating func walkPair(
        of kind: Kind, _ message: Pending, reading name: String, _ budget: Budget
    ) throws(ParseError) {
        let region = messages.region
        var reader = ProtobufReader(region.bytes, message.range)
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: name)
            if field.number <= 2 { try push(kind, field) }
        }
    }

    private mutating func walkFunction(_ message: Pending, _ budget: Budget) throws(ParseError) {
        let region = messages.region
        var reader = ProtobufReader(region.bytes, message.range)
        let index = model.functions.count
        var functionName = ""
        var domain = ""
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "FunctionProto")
            guard field.wire == .bytes else { continue }
            switch field.number {
            case 1: functionName = messages.text(field.range, limit: 256)
            case 7: try push(.node, field, index)
            case 8: document(field, "function.doc_string")
            case 9: model.operatorSets.append(messages.operatorSet(field.range))
            case 10: domain = messages.text(field.range, limit: 256)
            case 11: try push(.attribute, field, index)
            case 14: property(field.range)
            default: break
            }
        }
        guard model.functions.count < Self.kept else {
            throw .limit(at: message.range.lowerBound, reading: "functions")
        }
        model.functions.append(ONNXModel.Function(domain: domain, name: functionName, offset: message.range.lowerBound))
    }
}
