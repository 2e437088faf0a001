internal import AssayCore
internal import ByteParsing

/// Judges Core ML programs in text, as compiled models hold them (`model.mil`): the files that their constants lie in, and
/// operators that an app's own class computes.
struct CoreMLProgramAnalyser: Analyser {
    let format: FormatID = "coreml-program"

    func recognise(_ item: ScanItem) -> Recognition {
        guard item.facts.isText, let start = item.facts.firstInk, item.region.starts(with: "program(", at: start) else {
            return .no
        }
        return item.region.prefix(1 << 16).firstOffset(of: "func ") != nil ? .likely : .possible
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let region = item.region
        try scan.budget.spend(operations: region.count / 64, reading: "Core ML program")
        var at = 0
        while let call = region.firstOffset(of: "BLOBFILE(", from: at) {
            at = call + 9
            try scan.budget.spend(operations: 4, reading: "Core ML program")
            // `path = tensor<string, []>("@model_path/weights/weight.bin")`, or `string("…")`.
            let arguments = region.suffix(from: at).prefix(4_096)
            guard let open = arguments.firstOffset(of: "(\""),
                let close = arguments.firstOffset(of: "\")", from: open + 2),
                let name = arguments.slice(open + 2, close - open - 2)
            else { continue }
            let own = Array("@model_path/".utf8)
            let path = name.starts(with: own) ? name.suffix(from: own.count) : name
            guard let problem = ReferencedPath(path.array()) else { continue }
            scan.report(
                "GRAPH-PATH",
                "a constant lies in the file “\(Printable.line(name.text(), limit: 200))”, which \(problem.problem.rawValue)",
                at: item.location.at(name.start - region.start), severity: problem.escapes ? .high : .medium)
        }
        if let custom = region.firstOffset(of: "custom_layer(") {
            scan.report(
                "GRAPH-CUSTOM-OPERATOR", "the program calls a native class of the app as a custom layer",
                at: item.location.at(custom))
        }
    }
}
