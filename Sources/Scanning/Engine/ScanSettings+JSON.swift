public import ByteParsing

// What a parent tells its worker before the first file.
extension ScanSettings {
    /// The settings as one line of JSON.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("depth", limits.depth)
            writer.member("entries", limits.entries)
            writer.member("inflatedBytes", limits.inflatedBytes)
            writer.member("memberBytes", limits.memberBytes)
            writer.member("expansionRatio", limits.expansionRatio)
            writer.member("operations", limits.operations)
            writer.member("textBytes", limits.textBytes)
            writer.member("findings", limits.findings)
            writer.member("allowedNames", allowedNames)
            writer.member("deniedNames", deniedNames)
            writer.member("computesDigests", computesDigests)
        }
        return writer.bytes
    }

    /// Reads what `json` wrote; what is missing keeps its default.
    public init(_ json: JSONValue) {
        self.init()
        func number(_ name: String, _ target: WritableKeyPath<Limits, Int>) {
            if let value = json[name]?.integer { limits[keyPath: target] = value }
        }
        number("depth", \.depth)
        number("entries", \.entries)
        number("inflatedBytes", \.inflatedBytes)
        number("memberBytes", \.memberBytes)
        number("expansionRatio", \.expansionRatio)
        number("operations", \.operations)
        number("textBytes", \.textBytes)
        number("findings", \.findings)
        allowedNames = json["allowedNames"]?.elements.compactMap(\.string) ?? []
        deniedNames = json["deniedNames"]?.elements.compactMap(\.string) ?? []
        computesDigests = json["computesDigests"]?.bool ?? false
    }
}
