package import ByteParsing

/// The objects that a Keras configuration asks a loader to build: every JSON object with a `class_name`.
///
/// Read alike from `config.json` of `.keras` archives, the `model_config` and `training_config` attributes of HDF5
/// files, TensorFlow.js topologies and SavedModel metadata. Versions in the file are facts, never switches: a loader
/// decides by itself which rules it follows. Weights, layouts and call arguments are not read.
package struct KerasConfig: Sendable {
    package let document: JSONDocument

    /// Reads JSON in any encoding that Python's `json.loads` detects: UTF-8, UTF-16 and UTF-32.
    package init(_ region: ByteRegion, limit: Int) throws(ParseError) {
        guard region.count <= limit else { throw .limit(at: limit, reading: "Keras configuration") }
        document = try JSONDocument(UnicodeText.utf8(region), dialect: KerasConfig.dialect)
    }

    /// Loaders recurse, this reader does not: depth costs it nothing.
    package static let dialect: JSONDocument.Dialect = {
        var dialect = JSONDocument.Dialect.tolerant
        dialect.depth = 1 << 20
        dialect.nodes = 2_000_000
        return dialect
    }()
}

/// One object of a Keras configuration.
package struct KerasObject: Sendable {
    package let value: JSONValue
    package var className: String?
    package var module: String?
    package var registeredName: String?
    package var config: JSONValue?
    package var hasModule = false
    package var hasRegisteredName = false

    /// The fields of a JSON object, or nil for any other value.
    package init?(_ value: JSONValue) {
        guard value.isObject else { return nil }
        self.value = value
        for (name, member) in value.members {
            // Python keeps the last of repeated names.
            switch name.string {
            case "class_name": className = member.string
            case "module":
                module = member.string
                hasModule = true
            case "registered_name":
                registeredName = member.string
                hasRegisteredName = true
            case "config": config = member
            default: break
            }
        }
    }

    /// The object's own name in the model, where it has one.
    package var name: String? { config?["name"]?.string }
}
