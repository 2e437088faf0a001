package import ByteParsing

/// A model in ONNX Runtime's own format (`onnxruntime/core/flatbuffers/schema/ort.fbs`): operators, initializers, texts.
///
/// Not read: attributes of nodes, the state of a session, and the elements of tensors.
package struct ORTModel: Sendable {
    /// Version of the runtime that wrote the model.
    package private(set) var runtime = ""
    package private(set) var producer = ""
    /// Domain and type of each operator that occurs.
    package private(set) var operators: Set<Operator> = []
    /// Names and bytes of the initializers.
    package private(set) var initializers: [(name: String, byteCount: Int)] = []
    package private(set) var nodeCount = 0
    /// Why reading stopped, or nil; what was read before stays.
    package private(set) var failure: ParseError?

    package struct Operator: Sendable, Hashable {
        package let domain: String
        package let type: String
    }

    package static func isPresent(in region: ByteRegion) -> Bool { region.starts(with: "ORTM", at: 4) }

    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        guard Self.isPresent(in: region) else { throw .malformed(at: 4, reading: "file identifier") }
        do throws(ParseError) {
            let session = try FlatTable(rootOf: region)
            runtime = try session.text(0) ?? ""
            guard let model = try session.table(1) else { throw .malformed(reading: "model") }
            producer = try model.text(2) ?? ""
            for index in [3, 4, 6, 8] { _ = try model.text(index) }
            guard let graph = try model.table(7) else { throw .malformed(reading: "graph") }
            try read(graph, budget: budget)
        } catch {
            failure = error
        }
    }

    private mutating func read(_ graph: FlatTable, budget: Budget) throws(ParseError) {
        for tensor in try graph.tables(0, budget: budget) {
            _ = try tensor.vector(2, unit: 8)
            initializers.append((try tensor.text(0) ?? "", try tensor.vector(4, unit: 1)?.count ?? 0))
        }
        for argument in try graph.tables(1, budget: budget) { _ = try argument.text(0) }
        for node in try graph.tables(2, budget: budget) {
            nodeCount += 1
            operators.insert(Operator(domain: try node.text(2) ?? "", type: try node.text(5) ?? ""))
            _ = try node.text(0)
        }
        for edge in try graph.tables(4, budget: budget) { _ = edge.offset }
    }
}
