internal import AssayCore
package import ByteParsing
internal import ModelFormats

/// Judges Keras configurations that lie as text inside of binary messages: `keras_metadata.pb` of a SavedModel and the
/// metadata of its saved objects.
///
/// The messages are not decoded: every stretch that is a whole JSON object with a class in it counts, wherever it is.
package struct KerasMetadataAnalyser: Analyser {
    package let format: FormatID = "keras-metadata"

    package init() {}

    package func recognise(_ item: ScanItem) -> Recognition {
        // A protocol buffer message starts with a field of a low number.
        guard let first = item.region[0], first == 0x0A || first == 0x08 || first == 0x12, item.region[1] != 0x0A,
            item.region.count <= 256 << 20
        else { return .no }
        return item.region.firstOffset(of: Array("\"class_name\"".utf8)) == nil ? .no : .possible
    }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        var dialect = KerasConfig.dialect
        dialect.allowsTrailingBytes = true
        var at = 0
        var attempts = 0
        while let start = item.region.firstOffset(of: Array("{\"".utf8), from: at) {
            attempts += 1
            guard attempts <= 20_000 else { throw .limit(at: start, reading: "Keras metadata") }
            let rest = item.region.suffix(from: start).prefix(scan.limits.textBytes)
            // The text ends where its message does: cheap to know that nothing of interest is left.
            guard rest.firstOffset(of: Array("\"class_name\"".utf8)) != nil else { break }
            do throws(ParseError) {
                let document = try JSONDocument(rest, dialect: dialect)
                try scan.budget.spend(operations: document.end, reading: "Keras metadata")
                at = start + max(2, document.end)
                let place = item.location.at(start, "JSON at byte \(start)")
                let inner = ScanItem(
                    region: rest.prefix(document.end), path: item.path, location: place, depth: item.depth,
                    containers: item.containers)
                try KerasJudge(item: inner, scan: scan).judge(document.root)
            } catch {
                if error.code == .limit { throw error }
                try scan.budget.spend(operations: max(64, error.offset), reading: "Keras metadata")
                at = start + 2
            }
        }
    }
}
