import Reporting
import Testing

@Suite struct ReportSnapshotTests {
    private func terminal(_ change: (inout TerminalReport.Options) -> Void = { _ in }) -> String {
        var options = TerminalReport.Options()
        change(&options)
        return TerminalReport(options: options).render(SampleReport.report)
    }

    @Test func reportsAreWhatWasReviewed() {
        Snapshot.expect(terminal(), is: "report.txt")
        Snapshot.expect(terminal { $0.isColoured = true }, is: "report.ansi")
        Snapshot.expect(terminal { $0.columns = 44 }, is: "report-narrow.txt")
        Snapshot.expect(terminal { $0.isQuiet = true }, is: "report-quiet.txt")
        Snapshot.expect(JSONReport().render(SampleReport.report), is: "report.json")
        Snapshot.expect(SARIFReport().render(SampleReport.report), is: "report.sarif")
        Snapshot.expect(JUnitReport().render(SampleReport.report), is: "report.xml")
        Snapshot.expect(MarkdownReport().render(SampleReport.report), is: "report.md")
        Snapshot.expect(HTMLReport().render(SampleReport.report, time: "2026-11-21T12:00:00Z"), is: "report.html")
        Snapshot.expect(
            String(
                decoding: EvidenceStatement().render(SampleReport.report, time: "2026-11-21T12:00:00Z") ?? [],
                as: UTF8.self) + "\n", is: "evidence.json")
    }
}
