import AssayCore
import ByteParsing
import Cards
import Documents
import Testing

@Suite struct TableStatisticsTests {
    private func count(
        _ text: String, _ format: TableStatistics.Format = .csv, _ change: (inout TableStatistics) -> Void = { _ in }
    ) throws(DocumentError) -> DocumentValue {
        var counting = TableStatistics(format: format)
        change(&counting)
        return try counting.count(ByteRegion(Array(text.utf8)), name: "table")
    }

    @Test func countsATable() throws {
        let value = try count(
            "\u{FEFF}x,label,annotator\n1,a,L1\n2.5,b,L2\n,a,L1\nNA,a,L1\n1,a,L1\n\"q\"\"\n,\",b,L2\nshort,row\n")
        #expect(value["rows"]?.integer == 6 && value["malformed"]?.integer == 1 && value["duplicates"]?.integer == 2)
        let x = try #require(value["columns"]?[0])
        #expect(x["name"]?.string == "x" && x["missing"]?.integer == 2 && x["type"]?.string == "mixed")
        #expect(x["distinct"]?.integer == 3)
        #expect(value["classes"]?["values"]?[0]?["count"]?.integer == 4)
        #expect(value["classes"]?["smallestToLargest"]?.double == 0.5)
        #expect(value["labellers"]?["largest"]?["labeller"]?.string == "L1")
        #expect(value["labellers"]?["largest"]?["share"]?.double == 4.0 / 6)
        let limits = value["limits"]?.strings ?? []
        #expect(limits.contains { $0.contains("annotator is taken for the labeller by its name") })
    }

    @Test func numbersHaveTheirMoments() throws {
        let value = try count("v\n2\n4\n4\n4\n5\n5\n7\n9\n")
        let column = try #require(value["columns"]?[0])
        #expect(column["type"]?.string == "integer" && column["mean"]?.double == 5)
        #expect(column["minimum"]?.double == 2 && column["maximum"]?.double == 9)
        #expect(abs((column["standardDeviation"]?.double ?? 0) - 2.138_089_935) < 1e-8)
    }

    @Test func jsonLinesHaveColumnsWhereverTheyTurnUp() throws {
        let value = try count(
            "{\"a\": 1}\n{\"a\": 1}\n{\"a\": 1, \"b\": null}\n{\"b\": [1, 2], \"a\": true}\nnot json\n\n[1]\n", .jsonl)
        #expect(value["rows"]?.integer == 4 && value["malformed"]?.integer == 2)
        // A null and a member that is not there are missing alike.
        #expect(value["duplicates"]?.integer == 2)
        #expect(value["columns"]?[1]?["missing"]?.integer == 3 && value["columns"]?[1]?["type"]?.string == "text")
    }

    @Test(arguments: [
        ("a,b\r\n1,2\r\n3,4\r\n", 2), ("a,b\r1,2\r3,4", 2), ("a;b\n1;2\n", 1), ("a,b\n\n1,2\n\n", 1), ("a\n\"\"\n", 1),
        ("a\n\"x", 0),
    ])
    func lineEndsAndQuotes(text: String, rows: Int) throws {
        #expect(try count(text)["rows"]?.integer == rows)
        #expect(try count(text)["columns"]?.elements.count == (text.contains("b") ? 2 : 1))
    }

    @Test func namedColumnsHaveToBeThere() throws {
        #expect(throws: DocumentError.self) { try count("a\n1\n") { $0.classColumn = "b" } }
        #expect(throws: DocumentError.self) { try count("") }
        let value = try count("kind,by\nx,p\ny,q\n") {
            $0.classColumn = "kind"
            $0.labellerColumn = "by"
        }
        #expect(value["classes"]?["column"]?.string == "kind" && value["labellers"]?["count"]?.integer == 2)
    }
}

@Suite struct DataCardTests {
    @Test func draftsFitTheSchemaButForWhatIsOpen() throws {
        let statistics = try TableStatistics(format: .csv).count(
            ByteRegion(Array("x,label,annotator\n1,a,L1\n2,b,L2\n3,a,L1\n".utf8)), name: "t.csv")
        let hub = try ModelCard(
            Array("---\nlicense: mit\npretty_name: Toy\nannotations_creators: [crowdsourced]\n---\n".utf8),
            kind: .dataset)
        let (card, sources) = DataCard.draft(name: "toy", statistics: statistics, hub: hub, date: "2026-11-21")
        let issues = DataCardCheck.issues(
            of: card, today: try #require(CalendarDate("2026-11-22")), statistics: statistics)
        #expect(!issues.contains { $0.level == .error }, "\(issues.filter { $0.level == .error })")
        #expect(issues.contains { $0.level == .open && "\($0.pointer)" == "/destruction/method" })
        // Two of three labels are of one person.
        #expect(issues.contains { $0.level == .warning && $0.message.contains("poison") })
        #expect(card["subject"]?["name"]?.string == "Toy" && card["labelling"]?["method"]?.string == "people")
        #expect(sources[DocumentPointer(["distribution", "license"])] == "README.md, license")
        // What a program filled in names its source, and reads back.
        let again = try DocumentReader.yaml(DocumentWriter.yaml(card, comments: sources))
        #expect(again == card)
    }

    @Test(arguments: [
        ("retention", "until", "2026-01-01", "CARD-EXPIRED"), ("issued", "expires", "2026-01-01", "CARD-EXPIRED"),
        ("issued", "date", "2027-01-01", "CARD-DATE"), ("sensitivity", "class", "secret", "CARD-SCHEMA"),
        ("subject", "digest", "", "CARD-SCHEMA"),
    ])
    func contradictionsAreErrors(section: String, member: String, value: String, rule: String) throws {
        var (card, _) = DataCard.draft(name: "toy", date: "2026-11-21")
        card.set(.string(value), at: DocumentPointer([section, member]))
        let issues = DataCardCheck.issues(of: card, today: try #require(CalendarDate("2026-11-22")))
        #expect(
            issues.contains { $0.level == .error && $0.rule.rawValue == rule }, "\(issues)"
        )
    }

    @Test func claimsAreHeldAgainstTheData() throws {
        let region = ByteRegion(Array("label,annotator\na,L1\na,L2\n".utf8))
        let statistics = try TableStatistics(format: .csv).count(region, name: "t.csv")
        var (card, _) = DataCard.draft(name: "toy", statistics: statistics, date: "2026-11-21")
        card.set(["share": 0.1], at: DocumentPointer(["labelling", "largestShare"]))
        card.set(3, at: DocumentPointer(["labelling", "labellers"]))
        card.set(.string(String(repeating: "0", count: 64)), at: DocumentPointer(["subject", "digest", "sha256"]))
        let issues = DataCardCheck.issues(
            of: card, today: try #require(CalendarDate("2026-11-22")), statistics: statistics)
        let wrong = issues.filter { $0.level == .error }.map { "\($0.pointer)" }
        #expect(
            wrong == ["/labelling/largestShare/share", "/labelling/labellers", "/subject/digest/sha256"], "\(issues)")
    }
}
