import AssayCore
import ByteParsing
import Scanning
import Testing
import YAMLReading

@Suite struct PolicyTests {
    private let today = CalendarDate("2026-11-21")

    private func policy(_ text: String) throws -> Policy { try PolicyReader().read(Array(text.utf8)) }

    private func report(_ findings: [Finding], path: String = "models/old/a.pkl") -> FileReport {
        FileReport(path: path, format: "pickle", findings: findings)
    }

    private let finding = Finding(
        rule: "SCAN-MALFORMED", severity: .low, message: "pickle: truncated while reading opcode",
        location: Location(members: ["archive/data.pkl"], offset: 3))

    private static let whole = """
        version: 1
        failOn: high
        include: ["**/*.pkl"]
        exclude: [tests/**]
        allowedNames: [acme.models.*]
        deniedNames:
          - acme.legacy.load
        limits:
          depth: 4
          memberBytes: 2MiB
          secondsPerFile: 10
        severities:
          - rule: SCAN-MALFORMED
            severity: high
          - rule: SCAN-MALFORMED
            path: models/old/**
            severity: medium
        suppressions:
          - rule: SCAN-INCOMPLETE
            path: "*.zip"
            member: "**/*.pkl"
            message: nested
            reason: read by hand
            expires: 2026-12-31
        """

    @Test func everySettingIsRead() throws {
        let policy = try policy(Self.whole)
        #expect(policy.failOn == .high && policy.include == ["**/*.pkl"] && policy.exclude == ["tests/**"])
        #expect(
            policy.settings.allowedNames == ["acme.models.*"] && policy.settings.deniedNames == ["acme.legacy.load"])
        #expect(policy.settings.limits.depth == 4 && policy.settings.limits.memberBytes == 2 << 20)
        #expect(policy.secondsPerFile == 10 && policy.overrides.count == 2)
        #expect(policy.suppressions.first?.line == 19 && policy.suppressions.first?.reason == "read by hand")
    }

    @Test func theLastMatchingOverrideWins() throws {
        let policy = try policy(Self.whole)
        let today = try #require(today)
        let old = policy.apply(to: report([finding]), today: today)
        #expect(old.report.severity == .medium && old.changed > 0)
        #expect(policy.apply(to: report([finding], path: "models/new/a.pkl"), today: today).report.severity == .high)
    }

    @Test(arguments: [
        ("failon: high", 1, "no setting"), ("version: 1\nfailOn: urgent", 2, "severity"),
        ("failOn: high", 1, "version"), ("", 1, "version"), ("# nothing yet\n", 1, "version"),
        ("version: 1\nexclud: [a]", 2, "did you mean exclude?"),
        ("version: 1\nlimits:\n  entires: 5", 3, "did you mean entries?"),
        ("version: 1\nseverities:\n  - rule: SCAN-MALFORMD\n    severity: low", 3, "did you mean SCAN-MALFORMED?"),
        ("version: 1\nseverities:\n  - rule: NO-SUCH-RULE\n    severity: low", 3, "no rule"),
        ("version: 1\nseverities:\n  - rule: SCAN-MALFORMED\n    severity: none", 4, "severity"),
        ("version: 1\nsuppressions:\n  - rule: SCAN-MALFORMED\n    path: a\n    reason: b", 3, "has no expires"),
        (
            "version: 1\nsuppressions:\n  - rule: SCAN-MALFORMED\n    path: a\n    expires: 2026-12-31", 3,
            "has no reason"
        ),
        ("version: 1\nsuppressions:\n  - rule: SCAN-MALFORMED\n    expires: 2026-02-30", 4, "day"),
        ("version: 1\nlimits:\n  depth: many", 3, "number"), ("version: 1\nversion: 1", 2, "twice"),
        ("version: 1\nexclude: &a [x]\ninclude: *a", 2, "anchors"), ("version: 1\nexclude: !!str x", 2, "tags"),
        ("version: 1\n---\nversion: 1", 2, "second document"), ("version: [1", 2, ""), ("- 1", 1, "name: value"),
        ("version: 1\nexclude: [[a]]", 2, "words"), ("{version: 1, {a: b}: c}", 1, "word"),
    ])
    func mistakesAreErrorsWithTheirLine(text: String, line: Int, word: String) {
        let error = #expect(throws: YAMLError.self) { try policy(text) }
        #expect(error?.line == line, "\(error.map(\.description) ?? "")")
        #expect(word.isEmpty || error?.message.contains(word) == true, "\(error.map(\.description) ?? "")")
    }

    @Test func deepAndHugeTextsAreRefused() {
        let deep = "version: " + String(repeating: "[", count: 5_000)
        #expect(throws: YAMLError.self) { try policy(deep) }
        #expect(throws: YAMLError.self) { try policy(String(repeating: "#", count: YAMLReader.size + 1)) }
    }

    @Test func aSuppressionHoldsUntilItsDayAndIsCounted() throws {
        let text = """
            version: 1
            suppressions:
              - {rule: SCAN-MALFORMED, path: "models/old/*", reason: known, expires: 2026-11-21}
            """
        let policy = try policy(text)
        let today = try #require(today)
        let outcome = policy.apply(to: report([finding]), today: today)
        #expect(outcome.report.findings.isEmpty && outcome.suppressed.map(\.reason) == ["known"])
        let tomorrow = today.adding(days: 1)
        #expect(policy.apply(to: report([finding]), today: tomorrow).report.findings.count == 1)
        #expect(policy.expired(today: tomorrow).count == 1 && policy.expired(today: today).isEmpty)
        #expect(policy.apply(to: report([finding], path: "else/a.pkl"), today: today).suppressed.isEmpty)
        let judged = Judgement(policy: policy, today: tomorrow).judge([report([finding])])
        #expect(judged.notices.contains { $0.contains("assay.yaml:3") && $0.contains("expired") })
    }

    @Test func aSuppressionMatchesMemberAndMessage() throws {
        let template =
            "version: 1\nsuppressions:\n  - {rule: SCAN-MALFORMED, path: '*', reason: r, expires: 2027-01-01, "
        let today = try #require(today)
        for (extra, holds) in [
            ("member: 'archive/*'}", true), ("member: other.pkl}", false), ("message: truncated}", true),
            ("message: overflow}", false),
        ] {
            let outcome = try policy(template + extra).apply(to: report([finding]), today: today)
            #expect(outcome.suppressed.isEmpty != holds, "\(extra)")
        }
    }
}

