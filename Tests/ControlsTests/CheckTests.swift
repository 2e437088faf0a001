import AssayCore
import ByteParsing
import Documents
import Foundation
import Testing

@testable import Controls

@Suite struct CheckTests {
    private func metric(_ check: DatasetCheck, _ name: String) -> Double? {
        check.metrics.first { $0.name == name }?.value
    }

    @Test func tenSamplesForEachFeature() {
        let enough = DatasetCheck.sampleSize(samples: 300, features: 30, rarestClass: nil)
        #expect(enough.outcome == .passed && metric(enough, "samples-per-feature") == 10)
        #expect(DatasetCheck.sampleSize(samples: 299, features: 30, rarestClass: nil).outcome == .failed)
        // Breast cancer, Wisconsin: 569 samples, 212 of the rarer class, 30 features.
        let rare = DatasetCheck.sampleSize(samples: 569, features: 30, rarestClass: 212)
        #expect(rare.outcome == .failed && (metric(rare, "rarest-class-samples-per-feature") ?? 0) < 10)
        #expect(DatasetCheck.sampleSize(samples: 10, features: 0, rarestClass: nil).outcome == .inconclusive)
    }

    @Test func classesHaveEnoughSamples() {
        let check = DatasetCheck.classSize([("cat", 1200), ("dog", 1000)])
        #expect(check.outcome == .passed && metric(check, "smallest-class") == 1000)
        #expect(DatasetCheck.classSize([("cat", 1200), ("dog", 999)]).outcome == .failed)
        #expect(DatasetCheck.classSize([]).outcome == .inconclusive)
        #expect(DatasetCheck.classSize([("cat", 1200)], cut: true).outcome == .inconclusive)
    }

    @Test func noLabellerHasMoreThanHalf() {
        #expect(DatasetCheck.labellers([("a", 50), ("b", 50)]).outcome == .passed)
        let one = DatasetCheck.labellers([("a", 51), ("b", 49)])
        #expect(one.outcome == .failed && metric(one, "largest-share") == 0.51)
        #expect(!one.summary.contains("a 51") && one.metrics.allSatisfy { $0.group == nil })
        #expect(DatasetCheck.labellers([]).outcome == .inconclusive)
    }

    @Test func capacityIsHeldAgainstData() {
        #expect(DatasetCheck.capacity(parameters: 10, samples: 100).outcome == .passed)
        #expect(DatasetCheck.capacity(parameters: 11, samples: 100).outcome == .failed)
        #expect(DatasetCheck.capacity(parameters: 11, samples: 100, ratio: 1).outcome == .passed)
        #expect(DatasetCheck.capacity(parameters: 0, samples: 100).outcome == .inconclusive)
    }

    @Test func retentionRunsOut() throws {
        let today = try #require(CalendarDate("2026-11-26"))
        let ended = try #require(CalendarDate("2026-11-25"))
        #expect(DatasetCheck.retention([("a", today)], today: today).outcome == .passed)
        #expect(DatasetCheck.retention([("a", today), ("b", ended)], today: today).outcome == .failed)
        #expect(DatasetCheck.retention([], today: today).outcome == .inconclusive)
        let card = "securityConsiderations: {lifecycle: {retentionUntil: 2027-01-02}}"
        #expect(DatasetCheck.retention(of: try DocumentReader.yaml(Array(card.utf8))) == CalendarDate("2027-01-02"))
    }

    // MARK: Tables

