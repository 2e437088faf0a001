import Provenance
import Testing

@testable import assay

/// Lines of commands that have no report of their own.
@Suite struct TerminalTextTests {
    @Test func verificationSaysALabelOnce() {
        var report = VerificationReport()
        report.outcome = .notVerified
        report.reasons = ["1 file changed"]
        report.signer = [.init("method", "key"), .init("curve", "P-256"), .init("hint", "")]
        report.caveats = ["One.", "Tw\u{1B}o."]
        #expect(
            VerificationText.lines(report, path: "m", noun: "model") == [
                "not verified: model m", "  because      1 file changed", "  signer       method: key",
                "               curve: P-256", "  files        not compared", "  note         One.",
                "               Tw\\u{1b}o.",
            ])
    }

    @Test func cellsOfListsStandBelowEachOther() {
        let rows = [["cyclonedx", "1 signature", "b.json"], ["scan", "12 signatures", "long/a.json"]]
        #expect(
            EvidenceListCommand.aligned(rows) == [
                "cyclonedx  1 signature    b.json", "scan       12 signatures  long/a.json",
            ])
        #expect(EvidenceListCommand.aligned([]) == [])
    }
}
