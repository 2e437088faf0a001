internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges the index of a TensorFlow checkpoint: whether tensors are where and what it says.
struct CheckpointAnalyser: Analyser {
    let format: FormatID = "tf-checkpoint"

    func recognise(_ item: ScanItem) -> Recognition {
        if CheckpointIndex.isPresent(in: item.region) { return .certain }
        return item.fileExtension == "index" && CheckpointIndex.begins(item.region) ? .likely : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let index = try CheckpointIndex(item.region, budget: scan.budget)
        for flaw in index.flaws {
            let name = Printable.line(flaw.tensor, limit: 80)
            let place = item.location.at(nil, flaw.tensor)
            switch flaw.kind {
            case .shard:
                scan.report("TENSOR-LAYOUT", "“\(name)” is in a shard that the index does not count", at: place)
            case .place: scan.report("TENSOR-MEMORY-SAFETY", "“\(name)” is at a place that no file has", at: place)
            case .size:
                scan.report("TENSOR-LAYOUT", "“\(name)” is not as long as its type and shape say", at: place)
            case .overflow:
                scan.report(
                    "TENSOR-MEMORY-SAFETY", "the shape of “\(name)” multiplies to more than can be counted", at: place)
            case .overlap: scan.report("TENSOR-LAYOUT", "“\(name)” shares bytes with another tensor", at: place)
            }
        }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let index = try CheckpointIndex(item.region, budget: budget)
        let tensors = index.tensors.map { tensor in
            Outline(
                tensor.name,
                "\(CheckpointIndex.name(of: tensor.type)) \(TensorText.shape(tensor.shape)) in shard \(tensor.shard) at "
                    + "\(tensor.offset), \(tensor.size) bytes")
        }
        return Outline(
            "TensorFlow checkpoint index", "\(index.shards) shards",
            children: [Outline("tensors", "\(tensors.count)", children: tensors)])
    }
}
