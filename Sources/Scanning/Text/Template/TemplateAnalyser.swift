internal import ByteParsing
internal import ModelFormats

/// Files that are a template as a whole: `chat_template.jinja` and its like, and text that reads as one.
struct TemplateAnalyser: Analyser {
    let format: FormatID = "jinja"

    private static let extensions: Set<String> = ["jinja", "jinja2", "j2", "jinja-html", "tmpl", "tpl"]
    /// Text that shows templates, or has braces of its own, without being rendered.
    private static let otherText: Set<String> = [
        "md", "rst", "html", "htm", "py", "ipynb", "js", "ts", "css", "tex", "go", "json", "yaml", "yml", "rb", "java",
        "c", "h", "cpp", "cu", "rs", "swift", "vue", "csv", "tsv", "jsonl", "xml", "svg", "sh", "toml", "log",
    ]

    func recognise(_ item: ScanItem) -> Recognition {
        if Self.extensions.contains(item.fileExtension) {
            return item.facts.isText ? .certain : item.facts.opensAsText ? .likely : .no
        }
        guard item.region.count <= 4 * TemplateJudge.sizeLimit, item.facts.isText else { return .no }
        let bytes = item.region.bytes
        guard bytes.firstOffset(of: Array("{%".utf8)) != nil || bytes.firstOffset(of: Array("{{".utf8)) != nil else {
            return .no
        }
        if Self.otherText.contains(item.fileExtension) { return .no }
        return item.facts.lowercasedName.contains("template") ? .likely : .possible
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let source = item.region.text(limit: scan.limits.textBytes)
        if item.region.count > scan.limits.textBytes {
            scan.report(incomplete: "template of \(item.region.count) bytes was not read to its end", at: item.location)
        }
        TemplateJudge.judge(source, at: item.location, in: scan, isTemplate: recognise(item) > .possible)
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let template = try JinjaParser.template(item.region.text(limit: item.region.count), budget: budget)
        return TemplateOutline.outline(template)
    }
}
