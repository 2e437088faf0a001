public import AssayCore

/// What a scan says of one file.
public struct FileReport: Sendable {
    /// The file's standing, from the worst thing that happened to it.
    public enum Outcome: String, Sendable, CaseIterable {
        /// Read to the end, nothing found.
        case clean
        /// Something was found.
        case flagged
        /// Not read to the end: nothing found so far proves anything.
        case incomplete
        /// The file could not be read at all.
        case error
    }

    /// The path as reached from the argument given.
    public var path: String
    /// The format by content, for instance `pytorch-zip`; `unknown` when nothing claims the bytes.
    public var format: String
    /// Size in bytes.
    public var size: Int
    public var findings: [Finding]
    /// Reasons why not everything was read; empty when everything was.
    public var incomplete: [String]
    /// Why the file could not be read, or nil.
    public var error: String?
    /// Digest of the file's bytes, when one was asked for.
    public var digest: Digest?

    public init(
        path: String, format: String = "unknown", size: Int = 0, findings: [Finding] = [], incomplete: [String] = [],
        error: String? = nil, digest: Digest? = nil
    ) {
        self.path = path
        self.format = format
        self.size = size
        self.findings = findings
        self.incomplete = incomplete
        self.error = error
        self.digest = digest
    }

    public var outcome: Outcome {
        if error != nil { return .error }
        if !incomplete.isEmpty { return .incomplete }
        return findings.isEmpty ? .clean : .flagged
    }

    /// The severity of the worst finding.
    public var severity: Severity { findings.map(\.severity).max() ?? .none }
}
