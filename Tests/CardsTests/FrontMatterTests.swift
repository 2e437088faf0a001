import Cards
import Documents
import Testing

/// The expectations are what `huggingface_hub` 2.4.0 makes of the same bytes (`make interop-cards` compares more).
@Suite struct FrontMatterTests {
    @Test(arguments: [
        ("---\na: 1\n---\nbody", "a: 1", "body"),
        ("---\r\na: 1\r\n---\r\nbody", "a: 1", "body"),
        ("---\ra: 1\r---\nbody", "a: 1", "body"),
        ("---\r\n---\r\nbody", "", "body"),
        ("---\n\n---\nbody", "", "body"),
        ("\n \n---\na: 1\n---\nbody", "a: 1", "body"),
        ("\u{A0}\u{2003}---\na: 1\n---\nbody", "a: 1", "body"),
        ("---\na: 1\n--- \t\nbody", "a: 1", "body"),
        ("---\na: 1\n---", "a: 1", ""),
        ("---\na: 1\n---x\n---\nbody", "a: 1\n---x", "body"),
    ])
    func blocksAreFound(text: String, yaml: String, body: String) throws {
        let bytes = Array(text.utf8)
        let block = try #require(FrontMatter(bytes))
        #expect(String(decoding: bytes[block.yaml], as: UTF8.self) == yaml)
        #expect(String(decoding: bytes[block.closing.upperBound...], as: UTF8.self) == body)
    }

    @Test(arguments: [
        "", "# Title\n", "---\n---\nbody", "--- \na: 1\n---\n", "---\na: 1\nbody", "---\na: 1\n----\n",
        "--\na: 1\n--\n",
        "---\ra: 1\r---\rbody", "\u{FEFF}---\na: 1\n---\n",
    ])
    func otherTextsHaveNone(text: String) { #expect(FrontMatter(Array(text.utf8)) == nil) }
}

@Suite struct ModelCardTests {
    private func read(_ text: String, _ kind: ModelCard.Kind = .model) throws(DocumentError) -> ModelCard {
        try ModelCard(Array(text.utf8), kind: kind)
    }

    @Test func readsAsYAML11AndSaysSo() throws {
        let card = try read("---\nlanguage: no\nlicense: mit\nlicense: bsd\nversion: 1.10\nday: 2024-05-01\n---\nbody")
        #expect(card.metadata["language"]?.boolean == false)
        #expect(card.metadata["license"]?.string == "bsd")
        #expect(card.metadata["version"]?.double == 1.1)
        #expect(card.metadata["day"]?.isTimestamp == true)
        #expect(card.body == "body")
        let lines = card.notes.map(\.line)
        #expect(lines.filter { $0 == 2 }.count == 1 && lines.contains(4) && lines.contains(6))
        #expect(card.notes.contains { $0.message.contains("license stands here again") })
        #expect(card.notes.allSatisfy { !$0.isError })
    }

