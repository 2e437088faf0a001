internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Collects what an XML text declares and judges it.
struct XMLJudge {
    let item: ScanItem
    let scan: Scan
    private(set) var hasRoot = false
    private var root = ""
    var path: [String] = []
    /// Whether an element has begun that has not ended.
    var isOpen: Bool { !path.isEmpty }
    var openVINO = OpenVINOConstants()
    private var commands: XMLCommands
    var entitySizes: [String: Int] = [:]
    /// Bytes that the entities named so far grow to.
    var grown = 0
    var isGrown = false

    init(item: ScanItem, scan: Scan) {
        self.item = item
        self.scan = scan
        commands = XMLCommands(scan: scan, item: item)
    }

    static func local(_ name: String) -> String {
        name.utf8.contains(UInt8(ascii: ":")) ? String(name.split(separator: ":").last ?? "") : name
    }

    mutating func take(_ event: XMLEvent, at offset: Int) {
        switch event {
        case .doctype(let doctype): judge(doctype, at: offset)
        case .instruction(let target, let data):
            if target == "xml-stylesheet", data.contains("href") {
                report("XML-EXTERNAL", "a style sheet is named: \(data)", offset, .low)
            }
        case .start(let name, let attributes, let isEmpty):
            let local = XMLJudge.local(name)
            if !hasRoot {
                hasRoot = true
                root = local
            }
            if local == "include", name.contains(":") || attributes.contains(where: { $0.value.contains("XInclude") }) {
                let target = attributes.first { $0.name == "href" }?.value ?? "?"
                report("XML-EXTERNAL", "the text includes \(target)", offset, .high)
            }
            if root == "svg" {
                let handler = attributes.first { $0.name.lowercased().hasPrefix("on") }?.name
                if let what = local == "script" ? "a script" : handler.map({ "the handler \($0)" }) {
                    report("METADATA-CODE", "the image holds \(what), which a browser runs", offset, .low)
                }
            }
            if root == "PMML" { judgePMML(local, attributes, offset) }
            if root == "net" { judgeOpenVINO(local, attributes, offset) }
            if local == "Source", path.last == "Kernel" || root == "CustomLayer" { judgeKernel(attributes, offset) }
            if !isEmpty, path.count < 10_000 { path.append(local) }
            commands.take(event, root: root, at: offset)
        case .end:
            commands.take(event, root: root, at: offset)
            _ = path.popLast()
        case .text(let text):
            count(entitiesIn: text, at: offset)
            commands.take(event, root: root, at: offset)
            if root == "PMML", path.contains("Extension") {
                judgeExtension(text, offset)
            } else if root == "PMML" {
                MetadataJudge.judge(text, named: path.last ?? "text", at: item.location.at(offset), in: scan)
            }
        }
    }

    mutating func finish() {
        if let message = openVINO.gap() {
            scan.report("OPENVINO-CONSTANT", message, at: item.location, severity: .low)
        }
    }

    func report(_ rule: String, _ message: String, _ offset: Int?, _ severity: Severity? = nil) {
        scan.report(rule, message, at: item.location.at(offset, path.last), severity: severity)
    }
}
