import ArgumentParser
import ByteParsing

/// The bounds within which one file is read.
struct LimitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Containers deep that content is followed (default: \(Limits().depth)).", valueName: "n"))
    var maxDepth: Int?

    @Option(help: ArgumentHelp("Entries read in one container (default: \(Limits().entries)).", valueName: "n"))
    var maxEntries: Int?

    @Option(
        help: ArgumentHelp(
            "Bytes that decompression may produce for one file (default: \(Limits().inflatedBytes >> 30)GiB).",
            valueName: "size"))
    var maxInflated: SizeArgument?

    @Option(
        help: ArgumentHelp(
            "Bytes of one member that are kept in memory (default: \(Limits().memberBytes >> 20)MiB).",
            valueName: "size"))
    var maxMember: SizeArgument?

    @Option(
        help: ArgumentHelp(
            "Elementary steps (opcodes, tokens, nodes) for one file (default: \(Limits().operations)).", valueName: "n")
    )
    var maxOperations: Int?

    @Option(
        help: ArgumentHelp(
            "Bytes of text that are analysed in one piece (default: \(Limits().textBytes >> 20)MiB).", valueName: "size"
        ))
    var maxText: SizeArgument?

    @Option(help: ArgumentHelp("Findings kept for one file (default: \(Limits().findings)).", valueName: "n"))
    var maxFindings: Int?

    mutating func validate() throws {
        for (name, value) in [
            ("--max-depth", maxDepth), ("--max-entries", maxEntries), ("--max-operations", maxOperations),
            ("--max-findings", maxFindings),
        ] {
            if let value, value < 0 { throw ValidationError("\(name) is not negative") }
        }
    }

    /// What was given.
    var changes: LimitChanges {
        LimitChanges(
            depth: maxDepth, entries: maxEntries, inflatedBytes: maxInflated?.bytes, memberBytes: maxMember?.bytes,
            operations: maxOperations, textBytes: maxText?.bytes, findings: maxFindings)
    }

    func apply(to limits: inout Limits) { changes.apply(to: &limits) }
}

/// Limits that were given, to be put in place of others.
struct LimitChanges: Hashable {
    var depth: Int?
    var entries: Int?
    var inflatedBytes: Int?
    var memberBytes: Int?
    var operations: Int?
    var textBytes: Int?
    var findings: Int?

    /// Sets what was given and leaves the rest.
    func apply(to limits: inout Limits) {
        if let depth { limits.depth = depth }
        if let entries { limits.entries = entries }
        if let inflatedBytes { limits.inflatedBytes = inflatedBytes }
        if let memberBytes { limits.memberBytes = memberBytes }
        if let operations { limits.operations = operations }
        if let textBytes { limits.textBytes = textBytes }
        if let findings { limits.findings = findings }
    }
}

/// A number of bytes on the command line.
struct SizeArgument: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        guard let count = ByteCount(text: argument) else { return nil }
        bytes = count.bytes
    }
}
