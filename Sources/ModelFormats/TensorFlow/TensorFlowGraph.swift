package import ByteParsing

/// The parts of a TensorFlow graph that say what running it does: operators, functions, assets, object metadata.
///
/// One walker for SavedModel, MetaGraphDef, GraphDef and Keras' SavedMetadata, which contain each other. The bodies of
/// library functions are walked like the graph itself: they run as soon as something calls them. Not read: tensor
/// values, shapes, and the collections of version 1 (lists of names).
///
/// Source: `saved_model.proto`, `meta_graph.proto`, `graph.proto`, `function.proto`, `saved_object_graph.proto` and
/// Keras' `saved_metadata.proto`.
package struct TensorFlowGraph: Sendable {
    package enum Kind: String, Sendable {
        case savedModel = "SavedModel"
        case metaGraph = "MetaGraphDef"
        case graph = "GraphDef"
        case kerasMetadata = "Keras SavedMetadata"
    }

    package struct Use: Sendable {
        package var count: Int
        /// Name and offset of the first node.
        package let node: String
        package let offset: Int
    }

    /// A text attribute of an operator that makes it read or write a file.
    package struct Attribute: Sendable {
        package let type: String
        package let key: String
        package let value: String
        package let offset: Int
    }

    package let kind: Kind
    package private(set) var operators: [String: Use] = [:]
    package private(set) var functions: Set<String> = []
    package private(set) var attributes: [Attribute] = []
    /// File names of assets.
    package private(set) var assets: [Range<Int>] = []
    /// JSON that Keras keeps for each of its objects.
    package private(set) var objects: [Range<Int>] = []
    package private(set) var tags: [String] = []
    package private(set) var version = ""
    package private(set) var signatures: [String] = []
    /// Why the walk stopped, or nil; what was read before stays.
    package private(set) var failure: ParseError?

    enum Message {
        case savedModel, metaGraph, metaInfo, graph, node, attribute, value, list, nameAndAttributes, library, function
        case signature, objects, object, userObject, kerasMetadata, kerasObject, asset, assetTensor
    }
    struct Pending {
        let message: Message
        /// What of the message is still to be read: a graph has millions of nodes, and only the one at hand is kept.
        var range: Range<Int>
        /// Operator type that an attribute belongs to.
        let type: String
        let key: String
        var depth = 0
        /// The function that it belongs to; 0 is the graph itself.
        var scope = 0
    }

    /// Messages in each other that protocol buffers' own parsers follow; deeper ones are read here and refused there.
    private static let nesting = 100
    private var depth = 0
    var scope = 0
    /// Files that operators write to or fill tables from.
    package internal(set) var files = TensorFlowFiles()
    let region: ByteRegion
    private var pending: [Pending] = []
    static let kept = 100_000

    package init(_ region: ByteRegion, as kind: Kind, budget: Budget) {
        self.region = region
        self.kind = kind
        let first: Message =
            switch kind {
            case .savedModel: .savedModel
            case .metaGraph: .metaGraph
            case .graph: .graph
            case .kerasMetadata: .kerasMetadata
            }
        pending = [Pending(message: first, range: 0..<region.count, type: "", key: "")]
        do throws(ParseError) {
            var deepest = 0
            while let next = pending.last {
                depth = next.depth
                scope = next.scope
                deepest = max(deepest, depth)
                let around = pending.count - 1
                do throws(ParseError) {
                    try walk(next, budget)
                } catch let error where error.code != .limit {
                    // What stands before the fault, and in other messages, is there for lenient loaders.
                    failure = failure ?? error
                    pending.removeSubrange(min(around, pending.count)...)
                }
            }
            if deepest > Self.nesting { failure = .malformed(reading: "messages nested \(deepest) deep") }
        } catch {
            failure = error
        }
    }

    func text(_ range: Range<Int>, limit: Int = 512) -> String {
        region.slice(range.lowerBound, range.count)?.text(limit: limit) ?? ""
    }

    mutating func push(
        _ message: Message, _ field: ProtobufField, type: String = "", key: String = ""
    ) throws(ParseError) {
        guard field.wire == .bytes else { return }
        guard pending.count < 4_000_000 else { throw .limit(at: field.range.lowerBound, reading: "messages") }
        pending.append(
            Pending(
                message: message, range: field.range, type: type, key: key, depth: depth + 1,
                scope: message == .function ? files.openFunction() : scope))
    }

    private mutating func walk(_ next: Pending, _ budget: Budget) throws(ParseError) {
        if next.message == .node || next.message == .attribute {
            pending.removeLast()
            return try next.message == .node ? walkNode(next, budget) : walkAttribute(next, budget)
        }
        let source = region
        var reader = ProtobufReader(source.bytes, next.range)
        let own = pending.count
        while let field = try reader.next() {
            try budget.spend(operations: 1, reading: "TensorFlow message")
            try take(field, of: next)
            // What a field holds is read before the fields that follow it.
            guard pending.count == own else {
                pending[own - 1].range = reader.offset..<max(reader.offset, next.range.upperBound)
                return
            }
        }
        pending.removeLast()
    }

    private mutating func take(_ field: ProtobufField, of parent: Pending) throws(ParseError) {
        switch (parent.message, field.number) {
        case (.savedModel, 2): try push(.metaGraph, field)
        case (.metaGraph, 1): try push(.metaInfo, field)
        case (.metaGraph, 2): try push(.graph, field)
        case (.metaGraph, 5): signature(field)
        case (.metaGraph, 6): try push(.asset, field)
        case (.metaGraph, 7): try push(.objects, field)
        case (.metaInfo, 4): tag(field)
        case (.metaInfo, 5): if field.wire == .bytes { version = text(field.range, limit: 64) }
        case (.graph, 1): try push(.node, field)
        case (.graph, 2): try push(.library, field)
        case (.library, 1): try push(.function, field)
        case (.function, 1): try push(.signature, field)
        case (.function, 3): try push(.node, field)
        case (.function, 5): try push(.attribute, field)
        case (.signature, 1):
            if field.wire == .bytes, functions.count < Self.kept {
                let name = text(field.range)
                functions.insert(name)
                files.name(function: name, scope)
            }
        case (.signature, 2):
            if field.wire == .bytes, let name = member(1, of: field.range) {
                files.add(argument: text(name, limit: 256), to: scope)
            }
        case (.value, 1): try push(.list, field, type: parent.type, key: parent.key)
        case (.value, 2), (.list, 2): keep(field, of: parent)
        case (.value, 10), (.list, 9): try push(.nameAndAttributes, field)
        case (.nameAndAttributes, 1): try reference(field)
        case (.nameAndAttributes, 2): try push(.attribute, field)
        case (.asset, 1): try push(.assetTensor, field)
        case (.assetTensor, 1):
            if field.wire == .bytes { files.add(asset: text(field.range, limit: 256)) }
        case (.asset, 2):
            if field.wire == .bytes, assets.count < Self.kept {
                assets.append(field.range)
                files.hasAssets = true
            }
        case (.objects, 1): try push(.object, field)
        case (.object, 4): try push(.userObject, field)
        case (.userObject, 3): try object(field)
        case (.kerasMetadata, 1): try push(.kerasObject, field)
        case (.kerasObject, 5): try object(field)
        default: break
        }
    }

    private mutating func tag(_ field: ProtobufField) {
        if field.wire == .bytes, tags.count < 100 { tags.append(text(field.range, limit: 64)) }
    }

    private mutating func signature(_ field: ProtobufField) {
        guard field.wire == .bytes, signatures.count < 1_000 else { return }
        var reader = ProtobufReader(region.bytes, field.range)
        if let name = try? reader.next(), name.number == 1, name.wire == .bytes {
            signatures.append(text(name.range, limit: 128))
        }
    }

    private mutating func object(_ field: ProtobufField) throws(ParseError) {
        guard field.wire == .bytes, region[field.range.lowerBound] == UInt8(ascii: "{") else { return }
        guard objects.count < Self.kept else { throw .limit(at: field.range.lowerBound, reading: "object metadata") }
        objects.append(field.range)
    }

    /// A function that is named as a value: whatever takes it will call it.
    private mutating func reference(_ field: ProtobufField) throws(ParseError) {
        guard field.wire == .bytes else { return }
        try use(text(field.range), node: "function attribute", at: field.range.lowerBound)
    }

    mutating func use(_ type: String, node: String, at offset: Int) throws(ParseError) {
        if operators[type] != nil {
            operators[type]?.count += 1
            return
        }
        guard operators.count < Self.kept else { throw .limit(at: offset, reading: "operators") }
        operators[type] = Use(count: 1, node: node, offset: offset)
    }

    /// Attributes that make an otherwise harmless operator open a file or an address.
    private static let watched: Set<String> = [
        "output_stream", "memory_region_name", "vocab_file", "file_pattern", "descriptor_source", "debug_urls",
        "data_directory", "address", "protocol",
    ]

    private mutating func keep(_ field: ProtobufField, of parent: Pending) {
        guard field.wire == .bytes, Self.watched.contains(parent.key), attributes.count < Self.kept else { return }
        attributes.append(
            Attribute(
                type: parent.type, key: parent.key, value: text(field.range), offset: field.range.lowerBound))
    }
}
