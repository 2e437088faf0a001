import ArgumentParser
import Testing

@testable import assay

/// The short way from a plain command line to a scan leads to the same place as the commands' own parser.
@Suite struct ScanJobTests {
    @Test(arguments: [
        ["scan", "a"], ["scan", "a", "b c", "."], ["scan", "-q", "a"], ["scan", "a", "--quiet"],
        ["scan", "--verbose", "a"], ["scan", "-v", "a"], ["scan", "--no-progress", "--no-sandbox", "a"],
        ["scan", "--format", "json", "a"], ["scan", "a", "-f", "sarif", "b"], ["scan", "a", "--format", "text"],
    ])
    func plainCommandLinesMeanTheSame(arguments: [String]) throws {
        let plain = try #require(ScanJob(plain: arguments))
        let command = try #require(try Assay.parseAsRoot(arguments) as? ScanCommand)
        #expect(plain == command.job)
    }

    @Test(arguments: [
        [], ["scan"], ["scan", "-q"], ["scan", "-q", "-v", "a"], ["scan", "--format"],
        ["scan", "--format", "yaml", "a"],
        ["scan", "--format=json", "a"], ["scan", "--", "a"], ["scan", "-"], ["scan", "-qv", "a"], ["scan", "--help"],
        ["scan", "help"], ["scan", "--json", "out", "a"], ["scan", "--jobs", "2", "a"], ["inspect", "a"], ["a"],
        ["--version"],
    ])
    func everythingElseGoesToTheParser(arguments: [String]) { #expect(ScanJob(plain: arguments) == nil) }

    /// Two reports in one place would be none.
    @Test(arguments: [
        ["--json", "-"], ["--sarif", "x", "--junit", "x"], ["-o", "x", "--evidence", "x"],
        ["-o", "r", "--json", "-", "--html", "-"],
    ])
    func onePlaceTakesOneReport(options: [String]) {
        #expect(throws: (any Error).self) { try Assay.parseAsRoot(["scan", "a"] + options) }
    }

    @Test func reportsMayShareStandardOutputWithNone() throws {
        _ = try Assay.parseAsRoot(["scan", "a", "-o", "r", "--json", "-", "--html", "h"])
    }

    @Test func everyOptionReachesTheJob() throws {
        let arguments = [
            "scan", "a", "--output", "o", "--json", "j", "--html", "h", "--evidence", "e", "--digests", "--fail-on",
            "high", "--no-policy", "--baseline", "b", "--write-baseline", "w", "--baseline-reason", "r",
            "--baseline-days", "7", "--include", "*.pkl", "--exclude", "x", "--max-depth", "3", "--max-member", "1M",
            "--jobs", "3", "--timeout", "9", "--color", "never",
        ]
        let job = try #require(try Assay.parseAsRoot(arguments) as? ScanCommand).job
        var expected = ScanJob(paths: ["a"])
        expected.output = "o"
        expected.reports = [.init(format: .json, path: "j"), .init(format: .html, path: "h")]
        expected.evidence = "e"
        expected.digests = true
        expected.failOn = Threshold.high.severity
        expected.usesPolicy = false
        expected.baseline = "b"
        expected.writeBaseline = "w"
        expected.baselineReason = "r"
        expected.baselineDays = 7
        expected.include = ["*.pkl"]
        expected.exclude = ["x"]
        expected.limits.depth = 3
        expected.limits.memberBytes = 1 << 20
        expected.jobs = 3
        expected.timeout = 9
        expected.color = .never
        #expect(job == expected)
    }
}
