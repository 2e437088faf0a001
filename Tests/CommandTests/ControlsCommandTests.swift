import ArgumentParser
import Controls
import Documents
import Fixtures
import Foundation
import Testing

@testable import assay

@Suite struct ControlsCommandTests {
    private static let digest = String(repeating: "0a", count: 32)

    private static func card(_ name: String, digest: String) -> String {
        """
        schema: security-model-card/v1
        subject: {name: \(name), digest: {sha256: \(digest)}}
        issued: {date: 2026-11-01, author: Ada}
        modelDetails: {owner: Risk}
        """
    }

    private static func limit(_ digest: String) -> String {
        """
        {"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "m", "digest": {"sha256": "\(digest)"}}],
         "predicateType": "https://assay.dev/evidence/check-result/v1",
         "predicate": {"kind": "rate-limit", "enforced": true, "outcome": "passed", "date": "2026-11-20"}}
        """
    }

    private func run(_ arguments: [String]) throws {
        var command = try Assay.parseAsRoot(arguments)
        try command.run()
    }

    private func results(_ document: DocumentValue, _ place: Int = 0) -> [String: String] {
        var states: [String: String] = [:]
        for result in document["assessments"]?[place]?["results"]?.elements ?? [] {
            states[result["control"]?.string ?? ""] = result["state"]?.string
        }
        return states
    }

    @Test func aCardIsAModelAndEvidence() throws {
        let folder = try Fixture([
            "card.yaml": Self.card("m", digest: Self.digest), "evidence/limit.json": Self.limit(Self.digest),
        ])
        try run([
            "controls", "assess", "--card", folder.path + "/card.yaml", "--evidence", folder.path + "/evidence",
            "--count-unsigned", "--date", "2026-11-26", "--format", "json", "--output", folder.path + "/out.json",
        ])
        let states = results(try folder.document("out.json"))
        #expect(states["NCSC-2.3-e"] == "present")
        #expect(states["LLM10:2025"] == "partial")
        #expect(states["A-MLSG-004-D008"] == "missing")
    }

    @Test func evidenceGrowsOldWithTheDay() throws {
        let folder = try Fixture(["limit.json": Self.limit(Self.digest)])
        for (day, state) in [("2026-11-26", "partial"), ("2028-11-26", "partial"), ("2026-11-01", "partial")] {
            try run([
                "controls", "export", "csv", "--subject", Self.digest, "--evidence", folder.path + "/limit.json",
                "--count-unsigned", "--date", day, "--only", "owasp-llm-2025", "--output", folder.path + "/out.csv",
            ])
            let text = String(decoding: try FileInput.read(folder.path + "/out.csv"), as: UTF8.self)
            let row = try #require(text.split(separator: "\r\n").first { $0.contains("LLM10:2025") })
            #expect(row.contains("\"\(state)\""))
            #expect(row.contains("days ago") == (day == "2028-11-26"))
            #expect(row.contains("still to come") == (day == "2026-11-01"))
        }
    }

    @Test func aFolderOfCardsIsAsManyModels() throws {
        var files: [String: String] = ["cards/notes.json": "{}", "cards/broken.yaml": "a: [", "cards/readme.md": "x"]
        for number in 0..<5 {
            files["cards/\(number).yaml"] = Self.card(
                "model-\(number)", digest: String(repeating: "0\(number)", count: 32))
        }
        let folder = try Fixture(files)
        try run([
            "controls", "assess", "--card", folder.path + "/cards", "--format", "json", "--output",
            folder.path + "/out.json",
        ])
        let names = try folder.document("out.json")["assessments"]?.elements.compactMap {
            $0["subject"]?["name"]?.string
        }
        #expect(names == (0..<5).map { "model-\($0)" })
        try run(["controls", "assess", "--card", folder.path + "/cards", "--output", folder.path + "/out.txt"])
        let text = String(decoding: try FileInput.read(folder.path + "/out.txt"), as: UTF8.self)
        for number in 0..<5 { #expect(text.contains("model-\(number)\n")) }
    }

    @Test func aNamedCardHasToBeOne() throws {
        let folder = try Fixture(["broken.yaml": "schema: x\na: [\n", "other.yaml": "schema: data-card/v1\n"])
        for (name, message) in [("broken.yaml", "broken.yaml:3: "), ("other.yaml", "no Security Model Card")] {
            #expect(throws: ExitCode(2)) {
                try run(["controls", "assess", "--card", folder.path + "/" + name])
            }
            let error = #expect(throws: CommandFailure.self) { try CardFile(folder.path + "/" + name, isNamed: true) }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        }
    }

    @Test func theStatementIsEvidenceAboutOneModel() throws {
        let folder = try Fixture([
            "card.yaml": Self.card("m", digest: Self.digest),
            "other.yaml": Self.card("n", digest: String(repeating: "0b", count: 32)),
        ])
        let card = folder.path + "/card.yaml"
        let quiet = [
            "--format", "html", "--output", folder.path + "/page.html", "--statement", folder.path + "/s.json",
        ]
        try run(["controls", "assess", "--card", card] + quiet)
        let statement = try folder.document("s.json")
        #expect(statement["subject"]?[0]?["digest"]?["sha256"]?.string == Self.digest)
        #expect(statement["predicateType"]?.string == "https://assay.dev/evidence/control-assessment/v1")
        #expect(throws: ExitCode(2)) {
            try run(["controls", "assess", "--card", card, folder.path + "/other.yaml"] + quiet)
        }
    }

