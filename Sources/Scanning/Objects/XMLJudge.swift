internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Collects what an XML text declares and judges it.
struct XMLJudge {
    let item: ScanItem
    let scan: Scan
    private(set) var hasRoot = false
    private var root = ""
    private var path: [String] = []
    /// Whether an element has begun that has not ended.
    var isOpen: Bool { !path.isEmpty }
    private var openVINO = OpenVINOConstants()
    private var commands: XMLCommands
    private var entitySizes: [String: Int] = [:]
    /// Bytes that the entities named so far grow to.
    private var grown = 0
    private var isGrown = false

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

    // MARK: Entities

    private mutating func judge(_ doctype: XMLDoctype, at offset: Int) {
        for entity in doctype.entities {
            guard let system = entity.system else { continue }
            report(
                "XML-ENTITY", "the \(entity.isParameter ? "parameter " : "")entity \(entity.name) is \(system)", offset)
        }
        if let system = doctype.system, !["html", "svg"].contains(doctype.root.lowercased()) {
            let reach = PathReach(system)
            let isKnown = XMLJudge.knownSchemas.contains { system.hasPrefix($0) }
            if !isKnown {
                report(
                    "XML-EXTERNAL", "the document type is read from \(system)", offset, reach == .inside ? .low : .high)
            }
        }
        entitySizes = XMLJudge.sizes(of: doctype.entities)
        let worst = entitySizes.max { $0.value < $1.value }
        let (size, name) = (worst?.value ?? 0, worst?.key ?? "")
        if size > 10_000_000 {
            report(
                "XML-ENTITY", "the entity \(name) grows to \(size == .max ? "more than 2^63" : String(size)) bytes",
                offset, .medium)
        }
    }

    /// The sizes that internal entities grow to; references may be nested but not circular (a circle is endless).
    static func sizes(of entities: [XMLEntity]) -> [String: Int] {
        var sizes: [String: Int] = [:]
        for entity in entities where entity.value != nil && sizes[entity.name] == nil {
            sizes[entity.name] = entity.value?.utf8.count ?? 0
        }
        let references = entities.map { entity in XMLJudge.references(in: entity.value ?? "") }
        // Every round follows references one level deeper; twelve levels of tens are past any limit.
        for _ in 0..<24 {
            var changed = false
            for (entity, names) in zip(entities, references) where entity.value != nil {
                var size = entity.value?.utf8.count ?? 0
                for name in names { size = size.adding(checked: sizes[name] ?? 0) ?? .max }
                if size != sizes[entity.name] {
                    sizes[entity.name] = size
                    changed = true
                }
                if size > 1 << 40 { return sizes }
            }
            if !changed { break }
        }
        return sizes
    }

    /// Counts what the entities that a text names grow to: a long one that is named again and again grows like many.
    private mutating func count(entitiesIn text: String, at offset: Int) {
        guard !entitySizes.isEmpty, !isGrown, text.utf8.contains(UInt8(ascii: "&")) else { return }
        for name in XMLJudge.references(in: text) {
            grown = grown.adding(checked: entitySizes[name] ?? 0) ?? .max
        }
        guard grown > 64 << 20 else { return }
        isGrown = true
        report("XML-ENTITY", "the entities that the text names grow to \(grown) bytes", offset, .medium)
    }

    private static func references(in text: String) -> [String] {
        text.split(separator: "&").dropFirst(text.hasPrefix("&") ? 0 : 1).prefix(10_000).compactMap { piece in
            piece.firstIndex(of: ";").map { String(piece[..<$0]) }
        }
    }

    /// Where document types of published vocabularies are named: parsers have these at hand or never ask for them.
    private static let knownSchemas = [
        "www.dmg.org/", "dmg.org/", "www.w3.org/", "www.apple.com/DTDs/", "java.sun.com/",
        "www.oasis-open.org/docbook/",
        "docbook.org/", "checkstyle.org/dtds/", "www.puppycrawl.com/dtds/", "www.musicxml.org/dtds/",
        "logging.apache.org/", "mybatis.org/dtd/", "hibernate.sourceforge.net/", "www.hibernate.org/dtd/",
        "www.springframework.org/dtd/", "struts.apache.org/dtds/", "xml.apache.org/", "www.unicode.org/",
        "unicode.org/", "testng.org/", "www.wapforum.org/DTD/", "www.freedesktop.org/standards/",
    ].flatMap { ["http://" + $0, "https://" + $0] }

    // MARK: PMML

    private func judgePMML(_ name: String, _ attributes: [XMLAttribute], _ offset: Int) {
        if path.contains("Extension"), XMLJudge.programNames.contains(name.lowercased()) {
            report("PMML-CODE", "an extension holds the element \(name)", offset)
        }
        if name == "Extension" {
            for attribute in attributes where attribute.name == "value" || attribute.name == "name" {
                if attribute.name == "value" {
                    judgeExtension(attribute.value, offset)
                } else if XMLJudge.programNames.contains(attribute.value.lowercased()) {
                    report("PMML-CODE", "an extension called \(attribute.value)", offset)
                }
            }
        }
        for attribute in attributes {
            if attribute.name == "function", name == "Apply", attribute.value.contains("."),
                !attribute.value.hasPrefix("x-"), attribute.value.first?.isLetter ?? false
            {
                report("PMML-CODE", "the function \(attribute.value) is a class that the evaluator loads", offset)
            }
            if XMLJudge.isAddress(attribute.name), PathReach(attribute.value) >= .absolute {
                report("XML-EXTERNAL", "\(name) refers to \(attribute.value)", offset, .medium)
            }
        }
    }

