internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// YAML: hyper-parameters, NeMo and Hydra configuration, MLflow descriptions, by what their loaders build from tags
/// and members.
struct YAMLAnalyser: Analyser {
    let format: FormatID = "yaml"
    static let sizeLimit = 16 << 20
    /// Nodes that aliases may stand for.
    static let expansionLimit = 1_000_000

    private static let signs = ["!!python/", "python/object", "_target_", "%TAG"].map { Array($0.utf8) }
    /// Text whose tags and keys are shown, not loaded.
    private static let otherText: Set<String> = [
        "md", "rst", "html", "htm", "py", "ipynb", "js", "ts", "c", "h", "cpp", "txt", "csv", "tsv", "tex", "json",
        "jsonl", "jinja", "jinja2", "j2", "xml", "sh", "log", "go", "rs", "swift", "java",
    ]

    /// Whether the file configures a program, as opposed to describing the model that lies around it.
    private static func isOfProgram(_ item: ScanItem) -> Bool {
        item.name != "MLmodel" && item.name != "model_config.yaml" && item.containers.isEmpty
    }

    func recognise(_ item: ScanItem) -> Recognition {
        let isNamed =
            ["yaml", "yml"].contains(item.fileExtension) || item.name == "MLmodel" || item.name == "MLproject"
        guard !item.facts.isWideText else { return .no }
        guard item.facts.isText else { return isNamed && !item.region.isEmpty ? .possible : .no }
        if isNamed { return .certain }
        let head = item.region.prefix(1 << 20).bytes
        if head.starts(with: Array("%YAML".utf8)) { return .certain }
        guard !Self.otherText.contains(item.fileExtension) else {
            // A list of words is not YAML; a tag that runs something at its very start is.
            return head.starts(with: Self.signs[0]) ? .likely : .no
        }
        if Self.signs.contains(where: { head.firstOffset(of: $0, from: 0) != nil }) { return .possible }
        return head.starts(with: Array("---\n".utf8)) ? .possible : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard item.region.count <= Self.sizeLimit else {
            scan.report(
                incomplete: "YAML text of \(item.region.count) bytes was searched for credentials only",
                at: item.location)
            TextAnalyser.search(item.region, at: item.location, in: scan)
            return
        }
        if !item.facts.isText {
            // Another format under this name: its own analyser names it.
            scan.report(.malformed(reading: "YAML text"), at: item.location, format: format)
            return
        }
        let judge = ConfigurationJudge(scan: scan, location: item.location, isOfProgram: Self.isOfProgram(item))
        for event in try YAMLScanner.events(in: item.region, budget: scan.budget) {
            let place = item.location.at(item.location.offset, "line \(event.line)")
            switch event.kind {
            case .tag(let tag): YAMLTags.judge(tag, at: place, in: scan)
            case .scalar(let value, let key, let path, let isPlain):
                if isPlain, key == "trust_remote_code", ["true", "True", "TRUE", "yes", "on"].contains(value) {
                    judge.judge(flag: true, key: key, path: path)
                } else {
                    let judge = ConfigurationJudge(scan: scan, location: place, isOfProgram: Self.isOfProgram(item))
                    judge.judge(value, key: key, path: path)
                    PipelineFile.judge(value, key: key, path: path, at: place, in: scan)
                    if key == "pip" || path.hasSuffix("dependencies.pip") || key == "channels"
                        || key.hasSuffix("dependencies") && (value.hasPrefix("-") || value.contains("://"))
                    {
                        PackageList.judge(value, at: place, in: scan)
                    }
                    if key == "class_name", value == "Lambda" || value.hasSuffix(">Lambda") {
                        scan.report(
                            "KERAS-LAMBDA",
                            "A Keras model in YAML holds a Lambda layer, whose code runs when it is built",
                            at: place, severity: .high)
                    }
                    if path.hasPrefix("auto_map") || path.contains(".auto_map"), value.contains("--") {
                        scan.report(
                            "CONFIG-REMOTE-CODE",
                            "A class is taken from the code of another repository: `\(Printable.line(value, limit: 100))`",
                            at: place)
                    }
                }
            case .alias(let name, let weight):
                if weight > Self.expansionLimit {
                    scan.report(
                        "YAML-ALIAS-BOMB", "The alias `\(Printable.line(name, limit: 40))` stands for \(weight) nodes",
                        at: place)
                }
            case .document: break
            }
        }
        YAMLWholeness.check(item, in: scan)
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        var result = Outline("yaml", "\(item.region.count) bytes")
        for event in try YAMLScanner.events(in: item.region.prefix(Self.sizeLimit), budget: budget).prefix(400) {
            switch event.kind {
            case .tag(let tag): result.children.append(Outline("tag", Printable.line(tag, limit: 120)))
            case .scalar(let value, _, let path, _):
                result.children.append(Outline(Printable.line(path, limit: 80), Printable.line(value, limit: 120)))
            case .alias(let name, let weight): result.children.append(Outline("alias \(name)", "\(weight) nodes"))
            case .document: result.children.append(Outline("document"))
            }
        }
        return result
    }
}
