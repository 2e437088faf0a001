package import ByteParsing

/// The parts of an ExecuTorch program that say what a runtime has to run.
///
/// Not read: instructions, values and the blobs of delegates, whose formats belong to their backends.
///
/// Source: `program.fbs` and the extended header of ExecuTorch.
package struct ExecuTorchProgram: Sendable {
    /// Names of operators, with the overload.
    package private(set) var operators: [String] = []
    /// Names of delegates: the backends that get an opaque blob.
    package private(set) var delegates: [String] = []
    package private(set) var plans: [String] = []
    /// Bytes of the program as its extended header says; nil without one.
    package private(set) var declaredProgram: Int?
    /// Where segments start as the extended header says; nil without one.
    package private(set) var declaredSegments: Int?
    /// Why reading stopped, or nil; what was read before stays.
    package private(set) var failure: ParseError?

    package static func isPresent(in region: ByteRegion) -> Bool {
        region.starts(with: "ET", at: 4)
            && [region[6], region[7]].allSatisfy { $0.map { (0x30...0x39).contains($0) } ?? false }
    }

    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        guard Self.isPresent(in: region) else { throw .malformed(at: 4, reading: "file identifier") }
        if region.starts(with: Array("eh".utf8), at: 8) {
            declaredProgram = region.little(UInt64.self, at: 16).flatMap { Int(exactly: $0) }
            declaredSegments = region.little(UInt64.self, at: 24).flatMap { Int(exactly: $0) }
        }
        do throws(ParseError) {
            let program = try FlatTable(rootOf: region)
            for plan in try program.tables(1, budget: budget) {
                plans.append(try plan.text(0) ?? "")
                for table in try plan.tables(6, budget: budget) {
                    let overload = try table.text(1) ?? ""
                    operators.append((try table.text(0) ?? "") + (overload.isEmpty ? "" : "." + overload))
                }
                for table in try plan.tables(7, budget: budget) { delegates.append(try table.text(0) ?? "") }
            }
        } catch {
            failure = error
        }
    }
}
