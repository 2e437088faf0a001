public import AssayCore
public import ByteParsing

/// Findings that were there when somebody looked, accepted until a day: what is new stands out.
///
/// An entry holds for a file of that name in any folder, and only as long as the finding is not worse than it was.
public struct Baseline: Sendable {
    public static let schema = "urn:assay:baseline:1"

    /// One finding that is accepted.
    public struct Entry: Sendable, Hashable {
        public var fingerprint: String
        public var rule: String
        /// Last component of the file's path.
        public var file: String
        public var severity: Severity
        /// For the person who reads the baseline; it is not compared.
        public var message: String
        public var reason: String
        /// The last day on which it holds.
        public var expires: CalendarDate
    }

    private struct Key: Hashable {
        var fingerprint: String
        var file: String
    }

    public let entries: [Entry]
    private let byKey: [Key: Entry]

    public init(entries: [Entry]) {
        self.entries = entries
        byKey = Dictionary(
            entries.map { (Key(fingerprint: $0.fingerprint, file: $0.file), $0) },
            uniquingKeysWith: { $0.expires >= $1.expires ? $0 : $1 })
    }

    /// Accepts every finding of the reports.
    public init(accepting reports: [FileReport], reason: String, expires: CalendarDate) {
        var seen = Set<Entry>()
        var entries: [Entry] = []
        for report in reports {
            for finding in report.findings {
                let entry = Entry(
                    fingerprint: finding.fingerprint, rule: finding.rule, file: Self.name(report.path),
                    severity: finding.severity, message: Printable.line(finding.message), reason: reason,
                    expires: expires)
                if seen.insert(entry).inserted { entries.append(entry) }
            }
        }
        self.init(entries: entries)
    }

    /// Reads a baseline file: strict JSON, nothing unknown in it.
    /// - Throws: `ParseError` with the offset of what is wrong.
    public init(_ region: ByteRegion) throws(ParseError) {
        let root = try JSONDocument(region, dialect: .strict).root
        guard root["schema"]?.string == Self.schema, let list = root["entries"], list.isArray else {
            throw .malformed(at: root.offset, reading: "baseline (schema \(Self.schema))")
        }
        var entries: [Entry] = []
        for json in list.elements {
            guard let fingerprint = json["fingerprint"]?.string, let rule = json["rule"]?.string,
                let file = json["file"]?.string,
                let severity = json["severity"]?.string.flatMap({ Severity(name: $0) }),
                let reason = json["reason"]?.string, !reason.isEmpty,
                let expires = json["expires"]?.string.flatMap({ CalendarDate($0) })
            else { throw .malformed(at: json.offset, reading: "baseline entry") }
            entries.append(
                Entry(
                    fingerprint: fingerprint, rule: rule, file: file, severity: severity,
                    message: json["message"]?.string ?? "", reason: reason, expires: expires))
        }
        self.init(entries: entries)
    }

    /// The file's text.
    public var text: String {
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member("schema", Self.schema)
            writer.key("entries")
            writer.array { writer in
                for entry in entries {
                    writer.object { writer in
                        writer.member("fingerprint", entry.fingerprint)
                        writer.member("rule", entry.rule)
                        writer.member("file", entry.file)
                        writer.member("severity", entry.severity.name)
                        writer.member("message", entry.message)
                        writer.member("reason", entry.reason)
                        writer.member("expires", entry.expires.description)
                    }
                }
            }
        }
        return writer.text + "\n"
    }

    /// Takes what the baseline accepts out of a report, as of `today`.
    public func apply(to report: FileReport, today: CalendarDate) -> (
        report: FileReport, suppressed: [SuppressedFinding]
    ) {
        var rest = report
        rest.findings = []
        var suppressed: [SuppressedFinding] = []
        let file = Self.name(report.path)
        for finding in report.findings {
            if let entry = byKey[Key(fingerprint: finding.fingerprint, file: file)], entry.expires >= today,
                entry.severity >= finding.severity
            {
                suppressed.append(
                    SuppressedFinding(finding, source: .baseline, reason: entry.reason, expires: entry.expires))
            } else {
                rest.findings.append(finding)
            }
        }
        return (rest, suppressed)
    }

    /// Entries whose day has passed.
    public func expired(today: CalendarDate) -> [Entry] { entries.filter { $0.expires < today } }

    private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