    @Test func openMustHavesCanFailAGate() throws {
        let folder = try Fixture(["card.yaml": Self.card("m", digest: Self.digest)])
        let base = ["controls", "assess", "--card", folder.path + "/card.yaml", "--output", folder.path + "/out"]
        try run(base)
        #expect(throws: ExitCode(1)) { try run(base + ["--fail-on", "must"]) }
        try run(base + ["--fail-on", "must", "--only", "owasp-ml-2023"])
        #expect(throws: ExitCode(1)) { try run(base + ["--fail-on", "should", "--only", "owasp-ml-2023"]) }
    }

    @Test(arguments: [
        ["controls", "assess"], ["controls", "assess", "--subject", "/nowhere"],
        ["controls", "export", "oscal-catalog"], ["controls", "list", "--only", "nothing"],
        ["controls", "show", "nothing"], ["controls", "list", "--profile", "/nowhere"],
        ["controls", "export", "csv", "--subject", String(repeating: "0a", count: 32), "--timestamp", "yesterday"],
        ["data", "check", "sample-size", "/nowhere"],
    ])
    func mistakesEndWithAMessage(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try run(arguments) }
    }

    @Test func checksEndWithTheirOutcome() throws {
        let rows = (0..<40).map { "\($0),\($0 % 2)" }.joined(separator: "\n")
        let folder = try Fixture([
            "train.csv": "x,y\n" + rows + "\n", "held.csv": "x,y\n100,1\n101,0\n", "copy.csv": "x,y\n7,1\n101,0\n",
            "texts/a.txt":
                "the quick brown fox jumps over the lazy dog and runs far away from all the others in the wood\n",
            "held/b.txt":
                "The quick brown fox jumps over the lazy dog and runs far away from all the others in the woods\n",
        ])
        let base = ["data", "check"]
        func path(_ name: String) -> String { folder.path + "/" + name }
        let quiet = ["--date", "2026-11-26", "--evidence", path("check.json")]
        try run(base + ["sample-size", path("train.csv"), "--label", "y"] + quiet)
        #expect(try folder.document("check.json")["predicate"]?["outcome"]?.string == "passed")
        #expect(try folder.document("check.json")["predicate"]?["metrics"]?[1]?["value"]?.integer == 1)
        let pair = ["independence", "--training", path("train.csv"), "--validation"]
        try run(base + pair + [path("held.csv")] + quiet)
        #expect(throws: ExitCode(1)) { try run(base + pair + [path("copy.csv")] + quiet) }
        #expect(throws: ExitCode(1)) {
            try run(base + ["independence", "--training", path("texts"), "--validation", path("held")] + quiet)
        }
        #expect(throws: ExitCode(1)) {
            try run(base + ["retention", "--until", "2026-11-25", "--data", path("train.csv")] + quiet)
        }
        try run(base + ["retention", "--until", "2026-11-26", "--data", path("train.csv")] + quiet)
    }
}

extension Fixture {
    fileprivate func document(_ name: String) throws -> DocumentValue { try DocumentReader.json(try read(name)) }
}
