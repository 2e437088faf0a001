import ByteParsing
import Testing

@Suite struct JSONDocumentTests {
    private func read(_ text: String, _ dialect: JSONDocument.Dialect = .tolerant) throws -> JSONValue {
        try JSONDocument(ByteRegion(Array(text.utf8)), dialect: dialect).root
    }

    @Test func readsNestedValues() throws {
        let root = try read(#" {"a": [1, -2.5e3, "x\n\u00e9\ud83d\ude00"], "b": {"c": null, "d": true}, "a": 7} "#)
        #expect(root.count == 3)
        #expect(root["a"]?.integer == 7)
        #expect(root["b"]?["d"]?.bool == true)
        let first = root.members.first { _ in true }?.value
        #expect(first?[1]?.double == -2500)
        #expect(first?[2]?.string == "x\né😀")
        #expect(root.firstDuplicateName()?.string == "a")
        #expect(root.descendants.map(\.kind).count == 14)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\"}", "{\"a\":}", "[1 2]", "01", "1.", "\"\\x\"", "\"\u{1}\"", "nul", "{} x", "\"a", "[}",
    ])
    func refuses(_ text: String) {
        #expect(throws: ParseError.self) { try read(text) }
    }

    @Test func halvesOfPairsStandAloneBehindWhatLooksLikeTheOther() throws {
        for text in [
            #""\\ud83d\ude00""#, #""\ud83d""#, #""\ude00""#, #""\ud83d\\ude00""#, #""\ud83d\ud83d\ude00""#,
            #""\ud83d\ude00\ude00""#, #""\ude00\ud83d""#, #""\ud83dx""#,
        ] {
            #expect(throws: ParseError.malformed()) { try read(text, .strict) }
        }
        #expect(try read(#""\\ud83d""#, .strict).string == #"\ud83d"#)
        #expect(try read(#""\\\ud83d\ude00""#, .strict).string == "\\\u{1F600}")
    }

    @Test func strictDialectRefusesWhatReadersDisagreeOn() {
        #expect(throws: ParseError.malformed()) { try read(#"{"a":1,"\u0061":2}"#, .strict) }
        #expect(throws: ParseError.malformed()) { try read("\u{FEFF}{}", .strict) }
        #expect(throws: ParseError.malformed()) { try read("NaN", .strict) }
    }

    @Test func depthIsBounded() {
        #expect(throws: ParseError.limit()) { try read(String(repeating: "[", count: 100_000)) }
    }

    @Test func writerAndReaderAgree() throws {
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member("text", "a\"\\\u{7}\n")
            writer.key("list")
            writer.array { writer in
                writer.integer(1)
                writer.object { _ in }
                writer.null()
            }
            writer.member("flag", true)
        }
        let root = try read(writer.text)
        #expect(root["text"]?.string == "a\"\\\u{7}\n")
        #expect(root["list"]?.count == 3)
        #expect(root["flag"]?.bool == true)
    }

    /// Whatever stands beside it, a character is written the same way, and read back as it was.
    @Test func everyCharacterSurvives() throws {
        let others = ["é", "\u{80}", "\u{9F}", "\u{A0}", "\u{200B}", "\u{202E}", "\u{2028}", "€", "𝄞"]
        for character in (0..<128).map({ String(UnicodeScalar(UInt8($0))) }) + others {
            for text in [character, "plain \(character) text", character + character] {
                var writer = JSONWriter()
                writer.array { $0.string(text) }
                #expect(try read(writer.text, .strict)[0]?.string == text)
                let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
                #expect((writer.text == "[\"\(text)\"]") == (isPlain || ["é", "\u{A0}", "€", "𝄞"].contains(character)))
            }
        }
    }
}
