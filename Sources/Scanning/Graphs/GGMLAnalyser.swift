internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges the formats before GGUF: sizes only, since they carry no metadata.
struct GGMLAnalyser: Analyser {
    let format: FormatID = "ggml"

    func recognise(_ item: ScanItem) -> Recognition {
        switch GGMLFile.kind(of: item.region) {
        case nil: .no
        case .ggml: .likely
        default: .certain
        }
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let file = try GGMLFile(item.region, budget: scan.budget)
        guard let failure = file.failure else { return }
        // `ggml` alone says nothing of the layout: programs of all kinds wrote it.
        guard file.isKnown else {
            scan.report(
                incomplete: "ggml: parameters of no program that is known here, or a file that breaks off",
                at: item.location)
            return
        }
        if failure.code == .overflow {
            scan.report(
                "TENSOR-MEMORY-SAFETY", "\(failure.reading): more than any loader can hold",
                at: item.location.at(failure.offset))
        } else {
            throw failure
        }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let file = try GGMLFile(item.region, budget: budget)
        let tensors = file.tensors.map { tensor in
            Outline(
                tensor.name,
                "\(GGMLType(tensor.type)?.name ?? "?") \(TensorText.shape(tensor.dimensions)) at \(tensor.offset), "
                    + "\(tensor.byteCount) bytes")
        }
        return Outline(
            "\(file.kind.rawValue) version \(file.version)", "vocabulary of \(file.vocabularyCount)",
            children: [Outline("tensors", "\(tensors.count)", children: tensors)])
    }
}
