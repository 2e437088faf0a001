internal import AssayCore
package import ByteParsing
internal import ModelFormats

/// Judges JSON that describes Keras objects, wherever it lies: in a `.keras` archive, an HDF5 attribute, a folder, a
/// TensorFlow.js model.
package struct KerasAnalyser: Analyser {
    package let format: FormatID = "keras-config"

    package init() {}

    package func recognise(_ item: ScanItem) -> Recognition {
        // The file that a loader asks for by name is read whatever it starts with.
        if item.name == "config.json", item.depth > 0 { return .possible }
        return ConfigurationText.mayHold("class_name", item.region) ? .possible : .no
    }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let config: KerasConfig
        do throws(ParseError) {
            config = try KerasConfig(item.region, limit: scan.limits.textBytes)
        } catch {
            // Other JSON with this word is somebody else's; text that stops being JSON where Keras looks is not.
            if error.code == .limit || item.name == "config.json" || item.containers.contains("hdf5") { throw error }
            return
        }
        guard isKeras(config.document.root, item) else { return }
        if item.depth == 0 { scan.format = format }
        try KerasJudge(item: item, scan: scan).judge(config.document.root)
    }

    /// Whether a Keras loader is meant: other programs use the word `class_name` too.
    private func isKeras(_ root: JSONValue, _ item: ScanItem) -> Bool {
        if item.containers.contains("hdf5") { return true }
        let names = KerasNames.shipped
        for value in root.descendants {
            guard let object = KerasObject(value), let name = object.className else { continue }
            if object.hasRegisteredName || name == "__lambda__" { return true }
            let base = String(name.split(separator: ">").last ?? "")
            guard object.config != nil else { continue }
            if names.isClass(base) || base == "Lambda" || KerasNames.home(of: object.module) != .absent { return true }
        }
        return false
    }

    package func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let config = try KerasConfig(item.region, limit: budget.limits.textBytes)
        var objects: [Outline] = []
        for value in config.document.root.descendants {
            try budget.spend(operations: 1, reading: "Keras configuration")
            guard let object = KerasObject(value), let name = object.className, objects.count < 10_000 else { continue }
            let module = object.module.map { $0 + "." } ?? ""
            objects.append(Outline(module + name, object.name ?? ""))
        }
        return Outline("keras configuration", "\(objects.count) objects", children: objects)
    }
}

/// A cheap test for JSON that holds a member name.
enum ConfigurationText {
    /// Whether the region starts like a JSON object or array and contains `name` as a string, or escapes or a wider
    /// encoding that could hide it.
    static func mayHold(_ name: String, _ region: ByteRegion) -> Bool {
        var at = 0
        if UnicodeText.encoding(of: region) == .utf8 {
            if region.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
            while let byte = region[at], byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09, at < 4_096 {
                at += 1
            }
            guard region[at] == UInt8(ascii: "{") || region[at] == UInt8(ascii: "[") else { return false }
            return region.firstOffset(of: Array("\"\(name)\"".utf8)) != nil
                || region.firstOffset(of: Array("\\u00".utf8)) != nil
        }
        // Sixteen or thirty-two bits a character: the first one must be a bracket, perhaps after a mark.
        let head = UnicodeText.utf8(region.prefix(256))
        guard let first = head.array().first(where: { $0 > 0x20 && $0 < 0x7F }) else { return false }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }
}
