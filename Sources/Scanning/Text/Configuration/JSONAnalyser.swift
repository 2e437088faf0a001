internal import AssayCore
internal import ByteParsing

/// JSON of any kind: configuration of models and tokenizers by what their members mean, notebooks, data.
struct JSONAnalyser: Analyser {
    let format: FormatID = "json"

    /// Above this many bytes the words of tokenizers are left out before the text is parsed.
    static let elisionSize = 1 << 20
    /// Nodes that are kept of one document: 16 bytes each.
    static let nodeLimit = 1_500_000

    func recognise(_ item: ScanItem) -> Recognition {
        let isNamed = item.fileExtension == "json" || item.fileExtension == "ipynb"
        guard let start = item.facts.firstInk, Self.opens(item.region, at: start) else {
            // A name that claims JSON is held to it.
            return isNamed && !item.region.isEmpty && !item.facts.isWideText ? .possible : .no
        }
        return item.facts.isText ? .likely : isNamed ? .possible : .no
    }

    /// Whether loaders of models read a file of that name: others configure programs or are data.
    private static func isModelFile(_ name: String) -> Bool {
        let file = name.split(separator: "/").last.map { $0.lowercased() } ?? ""
        return ["config", "index", "manifest", "map", "params", "tokenizer", "vocab", "metadata", "model"]
            .contains { file.hasSuffix($0 + ".json") } || !file.hasSuffix(".json")
    }

    /// Whether the bytes at `start` open an object or list the way JSON does.
    static func opens(_ region: ByteRegion, at start: Int) -> Bool {
        let bytes = region.bytes
        guard let first = bytes.byte(at: start), first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            return false
        }
        var index = start + 1
        while let byte = bytes.byte(at: index), byte == 0x20 || (0x09...0x0D).contains(byte) { index += 1 }
        guard let next = bytes.byte(at: index) else { return false }
        if first == UInt8(ascii: "{") { return next == UInt8(ascii: "\"") || next == UInt8(ascii: "}") }
        // A word that is a value, not a section of another notation.
        if let word = ["true", "false", "null"].first(where: { $0.utf8.first == next }) {
            return region.starts(with: Array(word.utf8), at: index)
        }
        // `[[name]]` opens a table of TOML.
        if next == UInt8(ascii: "["), let inner = bytes.byte(at: index + 1),
            (0x41...0x7A).contains(inner), inner != UInt8(ascii: "[") && inner != UInt8(ascii: "]")
        {
            return ["true", "false", "null"].contains { region.starts(with: Array($0.utf8), at: index + 1) }
        }
        return "{[\"]-0123456789".utf8.contains(next)
    }

    private static func document(_ region: ByteRegion, budget: Budget) throws(ParseError) -> JSONDocument {
        var dialect = JSONDocument.Dialect.tolerant
        dialect.nodes = nodeLimit
        dialect.allowsTrailingBytes = true
        let text = region.count > elisionSize ? try ElidedJSON.reduce(region, budget: budget) : region
        try budget.spend(operations: text.count / 4, reading: "JSON text")
        return try JSONDocument(text, dialect: dialect)
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let document: JSONDocument
        do throws(ParseError) {
            document = try Self.document(item.region, budget: scan.budget)
        } catch {
            // Editors keep their settings with comments.
            if let text = JSONComments.blanked(item.region),
                let settings = try? Self.document(text, budget: scan.budget)
            {
                return try judge(settings, of: item, in: scan)
            }
            scan.report(error, at: item.location, format: format)
            // What the text spells is searched all the same.
            TextAnalyser.search(item.region, at: item.location, in: scan)
            return
        }
        try judge(document, of: item, in: scan)
    }

    private func judge(_ document: JSONDocument, of item: ScanItem, in scan: Scan) throws(ParseError) {
        let root = document.root
        if Notebook.isNotebook(root) {
            try Notebook.judge(root, item, in: scan)
            return
        }
        // Lines of JSON are records of data: what they say is nobody's configuration.
        if item.fileExtension == "jsonl" || item.fileExtension == "ndjson" {
            TextAnalyser.search(item.region, at: item.location, in: scan)
            try checkLastLine(of: item.region, item, in: scan)
            return
        }
        let judge = ConfigurationJudge(
            scan: scan, location: item.location, isOfProgram: !Self.isModelFile(item.name))
        judge.judge(root: root)
        ToolConfiguration(scan: scan, location: item.location).judge(root)
        try JSONWalk.visit(root, skipping: ConfigurationJudge.vocabularies, budget: scan.budget) { place in
            switch place.value.kind {
            case .string:
                if let raw = place.value.rawString, raw.count > MetadataJudge.sizeLimit {
                    judge.judge(long: raw, key: place.key, path: place.path, offset: place.value.offset)
                } else if let text = place.value.string {
                    judge.judge(text, key: place.key, path: place.path, offset: place.value.offset)
                }
            case .true: judge.judge(flag: true, key: place.key, path: place.path, offset: place.value.offset)
            case .object, .array: judge.judge(container: place.value, key: place.key, path: place.path)
            default: break
            }
        }
        // JSON Lines: each further line is a document of its own, and data.
        if document.end < document.count {
            let rest = item.region.suffix(from: item.region.count - (document.count - document.end))
            if let next = TextSample.firstInk(rest) {
                if Self.opens(rest, at: next) {
                    TextAnalyser.search(rest, at: item.location, in: scan)
                    try checkLastLine(of: rest, item, in: scan)
                } else if item.fileExtension == "json" {
                    scan.report(
                        .malformed(at: document.end, reading: "JSON text (bytes after the value)"),
                        at: item.location, format: format)
                    TextAnalyser.search(item.region, at: item.location, in: scan)
                }
            }
        }
    }

    /// Lines are not parsed one by one; but a file that was cut off ends in one that is no document.
    private func checkLastLine(of rest: ByteRegion, _ item: ScanItem, in scan: Scan) throws(ParseError) {
        let window = rest.suffix(from: max(0, rest.count - Self.elisionSize))
        let bytes = window.bytes
        var end = window.count
        while end > 0, let byte = bytes.byte(at: end - 1), byte == 0x20 || (0x09...0x0D).contains(byte) { end -= 1 }
        var start = end
        while start > 0, bytes.byte(at: start - 1) != 0x0A { start -= 1 }
        // A longer line is not looked at; nor is text whose lines are no documents.
        guard start > 0 || window.count == rest.count, let line = window.slice(start, end - start),
            Self.opens(line, at: 0) || line.count < 3
        else { return }
        do throws(ParseError) {
            _ = try Self.document(line, budget: scan.budget)
        } catch {
            scan.report(
                error, at: item.location.at(item.region.count - window.count + start, "the last line"), format: format)
        }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        ConfigurationOutline.outline(try Self.document(item.region, budget: budget).root)
    }
}
