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

    @Test func theWorstFileComesFirst() {
        let report = Self.report([.low], incomplete: true)
        #expect(report.ranked.map(\.report.path) == ["a", "b"])
        #expect(report.count(.low) == 1 && report.count(.clean) == 1 && report.count(.incomplete) == 1)
    }
}
