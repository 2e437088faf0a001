package import ByteParsing

/// A model in XGBoost's binary form before JSON (`LearnerIO::SaveModel` and `GBTreeModel::Save` of versions 0.7 to 3.0),
/// walked to its end where its booster is of trees; nodes are passed over.
package struct XGBoostBinary: Sendable {
    package private(set) var objective = ""
    package private(set) var booster = ""
    package private(set) var treeCount = 0
    /// Names and values that the model was given.
    package private(set) var attributes: [(name: ByteRegion, value: ByteRegion)] = []
    /// Offset after the last byte that belongs to the model; nil for a booster whose layout is not followed.
    package private(set) var end: Int?

    private static let mark = Array("binf".utf8)
    private static let learner = 136
    private static let forest = 160
    private static let tree = 148
    /// A node and its statistics.
    private static let node = 20 + 16

    package static func begins(_ region: ByteRegion) -> Bool { region.starts(with: mark) }

    /// - Throws: `malformed` without the mark, `truncated` where the bytes end first, `limit` when the budget is used up.
    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        guard Self.begins(region) else { throw .malformed(reading: "XGBoost model") }
        var cursor = Cursor(region.bytes)
        try cursor.skip(Self.mark.count)
        let start = cursor.offset
        try cursor.skip(Self.learner, reading: "parameters of the learner")
        let hasAttributes = region.little(Int32.self, at: start + 12) != 0
        let hasMetrics = region.little(Int32.self, at: start + 16) != 0
        objective = try Self.text(&cursor, region, "objective").text(limit: 256)
        booster = try Self.text(&cursor, region, "booster").text(limit: 256)
        guard booster == "gbtree" || booster == "dart" else { return }
        try readForest(&cursor, region, budget)
        if booster == "dart" { try cursor.skip(try Self.count(&cursor, unit: 4, "weights") * 4, reading: "weights") }
        if hasAttributes {
            for _ in 0..<(try Self.count(&cursor, unit: 16, "attributes")) {
                try budget.spend(operations: 4, reading: "attributes")
                let name = try Self.text(&cursor, region, "attribute")
                attributes.append((name, try Self.text(&cursor, region, "attribute")))
            }
        }
        if objective == "count:poisson" { _ = try Self.text(&cursor, region, "step") }
        if hasMetrics {
            for _ in 0..<(try Self.count(&cursor, unit: 8, "metrics")) {
                try budget.spend(operations: 4, reading: "metrics")
                _ = try Self.text(&cursor, region, "metric")
            }
        }
        end = cursor.offset
    }

    private mutating func readForest(_ cursor: inout Cursor, _ region: ByteRegion, _ budget: Budget) throws(ParseError)
    {
        let start = cursor.offset
        try cursor.skip(Self.forest, reading: "parameters of the trees")
        treeCount = Int(region.little(Int32.self, at: start) ?? 0)
        guard treeCount >= 0 else { throw .malformed(at: start, reading: "number of trees") }
        for _ in 0..<treeCount {
            try budget.spend(operations: 4, reading: "trees")
            let at = cursor.offset
            try cursor.skip(Self.tree, reading: "parameters of a tree")
            let nodes = Int(region.little(Int32.self, at: at + 4) ?? 0)
            guard nodes >= 0 else { throw .malformed(at: at, reading: "number of nodes") }
            try cursor.skip(nodes * Self.node, reading: "nodes of a tree")
        }
        try cursor.skip(treeCount * 4, reading: "groups of the trees")
    }

    /// A count of things that take at least `unit` bytes each.
    private static func count(_ cursor: inout Cursor, unit: Int, _ what: String) throws(ParseError) -> Int {
        let at = cursor.offset
        guard let count = Int(exactly: try cursor.little(UInt64.self, reading: what)), count <= cursor.remaining / unit
        else { throw .truncated(at: at, reading: what) }
        return count
    }

    private static func text(
        _ cursor: inout Cursor, _ region: ByteRegion, _ what: String
    ) throws(ParseError) -> ByteRegion {
        let length = try count(&cursor, unit: 1, what)
        let text = region.slice(cursor.offset, length)
        try cursor.skip(length, reading: what)
        return text ?? region.prefix(0)
    }
}
