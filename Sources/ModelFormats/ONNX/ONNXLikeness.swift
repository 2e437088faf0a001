package import ByteParsing

extension ONNXModel {
    private static let modelSchema: KeyValuePairs<Int, ProtobufField.Wire> = [
        1: .varint, 2: .bytes, 3: .bytes, 4: .bytes, 5: .varint, 6: .bytes, 7: .bytes, 8: .bytes, 14: .bytes,
        20: .bytes, 25: .bytes, 26: .bytes,
    ]
    private static let graphSchema: KeyValuePairs<Int, ProtobufField.Wire> = [
        1: .bytes, 2: .bytes, 5: .bytes, 10: .bytes, 11: .bytes, 12: .bytes, 13: .bytes, 14: .bytes, 15: .bytes,
        16: .bytes,
    ]

    private static let functionSchema: KeyValuePairs<Int, ProtobufField.Wire> = [
        1: .bytes, 4: .bytes, 5: .bytes, 6: .bytes, 7: .bytes, 8: .bytes, 9: .bytes, 10: .bytes, 11: .bytes,
        12: .bytes, 13: .bytes, 14: .bytes,
    ]
    private static let trainingSchema: KeyValuePairs<Int, ProtobufField.Wire> = [
        1: .bytes, 2: .bytes, 3: .bytes, 4: .bytes,
    ]

    /// How much of ONNX's structure the bytes have: 0 none, 1 a model's top level, 2 also a graph's.
    ///
    /// A model may have no nodes in its graph, or no graph: what it asks for then stands in its tensors, in functions or
    /// in the graphs of training.
    package static func likeness(_ region: ByteRegion) -> Int {
        guard region.count >= 4 else { return 0 }
        let shape = ProtobufShape(region, limit: 65_536)
        guard shape.fits(modelSchema) else { return 0 }
        if let version = shape.value(1), version > 1_000 { return 0 }
        switch shape.longest(7).map({ graph(region, $0) }) ?? .none {
        case .nodes: return shape.isWhole ? 2 : 1
        case .values: return shape.isWhole ? 1 : 0
        case .other: return 0
        case .none:
            guard shape.isWhole, shape.has(1, .varint) else { return 0 }
            let isFunction = shape.longest(25).map { function(region, $0) } ?? false
            let isTraining = shape.longest(20).map { training(region, $0) } ?? false
            return isFunction || isTraining ? 1 : 0
        }
    }

    /// What a message that may be a graph is made of.
    private enum GraphContent { case none, other, values, nodes }

    private static func graph(_ region: ByteRegion, _ range: Range<Int>) -> GraphContent {
        let inside = ProtobufShape(region, range)
        guard inside.fits(graphSchema) else { return .other }
        if let node = inside.longest(1) { return isNode(region, node) ? .nodes : .other }
        if [5, 12, 15].contains(where: { inside.has($0, .bytes) }) { return .values }
        // A name and a comment are nothing to load.
        return inside.isWhole && inside.numbers.allSatisfy([2, 10].contains) ? .none : .other
    }

    private static func isNode(_ region: ByteRegion, _ range: Range<Int>) -> Bool {
        let type = ProtobufShape(region, range).last(4).flatMap { region.slice($0.lowerBound, $0.count) }
        return type.map(Identifier.isText) ?? false
    }

    private static func function(_ region: ByteRegion, _ range: Range<Int>) -> Bool {
        let inside = ProtobufShape(region, range)
        guard inside.isWhole, inside.fits(functionSchema), let name = inside.last(1), let node = inside.longest(7)
        else {
            return false
        }
        return region.slice(name.lowerBound, name.count).map(Identifier.isText) ?? false && isNode(region, node)
    }

    private static func training(_ region: ByteRegion, _ range: Range<Int>) -> Bool {
        let inside = ProtobufShape(region, range)
        guard inside.isWhole, inside.fits(trainingSchema) else { return false }
        return [1, 2].contains { number in
            switch inside.longest(number).map({ graph(region, $0) }) ?? .none {
            case .nodes, .values: true
            case .none, .other: false
            }
        }
    }
}
