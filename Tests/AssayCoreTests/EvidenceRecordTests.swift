import AssayCore
import Testing

@Suite struct EvidenceRecordTests {
    private static let digest = String(repeating: "0a", count: 32)

    private func record(type: String, predicate: String) throws -> EvidenceRecord {
        let text = """
            {"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "m", "digest": {"sha256": "\(Self.digest)"}}],
             "predicateType": "\(type)", "predicate": \(predicate)}
            """
        let statement = try Statement(Array(text.utf8))
        return EvidenceRecord(name: "e.json", sha256: Self.digest, statement: statement, standing: .unsigned)
    }

    @Test(arguments: [
        ("https://assay.dev/evidence/scan/v1", #"{"finished": "2026-11-21T12:00:00Z"}"#, "2026-11-21"),
        (
            "https://slsa.dev/provenance/v1", #"{"runDetails": {"metadata": {"startedOn": "2026-01-02T00:00:00Z"}}}"#,
            "2026-01-02"
        ),
        ("https://cyclonedx.org/bom", #"{"metadata": {"timestamp": "2025-12-31T23:59:59Z"}}"#, "2025-12-31"),
        ("https://assay.dev/evidence/security-card/v1", #"{"issued": {"date": "2026-02-28"}}"#, "2026-02-28"),
    ])
    func takesTheDayFromThePredicate(_ type: String, _ predicate: String, _ day: String) throws {
        #expect(try record(type: type, predicate: predicate).issued == CalendarDate(day))
    }

    @Test(arguments: [#"{}"#, #"{"date": "yesterday"}"#, #"{"date": "2026-02-30"}"#, #"{"date": 20260228}"#])
    func saysNoDayWhereThereIsNone(_ predicate: String) throws {
        #expect(try record(type: "https://example.org/x", predicate: predicate).issued == nil)
    }

    @Test func namesKnownKindsShortAndOthersByURI() throws {
        #expect(try record(type: "https://assay.dev/evidence/scan/v1", predicate: "{}").kind == "scan")
        #expect(try record(type: "https://example.org/x", predicate: "{}").kind == "https://example.org/x")
    }

    @Test func matchesBySHA256InAnyCase() throws {
        let record = try record(type: "https://example.org/x", predicate: "{}")
        #expect(record.matches([Self.digest]))
        #expect(!record.matches([String(repeating: "0b", count: 32)]))
        #expect(!record.matches([]))
    }
}

@Suite struct CalendarDateTests {
    @Test(arguments: [
        ("2026-01-01", "2025-12-31", 1), ("2024-03-01", "2024-02-28", 2), ("2100-03-01", "2100-02-28", 1),
        ("2000-03-01", "2000-02-28", 2), ("2026-11-26", "2026-05-30", 180), ("2026-01-01", "2026-01-02", -1),
        ("2026-11-26", "1970-01-01", 20_783),
    ])
    func countsDays(_ later: String, _ earlier: String, _ days: Int) throws {
        let (later, earlier) = (try #require(CalendarDate(later)), try #require(CalendarDate(earlier)))
        #expect(later.days(since: earlier) == days)
        if days >= 0 { #expect(earlier.adding(days: days) == later) }
    }

    @Test(arguments: ["2026-11-26", "2026-11-26T10:00:00Z", "2026-11-26 10:00", "2026-11-26T23:59:59+14:00"])
    func readsTheDayOfAMoment(_ text: String) {
        #expect(CalendarDate(moment: text) == CalendarDate("2026-11-26"))
    }

    @Test(arguments: ["2026-11-2", "2026-11-261", "2026-11-31T00:00:00Z", "", "T"])
    func refusesWhatIsNoMoment(_ text: String) { #expect(CalendarDate(moment: text) == nil) }
}
