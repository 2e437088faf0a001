public import ByteParsing

// What a parent tells its worker before the first file.
extension ScanSettings {
    /// The settings as one line of JSON.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            for (name, path) in Limits.members { writer.member(name, limits[keyPath: path]) }
            writer.member("allowedNames", allowedNames)
            writer.member("deniedNames", deniedNames)
            writer.member("computesDigests", computesDigests)
        }
        return writer.bytes
    }

    /// Reads what `json` wrote; what is missing keeps its default.
    public init(_ json: JSONValue) {
        self.init()
        for (name, path) in Limits.members {
            if let value = json[name]?.integer { limits[keyPath: path] = value }
        }
        allowedNames = json["allowedNames"]?.elements.compactMap(\.string) ?? []
        deniedNames = json["deniedNames"]?.elements.compactMap(\.string) ?? []
        computesDigests = json["computesDigests"]?.bool ?? false
    }
}
