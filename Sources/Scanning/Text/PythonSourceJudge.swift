package import AssayCore
package import ByteParsing

/// Judges Python source text by the capabilities of what it calls; nothing is executed or imported.
package enum PythonSourceJudge {
    /// Reports what running or importing `source` would do.
    package static func judge(_ source: ByteRegion, at location: Location, in scan: Scan) {
    }
}
