internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Files that a model has its tensors in, or names in its attributes.
extension ONNXAnalyser {
    func judge(_ entry: ONNXModel.External, of item: ScanItem, in scan: Scan) {
        let place = item.location.at(entry.offset, entry.tensor)
        let tensor = Printable.line(entry.tensor, limit: 80)
        let value = Printable.line(String(decoding: entry.value, as: UTF8.self), limit: 200)
        switch entry.key {
        case "location", "basepath":
            if entry.value.isEmpty {
                scan.report("TENSOR-LAYOUT", "“\(tensor)” has its data in a file without a name", at: place)
            } else if value.contains("ORT_MEM_ADDR") {
                scan.report(
                    "TENSOR-MEMORY-SAFETY", "“\(tensor)” has its data at an address of the process", at: place,
                    severity: .high)
            } else if let path = ReferencedPath(entry.value) {
                scan.report(
                    "GRAPH-PATH", "“\(tensor)” has its data in “\(value)”, which \(path.problem.rawValue)", at: place,
                    severity: path.escapes ? .high : .medium)
            }
        case "offset", "length":
            if Int64(value).map({ $0 < 0 }) ?? true {
                scan.report(
                    "TENSOR-MEMORY-SAFETY", "“\(tensor)” has the \(entry.key) “\(value)” in its external data",
                    at: place)
            }
        case "checksum": break
        default:
            // The reference library sets an attribute of that name on an object of its own.
            let isInternal = entry.key.hasPrefix("_")
            guard isInternal || !entry.key.hasPrefix("prepacked") else { break }
            scan.report(
                "GRAPH-PATH",
                "“\(tensor)” has the unknown external data entry “\(Printable.line(entry.key, limit: 80))”",
                at: place, severity: isInternal ? .medium : .low)
        }
    }

    func judge(path range: Range<Int>, named name: String, of item: ScanItem, in scan: Scan) {
        guard let bytes = item.region.slice(range.lowerBound, range.count)?.array(), let path = ReferencedPath(bytes),
            path.problem != .control, path.problem != .nul, path.problem != .shell
        else { return }
        let value = Printable.line(String(decoding: bytes, as: UTF8.self), limit: 200)
        scan.report(
            "GRAPH-PATH", "\(name) is “\(value)”, which \(path.problem.rawValue)",
            at: item.location.at(range.lowerBound), severity: path.escapes ? .high : .medium)
    }
}
