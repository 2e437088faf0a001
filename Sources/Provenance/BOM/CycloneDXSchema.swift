internal import AssayCore
internal import ByteParsing
internal import Documents

/// The official schemas of CycloneDX, without their remarks (`Tools/schemas/reduce.py`).
enum CycloneDXSchema {
    static let versions = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"]

    /// The schema of a version; nil for a version that is not known.
    static func named(_ version: String) -> JSONSchema? {
        guard versions.contains(version), let schema = document("cyclonedx/bom-\(version).json") else { return nil }
        return try? JSONSchema(schema, resources: [licenses])
    }

    private static func document(_ name: String) -> DocumentValue? {
        Resource.named(name).flatMap { try? DocumentReader.json($0.array()) }
    }

    /// What `license.id` may be.
    private static var licenses: DocumentValue {
        func text(_ text: String) -> DocumentValue { DocumentValue(.string(text), line: 0) }
        let all = LicenseIdentifier.all.sorted().map { text($0) }
        return DocumentValue(
            .object([
                .init(name: "$schema", value: text("http://json-schema.org/draft-07/schema#")),
                .init(name: "$id", value: text("spdx")),
                .init(name: "enum", value: DocumentValue(.array(all), line: 0)),
            ]), line: 0)
    }
}
