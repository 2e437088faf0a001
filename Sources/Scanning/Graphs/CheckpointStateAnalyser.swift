internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges the file `checkpoint` that TensorFlow keeps beside its checkpoints: which of them is loaded as the latest.
///
/// Source: `checkpoint_state.proto`; relative paths are joined to the file's own folder.
struct CheckpointStateAnalyser: Analyser {
    let format: FormatID = "tf-checkpoint-state"

    func recognise(_ item: ScanItem) -> Recognition {
        guard item.facts.isText, item.region.prefix(1 << 12).firstOffset(of: "model_checkpoint_path") != nil else {
            return .no
        }
        let start = item.facts.firstInk ?? 0
        let opens = ["model_checkpoint_path", "all_model_checkpoint_paths", "#"].contains {
            item.region.starts(with: Array($0.utf8), at: start)
        }
        return opens ? .likely : item.name == "checkpoint" ? .possible : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard item.region.count <= scan.limits.textBytes else { throw .limit(reading: "checkpoint state") }
        try ProtobufText.walk(item.region, budget: scan.budget) { (event, offset) throws(ParseError) in
            guard case .value(let name, let value) = event,
                name == "model_checkpoint_path" || name == "all_model_checkpoint_paths"
            else { return }
            judge(value, name, at: item.location.at(offset, name), in: scan)
        }
    }

    private func judge(_ value: String, _ name: String, at place: Location, in scan: Scan) {
        guard let path = ReferencedPath(Array(value.utf8)) else { return }
        let severity: Severity
        switch path.problem {
        // Where it was trained: nothing else is there on another machine, and nothing but weights is read.
        case .absolute, .drive, .url, .home: severity = ConfigurationJudge.isSystemFile(value) ? .medium : .low
        case .parent, .share, .nul, .variable, .encoded, .lookalike: severity = .medium
        case .shell, .control, .empty: severity = .low
        }
        scan.report(
            "GRAPH-PATH", "`\(name)` is “\(Printable.line(value, limit: 200))”, which \(path.problem.rawValue)",
            at: place, severity: severity)
    }
}