    private func judgeExtension(_ text: String, _ offset: Int) {
        guard let sign = ScriptSigns.first(in: text) else { return }
        report("PMML-CODE", "an extension holds what looks like code (\(sign))", offset)
    }

    /// What an extension is called that holds a program.
    private static let programNames: Set<String> = [
        "script", "code", "exec", "command", "class", "classpath", "eval", "groovy", "javascript", "js", "python",
        "jython",
        "java", "beanshell", "mvel", "ognl", "spel", "shell", "system",
    ]

    private static func isAddress(_ name: String) -> Bool {
        (3...16).contains(name.utf8.count) && addressAttributes.contains(name.lowercased())
    }

    private static let addressAttributes: Set<String> = [
        "href", "url", "uri", "location", "src", "source", "file", "path", "dataset", "connectionstring", "systemid",
    ]

    // MARK: OpenVINO

    private mutating func judgeOpenVINO(_ name: String, _ attributes: [XMLAttribute], _ offset: Int) {
        func value(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
        switch name {
        case "layer":
            let version = value("version") ?? "opset1"
            guard let type = value("type") else { break }
            let isExtension = version == "extension"
            if isExtension || version.hasPrefix("opset") {
                // The tokenizers that OpenVINO publishes are an extension too.
                guard !OperatorTable.isOpenVINO(type, inTokenizers: false),
                    !isExtension || !OperatorTable.isOpenVINO(type, inTokenizers: true)
                else { break }
                report(
                    "OPENVINO-EXTENSION",
                    "the layer \(value("name") ?? "?") is of the type \(type), which the runtime does not have", offset)
            } else if !XMLJudge.ownOperatorSets.contains(version) {
                report(
                    "OPENVINO-EXTENSION",
                    "the layer \(value("name") ?? "?") (\(type)) is of the operator set \(version)", offset)
            }
        case "data":
            if let offset = value("offset"), let size = value("size") {
                guard let start = Int(offset), let length = Int(size), start >= 0, length >= 0,
                    start.adding(checked: length) != nil
                else {
                    report("OPENVINO-CONSTANT", "a constant lies at offset \(offset), size \(size)", nil, .medium)
                    break
                }
                openVINO.add(start, length)
                judgeConstantSize(value("element_type"), value("shape"), length, offset)
            }
        default: break
        }
        for attribute in attributes {
            let lower = attribute.value.lowercased()
            if [".so", ".dll", ".dylib"].contains(where: {
                lower.hasSuffix($0) || lower.contains($0 + ".") && lower.contains("/")
            }) {
                report("OPENVINO-EXTENSION", "\(attribute.name) names the library \(attribute.value)", offset, .high)
            }
        }
    }

    /// A kernel of OpenVINO's custom layers for graphics processors: source that the runtime compiles and runs.
    private func judgeKernel(_ attributes: [XMLAttribute], _ offset: Int) {
        guard let name = attributes.first(where: { $0.name == "filename" })?.value else { return }
        let path = ReferencedPath(Array(name.utf8))
        report(
            "OPENVINO-EXTENSION",
            "a custom layer runs the kernel \(name)\(path.map { ", which " + $0.problem.rawValue } ?? "")",
            offset, path?.escapes == true ? .high : .medium)
    }

    private func judgeConstantSize(_ type: String?, _ shape: String?, _ length: Int, _ place: String) {
        guard let type, let shape, let bits = XMLJudge.elementBits[type] else { return }
        let dimensions = shape.split(separator: ",").map { Int($0.filter { $0 != " " }) }
        var product: Int? = bits
        for dimension in dimensions { product = dimension.flatMap { side in product?.multiplied(checked: side) } }
        if let product, product >= 0, (product / 8) > length.adding(checked: 8) ?? .max {
            scan.report(
                "OPENVINO-CONSTANT", "a constant at \(place) of shape \(shape) has only \(length) bytes",
                at: item.location, severity: .low)
        }
    }

    private static let elementBits: [String: Int] = [
        "f64": 64, "i64": 64, "u64": 64, "f32": 32, "i32": 32, "u32": 32, "f16": 16, "bf16": 16, "i16": 16, "u16": 16,
        "i8": 8, "u8": 8, "boolean": 8, "i4": 4, "u4": 4, "u1": 1,
    ]

    /// Operator sets that the runtime brings itself, beside the numbered ones.
    private static let ownOperatorSets: Set<String> = [
        "experimental", "util", "ie_internal_opset", "type_relaxed_opset", "ov_ops_internal", "internal",
        "gpu_opset", "cpu_plugin_opset", "SnippetsOpset", "legacy", "",
    ]

    private func report(_ rule: String, _ message: String, _ offset: Int?, _ severity: Severity? = nil) {
        scan.report(rule, message, at: item.location.at(offset, path.last), severity: severity)
    }
}
