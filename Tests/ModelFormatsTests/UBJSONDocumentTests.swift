import ByteParsing
import ModelFormats
import Testing

@Suite struct UBJSONDocumentTests {
    static func read(_ bytes: [UInt8]) throws(ParseError) -> UBJSONDocument {
        try UBJSONDocument(ByteRegion(bytes), budget: Budget())
    }
    static func name(_ text: String) -> [UInt8] { Array("i".utf8) + [UInt8(text.utf8.count)] + Array(text.utf8) }
    static func text(_ text: String) -> [UInt8] { Array(text.utf8) }
    static let sample: [UInt8] = {
        var bytes: [UInt8] = text("{")
        bytes += name("a") + text("S") + name("text")
        bytes += name("b") + text("[$d#i") + [2, 0, 0, 0, 0, 0, 0, 0, 0]
        bytes += name("c") + text("[TFZi") + [7] + text("]")
        bytes += name("d") + text("{#i") + [1]
        bytes += name("e") + text("S") + name("x")
        return bytes + text("}")
    }()

    @Test func readsTextsAndArrays() throws {
        let document = try UBJSONDocumentTests.read(UBJSONDocumentTests.sample)
        #expect(document.entries.map(\.path) == ["a", "b", "d.e"])
        #expect(document.entries.map(\.value) == ["text", "2 numbers", "x"])
        #expect(document.end == UBJSONDocumentTests.sample.count)
    }

    static let broken: [([UInt8], ParseError)] = [
        (text("{"), .truncated()),
        (text("[$d#L") + [0x7F, 255, 255, 255, 255, 255, 255, 255], .truncated()),
        (text("[#l") + [0x7F, 0, 0, 0], .truncated()),
        (text("[$d"), .malformed()),
        (text("?"), .malformed()),
        (text("[#i") + [0xFF], .malformed()),
        (text("Si") + [9], .truncated()),
    ]

    @Test(arguments: broken)
    func brokenValuesStop(bytes: [UInt8], error: ParseError) {
        #expect(throws: error) { _ = try UBJSONDocumentTests.read(bytes) }
    }

    @Test func damageIsSurvived() {
        let whole = UBJSONDocumentTests.sample
        for length in 0..<whole.count {
            #expect(throws: ParseError.self) { try UBJSONDocumentTests.read(Array(whole.prefix(length))) }
        }
        for index in whole.indices {
            for value: UInt8 in [0, 0x23, 0x24, 0x5B, 0x7B, 0x7F, 0xFF] {
                var damaged = whole
                damaged[index] = value
                _ = try? UBJSONDocumentTests.read(damaged)
            }
        }
    }
}
