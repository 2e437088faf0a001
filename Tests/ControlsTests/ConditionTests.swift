import AssayCore
import ByteParsing
import Documents
import Testing

@testable import Controls

@Suite struct ConditionTests {
    private static let predicate = """
        {"outcome": "verified", "count": 12, "score": "9.1", "flag": true, "none": null, "empty": "", "list": [], "draft": "unknown",
         "date": "2026-11-01", "end": "2027-01-01",
         "metrics": [{"name": "a", "value": 1}, {"name": "b", "value": 5, "tags": ["x", "y"]}],
         "files": [{"outcome": "clean"}, {"outcome": "clean"}]}
        """

    private func condition(_ yaml: String) throws -> Condition {
        let parameters = try ControlLibrary.shipped().vocabulary.parameters
        return try ConditionReader(parameters: parameters, file: "test")
            .read(try DocumentReader.yaml(Array(yaml.utf8)))
    }

    private func failure(_ yaml: String, standing: EvidenceRecord.Standing = .unsigned) throws -> String? {
        let record = try Fixture.record("https://example.org/x", Self.predicate, standing: standing)
        return try condition(yaml).failure(
            in: record, today: try #require(Fixture.today), parameters: ["red-team-age": 180])
    }

    @Test(arguments: [
        "{path: outcome, equals: verified}", "{path: count, equals: 12}", "{path: count, at-least: 12}",
        "{path: count, at-most: 12}", "{path: count, more-than: 11}", "{path: count, less-than: 13}",
        "{path: score, at-least: 9}", "{path: flag, equals: true}", "{path: outcome, exists: true}",
        "{path: nothing, exists: false}", "{path: none, exists: false}", "{path: empty, exists: false}",
        "{path: list, exists: false}", "{path: draft, exists: false}", "{path: 'metrics/*/value', equals: 5}",
        "{path: 'metrics/*/tags/*', equals: y}",
        "{path: 'metrics/*/value', count-at-least: 2}", "{path: outcome, one-of: [failed, verified]}",
        "{path: outcome, matches: 'VERI*'}", "{path: outcome, matches: '?erif?ed'}",
        "{path: 'files/*/outcome', equals: clean, every: true}", "{path: date, age-at-most: 25}",
        "{path: end, expired: false}", "{path: date, expired: true}", "{age-at-most: 25}",
        "{age-at-most: {parameter: red-team-age}}", "{undated: false}", "{not: {path: count, equals: 13}}",
        "{all: [{path: count, equals: 12}, {path: flag, equals: true}]}",
        "{any: [{path: count, equals: 1}, {path: flag, equals: true}]}",
        "{path: 'metrics/*', has: {all: [{path: name, equals: b}, {path: value, at-least: 5}]}}",
    ])
    func holds(_ yaml: String) throws { #expect(try failure(yaml) == nil) }

    @Test(arguments: [
        ("{path: outcome, equals: failed}", "outcome is verified, and failed is wanted"),
        ("{path: count, at-least: 1000}", "count is 12, and at least 1000 is wanted"),
        ("{path: count, equals: '12'}", "count is 12"), ("{path: flag, equals: 'true'}", "flag is true"),
        ("{path: nothing, equals: 1}", "nothing is missing"), ("{path: nothing, exists: true}", "nothing is missing"),
        ("{path: none, equals: 1}", "none is missing"), ("{path: empty, exists: true}", "empty is missing"),
        ("{path: outcome, at-least: 1}", "no number"), ("{path: outcome, matches: 'veri'}", "not like veri"),
        ("{path: 'metrics/*/value', at-least: 2, every: true}", "value is 1, and at least 2 is wanted"),
        ("{path: 'nothing/*', equals: 1, every: true}", "missing"),
        ("{path: date, age-at-most: 24}", "25 days ago, and at most 24"),
        ("{path: end, age-at-most: 24}", "still to come"),
        ("{path: date, expired: false}", "has gone by"), ("{path: outcome, expired: false}", "no day"),
        ("{age-at-most: 24}", "it was made on 2026-11-01, 25 days ago, and at most 24 are wanted"),
        ("{undated: true}", "it says when"), ("{standing: verified}", "not signed"),
        ("{not: {path: count, equals: 12}}", "must not"),
        ("{any: [{path: count, equals: 1}, {path: flag, equals: false}]}", ", and flag is true"),
        ("{path: 'metrics/*', has: {all: [{path: name, equals: a}, {path: value, at-least: 5}]}}", "no metrics/*"),
        ("{path: 'metrics/*/value', count-at-least: 3}", "2 times, 3 wanted"),
    ])
    func failsWithTheReason(_ yaml: String, _ reason: String) throws {
        let failure = try failure(yaml)
        #expect(failure?.contains(reason) == true, "\(failure ?? "it holds")")
    }

    @Test func standingIsThatOfTheReader() throws {
        #expect(try failure("{standing: verified}", standing: .verified(signers: ["a"])) == nil)
        #expect(try failure("{standing: verified}", standing: .notVerified(reason: "no key")) != nil)
    }

    @Test func evidenceWithoutADateHasNoAge() throws {
        let record = try Fixture.record("https://example.org/x", "{}")
        let today = try #require(Fixture.today)
        #expect(try condition("{age-at-most: 10000}").failure(in: record, today: today, parameters: [:]) != nil)
        #expect(try condition("{undated: true}").failure(in: record, today: today, parameters: [:]) == nil)
    }

    @Test func digestsOfSubjectsAreFound() throws {
        let text = #"{"files": [{"sha256": "x"}, {"sha256": "\#(Fixture.model)"}]}"#
        let record = try Fixture.record("https://example.org/x", text)
        let today = try #require(Fixture.today)
        let wanted = try condition("{path: 'files/*/sha256', is-digest-of-subject: true}")
        #expect(wanted.failure(in: record, today: today, parameters: [:]) == nil)
        let other = try Fixture.record("https://example.org/x", #"{"files": [{"sha256": "x"}]}"#)
        #expect(wanted.failure(in: other, today: today, parameters: [:]) != nil)
    }

    @Test(arguments: [
        "{path: a}", "{path: a, equals: 1, at-least: 1}", "{path: '', exists: true}", "{path: a//b, exists: true}",
        "{path: '*/*/*/*', exists: true}", "{path: a/b/c/d/e/f/g/h/i/j/k/l/m, exists: true}", "{}", "[]", "x",
        "{all: []}", "{all: {path: a, exists: true}}", "{not: []}", "{path: a, equals: [1]}", "{path: a, one-of: []}",
        "{path: a, at-least: many}", "{path: a, at-least: {parameter: nothing}}", "{path: a, exists: maybe}",
        "{standing: unsigned}", "{age-at-most: old}", "{path: a, matches: ''}", "{path: a, exists: true, or: b}",
        "{all: [{path: a, exists: true}], any: [{path: a, exists: true}]}",
        "{not: {not: {not: {not: {not: {not: {not: {not: {not: {path: a, exists: true}}}}}}}}}}",
    ])
    func whatIsNotUnderstoodIsRefused(_ yaml: String) {
        #expect(throws: ControlDataError.self) { try condition(yaml) }
    }

    @Test func anEvaluationLooksAtSoManyValuesAndThenFails() throws {
        let row = "[" + Array(repeating: "1", count: 1000).joined(separator: ",") + "]"
        let text = "{\"a\": [" + Array(repeating: row, count: 500).joined(separator: ",") + "]}"
        let record = try Fixture.record("https://example.org/x", text)
        let today = try #require(Fixture.today)
        let wanted = try condition("{not: {path: 'a/*/*', equals: 2}}")
        #expect(wanted.failure(in: record, today: today, parameters: [:])?.contains("more values") == true)
    }

    @Test func conditionsCanBeReadAloud() throws {
        let text = try condition(
            "{all: [{path: kind, equals: x}, {any: [{age-at-most: {parameter: red-team-age}}, {undated: true}]}]}"
        ).text([:])
        #expect(text == "kind is x and (made in the last red-team-age days or without a date)")
    }

    @Test(arguments: [
        ("*", "", true), ("a*b*c", "aXXbYYc", true), ("a*b", "ab c", false), ("?", "", false), ("*a", "bbba", true),
    ])
    func patterns(_ pattern: String, _ text: String, _ isMatch: Bool) {
        #expect(TextPattern.matches(Array(pattern.utf8), Array(text.utf8)) == isMatch)
    }
}
