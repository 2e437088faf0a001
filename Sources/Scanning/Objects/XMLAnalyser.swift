internal import AssayCore
package import ByteParsing
internal import ModelFormats

/// Judges XML as such (what its document type declares and includes), and the models written in it: PMML, OpenVINO.
package struct XMLAnalyser: Analyser {
    package let format: FormatID = "xml"

    package init() {}

    package func recognise(_ item: ScanItem) -> Recognition {
        guard let start = XMLAnalyser.start(item.region) else { return .no }
        let head = item.region.suffix(from: start).prefix(4_096)
        let isModel = ["<PMML ", "<PMML>", "<net ", "<net>", "<!DOCTYPE PMML", "<!DOCTYPE net "].contains {
            head.firstOffset(of: Array($0.utf8)) != nil
        }
        return isModel ? .likely : .possible
    }

    /// Whether the text starts like XML: a declaration, a document type, or the root of a known model format.
    static func start(_ region: ByteRegion) -> Int? {
        var head = region
        if UnicodeText.encoding(of: region) != .utf8 { head = UnicodeText.utf8(region.prefix(1_024)) }
        var at = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while let byte = head[at], byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09, at < 4_096 { at += 1 }
        guard head[at] == UInt8(ascii: "<") else { return nil }
        for word in [
            "<?xml", "<!DOCTYPE", "<!--", "<PMML", "<net", "<CustomLayer", "<Project", "<project", "<plist", "<Task",
            "<svg",
        ]
        where head.starts(with: Array(word.utf8), at: at) {
            return at
        }
        return nil
    }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard item.region.count <= scan.limits.textBytes * 8 else {
            throw .limit(at: item.region.count, reading: "XML text")
        }
        var reader = XMLReader(item.region, budget: scan.budget)
        var judge = XMLJudge(item: item, scan: scan)
        var isModel = false
        do throws(ParseError) {
            while let event = try reader.next() {
                if case .start(let name, _, _) = event, !judge.hasRoot {
                    let local = XMLJudge.local(name)
                    isModel = local == "PMML" || local == "net"
                    if item.depth == 0, scan.format == nil || ["unknown", "text", format].contains(scan.format) {
                        scan.format = local == "PMML" ? "pmml" : local == "net" ? "openvino-ir" : format
                    }
                }
                judge.take(event, at: reader.offset)
            }
        } catch {
            judge.finish()
            if error.code == .limit || isModel || ["pmml", "xml"].contains(item.fileExtension) { throw error }
            return
        }
        judge.finish()
        if isModel, judge.isOpen { throw .truncated(at: item.region.count, reading: "XML element") }
    }

    package func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        var reader = XMLReader(item.region, budget: budget)
        var lines: [Outline] = []
        var depth = 0
        while let event = try reader.next(), lines.count < 20_000 {
            switch event {
            case .start(let name, let attributes, let isEmpty):
                let indent = String(repeating: "  ", count: min(depth, 40))
                let text = attributes.prefix(12).map { "\($0.name)=\(Printable.line($0.value, limit: 80))" }
                lines.append(Outline(indent + Printable.line(name, limit: 120), text.joined(separator: " ")))
                if !isEmpty { depth += 1 }
            case .end: depth = max(0, depth - 1)
            case .doctype(let doctype):
                lines.append(Outline("DOCTYPE " + doctype.root, doctype.system ?? ""))
                for entity in doctype.entities.prefix(100) {
                    lines.append(
                        Outline("entity " + entity.name, entity.system ?? "\(entity.value?.utf8.count ?? 0) bytes"))
                }
            case .text, .instruction: break
            }
        }
        return Outline("xml", Outline.count(lines.count, "element"), children: lines)
    }
}
