internal import AssayCore

/// Something a template does that no template of a model needs.
struct TemplateIssue: Hashable {
    enum Kind: Hashable {
        /// An attribute or item of Python's internals is read.
        case escape
        /// A function is called that runs, loads or opens something.
        case call
        /// The name of an attribute is computed from what is not known before the template runs.
        case computedName
        /// Text is picked from an engine object's representation, or a hidden attribute of one is read.
        case engine
        /// Another template is loaded.
        case load
        /// Rendering takes out-of-proportion time or memory.
        case exhaustion
    }
    var kind: Kind
    var severity: Severity
    /// The name that gives the issue away.
    var name: String
    /// How it is reached: `attribute`, `subscript`, `filter attr`, …
    var means: String
}
