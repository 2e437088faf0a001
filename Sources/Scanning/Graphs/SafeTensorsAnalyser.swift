internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges safetensors: the layout that loaders rely on, the metadata, and what hides between the tensors.
struct SafeTensorsAnalyser: Analyser {
    let format: FormatID = "safetensors"

    func recognise(_ item: ScanItem) -> Recognition {
        let named = item.fileExtension == "safetensors"
        guard let length = SafeTensorsFile.headerLength(item.region) else { return named ? .possible : .no }
        guard length <= SafeTensorsFile.headerLimit else { return named ? .possible : .no }
        var at = 9
        while at < min(length + 8, 256), let byte = item.region[at], byte == 0x20 || byte == 0x0A || byte == 0x0D {
            at += 1
        }
        return item.region[at] == UInt8(ascii: "\"") || item.region[at] == UInt8(ascii: "}")
            ? .certain : named ? .likely : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let file = try SafeTensorsFile(item.region, budget: scan.budget)
        for flaw in file.flaws { report(flaw, of: item, in: scan) }
        let layout = SafeTensorsLayout(file, fileCount: item.region.count)
        for flaw in layout.flaws { report(flaw, of: item, in: scan) }
        for entry in file.metadata {
            try MetadataText.judge(
                entry.text, key: entry.key, at: item.location.at(entry.offset, "__metadata__." + entry.key), in: scan)
        }
        HiddenContent.open(layout.unclaimed, of: item, as: format, in: scan)
        for tensor in file.tensors where SafeTensorsType.holdsBytes(tensor.type) {
            guard let bytes = item.region.slice(file.dataStart + tensor.begin, max(0, tensor.end - tensor.begin))
            else { continue }
            try EmbeddedProgram.check(bytes, in: tensor.name, of: item, scan: scan)
        }
    }

    private func report(_ flaw: SafeTensorsFile.Flaw, of item: ScanItem, in scan: Scan) {
        let name = Printable.line(flaw.name, limit: 80)
        let place = item.location.at(flaw.offset, flaw.name)
        switch flaw.kind {
        case .repeatedName:
            scan.report(
                "TENSOR-NAME-REPEATED", "“\(name)” stands in the header more than once", at: place)
        case .member:
            scan.report("TENSOR-LAYOUT", "“\(name)” has a member that the format does not know", at: place)
        case .metadataNotText:
            scan.report("TENSOR-LAYOUT", "the metadata value “\(name)” is not text", at: place)
        case .entryNotObject:
            scan.report("TENSOR-LAYOUT", "the header entry “\(name)” is not a tensor", at: place)
        case .type: scan.report("TENSOR-LAYOUT", "“\(name)” has no known element type", at: place)
        case .shape: scan.report("TENSOR-LAYOUT", "“\(name)” has no valid shape", at: place)
        case .offsets: scan.report("TENSOR-LAYOUT", "“\(name)” has no valid data offsets", at: place)
        }
    }

    private func report(_ flaw: SafeTensorsLayout.Flaw, of item: ScanItem, in scan: Scan) {
        let name = Printable.line(flaw.tensor, limit: 80)
        let place = item.location.at(flaw.offset, flaw.tensor.isEmpty ? nil : flaw.tensor)
        let message =
            switch flaw.kind {
            case .reversed: "the data of “\(name)” ends before it begins"
            case .outside: "the data of “\(name)” ends \(flaw.count) bytes after the file"
            case .size: "the data of “\(name)” is not as long as its type and shape say"
            case .overflow: "the shape of “\(name)” multiplies to more than can be counted"
            case .overlap: "“\(name)” shares \(flaw.count) bytes with another tensor"
            case .hole: "\(flaw.count) bytes before “\(name)” belong to no tensor"
            case .trailing: "\(flaw.count) bytes after the last tensor belong to none"
            }
        if flaw.kind == .overflow {
            scan.report("TENSOR-MEMORY-SAFETY", message, at: place)
        } else {
            scan.report("TENSOR-LAYOUT", message, at: place)
        }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let file = try SafeTensorsFile(item.region, budget: budget)
        let metadata = file.metadata.map { Outline($0.key, $0.value) }
        let tensors = file.tensors.map { tensor in
            Outline(
                tensor.name,
                "\(tensor.type) \(TensorText.shape(tensor.shape)) at \(file.dataStart + tensor.begin), "
                    + "\(max(0, tensor.end - tensor.begin)) bytes")
        }
        return Outline(
            "safetensors", "header \(file.headerCount) bytes",
            children: [
                Outline("metadata", "\(metadata.count)", children: metadata),
                Outline("tensors", "\(tensors.count)", children: tensors),
            ])
    }
}
