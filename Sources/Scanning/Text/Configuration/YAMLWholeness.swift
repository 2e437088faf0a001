internal import AssayCore
internal import ByteParsing
internal import YAMLReading

/// Whether configuration that a loader of models is going to parse is YAML from its first line to its last.
///
/// `YAMLScanner` reads whatever there is; files that go by the names of models' configuration are put before a parser too.
/// Templates of YAML, which other programs fill in first, are left alone.
enum YAMLWholeness {
    private static let names: Set<String> = [
        "config", "model_config", "hparams", "hyperparams", "hyperparameters", "params", "model", "generation_config",
        "train_config", "training_config", "inference_config", "adapter_config", "tokenizer_config", "conda",
        "python_env", "preprocessor_config", "args", "data_config", "dataset_config",
    ]
    private static let sizeLimit = 1 << 18

    static func check(_ item: ScanItem, in scan: Scan) {
        guard isConfiguration(item), item.region.count <= sizeLimit, item.region.firstOffset(of: "{%") == nil,
            let parser = YAMLParser(item.region.array())
        else { return }
        var anchors: Set<String> = []
        do throws(YAMLError) {
            while let event = try parser.next() {
                guard (try? scan.budget.spend(operations: 1, reading: "YAML")) != nil else { return }
                if event.kind == .document { anchors = [] }
                if let anchor = event.anchor { anchors.insert(anchor) }
                if event.kind == .alias, !anchors.contains(event.text) {
                    throw YAMLError(line: event.line, message: "an alias of no anchor")
                }
            }
        } catch {
            scan.report(
                "SCAN-MALFORMED", "yaml: \(Printable.line(error.message, limit: 120))",
                at: item.location.at(item.location.offset, "line \(error.line)"))
        }
    }

    private static func isConfiguration(_ item: ScanItem) -> Bool {
        if item.name == "MLmodel" || item.name == "MLproject" { return true }
        guard ["yaml", "yml"].contains(item.fileExtension) else { return false }
        return names.contains(item.name.dropLast(item.fileExtension.utf8.count + 1).lowercased())
    }
}