    @Test(arguments: [
        "---\na: [1\n---\n", "---\na:\t1\n---\n", "---\n- a\n---\n", "---\ntext\n---\n",
        "---\na: !!python/name:x y\n---\n",
        "---\non: 1\n---\n", "---\n&x : 1\n---\n", "---\n1: 2\n---\n", "---\na: *b\n---\n", "---\na: 2024-13-01\n---\n",
    ])
    func refusesWhatTheHubRefuses(text: String) { #expect(throws: DocumentError.self) { try read(text) } }

    @Test(arguments: [
        "model-index: x", "model-index: [{results: []}]", "model-index: [{name: m, results: [{task: {type: t}}]}]",
        "model-index: [{name: m, results: [{task: {type: t}, dataset: {type: d, name: D}, metrics: [{type: a}]}]}]",
        "eval_results: [1]", "tags: 5", "ignore_metadata_errors: true", "self: 1",
    ])
    func namesWhatTheHubCannotTake(line: String) throws {
        let card = try read("---\n\(line)\n---\n")
        #expect(card.notes.contains { $0.isError && $0.line == 2 }, "\(card.notes)")
    }

    @Test func lineNumbersAreOfTheFile() throws {
        #expect { try read("\n\n---\na: 1\nb: [\n---\n") } throws: { ($0 as? DocumentError)?.line == 6 }
        let card = try read("\n---\na: 1\nno_such_name: 2\n---\n")
        #expect(card.notes.contains { $0.line == 4 && $0.message.contains("no_such_name") })
    }

    @Test func changesTouchNothingElse() throws {
        var card = try read("---\r\n# first\r\nlicense: mit  # why\r\n\r\n# tags\r\ntags:\r\n- a\r\n---\r\n# T\r\n")
        try card.set("license", to: "bsd")
        try card.set("added", to: .object(["x": 1, "z": .strings(["no", "1.10"])]))
        #expect(
            String(decoding: card.bytes, as: UTF8.self)
                == "---\r\n# first\r\nlicense: bsd\r\n\r\n# tags\r\ntags:\r\n- a\r\nadded:\r\n  x: 1\r\n  z:\r\n    - \"no\"\r\n"
                + "    - \"1.10\"\r\n---\r\n# T\r\n")
        try card.set("added", to: nil)
        try card.set("tags", to: nil)
        #expect(
            String(decoding: card.bytes, as: UTF8.self)
                == "---\r\n# first\r\nlicense: bsd\r\n\r\n# tags\r\n---\r\n# T\r\n")
    }

    @Test(arguments: ["a\n", "a\n\n", "\n", "a\nb", " a\n", "a\r\n", "no", "1.10", "", "\t", "é\u{2028}\u{85}", "---"])
    func everyTextReadsBack(value: String) throws {
        for text in ["---\na: 1\n---\nbody", "---\r\na: 1\r\nb: 2\r\n---\r\nbody", "---\n{a: 1}\n---\nbody", "body"] {
            for name in ["a", "b", "new"] {
                var card = try read(text)
                try card.set(name, to: .string(value))
                #expect(try ModelCard(card.bytes).metadata[name]?.string == value)
                #expect(card.body == "body")
            }
        }
        let card = try ModelCard(metadata: .object(["x": .string(value)]), body: "body", kind: .dataset)
        #expect(card.metadata["x"]?.string == value && card.body == "body")
    }

    @Test func settingTheSameChangesNoByte() throws {
        let text = "---\nlicense:   'mit'\ntags: [ a,b ]\n---\nbody\n"
        var card = try read(text)
        try card.set("license", to: "mit")
        try card.set("tags", to: .strings(["a", "b"]))
        try card.set("missing", to: nil)
        #expect(String(decoding: card.bytes, as: UTF8.self) == text)
    }

    @Test(arguments: [
        "", "# T\n", "---\n---\n", "---\n{a: 1, b: 2}\n---\nbody", "---\nx: &v [1]\ny: *v\n---\nbody",
        "---\n\n---\nbody",
    ])
    func everyCardCanBeGivenMetadata(text: String) throws {
        var card = try read(text)
        let body = card.body
        try card.set("x", to: "new")
        #expect(card.metadata["x"]?.string == "new")
        #expect(card.body == body)
        #expect(try ModelCard(card.bytes).metadata["x"]?.string == "new")
        if text.contains("*v") { #expect(card.metadata["y"]?.elements.count == 1) }
    }

    @Test func resultsSurviveTheirIndex() throws {
        let card = try read(
            """
            ---
            model-index:
            - name: m
              results:
              - task: {type: t, name: T}
                dataset: {type: d, name: D, split: test}
                metrics:
                - {type: acc, value: 0.9, name: A}
                - {type: f1, value: 0.8}
                source: {name: S, url: "https://example.org"}
            ---
            """)
        let index = try #require(try EvaluationResult.read(card.metadata))
        #expect(index.results.map { $0.metric.string } == ["acc", "f1"])
        #expect(index.results[1].sourceURL?.string == "https://example.org")
    }
}