    private func rows(_ text: String) throws(ParseError) -> [[String]] {
        var rows: [[String]] = []
        try DelimitedText(ByteRegion(Array(text.utf8))).forEachRow {
            rows.append($0.map { String(decoding: $0, as: UTF8.self) })
            return true
        }
        return rows
    }

    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
        ("a\r1\r", [["a"], ["1"]]), ("\"a,\"\"x\"\"\n\",b\n", [["a,\"x\"\n", "b"]]), ("\u{FEFF}a,b", [["a", "b"]]),
        ("a,\n,b\n\n\n", [["a", ""], ["", "b"]]), ("\"\"\n", [[""]]), ("", []), ("a\"b,c", [["a\"b", "c"]]),
        ("\"a\" ,b", [["a ", "b"]]),
    ])
    func rowsAreRead(_ text: String, _ wanted: [[String]]) throws { #expect(try rows(text) == wanted) }

    @Test func anOpenQuoteIsMalformed() { #expect(throws: ParseError.malformed()) { try rows("a,\"b\n") } }

    /// What a writer of quotes writes, the reader reads: fields of a seeded generator.
    @Test func fieldsSurviveARoundTrip() throws {
        var seed: UInt64 = 7
        func next(_ bound: Int) -> Int {
            seed = SimilaritySketch.mixed(seed)
            return Int(seed % UInt64(bound))
        }
        let letters = ["a", ",", "\"", "\n", "\r", " ", "é", ";"]
        for _ in 0..<200 {
            let table = (0...next(4)).map { _ in
                (0...next(3)).map { _ in (0...next(5)).map { _ in letters[next(letters.count)] }.joined() }
            }
            let text = table.map { row in
                row.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",") + "\r\n"
            }.joined()
            #expect(try rows(text) == table)
        }
    }

    @Test func columnsAreCounted() throws {
        let table = DelimitedText(ByteRegion(Array("x;y\n1;a\n2;b\n3;a\n4\n".utf8)), separator: UInt8(ascii: ";"))
        let profile = try TableProfile(table, counting: "y")
        #expect(profile.rows == 4 && profile.irregular == 1)
        #expect(profile.counts == [Array("a".utf8): 2, Array("b".utf8): 1])
        #expect(try TableProfile(table, counting: "2").counts == profile.counts)
        #expect(throws: ParseError.unsupported()) { try TableProfile(table, counting: "z") }
        #expect(DelimitedText.separator(of: table.region) == UInt8(ascii: ";"))
    }

    @Test func publicTablesHaveTheirKnownSizes() throws {
        for (name, rows, columns) in [("adult", 32_561, 15), ("german", 1000, 21)] {
            let path = URL(fileURLWithPath: "\(#filePath)/../../../../shared/data/monitor/\(name).csv").standardized
            guard let data = try? Data(contentsOf: path) else { continue }
            let profile = try TableProfile(DelimitedText(ByteRegion(Array(data))))
            #expect(profile.rows == rows && profile.columns.count == columns && profile.irregular == 0)
        }
    }

    // MARK: Independence

    private func row(_ number: Int) -> [[UInt8]] { ["row", String(number)].map { Array($0.utf8) } }

    @Test func equalRowsAreFound() {
        var check = IndependenceCheck(similar: false)
        for number in 0..<1000 { check.addTraining(row(number)) }
        for number in 990..<1090 { check.addValidation(row(number)) }
        let result = check.result(unit: "row")
        #expect(
            result.outcome == .failed && metric(result, "equal-samples") == 10 && metric(result, "equal-share") == 0.1)
        #expect(check.result(maximum: 0.1, unit: "row").outcome == .passed)
        #expect(check.result(maximum: 0.1, sharedFiles: 1, unit: "row").outcome == .failed)
    }

    @Test func fieldsAreToldApart() {
        #expect(IndependenceCheck.hash([[1], [2]]) != IndependenceCheck.hash([[1, 2]]))
        #expect(IndependenceCheck.hash([[1], []]) != IndependenceCheck.hash([[1]]))
        #expect(IndependenceCheck.hash([Array(" a ".utf8)]) == IndependenceCheck.hash([Array("a".utf8)]))
    }

    /// Beyond the limit both sides are sampled by hash; the estimate stays close to the true share.
    @Test func manyRowsAreSampledWithoutBias() throws {
        var check = IndependenceCheck(similar: false, threshold: 0.8, exactLimit: 2000)
        for number in 0..<100_000 { check.addTraining(row(number)) }
        for number in 80_000..<120_000 { check.addValidation(row(number)) }
        let result = check.result(maximum: 0.9, unit: "row")
        let share = try #require(metric(result, "equal-share"))
        #expect(abs(share - 0.5) < 0.08, "\(share)")
        #expect(result.limitations.contains { $0.contains("One of 64 samples") })
    }

    @Test func similarTextsAreFoundAndOthersAreNot() {
        let base =
            "the quick brown fox jumps over the lazy dog while seven wizards mix a potion of bright green light in the old tower by the sea"
        var check = IndependenceCheck(similar: true)
        check.addTraining([Array(base.utf8)])
        check.addTraining([Array("an entirely different sentence that shares nothing at all with the other one".utf8)])
        check.addValidation([Array(base.replacing("Fox", with: "fox").replacing(" sea", with: " lake").utf8)])
        check.addValidation([Array("nothing here is like anything that was written above it in any way".utf8)])
        check.addValidation([Array("short".utf8)])
        let result = check.result(unit: "line")
        #expect(metric(result, "similar-samples") == 1 && metric(result, "equal-samples") == 0)
        #expect(result.outcome == .failed)
        #expect(result.limitations.contains { $0.contains("1 texts were too short") })
    }

    /// The estimate of MinHash is within four standard errors of the true similarity.
    @Test(arguments: [0.2, 0.5, 0.8, 1.0]) func sketchesEstimateSimilarity(_ wanted: Double) throws {
        // Lines of single-shingle words: n shared and m own shingles on each side.
        func text(_ range: Range<Int>) -> [UInt8] {
            Array(range.map { "w\($0) x\($0) y\($0)" }.joined(separator: " ").utf8)
        }
        let shared = 1000
        let own = Int((Double(shared) / wanted - Double(shared)) / 2)
        let one = try #require(SimilaritySketch(text(0..<shared + own)))
        let other = try #require(SimilaritySketch(text(own * -1..<0) + [0x20] + text(0..<shared)))
        let estimate = one.similarity(to: other)
        #expect(abs(estimate - wanted) <= 4 * (wanted * (1 - wanted) / 128).squareRoot() + 0.01, "\(estimate)")
    }

    @Test func nothingToLearnFromDecidesNothing() {
        var check = IndependenceCheck(similar: false)
        check.addValidation(row(1))
        #expect(check.result(unit: "row").outcome == .inconclusive)
    }

    // MARK: Parameters

    @Test func parametersAreCountedFromTheHeader() {
        let header =
            #"{"a":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]},"b":{"dtype":"F32","shape":[4],"data_offsets":[48,64]}}"#
        var file = unsafe withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { unsafe Array($0) }
        file += Array(header.utf8) + [UInt8](repeating: 0, count: 64)
        #expect(ParameterCount.count(ByteRegion(file)) == 16)
        #expect(ParameterCount.count(ByteRegion(Array("no model".utf8))) == nil)
        #expect(ParameterCount.count(ByteRegion([])) == nil)
    }
}
