import AssayCore
import ByteParsing
import Testing

@testable import Scanning

/// Says that everything is its format, and does what a test tells it.
private struct Scripted: Analyser {
    let format: FormatID = "scripted"
    let recognition: Recognition
    let body: @Sendable (ScanItem, Scan) throws(ParseError) -> Void
    func recognise(_ item: ScanItem) -> Recognition { recognition }
    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) { try body(item, scan) }
}

@Suite struct ScanTests {
    private func scan(
        _ name: String = "file", _ bytes: [UInt8] = [1, 2, 3], recognition: Recognition = .certain,
        limits: Limits = Limits(), _ body: @escaping @Sendable (ScanItem, Scan) throws(ParseError) -> Void
    ) -> FileReport {
        var settings = ScanSettings()
        settings.limits = limits
        return FileScanner(settings: settings, analysers: [Scripted(recognition: recognition, body: body)])
            .scan(bytes, path: name)
    }

    @Test func anErrorIsAFindingAndALimitMakesItIncomplete() {
        let malformed = scan { (_, _) throws(ParseError) in throw .malformed(at: 7, reading: "header") }
        #expect(malformed.outcome == .flagged)
        #expect(malformed.findings.first?.rule == "SCAN-MALFORMED")
        #expect(malformed.findings.first?.location.offset == 7)
        let limited = scan { (_, _) throws(ParseError) in throw .limit(reading: "entries") }
        #expect(limited.outcome == .incomplete)
        #expect(limited.findings.map(\.rule) == ["SCAN-INCOMPLETE"])
    }

    @Test func nestedContentIsFollowedToTheStatedDepthOnly() {
        var limits = Limits()
        limits.depth = 5
        let report = scan(limits: limits) { (item, scan) throws(ParseError) in
            scan.report("SCAN-MALFORMED", "level \(item.depth)", at: item.location)
            scan.descend(into: item.region, named: "inner", of: item, as: "scripted")
        }
        #expect(report.findings.filter { $0.rule == "SCAN-MALFORMED" }.count == 6)
        #expect(report.outcome == .incomplete)
        #expect(report.severity == .medium)
    }

    @Test func likeFindingsAreCountedAndTheirNumberIsBounded() {
        var limits = Limits()
        limits.findings = 10
        let report = scan(limits: limits) { (item, scan) throws(ParseError) in
            for _ in 0..<50 { scan.report("SCAN-MALFORMED", "again", at: item.location) }
            for number in 0..<50 { scan.report("SCAN-MALFORMED", "case \(number)", at: item.location) }
        }
        #expect(report.findings.filter { $0.rule == "SCAN-MALFORMED" }.count == 10)
        #expect(report.findings.contains { $0.occurrences == 50 })
        #expect(report.outcome == .incomplete)
    }

    @Test func aNameThatPromisesWhatTheBytesAreNotIsToldOf() {
        #expect(scan("a.safetensors", recognition: .no) { (_, _) throws(ParseError) in }.outcome == .flagged)
        #expect(scan("a.safetensors", [], recognition: .no) { (_, _) throws(ParseError) in }.outcome == .flagged)
        #expect(scan("a.safetensors") { (_, _) throws(ParseError) in }.outcome == .clean)
        #expect(scan("notes.txt", recognition: .no) { (_, _) throws(ParseError) in }.outcome == .clean)
    }

    @Test(arguments: [
        ("a.h5", "not hdf5", Severity.low), ("a.rds", "text", .low), ("a.bin", "x", .low), ("a.txt", "x", .none),
        ("a.json", "{}", .none),
    ])
    func namesAreHeldAgainstTheContent(name: String, text: String, expected: Severity) {
        #expect(FileScanner().scan(Array(text.utf8), path: name).severity == expected)
    }

    @Test func reportsSurviveTheWayToTheParent() throws {
        let report = FileReport(
            path: "a/b\n\"c", format: "zip", size: 12,
            findings: [
                Finding(
                    rule: "SCAN-MALFORMED", severity: .high, message: "m",
                    location: Location(members: ["x", "y"], offset: 3, detail: "d"),
                    details: [.init("k", "v")], occurrences: 4)
            ], incomplete: ["why"], digest: Digest(sha256: ByteRegion([1])))
        var writer = JSONWriter()
        report.write(to: &writer)
        let read = try #require(FileReport(try JSONDocument(ByteRegion(writer.bytes)).root))
        #expect(read.path == report.path && read.findings == report.findings && read.incomplete == ["why"])
        #expect(read.digest == report.digest)
        var settings = ScanSettings()
        settings.limits.depth = 3
        settings.deniedNames = ["a.b"]
        #expect(ScanSettings(try JSONDocument(ByteRegion(settings.json)).root) == settings)
    }

    /// Findings beyond the limit are left out, but not a worse one behind many mild ones.
    @Test func aWorseFindingTakesThePlaceOfAMilderOne() {
        var limits = Limits()
        limits.findings = 50
        let report = scan(limits: limits) { (item, scan) throws(ParseError) in
            for number in 0..<200 { scan.report("SCAN-MALFORMED", "mild \(number)", at: item.location, severity: .low) }
            scan.report("PICKLE-CODE-EXECUTION", "bad", at: item.location, severity: .critical)
            for number in 0..<200 { scan.report("SCAN-MALFORMED", "more \(number)", at: item.location, severity: .low) }
        }
        #expect(report.findings.count == 50)
        #expect(report.severity == .critical)
        #expect(report.outcome == .incomplete)
    }

    @Test func textOfAFindingIsCut() {
        let long = String(repeating: "ä", count: 100_000)
        let report = scan { (item, scan) throws(ParseError) in
            scan.report(
                "SCAN-MALFORMED", long, at: item.location.at(nil, long), details: [.init("value", long)])
        }
        let finding = report.findings.first
        #expect(finding.map { $0.message.utf8.count < 5_000 } == true)
        #expect(finding.map { $0.message.hasSuffix("… (200000 bytes)") } == true)
        #expect(finding?.details.first.map { $0.value.utf8.count < 5_000 } == true)
        #expect(finding?.location.detail.map { $0.utf8.count < 5_000 } == true)
    }
}