@Suite struct BaselineTests {
    private let finding = Finding(
        rule: "SCAN-MALFORMED", severity: .medium, message: "broken \"quoted\"",
        location: Location(members: ["a", "b"], offset: 3))

    private func report(_ path: String, _ finding: Finding) -> FileReport {
        FileReport(path: path, findings: [finding])
    }

    @Test func acceptsWhatWasThereInAnyFolderAndNothingElse() throws {
        let today = try #require(CalendarDate("2026-11-21"))
        let written = Baseline(accepting: [report("x/m.pkl", finding)], reason: "old", expires: today.adding(days: 90))
        let baseline = try Baseline(ByteRegion(Array(written.text.utf8)))
        #expect(baseline.entries == written.entries && baseline.entries.first?.expires.description == "2027-02-19")
        func rest(_ path: String, _ finding: Finding, _ day: CalendarDate) -> Int {
            baseline.apply(to: report(path, finding), today: day).report.findings.count
        }
        var moved = finding
        moved.location.offset = 99
        #expect(rest("y/z/m.pkl", moved, today) == 0)
        #expect(rest("x/other.pkl", finding, today) == 1)
        #expect(rest("x/m.pkl", finding, today.adding(days: 91)) == 1)
        var worse = finding
        worse.severity = .high
        #expect(rest("x/m.pkl", worse, today) == 1)
        var other = finding
        other.location.members = ["a/b"]
        #expect(rest("x/m.pkl", other, today) == 1)
    }

    @Test(arguments: [
        "{}", "[]", #"{"schema": "urn:assay:baseline:1"}"#, #"{"schema": "urn:assay:baseline:2", "entries": []}"#,
        #"{"schema": "urn:assay:baseline:1", "entries": [{"fingerprint": "a", "rule": "b", "file": "c", "severity": "low", "reason": "", "expires": "2026-01-01"}]}"#,
        #"{"schema": "urn:assay:baseline:1", "schema": "urn:assay:baseline:1", "entries": []}"#,
    ])
    func whatIsNoBaselineIsAnError(text: String) {
        #expect(throws: ParseError.self) { try Baseline(ByteRegion(Array(text.utf8))) }
    }

    @Test func daysAreCounted() {
        #expect(CalendarDate("2024-02-28")?.adding(days: 2).description == "2024-03-01")
        #expect(CalendarDate("2026-12-31")?.adding(days: 366).description == "2028-01-01")
        for text in ["2026-2-1", "2026-13-01", "2025-02-29", "2026-01-00", "20260101", "x026-01-01", ""] {
            #expect(CalendarDate(text) == nil, "\(text)")
        }
    }
}
