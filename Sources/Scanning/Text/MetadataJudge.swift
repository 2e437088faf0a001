package import AssayCore

/// Judges a value of free text in a model's metadata: secrets, suspicious addresses, code where none belongs.
package enum MetadataJudge {
    /// Reports what is wrong with the value `text` of the key `name`.
    package static func judge(_ text: String, named name: String, at location: Location, in scan: Scan) {
    }
}
