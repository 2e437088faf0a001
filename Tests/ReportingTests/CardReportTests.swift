import ByteParsing
import Cards
import Documents
import Reporting
import Testing

@Suite struct CardReportTests {
    private let report = CardIssuesReport(
        files: [
            CardIssuesReport.File(
                path: "a b.yaml",
                issues: [
                    CardIssue(
                        .error, .test, DocumentPointer(["x", "a/b"]), line: 7,
                        "is pass,\nand \u{202E}0.3 >= 0.5 does not hold"),
                    CardIssue(.open, .open, DocumentPointer(["y"]), line: 9, "is unknown"),
                ]), CardIssuesReport.File(path: "clean.yaml", issues: []),
        ], version: "0")

    @Test func textIsOneLineAnIssue() {
        let lines = report.text().split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.first?.hasPrefix("a b.yaml:7: error CARD-TEST /x/a~1b is pass,") == true)
        #expect(!report.text().unicodeScalars.contains("\u{202E}"))
        #expect(lines.last == "2 cards: 1 error, 1 open question, 0 warnings")
    }

    @Test func jsonAndSARIFSayTheSame() throws {
        let json = try DocumentReader.json(Array(report.json().utf8))
        #expect(json.at(pointer: "/summary/errors") == 1 && json.at(pointer: "/cards/0/issues/0/line") == 7)
        #expect(json.at(pointer: "/cards/0/issues/0/pointer") == "/x/a~1b")
        let sarif = try DocumentReader.json(Array(report.sarif().utf8))
        let results = try #require(sarif.at(pointer: "/runs/0/results"))
        #expect(results.elements.map { $0["ruleId"] } == ["CARD-TEST", "CARD-OPEN"])
        #expect(results.at(pointer: "/0/locations/0/physicalLocation/region/startLine") == 7)
        #expect(results.at(pointer: "/0/locations/0/physicalLocation/artifactLocation/uri") == "a%20b.yaml")
        let index = try #require(results.at(pointer: "/0/ruleIndex")?.integer)
        #expect(sarif.at(pointer: "/runs/0/tool/driver/rules/\(index)/id") == "CARD-TEST")
    }

    @Test func differencesAreToldInThreeForms() throws {
        let before = SecurityCard(["schema": "security-model-card/v1", "modelDetails": ["overview": "a|b <i>"]])
        let after = SecurityCard(["schema": "security-model-card/v1", "modelDetails": ["overview": "c"]])
        let report = CardDiffReport(CardDiff(from: before, to: after))
        #expect(report.text().hasSuffix("1 change: 0 for the worse, 0 for the better\n"))
        #expect(report.markdown().contains("| \"a\\|b &lt;i&gt;\" | \"c\" |"))
        let json = try DocumentReader.json(Array(report.json().utf8))
        #expect(json.at(pointer: "/changes/0/path") == ["modelDetails", "overview"])
        #expect(CardDiffReport(CardDiff(from: after, to: after)).text() == "nothing changed\n")
    }
}
