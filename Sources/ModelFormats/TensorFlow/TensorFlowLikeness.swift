package import ByteParsing

extension TensorFlowGraph {
    private static let nodeSchema: KeyValuePairs<Int, ProtobufField.Wire> = [
        1: .bytes, 2: .bytes, 3: .bytes, 4: .bytes, 5: .bytes, 6: .bytes, 7: .bytes,
    ]
    private static let graphSchema: KeyValuePairs<Int, ProtobufField.Wire> = [
        1: .bytes, 2: .bytes, 3: .varint, 4: .bytes, 5: .bytes,
    ]
    private static let metaGraphSchema: KeyValuePairs<Int, ProtobufField.Wire> = [
        1: .bytes, 2: .bytes, 3: .bytes, 4: .bytes, 5: .bytes, 6: .bytes, 7: .bytes,
    ]
    private static let objectSchema: KeyValuePairs<Int, ProtobufField.Wire> = [
        2: .varint, 3: .bytes, 4: .bytes, 5: .bytes,
    ]
    private static let savedModelSchema: KeyValuePairs<Int, ProtobufField.Wire> = [1: .varint, 2: .bytes]

    /// Which of the messages the bytes are, by their structure; nil when they look like none.
    package static func kind(of region: ByteRegion) -> Kind? {
        guard region.count >= 4 else { return nil }
        let shape = ProtobufShape(region, limit: 65_536)
        if shape.fits(savedModelSchema), shape.has(1, .varint), let inner = shape.longest(2),
            isMetaGraph(region, inner)
        {
            return .savedModel
        }
        if shape.fits(metaGraphSchema), isMetaGraph(region, 0..<region.count) { return .metaGraph }
        if shape.fits(graphSchema), isGraph(region, 0..<region.count) { return .graph }
        // A SavedModel without the number of its schema, which loaders don't ask for.
        if shape.fits(savedModelSchema), !shape.has(1, .varint), let inner = shape.longest(2),
            isMetaGraph(region, inner)
        {
            return .savedModel
        }
        if let object = shape.longest(1) {
            let inside = ProtobufShape(region, object)
            if inside.fits(objectSchema), let json = inside.last(5),
                inside.has(4, .bytes), region[json.lowerBound] == UInt8(ascii: "{")
            {
                return .kerasMetadata
            }
        }
        return nil
    }

    /// Whether what reads like nodes are the files of a descriptor set, which compilers of protocol buffers write: their
    /// first two fields are a name and a package where a node has a name and an operator.
    package static func isDescriptorSet(_ region: ByteRegion) -> Bool {
        let suffix = Array(".proto".utf8)
        var reader = ProtobufReader(region.bytes, 0..<region.count)
        var count = 0
        while count < 10_000, let field = try? reader.next() {
            guard field.number == 1, field.wire == .bytes else { continue }
            guard let name = ProtobufShape(region, field.range, limit: 16).last(1),
                let bytes = region.slice(name.lowerBound, name.count), bytes.count > suffix.count,
                bytes.starts(with: suffix, at: bytes.count - suffix.count)
            else { return false }
            count += 1
        }
        return count > 0
    }

    private static func isMetaGraph(_ region: ByteRegion, _ range: Range<Int>) -> Bool {
        let shape = ProtobufShape(region, range)
        guard shape.fits(metaGraphSchema), let graph = shape.longest(2) else { return false }
        return isGraph(region, graph)
    }

    private static func isGraph(_ region: ByteRegion, _ range: Range<Int>) -> Bool {
        let shape = ProtobufShape(region, range, limit: 65_536)
        guard shape.fits(graphSchema) else { return false }
        if let node = shape.longest(1), isNode(region, node) { return true }
        guard let library = shape.longest(2), let function = ProtobufShape(region, library).longest(1),
            let node = ProtobufShape(region, function).longest(3)
        else { return false }
        return isNode(region, node)
    }

    private static func isNode(_ region: ByteRegion, _ range: Range<Int>) -> Bool {
        let shape = ProtobufShape(region, range)
        guard shape.fits(nodeSchema), let type = shape.last(2), let name = shape.last(1),
            let typeBytes = region.slice(type.lowerBound, type.count),
            let nameBytes = region.slice(name.lowerBound, name.count)
        else { return false }
        return Identifier.isPlain(typeBytes) && Identifier.isPlain(nameBytes)
    }
}
