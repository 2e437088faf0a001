internal import AssayCore
internal import ByteParsing
internal import Scanning

/// A scan as evidence: an in-toto Statement v1 about the digests of the files that were scanned.
package struct EvidenceStatement: Sendable {
    /// Type of the predicate: the scan report and when the scan ended.
    package static let predicateType = PredicateType.scan.uri

    package init() {}

    /// The statement, or nil when no file has a digest: a statement about nothing would say nothing.
    ///
    /// - Parameter time: when the scan ended, as RFC 3339 text.
    package func render(_ report: ScanReport, time: String) -> [UInt8]? {
        let subjects = report.files.compactMap { file in file.report.digest.map { (file.report.path, $0) } }
        guard !subjects.isEmpty else { return nil }
        return Statement.write(
            subjects: subjects.map { Statement.Subject(name: $0.0, sha256: $0.1.description) },
            predicateType: Self.predicateType
        ) { writer in
            writer.object { writer in
                JSONReport.write(report, into: &writer)
                writer.member("finished", time)
            }
        }
    }
}
