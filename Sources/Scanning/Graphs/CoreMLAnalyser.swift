internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges Core ML specifications: classes of the app that they call, and files that they name.
struct CoreMLAnalyser: Analyser {
    let format: FormatID = "coreml"

    func recognise(_ item: ScanItem) -> Recognition {
        if CoreMLModel.isPresent(in: item.region) { return .likely }
        return item.fileExtension == "mlmodel" ? .possible : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard CoreMLModel.isPresent(in: item.region) else { throw .malformed(reading: "model") }
        let model = CoreMLModel(item.region, budget: scan.budget)
        for found in model.found {
            let name = Printable.line(String(decoding: found.name, as: UTF8.self), limit: 200)
            let place = item.location.at(found.offset, name)
            switch found.kind {
            case .customModel, .customLayer:
                scan.report(
                    "GRAPH-CUSTOM-OPERATOR",
                    "the model calls the native class “\(name)” as a custom \(found.kind == .customModel ? "model" : "layer")",
                    at: place)
            case .linkedModel, .linkedPath, .blobFile:
                judge(found, name, at: place, in: scan)
            }
        }
        for text in model.texts {
            guard let value = item.region.slice(text.range.lowerBound, text.range.count) else { continue }
            try MetadataText.judge(
                value, key: text.key, at: item.location.at(text.range.lowerBound, text.key), in: scan)
        }
        if let failure = model.failure { throw failure }
    }

    private func judge(_ found: CoreMLModel.Found, _ name: String, at place: Location, in scan: Scan) {
        // Programs name their weights below this stand-in for the package's own folder.
        let own = Array("@model_path/".utf8)
        let path = found.name.starts(with: own) ? Array(found.name.dropFirst(own.count)) : found.name
        if let problem = ReferencedPath(path) {
            scan.report(
                "GRAPH-PATH", "the model names the file “\(name)”, which \(problem.problem.rawValue)", at: place,
                severity: problem.escapes ? .high : .medium)
        } else if found.kind == .linkedModel {
            scan.report(
                "GRAPH-PATH", "the model is a link to another one, “\(name)”", at: place, severity: .medium)
        }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let model = CoreMLModel(item.region, budget: budget)
        return Outline(
            "Core ML, specification \(model.specificationVersion)", "\(model.layers) layers",
            children: [
                Outline(
                    "metadata", "",
                    children: model.texts.map { text in
                        Outline(
                            text.key,
                            item.region.slice(text.range.lowerBound, text.range.count)?.text(limit: 4_096) ?? "")
                    }),
                Outline(
                    "references", "\(model.found.count)",
                    children: model.found.map { Outline("\($0.kind)", String(decoding: $0.name, as: UTF8.self)) }),
            ])
    }
}

/// Judges the manifest of a Core ML package: each item must lie inside of the package.
struct CoreMLManifestAnalyser: Analyser {
    let format: FormatID = "coreml-manifest"

    func recognise(_ item: ScanItem) -> Recognition {
        let head = item.region.prefix(1 << 16)
        guard let brace = head.firstOffset(of: [UInt8(ascii: "{")]), brace < 64 else { return .no }
        return head.firstOffset(of: Array("\"itemInfoEntries\"".utf8)) != nil ? .likely : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard item.region.count <= scan.limits.textBytes else { throw .limit(reading: "manifest") }
        try scan.budget.spend(operations: item.region.count / 4, reading: "manifest")
        let root = try JSONDocument(item.region).root
        for (name, entries) in root.members where name.string == "itemInfoEntries" {
            for (_, entry) in entries.members {
                for (key, value) in entry.members where key.string == "path" {
                    guard let path = ReferencedPath(value.stringBytes) else { continue }
                    scan.report(
                        "GRAPH-PATH",
                        "the item path “\(Printable.line(value.string ?? "", limit: 200))” \(path.problem.rawValue)",
                        at: item.location.at(value.offset), severity: path.escapes ? .high : .medium)
                }
            }
        }
    }
}
