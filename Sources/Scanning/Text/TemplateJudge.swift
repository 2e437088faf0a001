package import AssayCore

/// Judges a Jinja template by what it reaches when it is rendered.
package enum TemplateJudge {
    /// Reports what `source` would do; `location` names the place of the template.
    package static func judge(_ source: String, at location: Location, in scan: Scan) {
    }
}
