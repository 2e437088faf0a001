import ArgumentParser
import ByteParsing

/// The bounds within which one file is read.
struct LimitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Containers deep that content is followed.", valueName: "n"))
    var maxDepth: Int?

    @Option(help: ArgumentHelp("Entries read in one container.", valueName: "n"))
    var maxEntries: Int?

    @Option(help: ArgumentHelp("Bytes that decompression may produce for one file (8GiB).", valueName: "size"))
    var maxInflated: SizeArgument?

    @Option(help: ArgumentHelp("Bytes of one member that are kept in memory (16MiB).", valueName: "size"))
    var maxMember: SizeArgument?

    @Option(help: ArgumentHelp("Elementary steps (opcodes, tokens, nodes) for one file.", valueName: "n"))
    var maxOperations: Int?

    @Option(help: ArgumentHelp("Bytes of text that are analysed in one piece (32MiB).", valueName: "size"))
    var maxText: SizeArgument?

    @Option(help: ArgumentHelp("Findings kept for one file.", valueName: "n"))
    var maxFindings: Int?

    mutating func validate() throws {
        for (name, value) in [
            ("--max-depth", maxDepth), ("--max-entries", maxEntries), ("--max-operations", maxOperations),
            ("--max-findings", maxFindings),
        ] {
            if let value, value < 0 { throw ValidationError("\(name) must not be negative.") }
        }
    }

    /// Sets what was given and leaves the rest.
    func apply(to limits: inout Limits) {
        if let maxDepth { limits.depth = maxDepth }
        if let maxEntries { limits.entries = maxEntries }
        if let maxInflated { limits.inflatedBytes = maxInflated.bytes }
        if let maxMember { limits.memberBytes = maxMember.bytes }
        if let maxOperations { limits.operations = maxOperations }
        if let maxText { limits.textBytes = maxText.bytes }
        if let maxFindings { limits.findings = maxFindings }
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
