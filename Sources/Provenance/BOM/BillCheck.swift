internal import AssayCore
internal import ByteParsing

/// Judges a bill of materials, CycloneDX or SPDX by what it says it is, or evidence that holds one.
package struct BillCheck: Sendable {
    /// What breaks the specification, as `place: reason`.
    package let errors: [String]
    /// One line for each thing worth telling about a model, and whether the bill tells it.
    package let completeness: [(question: String, isAnswered: Bool)]

    /// Share of the questions that the bill answers, in per cent, rounded.
    package var score: Int {
        completeness.isEmpty ? 0 : completeness.filter(\.isAnswered).count * 100 / completeness.count
    }

    /// Judges a bill by its content, or the bill in a piece of evidence.
    package init(_ bytes: [UInt8]) {
        let root = try? JSONDocument(ByteRegion(bytes), dialect: .strict(for: bytes.count)).root
        var graph = root?["@graph"] == nil && root?["@context"] == nil ? nil : root
        if graph == nil, let statement = try? EvidenceFile(bytes).statement,
            statement.predicateType == PredicateType.spdx.uri
        {
            graph = statement.predicate
        }
        if let graph {
            let check = SPDXCheck(graph)
            (errors, completeness) = (check.errors, check.completeness)
        } else {
            let check = CycloneDXCheck(bytes)
            (errors, completeness) = (check.errors, check.completeness)
        }
    }
}
