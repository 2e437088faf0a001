internal import AssayCore
internal import ByteParsing

/// Hands a model's metadata to the judges of text, in pieces that keep memory flat.
enum MetadataText {
    /// Bytes that are decoded at a time, and how far neighbouring pieces overlap.
    private static let window = 1 << 20
    private static let overlap = 1 << 12

    /// Judges the bytes of one metadata value: as free text, and as a template when it is one or is named one.
    static func judge(
        _ value: ByteRegion, key: String, at location: Location, in scan: Scan
    ) throws(ParseError) {
        guard !value.isEmpty else { return }
        try scan.budget.spend(operations: value.count / 4 + 1, reading: "metadata")
        guard value.count <= scan.limits.textBytes else {
            scan.report(incomplete: "the metadata value “\(key.prefix(100))” is too long to be judged", at: location)
            return
        }
        if isTemplate(value, key: key) {
            TemplateJudge.judge(value, at: location, in: scan)
        }
        if let library = library(in: value) {
            scan.report(
                "GRAPH-NATIVE-LIBRARY",
                "“\(Printable.line(key, limit: 80))” names the library “\(Printable.line(library, limit: 200))”",
                at: location)
        }
        var from = 0
        repeat {
            let piece = value.suffix(from: from).prefix(window)
            MetadataJudge.judge(piece, named: key, at: location, in: scan)
            from += window - overlap
        } while from + overlap < value.count
    }

    static func judge(_ value: String, key: String, at location: Location, in scan: Scan) throws(ParseError) {
        try judge(ByteRegion(Array(value.utf8)), key: key, at: location, in: scan)
    }

    /// The native library that a value names: the value as a whole, or a text within the JSON that it is.
    private static func library(in value: ByteRegion) -> String? {
        guard value.count <= 1 << 16,
            value.firstOffset(of: ".so") != nil || value.firstOffset(of: ".dll") != nil
                || value.firstOffset(of: ".dylib") != nil
        else { return nil }
        let text = value.text(limit: 1 << 16)
        if isLibrary(text[...]) { return text }
        guard text.first == "{" || text.first == "[" else { return nil }
        return text.split(separator: "\"").first(where: isLibrary).map(String.init)
    }

    private static func isLibrary(_ text: Substring) -> Bool {
        let path = text.utf8
        guard (4...512).contains(path.count), path.allSatisfy({ $0 > 0x20 }), !text.contains("://") else {
            return false
        }
        let name = text.split { $0 == "/" || $0 == "\\" }.last ?? text
        let lower = name.lowercased()
        if [".so", ".dll", ".dylib"].contains(where: { lower.hasSuffix($0) && lower.utf8.count > $0.utf8.count }) {
            return true
        }
        // Versions stand behind the extension: `libx.so.2.1`.
        guard let mark = lower.utf8.firstRange(of: Array(".so.".utf8)) else { return false }
        return lower.utf8[mark.upperBound...].allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    }

    /// Whether a runtime could render the value: its key says so, or it holds what only a template holds.
    private static func isTemplate(_ value: ByteRegion, key: String) -> Bool {
        key.lowercased().contains("template") || value.firstOffset(of: Array("{%".utf8)) != nil
            || value.firstOffset(of: Array("{{".utf8)) != nil
    }
}
