internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges GGUF: the numbers that loaders compute with, and the templates and texts that programs act on.
struct GGUFAnalyser: Analyser {
    let format: FormatID = "gguf"
    /// Arrays of more strings than this are vocabularies, which nothing interprets.
    private static let textArrayLimit = 1_000

    func recognise(_ item: ScanItem) -> Recognition {
        if GGUFFile.isPresent(in: item.region) { return .certain }
        return item.fileExtension == "gguf" ? .possible : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        if GGMLFile.kind(of: item.region) != nil { return }
        let file = try GGUFFile(item.region, budget: scan.budget)
        for pair in file.pairs { try judge(pair, of: file, item, in: scan) }
        let check = try GGUFCheck(file, budget: scan.budget)
        for flaw in check.flaws { report(flaw, of: item, in: scan) }
        HiddenContent.open(check.unclaimed, of: item, as: format, in: scan)
        for tensor in file.tensors where tensor.type == 24 {
            guard let offset = Int(exactly: tensor.dataOffset), offset <= item.region.count else { continue }
            try EmbeddedProgram.check(
                item.region.suffix(from: check.dataStart + offset), in: tensor.name, of: item, scan: scan)
        }
        guard let failure = file.failure else { return }
        guard failure.code == .overflow else { throw failure }
        scan.report(
            "TENSOR-MEMORY-SAFETY", "\(failure.reading): more than any loader can hold",
            at: item.location.at(failure.offset))
    }

    /// Judges the text of one pair, whichever of several with the same key a loader would take.
    private func judge(
        _ pair: GGUFFile.Pair, of file: GGUFFile, _ item: ScanItem, in scan: Scan
    ) throws(ParseError) {
        let place = item.location.at(pair.value.lowerBound, pair.key)
        if pair.type == .string, let text = file.text(pair) {
            try MetadataText.judge(text, key: pair.key, at: place, in: scan)
        } else if pair.elementType == .string, pair.count <= Self.textArrayLimit, !Self.isVocabulary(pair.key) {
            try file.forEachString(of: pair, budget: scan.budget) { (_, range) throws(ParseError) in
                guard let text = item.region.slice(range.lowerBound, range.count) else { return }
                try MetadataText.judge(
                    text, key: pair.key, at: item.location.at(range.lowerBound, pair.key), in: scan)
            }
        }
    }

    /// Whether a list holds a tokenizer's words, among which anything may stand.
    private static func isVocabulary(_ key: String) -> Bool {
        ["tokens", "merges", "added_tokens"].contains { key == "tokenizer.ggml." + $0 }
    }

    private func report(_ flaw: GGUFCheck.Flaw, of item: ScanItem, in scan: Scan) {
        let place = item.location.at(flaw.offset, flaw.name)
        let message = "“\(Printable.line(flaw.name, limit: 80))” \(flaw.text)"
        switch flaw.kind {
        case .arithmetic, .type, .outside, .name:
            scan.report("TENSOR-MEMORY-SAFETY", message, at: place)
        case .truncated, .layout, .alignment:
            scan.report("TENSOR-LAYOUT", message, at: place)
        case .repeated: scan.report("TENSOR-NAME-REPEATED", message, at: place)
        }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let file = try GGUFFile(item.region, budget: budget)
        let check = try GGUFCheck(file, budget: budget)
        let pairs = file.pairs.map { Outline($0.key, value($0, of: file)) }
        let tensors = file.tensors.map { tensor in
            Outline(
                tensor.name,
                "\(GGMLType(tensor.type)?.name ?? "type \(tensor.type)") \(TensorText.shape(tensor.dimensions)) at "
                    + "\(check.dataStart) + \(tensor.dataOffset)")
        }
        return Outline(
            "GGUF version \(file.version)", file.isBigEndian ? "big-endian" : "",
            children: [
                Outline("metadata", "\(pairs.count)", children: pairs),
                Outline("tensors", "\(tensors.count)", children: tensors),
            ])
    }

    private func value(_ pair: GGUFFile.Pair, of file: GGUFFile) -> String {
        switch pair.type {
        case .string: return file.text(pair)?.text(limit: 1 << 16) ?? ""
        case .array: return "\(pair.count) × \(pair.elementType.map { "\($0)" } ?? "?")"
        case .float32:
            let bits =
                file.isBigEndian
                ? file.region.big(UInt32.self, at: pair.value.lowerBound)
                : file.region.little(UInt32.self, at: pair.value.lowerBound)
            return bits.map { "\(Float(bitPattern: $0))" } ?? ""
        case .float64:
            let bits =
                file.isBigEndian
                ? file.region.big(UInt64.self, at: pair.value.lowerBound)
                : file.region.little(UInt64.self, at: pair.value.lowerBound)
            return bits.map { "\(Double(bitPattern: $0))" } ?? ""
        case .bool: return file.integer(pair) == 0 ? "false" : "true"
        default: return file.integer(pair).map { "\($0)" } ?? ""
        }
    }
}
