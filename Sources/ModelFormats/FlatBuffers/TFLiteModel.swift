package import ByteParsing

/// The parts of a TFLite model that say what an interpreter has to run, and where its bytes are.
///
/// Not read: quantisation, signatures, and the values of buffers.
///
/// Source: `schema.fbs` of TFLite, version 3.
package struct TFLiteModel: Sendable {
    package struct OperatorCode: Sendable, Hashable {
        /// Number of the built-in operator; 32 is a custom one.
        package let code: Int
        package let custom: String
        package let offset: Int
    }

    package struct Buffer: Sendable {
        package let index: Int
        /// Where the data is in the file; nil when it lies outside.
        package let range: Range<Int>?
    }

    package struct Tensor: Sendable {
        package let name: String
        package let type: Int
        package let shape: [Int32]
        package let buffer: Int
    }

    package private(set) var version = 0
    package private(set) var details = ""
    package private(set) var codes: [OperatorCode] = []
    package private(set) var buffers: [Buffer] = []
    package private(set) var metadata: [(name: String, buffer: Int)] = []
    package private(set) var tensors: [Tensor] = []
    /// How often each entry of `codes` is used.
    package private(set) var uses: [Int: Int] = [:]
    /// Operators that name no entry of `codes`, and tensors that name no buffer.
    package private(set) var danglingReferences = 0
    /// Why reading stopped, or nil; what was read before stays.
    package private(set) var failure: ParseError?

    package static func isPresent(in region: ByteRegion) -> Bool { region.starts(with: "TFL3", at: 4) }

    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        guard Self.isPresent(in: region) else { throw .malformed(at: 4, reading: "file identifier") }
        let model = try FlatTable(rootOf: region)
        do throws(ParseError) {
            version = Int(try model.number(0, as: UInt32.self) ?? 0)
            for table in try model.tables(1, budget: budget) {
                // Files from before operator 127 have the number in a byte.
                let old = Int(try table.number(0, as: Int8.self) ?? 0)
                let new = Int(try table.number(3, as: Int32.self) ?? 0)
                codes.append(
                    OperatorCode(code: max(old, new), custom: try table.text(1) ?? "", offset: table.offset))
            }
            details = try model.text(3) ?? ""
            try readBuffers(model, region, budget)
            for table in try model.tables(6, budget: budget) {
                metadata.append((try table.text(0) ?? "", Int(try table.number(1, as: UInt32.self) ?? 0)))
            }
            for graph in try model.tables(2, budget: budget) { try readGraph(graph, budget) }
        } catch {
            failure = error
        }
    }

    private mutating func readBuffers(_ model: FlatTable, _ region: ByteRegion, _ budget: Budget) throws(ParseError) {
        for (index, table) in try model.tables(4, budget: budget).enumerated() {
            let offset = try table.number(1, as: UInt64.self) ?? 0
            let size = try table.number(2, as: UInt64.self) ?? 0
            if offset > 1, let start = Int(exactly: offset), let count = Int(exactly: size) {
                // Models over 2 GiB keep their data after the FlatBuffer.
                buffers.append(
                    Buffer(index: index, range: region.slice(start, count).map { _ in start..<(start + count) }))
            } else if offset > 1 {
                buffers.append(Buffer(index: index, range: nil))
            } else if let data = try table.vector(0, unit: 1) {
                buffers.append(Buffer(index: index, range: data.start..<(data.start + data.count)))
            } else {
                buffers.append(Buffer(index: index, range: 0..<0))
            }
        }
    }

    private mutating func readGraph(_ graph: FlatTable, _ budget: Budget) throws(ParseError) {
        for table in try graph.tables(3, budget: budget) {
            let code = Int(try table.number(0, as: UInt32.self) ?? 0)
            if code < codes.count { uses[code, default: 0] += 1 } else { danglingReferences += 1 }
        }
        for table in try graph.tables(0, budget: budget) {
            guard tensors.count < budget.limits.entries else { throw .limit(at: graph.offset, reading: "tensors") }
            let buffer = Int(try table.number(2, as: UInt32.self) ?? 0)
            if buffer >= buffers.count, buffer != 0 { danglingReferences += 1 }
            tensors.append(
                Tensor(
                    name: try table.text(3) ?? "", type: Int(try table.number(1, as: Int8.self) ?? 0),
                    shape: try table.words(0, limit: 16), buffer: buffer))
        }
    }
}
