package import ByteParsing

/// ONNX models in text: protocol buffer text (`.textproto`), JSON (`.onnxjson`) and ONNX's own syntax (`.onnxtxt`), all of
/// which the reference library loads.
///
/// Read: operators with their domains, functions, operator sets, external data, and attributes that name files. Not read:
/// values, types, and what stands in comments of ONNX's own syntax.
///
/// Source: `serialization.py` and the parser of the ONNX repository.
package enum ONNXText: Sendable {
    case protobuf, json, syntax

    private static let window = 1 << 16

    /// The notation in which the bytes are a model, or nil.
    package static func kind(of region: ByteRegion) -> ONNXText? {
        let head = region.prefix(window)
        var at = 0
        while let byte = head[at], byte == 0x20 || (0x09...0x0D).contains(byte) { at += 1 }
        switch head[at] {
        case UInt8(ascii: "{"):
            let hasVersion = has(head, "\"irVersion\"") || has(head, "\"ir_version\"")
            let hasGraph = has(head, "\"graph\"") || has(head, "\"opsetImport\"") || has(head, "\"opset_import\"")
            return hasVersion && hasGraph ? .json : nil
        case UInt8(ascii: "<"): return has(head, "ir_version") && has(head, "opset_import") ? .syntax : nil
        default:
            // The version may stand behind the graph: the text's end is looked at as well.
            let tail = region.suffix(from: max(0, region.count - window))
            func both(_ word: StaticString) -> Bool { has(head, word) || has(tail, word) }
            guard both("ir_version:"), both("graph {") || both("graph{") || both("graph <") || both("opset_import")
            else {
                return nil
            }
            return .protobuf
        }
    }

    private static func has(_ region: ByteRegion, _ word: StaticString) -> Bool {
        region.firstOffset(of: word) != nil
    }

    /// Reads the model; what breaks off is its `failure`.
    package func model(_ region: ByteRegion, budget: Budget) -> ONNXModel {
        var reader = ONNXTextReader()
        do throws(ParseError) {
            switch self {
            case .protobuf:
                try ProtobufText.walk(region, budget: budget) { (event, offset) throws(ParseError) in
                    switch event {
                    case .open(let name): reader.open(name, at: offset)
                    case .value(let name, let value): reader.take(name, value, at: offset)
                    case .close: try reader.close()
                    }
                }
            case .json: try reader.walk(JSONDocument(region), budget: budget)
            case .syntax: try ONNXSyntax.walk(region, budget: budget, into: &reader)
            }
        } catch {
            reader.model.failure = error
        }
        return reader.model
    }
}

/// Collects what the messages of a model in text say.
struct ONNXTextReader {
    var model = ONNXModel()

    private struct Message {
        let name: String
        let offset: Int
        var texts: [String: String] = [:]
        /// Number of the function whose body this belongs to, or -1.
        let function: Int
    }
    private var messages: [Message] = []
    /// Fields of one message that are kept.
    private static let fields = 32

    mutating func open(_ name: String, at offset: Int) {
        let outer = messages.last?.function ?? -1
        let isFunction = name == "functions" || name == "function"
        messages.append(Message(name: name, offset: offset, function: isFunction ? model.functions.count : outer))
        guard isFunction, model.functions.count < ONNXWalk.kept else { return }
        // Its name may follow its nodes: the place is kept for it.
        model.functions.append(ONNXModel.Function(domain: "", name: "", offset: offset))
    }

    mutating func take(_ name: String, _ value: String, at offset: Int) {
        guard let last = messages.indices.last else {
            if name == "ir_version" { model.irVersion = Int(value) ?? 0 }
            if name == "producer_name" { model.producer = value }
            return
        }
        if messages[last].texts.count < Self.fields { messages[last].texts[name] = value }
    }

    mutating func close() throws(ParseError) {
        guard let message = messages.popLast() else { return }
        let texts = message.texts
        switch message.name {
        case "node":
            try use(
                .init(domain: texts["domain"] ?? "", type: texts["op_type"] ?? ""), node: texts["name"] ?? "",
                function: message.function, at: message.offset)
        case "external_data":
            let tensor = messages.last?.texts["name"] ?? ""
            try external(tensor, texts["key"] ?? "", texts["value"] ?? "", at: message.offset)
        case "opset_import":
            guard model.operatorSets.count < ONNXWalk.kept else { return }
            model.operatorSets.append((texts["domain"] ?? "", Int(texts["version"] ?? "") ?? 0))
        case "functions", "function":
            guard model.functions.indices.contains(message.function) else { return }
            model.functions[message.function] = ONNXModel.Function(
                domain: texts["domain"] ?? "", name: texts["name"] ?? "", offset: message.offset)
        default: break
        }
    }

    mutating func use(
        _ used: ONNXModel.Operator, node: String, function: Int, at offset: Int
    ) throws(ParseError) {
        if model.operators[used] != nil {
            model.operators[used]?.count += 1
        } else {
            guard model.operators.count < ONNXWalk.kept else { throw .limit(at: offset, reading: "operators") }
            model.operators[used] = ONNXModel.Use(count: 1, node: node, offset: offset)
        }
        if function >= 0 { model.calls.append((function, used)) }
    }

    mutating func external(_ tensor: String, _ key: String, _ value: String, at offset: Int) throws(ParseError) {
        guard model.external.count < ONNXWalk.kept else { throw .limit(at: offset, reading: "external data") }
        model.external.append(
            ONNXModel.External(tensor: tensor, key: key, value: Array(value.utf8), offset: offset))
    }

    // MARK: JSON

    /// Walks a model's JSON with a list, in the order of the text.
    mutating func walk(_ document: JSONDocument, budget: Budget) throws(ParseError) {
        enum Step {
            case value(JSONValue, String)
            case close
        }
        var steps: [Step] = document.root.members.map { .value($0.value, Self.field($0.key.string ?? "")) }.reversed()
        while let step = steps.popLast() {
            try budget.spend(operations: 1, reading: "ONNX JSON")
            guard case .value(let value, let name) = step else {
                try close()
                continue
            }
            switch value.kind {
            case .object:
                open(name, at: value.offset)
                steps.append(.close)
                steps += value.members.map { .value($0.value, Self.field($0.key.string ?? "")) }.reversed()
            case .array: steps += value.elements.map { .value($0, name) }.reversed()
            case .string: take(name, value.string ?? "", at: value.offset)
            case .number: take(name, value.numberText ?? "", at: value.offset)
            default: break
            }
        }
    }

    /// JSON writes names in camel case, and reads both.
    private static func field(_ name: String) -> String {
        guard name.utf8.count <= 64 else { return "" }
        return name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}
