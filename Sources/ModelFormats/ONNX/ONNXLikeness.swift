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
