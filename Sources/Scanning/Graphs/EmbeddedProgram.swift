internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Programs stored where a model has numbers or opaque data.
enum EmbeddedProgram {
    /// Machine numbers of ELF files that are code for accelerators, which compiled models contain by design: NVIDIA and AMD
    /// graphics, Hexagon, and the engines of AMD and of Intel's network processors.
    private static let acceleratorMachines: Set<UInt16> = [164, 190, 224, 264, 0xFEED]

    /// The program whose header stands at `offset`, unless it is one for an accelerator.
    static func header(in region: ByteRegion, at offset: Int) -> ExecutableHeader? {
        guard let program = ExecutableHeader(region, at: offset) else { return nil }
        return program == .elf && isForAccelerator(region, at: offset) ? nil : program
    }

    /// Whether the ELF file at `offset` is code for an accelerator.
    static func isForAccelerator(_ region: ByteRegion, at offset: Int) -> Bool {
        region.little(UInt16.self, at: offset + 18).map { acceleratorMachines.contains($0) } ?? false
    }

    /// Reports a program that the bytes begin with.
    static func check(_ bytes: ByteRegion, in name: String, of item: ScanItem, scan: Scan) throws(ParseError) {
        try scan.budget.spend(operations: 1, reading: "tensor data")
        guard let program = header(in: bytes, at: 0) else { return }
        scan.report(
            "TENSOR-PROGRAM", "“\(Printable.line(name, limit: 80))” holds a program (\(program.rawValue))",
            at: item.location.at(bytes.start - item.region.start, name))
    }
}
