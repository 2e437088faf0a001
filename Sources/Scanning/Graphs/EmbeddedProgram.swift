internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Programs stored where a model has numbers or opaque data.
enum EmbeddedProgram {
    /// Reports a program that the bytes begin with.
    static func check(_ bytes: ByteRegion, in name: String, of item: ScanItem, scan: Scan) throws(ParseError) {
        try scan.budget.spend(operations: 1, reading: "tensor data")
        guard let program = ExecutableHeader(bytes) else { return }
        scan.report(
            "TENSOR-PROGRAM", "“\(Printable.line(name, limit: 80))” holds a program (\(program.rawValue))",
            at: item.location.at(bytes.start - item.region.start, name))
    }
}
