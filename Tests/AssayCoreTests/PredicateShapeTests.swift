import ByteParsing
import Testing

@testable import AssayCore

/// Predicates of SLSA and in-toto, with one thing changed at a time.
@Suite struct PredicateShapeTests {
    private static let valid = [
        "slsa-provenance": """
        {"buildDefinition": {"buildType": "https://b.test/t/v1", "externalParameters": {"a": 1}, "internalParameters": {},
          "resolvedDependencies": [{"uri": "git+https://c.test/r", "digest": {"gitCommit": "00"}}, {"digest": {"sha256": "00"}},
            {"name": "n", "content": "AAAA", "annotations": {"k": [1]}}]},
         "runDetails": {"builder": {"id": "https://b.test", "version": {"x": "1"}, "builderDependencies": []},
          "metadata": {"invocationId": "i", "startedOn": "2024-02-29T00:00:00Z", "finishedOn": "2024-03-01T00:00:00.5+01:00"},
          "byproducts": [{"uri": "urn:x"}]}, "more": 1}
        """,
        "test-result": """
        {"result": "PASSED", "configuration": [{"uri": "file:c", "digest": {"sha256": "00"}}], "url": "https://t.test",
         "passedTests": ["a"], "warnedTests": [], "failedTests": []}
        """,
        "vulns": """
        {"scanner": {"uri": "pkg:s", "version": "1", "db": {"uri": "https://d.test", "lastUpdate": "2024-01-01T00:00:00Z"},
          "result": [{"id": "CVE-1", "severity": [{"method": "CVSS", "score": "9"}], "annotations": [{"a": 1}]}]},
         "metadata": {"scanStartedOn": "2024-01-01T00:00:00Z", "scanFinishedOn": "2024-01-01T00:00:01Z"}}
        """,
        "link": """
        {"name": "n", "command": ["a", "b"], "materials": [{"uri": "file:m", "digest": {"sha256": "00"}}],
         "byproducts": {"stdout": ""}, "environment": {"A": "b"}}
        """,
    ]

    private func deficiency(_ kind: String, _ text: String) throws -> String? {
        let type = try #require(PredicateType(named: kind))
        return type.deficiency(of: try JSONDocument(ByteRegion(Array(text.utf8)), dialect: .strict).root)
    }

    @Test(arguments: valid.keys.sorted())
    func whatTheSpecificationsAllow(kind: String) throws {
        #expect(try deficiency(kind, Self.valid[kind] ?? "") == nil)
    }

    @Test(arguments: [
        ("slsa-provenance", #""externalParameters": {"a": 1}"#, #""externalParameters": "a""#, "no object"),
        (
            "slsa-provenance", #""externalParameters": {"a": 1}"#, #""externalParameters": null"#,
            "has no buildDefinition.externalParameters"
        ),
        ("slsa-provenance", #""https://b.test/t/v1""#, #""t""#, "buildDefinition.buildType is no URI"),
        (
            "slsa-provenance", #"{"digest": {"sha256": "00"}}"#, #"{"name": "x"}"#,
            "resolvedDependencies[1] names nothing"
        ),
        ("slsa-provenance", #"{"digest": {"sha256": "00"}}"#, #"{"digest": {"sha256": 0}}"#, "more than texts"),
        ("slsa-provenance", #"{"digest": {"sha256": "00"}}"#, #""x""#, "[1] is no object"),
        ("slsa-provenance", #""version": {"x": "1"}"#, #""version": "1""#, "no object"),
        ("slsa-provenance", #""id": "https://b.test""#, #""id": 7"#, "runDetails.builder.id is no URI"),
        ("slsa-provenance", #""id": "https://b.test", "#, "", "has no runDetails.builder.id"),
        ("slsa-provenance", "2024-02-29T", "2023-02-29T", "startedOn is no RFC 3339 time"),
        ("slsa-provenance", "00:00:00.5+01:00", "00:00:00.5", "finishedOn"),
        ("slsa-provenance", #""byproducts": [{"uri": "urn:x"}]"#, #""byproducts": {"uri": "urn:x"}"#, "no list"),
        ("test-result", "PASSED", "passed", "none of"), ("test-result", #""PASSED""#, "7", "none of"),
        ("test-result", #""passedTests": ["a"]"#, #""passedTests": [1]"#, "passedTests[0] is no text"),
        ("test-result", #"[{"uri": "file:c", "digest": {"sha256": "00"}}]"#, "{}", "configuration is no list"),
        ("vulns", #""id": "CVE-1", "#, "", "scanner.result[0] has no id"),
        ("vulns", #""scanStartedOn": "2024-01-01T00:00:00Z", "#, "", "has no metadata.scanStartedOn"),
        ("vulns", #""lastUpdate": "2024-01-01T00:00:00Z""#, #""lastUpdate": "today""#, "lastUpdate"),
        ("link", #"["a", "b"]"#, #""a b""#, "command is no list"), ("link", #""name": "n", "#, "", "has no name"),
    ])
    func whatTheyDoNot(kind: String, old: String, new: String, reason: String) throws {
        let text = Self.valid[kind] ?? ""
        #expect(text.contains(old))
        let found = try deficiency(kind, text.replacing(old, with: new))
        #expect(found?.contains(reason) == true, "\(found ?? "accepted")")
    }
}
