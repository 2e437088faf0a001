import ByteParsing
import Scanning
import Testing

@testable import Reporting

@Suite struct InspectionReportTests {
    /// A pickle of one long text.
    private let inspection = Inspection(
        ByteRegion(Array("V".utf8) + Array(String(repeating: "word ", count: 20).utf8) + Array("\n.".utf8)),
        path: "a.pkl", settings: ScanSettings(), member: nil, followsMembers: true)

    private func lines(columns: Int?) -> [Substring] {
        var report = InspectionReport()
        report.columns = columns
        return report.text(inspection, path: "a.pkl", size: 103).split(separator: "\n")
    }

    @Test(arguments: [30, 60, 80]) func detailsStayWithinTheTerminal(columns: Int) {
        let lines = lines(columns: columns)
        #expect(lines.allSatisfy { TextWrapping.width(String($0)) <= columns }, "\(lines.joined(separator: "\n"))")
        #expect(lines.map { $0.count(of: "word") }.reduce(0, +) == 20)
        // The branch that comes below is drawn on beside the wrapped lines.
        #expect(lines.contains { $0.hasPrefix("   │ ") && $0.contains("word") })
    }

    @Test func otherProgramsGetOneLineForEachNode() {
        #expect(lines(columns: nil).contains { $0.count(of: "word") == 20 })
    }
}

extension Substring {
    fileprivate func count(of word: String) -> Int { ranges(of: word).count }
}
