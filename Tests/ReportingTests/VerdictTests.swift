import AssayCore
import Reporting
import Scanning
import Testing

@Suite struct VerdictTests {
    static func report(
        _ severities: [Severity], incomplete: Bool = false, error: String? = nil, threshold: Severity = .medium
    ) -> ScanReport {
        let findings = severities.map { Finding(rule: "SCAN-MALFORMED", severity: $0, message: "message") }
        let broken = FileReport(
            path: "a", findings: findings, incomplete: incomplete ? ["limit reached"] : [], error: error)
        return ScanReport(
            version: "1", files: [ScanReport.File(FileReport(path: "b")), ScanReport.File(broken)],
            threshold: threshold)
    }

    @Test func exitStatusFollowsTheWorstThing() {
        #expect(Self.report([]).verdict == .passed)
        #expect(Self.report([.low]).verdict == .passed)
        #expect(Self.report([.low, .medium]).verdict == .failed)
        #expect(Self.report([.high], threshold: .critical).verdict == .passed)
        #expect(Self.report([.low], incomplete: true).verdict == .incomplete)
        #expect(Self.report([.high], incomplete: true).verdict == .failed)
        #expect(Self.report([.critical], error: "No such file").verdict == .failed)
        #expect(Self.report([.low], incomplete: true, error: "No such file").verdict == .error)
        #expect(Verdict.allCases.map(\.rawValue) == [0, 1, 2, 3])
    }

    /// Where nothing was scanned, nothing has passed.
    @Test func noFileIsAnError() {
        let empty = ScanReport(version: "1", files: [])
        #expect(empty.verdict == .error)
        #expect(empty.reason == "nothing was scanned: there is no file under the paths")
        #expect(ScanReport(version: "1", files: [], excluded: 2).reason.contains("the patterns leave out"))
        #expect(JUnitReport().render(empty).contains("tests=\"1\" failures=\"0\" errors=\"1\""))
        #expect(SARIFReport().render(empty).contains("\"executionSuccessful\": false"))
    }

    /// What somebody accepted was found all the same.
    @Test func suppressedFindingsMakeNoFileClean() throws {
        let day = try #require(CalendarDate("2027-01-31"))
        let finding = Finding(rule: "SCAN-MALFORMED", severity: .critical, message: "message")
        let one = SuppressedFinding(finding, source: .policy, reason: "read by hand", expires: day)
        let report = ScanReport(version: "1", files: [ScanReport.File(FileReport(path: "a"), suppressed: [one])])
        #expect(report.verdict == .passed)
        #expect(report.count(.clean) == 0 && report.count(.flagged) == 1)
        for text in [
            JSONReport().render(report), JUnitReport().render(report), MarkdownReport().render(report),
            SARIFReport().render(report), HTMLReport().render(report), TerminalReport().render(report),
        ] {
            #expect(text.contains("read by hand") && text.contains("SCAN-MALFORMED"))
        }
    }

    @Test func theReasonCountsTheFiles() {
        #expect(Self.report([.high]).reason == "1 of 2 files at or over medium")
        #expect(Self.report([]).reason == "nothing at or over medium")
        let all = ScanReport(version: "1", files: Array(Self.report([.high]).files.suffix(1)))
        #expect(all.reason == "1 file at or over medium")
    }

    @Test func theWorstFileComesFirst() {
        let report = Self.report([.low], incomplete: true)
        #expect(report.ranked.map(\.report.path) == ["a", "b"])
        #expect(report.count(.low) == 1 && report.count(.clean) == 1 && report.count(.incomplete) == 1)
    }
}
