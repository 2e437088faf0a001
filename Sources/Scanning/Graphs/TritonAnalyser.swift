internal import AssayCore
internal import ByteParsing

/// Judges the configuration of a model in a repository of NVIDIA's Triton server (`config.pbtxt`): which library, file and
/// environment the server loads for it.
struct TritonAnalyser: Analyser {
    let format: FormatID = "triton-config"

    func recognise(_ item: ScanItem) -> Recognition {
        guard item.fileExtension == "pbtxt", item.facts.isText, item.region.count <= 1 << 20 else { return .no }
        if item.name == "config.pbtxt" { return .likely }
        let signs: [StaticString] = ["max_batch_size", "instance_group", "backend:", "platform:"]
        return signs.contains { item.region.firstOffset(of: $0) != nil } ? .likely : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        try scan.budget.spend(operations: item.region.count / 4, reading: "Triton configuration")
        for key in ["default_model_filename", "op_library_filename", "backend", "cc_model_filenames"] {
            for (value, offset) in try TextGraphAnalyser.values(of: key, in: item.region, scan.budget) {
                judge(value, key: key, at: item.location.at(offset, key), in: scan)
            }
        }
        guard item.region.firstOffset(of: "EXECUTION_ENV_PATH") != nil else { return }
        for (value, offset) in try TextGraphAnalyser.values(of: "string_value", in: item.region, scan.budget) {
            // The server's own word for the model's folder.
            guard !value.hasPrefix("$$TRITON_MODEL_DIRECTORY"), value.contains("/"), value.contains(".tar"),
                let path = ReferencedPath(Array(value.utf8))
            else { continue }
            scan.report(
                "GRAPH-PATH",
                "the Python environment “\(Printable.line(value, limit: 200))” \(path.problem.rawValue)",
                at: item.location.at(offset, "EXECUTION_ENV_PATH"), severity: .medium)
        }
    }

    private func judge(_ value: String, key: String, at place: Location, in scan: Scan) {
        let shown = Printable.line(value, limit: 200)
        if let path = ReferencedPath(Array(value.utf8)) {
            scan.report(
                "GRAPH-PATH", "`\(key)` is “\(shown)”, which \(path.problem.rawValue)", at: place,
                severity: path.escapes ? .high : .medium)
        } else if [".so", ".dll", ".dylib"].contains(where: { value.lowercased().hasSuffix($0) }) {
            scan.report("GRAPH-NATIVE-LIBRARY", "`\(key)` names the library “\(shown)”", at: place)
        }
    }
}
