import Testing

@testable import Documents

/// Random documents, with the texts that notations trip over.
struct DocumentGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func below(_ limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(limit))
    }

    private static let texts = [
        "", " ", "a", "no", "yes", "null", "~", "true", "1", "1.0", "0x1f", "1e5", "1_000", "12:30", "2024-05-01",
        "2024-05-01T10:00:00Z", "- a", "-", "?", "? a", ": a", "a: b", "a:", "a #b", "#b", "&a", "*a", "!a", "|", ">",
        "'a'", "\"a\"", "%a", "@a", "`a", "{a}", "[a]", "a, b", "---", "--- a", "...", "=", "<<", "y", "N", ".inf",
        "-.inf", ".nan", "one\ntwo", "one\ntwo\n", "one\n\ntwo", "\none", "one\n\n", " one\ntwo", "one\n  two\n three",
        "one \ntwo", "one\n \ntwo", "\n", "tab\there", "\tx", "x\r\ny", "\u{0}", "\u{7F}", "\u{85}", "\u{A0}",
        "\u{2028}", "\u{202E}abc", "\u{FEFF}", "\u{FFFE}", "ä", "a\u{308}", "日本語", "😀", "one\n\ttwo", "a\\b", "a\"b",
        "0.1", "-1", "+1", ".5", "08", "e5", "Infinity", "key with spaces", "one\n# two", "one\n- two", "...\nx",
    ]
    private static let numbers = [
        "0", "-0", "1", "-1", "1.0", "1.10", "1e5", "1E+5", "1.5e-7", "123456789012345678901234567890", "0.1", "1e400",
        "-2.50", "1.0E3",
    ]

    mutating func text() -> String {
        switch below(4) {
        case 0:
            return (0..<below(4)).map { _ in Self.texts[below(Self.texts.count)] }.joined(
                separator: ["", " ", "\n"][below(3)])
        case 1: return String(repeating: "long ", count: below(300))
        default: return Self.texts[below(Self.texts.count)]
        }
    }

    mutating func value(_ depth: Int = 0) -> DocumentValue {
        switch below(depth > 4 ? 6 : 10) {
        case 0: return .null
        case 1: return .boolean(below(2) == 0)
        case 2: return DocumentValue(.number(Self.numbers[below(Self.numbers.count)]))
        case 3...5: return .string(text())
        case 6, 7: return .array((0..<below(5)).map { _ in value(depth + 1) })
        default:
            var members: [DocumentValue.Member] = []
            for _ in 0..<below(5) {
                let name = text()
                guard !members.contains(where: { $0.name.hasSameBytes(as: name) }) else { continue }
                members.append(DocumentValue.Member(name: name, value: value(depth + 1)))
            }
            return DocumentValue(.object(members))
        }
    }
}

@Suite struct DocumentWriterTests {
    /// JSON to YAML to JSON to YAML: the same document and the same bytes, whichever comes first.
    @Test func everythingSurvivesBothNotations() throws {
        var generator = DocumentGenerator(seed: 1)
        for number in 0..<3_000 {
            let value = generator.value()
            let yaml = DocumentWriter.yaml(value)
            let text = String(decoding: yaml, as: UTF8.self)
            let read = try DocumentReader.yaml(yaml)
            guard read == value else {
                Issue.record("document \(number): \(text)\n\(read)\n\(value)")
                return
            }
            for indentation in [0, 2] {
                let json = DocumentWriter.json(read, indentation: indentation)
                let back = try DocumentReader.json(json)
                #expect(back == value)
                #expect(DocumentWriter.yaml(back) == yaml)
            }
        }
    }

    /// What is written for readers of YAML 1.1 is the same to them.
    @Test func yaml11ReadsTheSame() throws {
        var generator = DocumentGenerator(seed: 2)
        for _ in 0..<2_000 {
            let value = generator.value()
            let text = DocumentWriter.yaml(value, schema: .yaml11)
            #expect(
                try DocumentReader.yaml(text, schema: .yaml11).isEquivalent(to: value),
                "\(String(decoding: text, as: UTF8.self))")
        }
    }

    @Test func datesStayDatesForYAML11() throws {
        let value = try DocumentReader.yaml(Array("date: 2024-05-01\ntext: '2024-05-01'\n".utf8), schema: .yaml11)
        #expect(
            String(decoding: DocumentWriter.yaml(value, schema: .yaml11), as: UTF8.self)
                == "date: 2024-05-01\ntext: \"2024-05-01\"\n")
    }

    @Test func looksAsPeopleWriteIt() {
        let value: DocumentValue = [
            "name": "toy", "text": "one\ntwo", "list": ["a", ["b"], ["x": 1, "w": [:], "z": []]], "version": "1.0",
        ]
        #expect(
            String(decoding: DocumentWriter.yaml(value), as: UTF8.self) == """
                name: toy
                text: |-
                  one
                  two
                list:
                  - a
                  - - b
                  - x: 1
                    w: {}
                    z: []
                version: "1.0"

                """)
    }

    @Test func commentsStandBesideAndAbove() throws {
        let value: DocumentValue = ["a": 1, "b": ["c": "x", "d": "one\ntwo"], "e": ["f"], "g": [["h": 1]]]
        let text = DocumentWriter.yaml(
            value,
            comments: [
                DocumentPointer(): "Head", DocumentPointer(["a"]): "beside", DocumentPointer(["b", "c"]): "one\ntwo",
                DocumentPointer(["b", "d"]): "block", DocumentPointer(["e", "0"]): "evil \u{2028}b: c",
                DocumentPointer(["g", "0"]): "of an object",
            ])
        #expect(
            String(decoding: text, as: UTF8.self) == """
                # Head
                a: 1  # beside
                b:
                  # one
                  # two
                  c: x
                  d: |-  # block
                    one
                    two
                e:
                  - f  # evil \\u2028b: c
                g:
                  # of an object
                  - h: 1

                """)
        #expect(try DocumentReader.yaml(text) == value)
    }
}
