internal import AssayCore
internal import ByteParsing

/// Judges the index of a model in several files: each shard must be an ordinary name beside it.
struct ShardIndexAnalyser: Analyser {
    let format: FormatID = "shard-index"

    func recognise(_ item: ScanItem) -> Recognition {
        var at = item.region.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while at < 256, let byte = item.region[at], byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            at += 1
        }
        guard item.region[at] == UInt8(ascii: "{") else { return .no }
        if item.name.hasSuffix(".index.json") { return .likely }
        let head = item.region.prefix(1 << 16)
        return head.firstOffset(of: Array("\"weight_map\"".utf8)) != nil ? .likely : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard item.region.count <= scan.limits.textBytes else { throw .limit(reading: "shard index") }
        try scan.budget.spend(operations: item.region.count / 4, reading: "shard index")
        let root = try JSONDocument(item.region).root
        var seen = Set<[UInt8]>()
        for (name, map) in root.members where name.string == "weight_map" {
            for (tensor, shard) in map.members {
                let bytes = shard.stringBytes
                guard seen.insert(bytes).inserted, let path = ReferencedPath(bytes) else { continue }
                let text = Printable.line(String(decoding: bytes, as: UTF8.self), limit: 200)
                scan.report(
                    "GRAPH-PATH", "the shard name “\(text)” \(path.problem.rawValue)",
                    at: item.location.at(shard.offset, tensor.string), severity: path.escapes ? .high : .medium)
            }
        }
    }
}
